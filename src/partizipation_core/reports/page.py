"""The result page: one HTML file that needs nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from partizipation_core.clock import Instant, to_wall
from partizipation_core.kernel.results.figures import Absence, Figure, largest_remainder
from partizipation_core.reports.chart import LONGEST, Bar, Part, bars, stacked, swatch
from partizipation_core.reports.report import Entry, Report
from partizipation_core.texts import Catalogue, Wording, one_line

__all__ = ["SECTIONS", "render_page"]

SECTIONS = (
    "glance",
    "result",
    "funded",
    "not_funded",
    "ties",
    "refusals",
    "course",
    "counted",
    "proof",
)
"""Ids of the page's sections, in their order; each is there even if it has nothing to tell."""


def render_page(report: Report, lang: str = "de", *, catalogues: Sequence[Catalogue] = ()) -> str:
    """Write a report as one self-contained HTML page.

    Args:
        report: what to tell.
        lang: the readers' language.
        catalogues: searched before the library's own, such as a plugin's labels of states.
    """
    wording = Wording(
        lang=lang,
        unit=report.unit,
        currency=report.currency,
        zone=report.zone,
        catalogues=catalogues,
    )
    return _template().render(
        report=report,
        lang=lang,
        sections=_sections(report, wording),
        say=_Say(wording),
        write=wording,
        tiles=_tiles(report, wording),
        legend=_legend(wording),
        ranking=_ranking(report, wording),
        ranking_caption=_ranking_caption(report, wording),
        use=_use(report, wording),
        figure=partial(_figure, wording),
        told=partial(_told, wording),
        titles=partial(_titles, report),
        iso=lambda at: _iso(at, report.zone),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("partizipation_core.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_tame,
    )
    return environment.get_template("page.html.j2")


def _tame(value: object) -> object:
    """Take control signs out of plain text; what is markup already was tamed before."""
    return one_line(value) if type(value) is str else value


def _told(wording: Wording, figure: Figure) -> str:
    """Write a number, or the word for why there is none."""
    if isinstance(figure, Absence):
        return wording.label("absence", figure)
    return wording.number(figure)


def _figure(wording: Wording, figure: Figure, name: str) -> Markup:
    """Write a figure so that machines read the very number that people see."""
    if isinstance(figure, Absence):
        return Markup('<span data-absent="{}" data-name="{}">{}</span>').format(
            figure, name, _told(wording, figure)
        )
    seen = wording.share(figure) if name == "share" else wording.number(figure)
    return Markup('<data value="{}" data-name="{}">{}</data>').format(figure, name, seen)


def _titles(report: Report, items: Iterable[str]) -> str:
    known = {entry.item: entry.title for entry in report.entries}
    return ", ".join(known.get(item, item) for item in items)


class _Say:
    """Writes the page's own words: ``say("sum")``, ``say("use_desc", rest=3)``."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def __call__(self, code: str, **params: object) -> str:
        return self._wording.sentence(f"page.{code}", params)


def _iso(at: Instant, zone: str) -> str:
    return to_wall(at, ZoneInfo(zone)).isoformat(timespec="minutes")


def _sections(report: Report, wording: Wording) -> dict[str, str]:
    """Name the sections; where there is only advice, nothing is called "not awarded"."""
    said = {"not_funded": "proposals"} if report.advises else {}
    return {section: _Say(wording)(said.get(section, section)) for section in SECTIONS}


def _tiles(report: Report, wording: Wording) -> list[dict[str, str]]:
    """Choose the headline numbers: what did not happen takes no room."""
    voters = {"ballots": report.ballots} if report.present is None else {"present": report.present}
    counts = {"proposals": len(report.entries), **voters}
    if report.pot is None:
        return [_written(counts, wording.number)]
    back = {"returned": report.returned} if report.returned else {}
    sums = {"pot": report.pot, "awarded": report.awarded, **back, "rest": report.rest}
    counts = {"proposals": len(report.entries), "chosen": len(report.funded), **counts}
    return [_written(sums, wording.money), _written(counts, wording.number)]


def _written(numbers: Mapping[str, int], write: Callable[[int], str]) -> dict[str, str]:
    return {name: write(number) for name, number in numbers.items()}


def _ranking(report: Report, wording: Wording) -> Markup | None:
    """Draw the order of the proposals; None where nothing was counted."""
    ranked = _ranked(report)
    if not ranked:
        return None
    say = _Say(wording)
    drawing = bars(
        [_bar(entry, say) for entry in ranked],
        ident="ranking",
        title=say("chart"),
        description=say("chart_desc", shown=min(len(ranked), LONGEST)),
    )
    return Markup(drawing)  # noqa: S704 - every text in it was escaped when it was drawn


def _ranked(report: Report) -> list[Entry]:
    return [entry for entry in report.entries if entry.score is not None]


def _ranking_caption(report: Report, wording: Wording) -> str:
    ranked = len(_ranked(report))
    if ranked <= LONGEST:
        return _Say(wording)("chart_all")
    return _Say(wording)("chart_cut", shown=LONGEST, all=ranked)


def _legend(wording: Wording) -> list[tuple[Markup, str]]:
    say = _Say(wording)
    return [(_key(look, "ranking"), say(f"legend_{look}")) for look in ("full", "hatched")]


def _key(look: str, chart: str) -> Markup:
    return Markup(swatch(look, ident=f"{chart}-{look}"))  # noqa: S704 - holds our own words only


def _bar(entry: Entry, say: _Say) -> Bar:
    return Bar(
        label=entry.title,
        value=entry.score or 0,
        told=entry.score_label,
        note=say(_money_note(entry), award=entry.award, cost=entry.cost),
        marked=entry.funded,
    )


def _money_note(entry: Entry) -> str:
    if entry.award is None:
        return "bar_advice" if entry.cost is None else "bar_cost"
    in_full = entry.cost is None or entry.award >= entry.cost
    return "bar_award" if in_full else "bar_part"


def _use(report: Report, wording: Wording) -> Mapping[str, object] | None:
    """Draw how the pot is used, with the rows of its table; None where there is no pot."""
    if report.pot is None:
        return None
    say = _Say(wording)
    kept = report.bound - report.spent
    parts = (
        Part(label=say("use_spent"), value=report.spent, look="full"),
        Part(label=say("use_kept"), value=kept, look="hatched"),
        Part(label=say("use_rest"), value=report.rest, look="open"),
    )
    description = say("use_desc", spent=report.spent, kept=kept, rest=report.rest)
    chart = stacked(parts, ident="use", title=say("use"), description=description)
    return {
        "chart": Markup(chart),  # noqa: S704 - escaped when it was drawn
        "rows": [
            _use_row(part, share, wording)
            for part, share in zip(parts, _percent(parts, report.pot), strict=True)
        ],
    }


def _use_row(part: Part, share: int, wording: Wording) -> Mapping[str, object]:
    return {
        "swatch": _key(part.look, "use"),
        "label": part.label,
        "money": wording.money(part.value),
        "share": wording.percent(share),
    }


def _percent(parts: Sequence[Part], pot: int) -> list[int]:
    """Round the parts of a pot so that they add up; one that is overdrawn has no such parts."""
    values = [part.value for part in parts]
    if min(values) < 0:
        return [(200 * value + pot) // (2 * pot) if pot else 0 for value in values]
    return largest_remainder(values, 100)
