"""``partizipation demo``: a whole procedure from idea to implementation, before your eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from partizipation_core.cli.output import ExitCode, emit, progress, talk
from partizipation_core.cli.speaking import lang_option

if TYPE_CHECKING:
    from partizipation_core.demo.run import Outcome

__all__ = ["demo"]

T = TypeVar("T")


@click.command()
@click.option("--format", "form", default="buergerhaushalt", help="Format that is shown.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Election file (.pb) with ideas, costs and ballots.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-output"),
    show_default=True,
    help="Folder for database, journal, result and page.",
)
@lang_option
def demo(form: str, source: Path | None, folder: Path, lang: str) -> int:
    """Play a procedure from idea to implementation, with every ballot of a real vote.

    Without --from an election of ../shared/data/pabulib is taken if there is one, else an
    example that is supplied.
    """
    # Imported here, since everything below needs the database.
    from partizipation_core.demo.run import FILES, default_election
    from partizipation_core.demo.run import run as play
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    wording = Wording(lang=lang, catalogues=PluginHost.discover().texts(lang))
    say = wording.sentence
    source = source or default_election(form)
    if source is None:
        talk(say("demo.no_file"))
        return ExitCode.USAGE

    def bar(things: Iterable[T], label: str) -> Iterable[T]:
        row: Sequence[T] = things if isinstance(things, Sequence) else list(things)
        return progress(row, say(label))

    outcome = play(form, source, folder, wording=wording, progress=bar)
    _tell(outcome, lang)
    emit(say("demo.wrote", {"folder": str(folder)}))
    for name in FILES:
        emit(f"  {folder / name}")
    for path in sorted((folder / "files").glob("*")):
        emit(f"  {path}")
    return ExitCode.OK if outcome.proved else ExitCode.FAILED


def _tell(outcome: Outcome, lang: str) -> None:
    from partizipation_core.texts.wording import Wording

    report = outcome.report
    wording = Wording(lang=lang, currency=report.currency)
    say = wording.sentence
    emit(report.source)
    for refusal in report.refusals:
        params = {"command": refusal.what, "who": refusal.who, "sentence": refusal.sentence}
        emit("  " + say("demo.refused", params))
    figures = {
        "funded": sum(entry.state != "abandoned" for entry in report.funded),
        "projects": len(report.entries),
        "bound": report.bound,
        "pot": report.pot or 0,
    }
    if report.pot is not None or report.bound:
        emit(say("demo.result", figures))
    if outcome.ballots:
        rate = int(outcome.ballots / outcome.seconds)
        seconds = f"{outcome.seconds:.1f}"
        told = {"ballots": outcome.ballots, "seconds": seconds, "rate": rate}
        talk(say("demo.speed", told))
    faults = [fault for check in outcome.audited for fault in check.faults]
    counted = outcome.audited[-1].counted
    emit(
        say("demo.not_proved", {"faults": "; ".join(faults)})
        if faults
        else say("demo.proved", {"counted": counted})
    )
