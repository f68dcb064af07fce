"""What the commands of ``partizipation count`` share: reading files, speaking, tables of fates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from partizipation_core.cli.output import ExitCode, emit, table, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.counting import Election, Lot, Result, Score, Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from partizipation_core.counting.reasons import Reason
    from partizipation_core.counting.result import Fate
    from partizipation_core.counting.ties import Criterion

__all__ = [
    "LANG",
    "TIES",
    "Voice",
    "end",
    "fate_table",
    "fault",
    "read",
    "show",
    "tell_findings",
    "ties_of",
]

_LONGEST_NAME = 40
LANG = lang_option


TIES = click.option(
    "--ties",
    help="Order among equals: cost, -votes, -points, id, lot; divided by commas."
    " Else the smaller id.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Writes codes as sentences in the reader's language and the election's money."""

    lang: str
    unit: int = 1
    currency: str = "EUR"

    @classmethod
    def of(cls, election: Election, lang: str) -> Voice:
        """Return the voice for an election.

        Args:
            election: its money is spoken of.
            lang: the reader's language.
        """
        return cls(lang=lang, unit=election.unit, currency=election.currency)

    def say(self, code: str, params: Mapping[str, object] | None = None) -> str:
        """Return the sentence of a code.

        Args:
            code: key of the sentence.
            params: what it fills in.
        """
        from partizipation_core.texts import render  # slow to load, and not every command speaks

        return render(code, params or {}, lang=self.lang, unit=self.unit, currency=self.currency)

    def reason(self, reason: Reason) -> str:
        """Return the sentence of a reason.

        Args:
            reason: a code with its parameters.
        """
        return self.say(reason.code, reason.params)

    def money(self, amount: int) -> str:
        """Return an amount as people read it.

        Args:
            amount: in minor units.
        """
        return self.say("count.money", {"amount": amount})


def read(file: Path, reader: Callable[[Path], Election], voice: Voice) -> Election:
    """Read an election; end the command with a message where that fails.

    Args:
        file: where it is.
        reader: reads it.
        voice: the reader's language.
    """
    try:
        return reader(file)
    except FileNotFoundError as error:
        end(fault(error, voice), ExitCode.NOT_FOUND)
    except (InputError, OSError) as error:
        end(fault(error, voice), ExitCode.FAILED)


def fault(error: InputError | OSError, voice: Voice) -> str:
    """Return why a file could not be read.

    Args:
        error: what happened.
        voice: the reader's language.
    """
    if isinstance(error, FileNotFoundError):
        return voice.say("count.no_file", {"file": error.filename})
    if isinstance(error, OSError):
        return voice.say("count.unreadable", {"file": error.filename, "why": error.strerror or ""})
    return str(error)


def end(message: str, code: ExitCode) -> NoReturn:
    """End the command.

    Args:
        message: what the person at the terminal should know.
        code: how it ended.
    """
    talk(message)
    raise click.exceptions.Exit(code)


def ties_of(text: str | None, seed: str | None, voice: Voice) -> Ties | None:
    """Return the order among equals that options name, None if they name none.

    Args:
        text: criteria, divided by commas.
        seed: seed of the lot.
        voice: says what is wrong.
    """
    if text is None:
        return Ties(Lot(seed)) if seed else None
    criteria: list[Criterion] = []
    for name in map(str.strip, text.split(",")):
        if name == "lot" and not seed:
            raise click.UsageError(voice.say("count.needs_seed"))
        criteria.append(Lot(seed) if name == "lot" and seed else name)
    try:
        return Ties(*criteria)
    except InputError as error:
        raise click.UsageError(str(error)) from error


def show(election: Election, result: Result, rule: str, voice: Voice) -> None:
    """Write a result for people.

    Args:
        election: what was counted.
        result: the result.
        rule: the rule as the file names it.
        voice: the reader's language.
    """
    emit(_visible(election.meta.get("description", rule)))
    facts = {
        "votes": election.num_votes,
        "projects": len(election.projects),
        "budget": election.budget,
        "rule": rule,
    }
    emit(voice.say("count.summary" if election.num_votes else "count.totals", facts) + "\n")
    emit(fate_table(result, list(result.steps), voice) + "\n")
    emit(voice.say("count.spent", {"funded": len(result.funded), "rest": result.rest}))
    for note in result.notes:
        emit(voice.reason(note))
    for tie in result.ties:
        params = {
            "members": ", ".join(tie.members),
            "score": str(tie.score),
            "decided_by": tie.decided_by,
        }
        emit(voice.say("tie.mattered" if tie.mattered else "tie.harmless", params))
    if result.lot:
        params = {"seed": result.lot.seed, "list_sha256": result.lot.list_sha256}
        emit(voice.say("count.lot", params))


def fate_table(result: Result, fates: list[Fate], voice: Voice) -> str:
    """Return fates as a table.

    Args:
        result: where they are from.
        fates: the fates.
        voice: the reader's language.
    """
    score = "points" if result.parameters.get("score") == Score.POINTS else "votes"
    headings = [
        voice.say(f"count.{key}") for key in ("rank", "funded", "project", "cost", score, "why")
    ]
    return table(headings, [_row(fate, voice) for fate in fates], right=(0, 3, 4))


def _row(fate: Fate, voice: Voice) -> list[str]:
    name = _visible(f"{fate.id} {fate.name}".strip())
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    why = [voice.reason(fate.reason)]
    if fate.outcome == "rejected":
        why.append(voice.reason(fate.margin.reason))
    mark = voice.say(f"outcome.{fate.outcome}")
    cost, score = voice.money(fate.cost), voice.say("count.number", {"number": fate.score})
    return [str(fate.rank), mark, short, cost, score, " ".join(why)]


def _visible(text: str) -> str:
    """Show control characters, which could steer a terminal, instead of sending them to it."""
    return "".join(sign if sign.isprintable() or sign in " \u00a0" else "\ufffd" for sign in text)


def tell_findings(file: str, election: Election, voice: Voice) -> None:
    """Write what is odd in a file to stderr.

    Args:
        file: its name.
        election: what was read from it.
        voice: the reader's language.
    """
    for finding in election.findings:
        talk(f"{file}:{finding.line}: {voice.reason(finding)}")
