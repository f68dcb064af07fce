"""``partizipation count``: count a ``.pb`` file, or compare it with its official outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from partizipation_core.cli.output import (
    ExitCode,
    emit,
    emit_csv,
    emit_json,
    progress,
    table,
    talk,
)
from partizipation_core.counting import Election, Lot, Result, Score, Ties, UndecidedTie
from partizipation_core.counting.declared import RULES, declared
from partizipation_core.counting.official import Agreement, Verdict, official_totals
from partizipation_core.counting.official import check as compare
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.reasons import Reason
    from partizipation_core.counting.result import Fate
    from partizipation_core.counting.ties import Criterion

__all__ = ["count"]

_LONGEST_NAME = 40
_LANG = click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    envvar="PARTIZIPATION_LANG",
    help="Sprache der Ausgabe.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """Writes codes as sentences in the reader's language and the election's money."""

    lang: str
    unit: int = 1
    currency: str = "EUR"

    @classmethod
    def of(cls, election: Election, lang: str) -> _Voice:
        return cls(lang=lang, unit=election.unit, currency=election.currency)

    def say(self, code: str, params: Mapping[str, object] | None = None) -> str:
        from partizipation_core.texts import render  # slow to load, and not every command speaks

        return render(code, params or {}, lang=self.lang, unit=self.unit, currency=self.currency)

    def reason(self, reason: Reason) -> str:
        return self.say(reason.code, reason.params)

    def money(self, amount: int) -> str:
        return self.say("count.money", {"amount": amount})


@click.group("count")
def count() -> None:
    """Auszählen und nachrechnen: .pb-Dateien mit Projekten und Stimmzetteln."""


@count.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(RULES), help="Regel; sonst die der Datei.")
@click.option("--threshold", type=int, help="Mindestzahl an Stimmen oder Punkten.")
@click.option(
    "--ties",
    help="Reihenfolge bei Gleichstand: cost, -votes, -points, id, lot; mit Komma getrennt."
    " Sonst die kleinere Nummer.",
)
@click.option("--seed", help="Öffentlich gezogener Startwert für das Los.")
@click.option(
    "--official-totals",
    "stated",
    is_flag=True,
    help="Mit den Summen der Datei statt mit den Stimmzetteln.",
)
@click.option("--json", "as_json", is_flag=True, help="Ergebnis als JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Ergebnis als CSV.")
@_LANG
def run(  # noqa: PLR0917 - one for each option
    file: Path,
    rule: str | None,
    threshold: int | None,
    ties: str | None,
    seed: str | None,
    stated: bool,
    as_json: bool,
    as_csv: bool,
    lang: str,
) -> None:
    """Die Regel anwenden, die FILE nennt, und jedes Ergebnis begründen."""
    election = _read(file)
    voice = _Voice.of(election, lang)
    chosen = declared(election, name=rule, threshold=threshold, ties=_ties(ties, seed, voice))
    counted = official_totals(election) if stated else election
    try:
        result = chosen.apply(counted)
    except UndecidedTie as error:
        _end(voice.say("count.undecided", {"members": ", ".join(error.members)}), ExitCode.REFUSED)
    if result is None:
        _end(voice.reason(chosen.reason) if chosen.reason else "", ExitCode.FAILED)
    if as_json:
        emit_json(result.to_data())
    elif as_csv:
        rows = result.rows()
        emit_csv(rows, list(rows[0]))
    else:
        _show(election, result, chosen.name, voice)
        _tell_findings(str(file), election, voice)


@count.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Liste der Vergleiche als JSON.")
@_LANG
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """FILES prüfen und ihre Regel mit ihrem amtlichen Ergebnis vergleichen."""
    label = _Voice(lang=lang).say("count.checking")
    rows = [_checked(file, lang, findings=not as_json) for file in progress(files, label)]
    if as_json:
        emit_json([row.data for row in rows])
    else:
        emit(_comparison(rows, _Voice(lang=lang)))
    ctx.exit(ExitCode.OK if all(row.readable for row in rows) else ExitCode.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """One line of ``count check``."""

    file: str
    rule: str
    official: Agreement
    reason: str
    readable: bool = True

    @property
    def data(self) -> dict[str, str]:
        return {
            "file": self.file,
            "rule": self.rule,
            "official": str(self.official),
            "reason": self.reason,
        }


def _checked(file: Path, lang: str, *, findings: bool) -> _Checked:
    try:
        election = Election.from_pb(file)
    except (InputError, OSError) as error:
        talk(str(error))
        return _Checked(
            file=str(file),
            rule="",
            official=Agreement.NOT_DERIVABLE,
            reason=str(error),
            readable=False,
        )
    voice = _Voice.of(election, lang)
    if findings:
        _tell_findings(str(file), election, voice)
    verdict: Verdict = compare(election)
    reason = " ".join(map(voice.reason, verdict.reasons))
    return _Checked(file=str(file), rule=verdict.rule, official=verdict.agreement, reason=reason)


def _comparison(rows: Sequence[_Checked], voice: _Voice) -> str:
    headings = [voice.say(f"count.{key}") for key in ("file", "rule", "official", "why")]
    cells = [
        [Path(row.file).name, row.rule, voice.say(f"agreement.{row.official}"), row.reason]
        for row in rows
    ]
    return table(headings, cells)


def _read(file: Path) -> Election:
    try:
        return Election.from_pb(file)
    except FileNotFoundError as error:
        _end(str(error), ExitCode.NOT_FOUND)
    except (InputError, OSError) as error:
        _end(str(error), ExitCode.FAILED)


def _end(message: str, code: ExitCode) -> NoReturn:
    talk(message)
    raise click.exceptions.Exit(code)


def _ties(text: str | None, seed: str | None, voice: _Voice) -> Ties | None:
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


def _show(election: Election, result: Result, rule: str, voice: _Voice) -> None:
    emit(election.meta.get("description", rule))
    facts = {
        "votes": election.num_votes,
        "projects": len(election.projects),
        "budget": election.budget,
        "rule": rule,
    }
    emit(voice.say("count.summary" if election.num_votes else "count.totals", facts) + "\n")
    score = "points" if result.parameters["score"] == Score.POINTS else "votes"
    headings = [
        voice.say(f"count.{key}") for key in ("rank", "funded", "project", "cost", score, "why")
    ]
    emit(table(headings, [_row(fate, voice) for fate in result.steps], right=(0, 3, 4)) + "\n")
    spent = {"funded": len(result.funded), "rest": result.rest}
    emit(voice.say("count.spent", spent))
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


def _row(fate: Fate, voice: _Voice) -> list[str]:
    name = f"{fate.id} {fate.name}".strip()
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    why = [voice.reason(fate.reason)]
    if fate.outcome == "rejected":
        why.append(voice.reason(fate.margin.reason))
    mark = voice.say(f"outcome.{fate.outcome}")
    cost, score = voice.money(fate.cost), voice.say("count.number", {"number": fate.score})
    return [str(fate.rank), mark, short, cost, score, " ".join(why)]


def _tell_findings(file: str, election: Election, voice: _Voice) -> None:
    for finding in election.findings:
        talk(f"{file}:{finding.line}: {voice.reason(finding)}")
