"""``partizipation buergerrat``: where a procedure stands, and the table for its letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import asdict

from partizipation_buergerrat.cli.group import OfficeGroup
from partizipation_core.cli.house import house, place_options, wording_of
from partizipation_core.cli.output import emit, emit_json
from partizipation_core.cli.speaking import lang_option
from partizipation_core.files import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from partizipation_buergerrat.overview import Overview
    from partizipation_core.texts.wording import Wording

__all__ = ["buergerrat"]


@click.group(cls=OfficeGroup)
def buergerrat() -> None:
    """Accompany a citizens' assembly: state, deadlines and letters. Nothing is changed."""


@buergerrat.command()
@place_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def status(*, database: str, municipality: str, procedure: str, as_json: bool, lang: str) -> None:
    """Say where an assembly stands: letters, seats, sittings, answers, times of erasure."""
    from partizipation_buergerrat.overview import overview
    from partizipation_core.clock import SystemClock

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        found = overview(handle, SystemClock().now())
        told = "\n".join(_told(found, wording_of(handle, lang)))
    if as_json:
        emit_json(asdict(found))
    else:
        emit(told)


def _told(found: Overview, word: Wording) -> Iterator[str]:
    yield word.sentence("overview.stage", {"stage": word.label("stage", found.stage)})
    for kind in ("letter", "seat", "state"):
        counts = {"letter": found.letters, "seat": found.seats, "state": found.recommendations}[
            kind
        ]
        if counts:
            parts = [f"{number} {word.label(kind, code)}" for code, number in counts.items()]
            yield word.sentence(f"overview.{kind}", {"parts": ", ".join(parts)})
    planned, held = found.sessions
    if planned:
        yield word.sentence("overview.sessions", {"planned": planned, "held": held})
    if found.answer_by is not None:
        yield word.sentence("overview.answer_by", {"at": found.answer_by})
    if found.overdue:
        yield word.sentence("overview.overdue", {"answers": found.overdue})
    for what, at in found.deletions.items():
        yield word.sentence(f"overview.delete_{what}", {"at": at})


@buergerrat.command()
@place_options
@click.option(
    "--desk",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of the office with names and addresses.",
)
@click.option(
    "--outcome",
    type=click.Choice(["open", "registered", "all"]),
    default="open",
    show_default=True,
    help="Who is written to: without an answer yet, registered, or all.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Target file; readable for its owner only.",
)
def letters(  # noqa: PLR0913 - one for each option
    *, database: str, municipality: str, procedure: str, desk: Path, outcome: str, out: Path
) -> None:
    """Write the table for the form letter: code, name and address.

    With the code people register who get the letter. Without an answer the letter stays open; the
    table of open letters serves for the first invitation, the reminder and the visit.
    """
    from partizipation_buergerrat.desk import Desk
    from partizipation_buergerrat.files.mailing import mailing_table
    from partizipation_buergerrat.procedure.invitation import Letter

    with house(database) as platform:
        sent = platform.municipality(municipality).procedure(procedure).records(Letter)
    chosen = [ref for ref, letter in sent.items() if outcome in ("all", letter.outcome)]
    text = mailing_table(Desk.load(desk), chosen)
    write(out, text, private=True)
    emit(f"{len(chosen)} Briefe in {out.name}.")
