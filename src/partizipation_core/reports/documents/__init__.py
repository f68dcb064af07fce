"""Documents (Schriftstücke) written from data: HTML always, DOCX and PDF with the extras."""

from partizipation_core.reports.documents.attendance import attendance_list
from partizipation_core.reports.documents.docx import render_docx
from partizipation_core.reports.documents.html import render_html
from partizipation_core.reports.documents.letters import document_request, grant_letter
from partizipation_core.reports.documents.meeting import (
    assembly_minutes,
    assembly_records,
    invitation,
)
from partizipation_core.reports.documents.model import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Signatures,
)
from partizipation_core.reports.documents.pdf import render_pdf

__all__ = [
    "Block",
    "Document",
    "Facts",
    "Grid",
    "Heading",
    "Paragraph",
    "Signatures",
    "assembly_minutes",
    "assembly_records",
    "attendance_list",
    "document_request",
    "grant_letter",
    "invitation",
    "render_docx",
    "render_html",
    "render_pdf",
]
