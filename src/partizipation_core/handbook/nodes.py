"""Nodes: paragraphs and tables as docutils has them, whatever language a page is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from docutils import nodes

from partizipation_core.handbook.entries import Row

__all__ = ["code", "heading", "paragraph", "table"]

_CODE = re.compile(r"(``[^`]+``|`[^`]+`)")


def paragraph(text: str) -> nodes.paragraph:
    """Make a paragraph of a text in which code stands between backticks."""
    made = nodes.paragraph()
    for part in filter(None, _CODE.split(text)):
        made += nodes.literal("", part.strip("`")) if _CODE.fullmatch(part) else nodes.Text(part)
    return made


def heading(text: str) -> nodes.rubric:
    """Make a heading that stands outside the page's own order of headings."""
    return nodes.rubric("", text)


def code(text: str, language: str) -> nodes.literal_block:
    """Make a block of code."""
    return nodes.literal_block(text, text, language=language)


def table(rows: Iterable[Row], word: Callable[[str], str]) -> Sequence[nodes.Node]:
    """Make a table; nothing where there are no rows.

    Args:
        rows: all with the same headings.
        word: writes a heading in the reader's language.
    """
    lines = list(rows)
    if not lines:
        return []
    columns = tuple(lines[0])
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]
    head, body = nodes.thead(), nodes.tbody()
    head += _line(map(word, columns))
    body += [_line(line[column] for column in columns) for line in lines]
    group += [head, body]
    made = nodes.table(classes=["colwidths-auto"])
    made += group
    return [made]


def _line(cells: Iterable[str]) -> nodes.row:
    line = nodes.row()
    line += [_cell(text) for text in cells]
    return line


def _cell(text: str) -> nodes.entry:
    cell = nodes.entry()
    cell += paragraph(text)
    return cell
