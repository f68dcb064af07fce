"""``partizipation results``: show a result, certify it, and check a certificate by recounting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import house, place_options, wording_of
from partizipation_core.cli.output import ExitCode, emit, emit_json, table, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import InputError, Refused

if TYPE_CHECKING:
    from partizipation_core.kernel.results.figures import Figure
    from partizipation_core.kernel.results.vote_result import VoteResult
    from partizipation_core.reports.certificate import Certificate
    from partizipation_core.texts.wording import Wording

__all__ = ["results"]


@click.group()
def results() -> None:
    """Show, certify and recount results."""


@results.command()
@place_options
@click.option("--vote", default="vote", show_default=True, help="Name of the vote.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV.")
@click.option(
    "--table",
    "of",
    type=click.Choice(["items", "turnout", "money"]),
    default="items",
    show_default=True,
    help="Which table: items, turnout or money.",
)
@lang_option
def show(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    vote: str,
    as_json: bool,
    as_csv: bool,
    of: str,
    lang: str,
) -> int:
    """Show the result of a vote as it stands on the page and in the tables."""
    from partizipation_core.reports.results import money_csv, result_csv, turnout_csv

    tables = {"items": result_csv, "turnout": turnout_csv, "money": money_csv}
    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        word = wording_of(handle, lang)
        try:
            found = handle.vote_result(vote)
        except Refused as refusal:
            return _refused(refusal, word)
        if as_json:
            emit_json(found.to_data())
        elif as_csv:
            click.echo(tables[of](found), nl=False)
        else:
            _tell(found, word)
    return ExitCode.OK


@results.command()
@place_options
@click.option("--vote", default="vote", show_default=True, help="Name of the vote.")
@click.option("--revision", default=0, help="Which result, from 1; 0 for the one in force.")
@click.option("--text", is_flag=True, help="As minutes to be signed.")
@lang_option
def certificate(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    vote: str,
    revision: int,
    text: bool,
    lang: str,
) -> int:
    """Write the certificate of a result."""
    from partizipation_core.clock import SystemClock
    from partizipation_core.reports.certificate import certify
    from partizipation_core.reports.minutes import minutes

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        word = wording_of(handle, lang)
        try:
            made = certify(handle, vote, issued_at=SystemClock().now(), revision=revision)
        except Refused as refusal:
            return _refused(refusal, word)
        emit(minutes(made, word) if text else made.to_bytes().decode())
    return ExitCode.OK


@results.command()
@place_options
@click.option("--vote", default="vote", show_default=True, help="Name of the vote.")
@click.option("--folder", required=True, type=click.Path(path_type=Path), help="Target folder.")
@lang_option
def export(  # noqa: PLR0917 - click hands them over by name
    database: str, municipality: str, procedure: str, vote: str, folder: Path, lang: str
) -> int:
    """Write journal and opened ballots for a recount: for examiners only.

    Whoever has the opened ballots can prove how a ballot was filled in.
    """
    from partizipation_core.files import filling, write
    from partizipation_core.reports.verification import ballot_lines

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        try:
            ballots = handle.opened_ballots(vote)
        except Refused as refusal:
            return _refused(refusal, wording_of(handle, lang))
        with filling(folder, private=True) as draft:
            write(draft / "journal.ndjson", handle.journal_lines())
            write(draft / "ballots.ndjson", ballot_lines(ballots))
    return ExitCode.OK


@results.command()
@click.argument("urkunde", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("journal", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("zettel", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@lang_option
def verify(urkunde: Path, journal: Path, zettel: Path, lang: str) -> int:
    """Check a certificate: count again from JOURNAL and BALLOTS and compare."""
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.reports.verification import read_ballots, verify
    from partizipation_core.texts.wording import Wording

    word = Wording(lang=lang)
    with _readable(urkunde):
        told = _certificate(urkunde)
    with _readable(zettel):
        ballots = read_ballots(zettel.read_bytes().splitlines())
    checks = verify(told, journal.read_bytes().splitlines(), ballots, PluginHost.discover())
    faults = [fault for check in checks for fault in check.faults]
    talk(word.sentence("results.not_verified" if faults else "results.verified"))
    for fault in faults:
        emit(f"- {fault}")
    return ExitCode.FAILED if faults else ExitCode.OK


def _certificate(file: Path) -> Certificate:
    from partizipation_core.reports.certificate import Certificate

    return Certificate.from_bytes(file.read_bytes().strip())


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InputError(str(error), source=str(file)) from error


def _refused(refusal: Refused, word: Wording) -> int:
    for objection in refusal.objections:
        talk(word.objection(objection))
    return ExitCode.REFUSED


def _tell(found: VoteResult, word: Wording) -> None:
    say, channels = word.sentence, found.channels
    emit(say("page.result_status", {"result_status": found.status}))
    if found.correction:
        emit(say("page.corrected", {"reason": found.correction.reason}))
    heads = [say(f"page.{name}") for name in ("votes", "votes_share", "missing")]
    names = [word.label("channel", name) for name in channels]
    rows = [
        [
            _told(line.votes, word),
            _share(found.shares.tenths[line.item], word),
            _told(line.missing, word),
            *(_told(line.channels[name], word) for name in channels),
            line.title or line.item,
        ]
        for line in found.lines
    ]
    numbers = range(len(heads) + len(names))
    emit(table([*heads, *names, say("page.proposal")], rows, right=numbers))
    _tell_turnout(found, word)
    if found.outside:
        params = {name: getattr(found.outside, name) for name in ("system", "ballots", "proof")}
        emit("\n" + say("page.counted_outside", params))
    if found.money_moved:
        params = {"printed": found.printed, "budget": found.budget}
        emit("\n" + say("page.money_moved", params))


def _tell_turnout(found: VoteResult, word: Wording) -> None:
    columns = ("cast", "valid", "blank", "invalid")
    rows = [
        [*(_told(row[name], word) for name in columns), word.label("channel", row["channel"])]
        for row in found.turnout.rows()
    ]
    heads = [word.sentence(f"page.{name}") for name in (*columns, "channel")]
    emit(f"\n{word.sentence('results.turnout')}")
    emit(table(heads, rows, right=range(len(columns))))


def _told(figure: Figure | str, word: Wording) -> str:
    from partizipation_core.kernel.results.figures import Absence

    if isinstance(figure, Absence):
        return word.label("absence", figure)
    return word.number(figure) if isinstance(figure, int) else figure


def _share(figure: Figure, word: Wording) -> str:
    return word.share(figure) if isinstance(figure, int) else _told(figure, word)
