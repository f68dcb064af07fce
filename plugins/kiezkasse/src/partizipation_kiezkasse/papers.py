"""The papers of a year: the statement of each Kiez, and the report to the committee of the BVV."""

from __future__ import annotations

from collections.abc import Sequence

from partizipation_core.plugins.host import PluginHost
from partizipation_core.reports.documents import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
)
from partizipation_core.texts import Wording
from partizipation_core.texts.catalogue import load
from partizipation_core.values import Money
from partizipation_kiezkasse.statement import Figures, Project, Row, Statement

__all__ = ["TEXTS", "committee_report", "kiez_statement", "wording_for"]

TEXTS = "partizipation_kiezkasse.texts"
"""The package that holds the catalogues."""

_SHOWN = (
    "share",
    "approved",
    "released",
    "granted",
    "paid",
    "repaid",
    "settled",
    "open",
    "lapsed",
)
_COLUMNS = (*_SHOWN, "rest")
_EQUATION = ("share", "approved", "released", "lapsed", "rest")
_PAID = tuple(name for name in _COLUMNS if name not in _EQUATION)
_PROJECT = ("number", "title", "state", "approved", "paid", "repaid", "settled", "reason")
_SUMS = frozenset({3, 4, 5, 6})


def wording_for(lang: str) -> Wording:
    """Return the words of a language, those of installed plugins among them."""
    return Wording(lang=lang, catalogues=[*PluginHost.discover().texts(lang), load(TEXTS, "de")])


def kiez_statement(told: Statement, row: Row, wording: Wording, *, sender: str) -> Document:
    """Write the statement of one Kiez, as it is published (Abrechnung).

    Args:
        told: the statement of the year.
        row: which Kiez.
        wording: of the readers.
        sender: who publishes it.
    """
    say, figures = wording.sentence, _figures(row.figures)
    facts = [
        (wording.label("kiezkasse_figure", name), wording.money(figures[name].cents))
        for name in _COLUMNS
    ]
    names = {"name": row.name, "year": str(told.year)}
    return Document(
        title=say("kiezkasse.statement_title", names),
        sender=sender,
        lang=wording.lang,
        blocks=[
            Paragraph(say("kiezkasse.statement_opening")),
            Facts(facts),
            Paragraph(say("kiezkasse.equation")),
            *_projects(row, wording),
        ],
    )


def committee_report(told: Statement, wording: Wording, *, sender: str, floor: Money) -> Document:
    """Write the report on all Kieze to the committee of the district assembly (BVV).

    Args:
        told: the statement of the year.
        wording: of the readers.
        sender: who reports.
        floor: the least that a region gets.
    """
    projects = [one for row in told.rows for one in row.projects]
    counts: dict[str, object] = {
        "total": told.total.cents,
        "kieze": len(told.rows),
        "floor": floor.cents,
        "ideas": sum(row.ideas for row in told.rows),
        "projects": len(projects),
        "late": sum(one.late for one in projects),
        "missing": sum(one.settled is None and one.paid > one.repaid for one in projects),
        **{name: amount.cents for name, amount in _figures(told.figures).items()},
    }
    say = wording.sentence
    opening = [f"kiezkasse.report_{part}" for part in ("opening", "rest", "late")]
    return Document(
        title=say("kiezkasse.report_title", {"year": str(told.year)}),
        sender=sender,
        lang=wording.lang,
        wide=True,
        blocks=[
            *(Paragraph(say(code, counts)) for code in opening),
            Heading(say("kiezkasse.kieze")),
            _kieze(told, wording, _EQUATION, "kiezkasse.caption"),
            Paragraph(say("kiezkasse.equation")),
            _kieze(told, wording, _PAID, "kiezkasse.caption_paid"),
            *(block for row in told.rows for block in _named(row, wording)),
        ],
    )


def _kieze(told: Statement, wording: Wording, columns: Sequence[str], caption: str) -> Grid:
    heads = [wording.label("kiezkasse_figure", name) for name in columns]
    rows = [(row.name, *_sums(row.figures, wording, columns)) for row in told.rows]
    total = (wording.sentence("kiezkasse.total"), *_sums(told.figures, wording, columns))
    return Grid(
        caption=wording.sentence(caption),
        columns=[wording.sentence("kiezkasse.name"), *heads],
        rows=[*rows, total],
        numbers=set(range(1, len(columns) + 1)),
        total=True,
    )


def _named(row: Row, wording: Wording) -> list[Block]:
    found = _projects(row, wording)
    return [Heading(row.name), *found[1:]] if found else []


def _projects(row: Row, wording: Wording) -> list[Block]:
    if not row.projects:
        return []
    grid = Grid(
        caption=wording.sentence("kiezkasse.projects_caption"),
        columns=[wording.label("kiezkasse_project", name) for name in _PROJECT],
        rows=[_cells(one, wording) for one in row.projects],
        numbers=_SUMS,
    )
    return [Heading(wording.sentence("kiezkasse.projects")), grid]


def _cells(project: Project, wording: Wording) -> tuple[str, ...]:
    late = wording.sentence("kiezkasse.late") if project.late else ""
    return (
        project.number,
        project.title,
        wording.label("state", project.state),
        _money(project.approved, wording),
        _money(project.paid, wording),
        _money(project.repaid, wording),
        _money(project.settled, wording),
        " ".join(part for part in (project.reason, late) if part),
    )


def _figures(figures: Figures) -> dict[str, Money]:
    return {name: getattr(figures, name) for name in _COLUMNS}


def _sums(figures: Figures, wording: Wording, columns: Sequence[str]) -> list[str]:
    amounts = _figures(figures)
    return [wording.money(amounts[name].cents) for name in columns]


def _money(amount: Money | None, wording: Wording) -> str:
    return wording.money(amount.cents) if amount is not None else "–"
