"""A document as one HTML page that needs nothing from anywhere else and prints well."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from partizipation_core.reports.documents.model import Document

__all__ = ["render_html"]


def render_html(document: Document) -> str:
    """Write a document as one self-contained HTML page.

    Args:
        document: what to write; its texts are escaped.
    """
    blocks = [(type(block).__name__.lower(), block) for block in document.blocks]
    return _template().render(document=document, blocks=blocks)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("partizipation_core.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("document.html.j2")
