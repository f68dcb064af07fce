"""The accountability report as one HTML page that needs nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from partizipation_core.reports.accountability import Accountability
from partizipation_core.texts import Catalogue, Wording, one_line

__all__ = ["render_accountability"]


def render_accountability(
    report: Accountability, lang: str = "de", *, catalogues: Sequence[Catalogue] = ()
) -> str:
    """Write the report as one self-contained HTML page.

    Args:
        report: what to tell.
        lang: the readers' language.
        catalogues: searched before the library's own.
    """
    wording = Wording(lang=lang, currency=report.currency, zone=report.zone, catalogues=catalogues)

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"accountability.{code}", params)

    return _template().render(report=report, lang=lang, say=say, write=wording)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("partizipation_core.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: one_line(value) if type(value) is str else value,
    )
    return environment.get_template("accountability.html.j2")
