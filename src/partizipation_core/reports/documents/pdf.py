"""A document as a PDF file, the same bytes for the same document; needs the extra ``reportlab``.

The font comes with reportlab and holds the letters of western and central Europe. A document with
others is refused and not printed with gaps; as HTML or DOCX it can be written all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

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

__all__ = ["render_pdf"]

_BODY, _BOLD = "Vera", "VeraBd"
_SIZES = {"title": 16.0, "heading": 12.0, "body": 9.5, "cell": 8.0}
_MARGIN = 56.7
"""Two centimetres in points."""

_INSTEAD = str.maketrans({"‑": "-", "\u202f": "\u00a0"})  # noqa: RUF001 - what the font has not


def render_pdf(document: Document) -> bytes:
    """Write a document as a PDF file.

    Args:
        document: what to write.

    Raises:
        PartizipationError: reportlab is not installed, or its font lacks letters.
    """
    try:
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        hint = "PDF needs reportlab: pip install 'partizipation-core[pdf]'"
        raise PartizipationError(hint) from error
    _use_fonts()
    _check(document)
    out, size = BytesIO(), landscape(A4) if document.wide else A4
    page = SimpleDocTemplate(
        out,
        pagesize=size,
        title=document.title,
        author=document.sender,
        lang=document.lang,
        invariant=True,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN),
    )
    width = size[0] - 2 * _MARGIN
    head = [_text(document.sender, "body"), _text(document.title, "title", bold=True)]
    body = (part for block in document.blocks for part in _parts(block, width))
    page.build([*head, *body])
    return out.getvalue()


@cache
def _use_fonts() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (_BODY, _BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))


def _check(document: Document) -> None:
    from reportlab.pdfbase.pdfmetrics import getFont

    known = getFont(_BODY).face.charToGlyph
    said = "".join(_words(document)).translate(_INSTEAD)
    lost = sorted({one for one in said if one.isprintable() and ord(one) not in known})
    if lost:
        told = " ".join(lost)
        raise PartizipationError(f"the PDF font has no {told}; write the document as HTML or DOCX")


def _words(document: Document) -> Iterator[str]:
    yield from (document.sender, document.title)
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Facts(rows=rows):
                yield from (cell for row in rows for cell in row)
            case Grid():
                yield from (block.caption, *block.columns)
                yield from (cell for row in block.rows for cell in row)
            case Signatures(roles=roles):
                yield from roles


def _text(text: str, kind: str, *, bold: bool = False, right: bool = False) -> Any:
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowing

    size = _SIZES[kind]
    style = ParagraphStyle(
        kind,
        fontName=_BOLD if bold else _BODY,
        fontSize=size,
        leading=size * 1.4,
        alignment=TA_RIGHT if right else TA_LEFT,
        spaceBefore=0 if kind == "cell" else size * 0.4,
        spaceAfter=0 if kind == "cell" else size * 0.6,
        keepWithNext=kind == "heading",
    )
    return Flowing(escape(text.translate(_INSTEAD)).replace("\n", "<br/>"), style)


def _parts(block: Block, width: float) -> Iterator[Any]:
    match block:
        case Heading(text=text):
            yield _text(text, "heading", bold=True)
        case Paragraph(text=text):
            yield _text(text, "body")
        case Facts(rows=rows):
            yield _table(rows, [width * 0.35, width * 0.65])
        case Grid():
            yield _text(block.caption, "body")
            widths = _widths(block, width)
            yield _table((block.columns, *block.rows), widths, block.numbers, total=block.total)
        case Signatures(roles=roles):
            yield from (_text(f"\n\n{'_' * 36}\n{role}", "body") for role in roles)


def _widths(grid: Grid, width: float) -> list[float]:
    """Give columns of words twice the room of columns of numbers."""
    parts = [1 if place in grid.numbers else 2 for place in range(len(grid.columns))]
    return [width * part / sum(parts) for part in parts]


def _table(
    rows: Sequence[Sequence[str]],
    widths: list[float],
    numbers: frozenset[int] | None = None,
    *,
    total: bool = False,
) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Table

    if not rows:
        return _text("", "body")
    heads = numbers is not None
    cells = [
        [
            _text(
                cell,
                "cell",
                bold=(heads and place == 0) or (total and place == len(rows) - 1),
                right=column in (numbers or ()),
            )
            for column, cell in enumerate(row)
        ]
        for place, row in enumerate(rows)
    ]
    table = Table(cells, colWidths=widths, repeatRows=1 if heads else 0)
    if heads:
        table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey)])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table
