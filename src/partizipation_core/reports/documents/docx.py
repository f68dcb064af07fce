"""A document as a DOCX file, to be completed in a word processor; needs the extra ``docx``."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from partizipation_core.errors import PartizipationError
from partizipation_core.reports.documents.model import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Signatures,
)
from partizipation_core.texts import one_line

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

__all__ = ["render_docx"]

_LINE = "_" * 36


def render_docx(document: Document) -> bytes:
    """Write a document as a DOCX file.

    Args:
        document: what to write.

    Raises:
        PartizipationError: python-docx is not installed.
    """
    file = _new()
    file.core_properties.title = one_line(document.title)
    file.core_properties.language = document.lang
    file.core_properties.author = one_line(document.sender)
    if document.wide:
        _turn(file)
    file.add_paragraph(one_line(document.sender))
    file.add_heading(one_line(document.title), level=1)
    for block in document.blocks:
        _add(file, block)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _new() -> DocxDocument:
    try:
        import docx
    except ImportError as error:
        hint = "DOCX needs python-docx: pip install 'partizipation-core[docx]'"
        raise PartizipationError(hint) from error
    return docx.Document()


def _turn(file: DocxDocument) -> None:
    from docx.enum.section import WD_ORIENT

    page = file.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width


def _add(file: DocxDocument, block: Block) -> None:
    match block:
        case Heading(text=text):
            file.add_heading(one_line(text), level=2)
        case Paragraph(text=text):
            file.add_paragraph("\n".join(map(one_line, text.splitlines())))
        case Facts(rows=rows):
            _table(file, rows)
        case Grid():
            file.add_paragraph(one_line(block.caption))
            _table(file, [block.columns, *block.rows], block.numbers, heads=True)
        case Signatures(roles=roles):
            for role in roles:
                file.add_paragraph(f"\n{_LINE}\n{one_line(role)}")


def _table(
    file: DocxDocument, rows: Any, numbers: frozenset[int] = frozenset(), *, heads: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if not rows:
        return
    table = file.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid" if heads else "Normal Table"
    for row, cells in zip(table.rows, rows, strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.text = one_line(text)
            if place in numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if heads:
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
