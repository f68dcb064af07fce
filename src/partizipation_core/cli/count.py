"""``partizipation count``: count elections, explain them, compare them with official outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from partizipation_core.cli.count_files import SHEETS, Reading, template, write_pb
from partizipation_core.cli.count_voice import (
    LANG,
    TIES,
    Voice,
    end,
    fate_table,
    fault,
    read,
    show,
    tell_findings,
    ties_of,
)
from partizipation_core.cli.output import (
    ExitCode,
    emit,
    emit_csv,
    emit_json,
    progress,
    table,
    talk,
)
from partizipation_core.counting import Election, Knapsack, Result, UndecidedTie
from partizipation_core.counting.declared import RULES, Declared, declared, is_rule
from partizipation_core.counting.official import Agreement, Verdict, official_totals
from partizipation_core.counting.official import check as compare_official
from partizipation_core.errors import InputError

__all__ = ["count"]


def _known(
    _: click.Context, __: click.Parameter, value: str | tuple[str, ...] | None
) -> str | tuple[str, ...] | None:
    for name in (value,) if isinstance(value, str) else value or ():
        if not is_rule(name):
            raise click.BadParameter(f"{name!r} is none of {', '.join(RULES)}")
    return value


_RULE = click.option(
    "--rule",
    callback=_known,
    help="Rule; else that of the file. For example: " + ", ".join(RULES) + ".",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
_CSV = click.option("--csv", "as_csv", is_flag=True, help="Write the result as CSV.")
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_FILE = click.argument("file", type=click.Path(path_type=Path))
_SEED = click.option("--seed", help="Seed of the lot, drawn in public.")
_THRESHOLD = click.option("--threshold", type=int, help="Least number of votes or points.")
_STATED = click.option(
    "--official-totals",
    "stated",
    is_flag=True,
    help="Count the totals of the file instead of its ballots.",
)


@click.group("count")
def count() -> None:
    """Count and check: .pb files, and tables of projects and ballots."""


count.add_command(template)
count.add_command(write_pb)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """How to count a file."""

    lang: str
    rule: str | None = None
    threshold: int | None = None
    ties: str | None = None
    seed: str | None = None
    stated: bool = False
    margins: bool = False

    def count(self, election: Election) -> tuple[Declared, Result]:
        """Return the rule and its result; end the command where there is none."""
        voice = Voice.of(election, self.lang)
        ties = ties_of(self.ties, self.seed, voice)
        chosen = declared(election, name=self.rule, threshold=self.threshold, ties=ties)
        if self.margins and isinstance(chosen.rule, Knapsack):
            chosen = replace(chosen, rule=replace(chosen.rule, margins=True))
        try:
            result = chosen.apply(official_totals(election) if self.stated else election)
        except UndecidedTie as error:
            params = {"members": ", ".join(error.members)}
            end(voice.say("count.undecided", params), ExitCode.REFUSED)
        if result is None:
            why = voice.reason(chosen.reason) if chosen.reason else ""
            end(f"{why} {voice.say('count.choose_rule')}".strip(), ExitCode.FAILED)
        return chosen, result


@count.command("run")
@_FILES
@_RULE
@_THRESHOLD
@TIES
@_SEED
@_STATED
@SHEETS
@_JSON
@_CSV
@LANG
def run(  # noqa: PLR0917 - one for each option
    files: tuple[Path, ...],
    rule: str | None,
    threshold: int | None,
    ties: str | None,
    seed: str | None,
    stated: bool,
    reading: Reading,
    as_json: bool,
    as_csv: bool,
    lang: str,
) -> None:
    """Apply the rule that FILES name, and give the reasons of each result."""
    job = _Job(lang=lang, rule=rule, threshold=threshold, ties=ties, seed=seed, stated=stated)
    told: list[tuple[Path, Result]] = []
    for file in progress(files, Voice(lang=lang).say("count.checking")):
        election = read(file, reading.election, Voice(lang=lang))
        chosen, result = job.count(election)
        told.append((file, result))
        if not as_json and not as_csv:
            voice = Voice.of(election, lang)
            show(election, result, chosen.name, voice)
            tell_findings(str(file), election, voice)
    if as_json:
        _emit_json(told)
    elif as_csv:
        _emit_csv(told)


def _emit_json(told: Sequence[tuple[Path, Result]]) -> None:
    """Write one result as itself, several as a list with the names of their files."""
    if len(told) == 1:
        emit_json(told[0][1].to_data())
    else:
        emit_json([{"file": str(file), **result.to_data()} for file, result in told])


def _emit_csv(told: Sequence[tuple[Path, Result]]) -> None:
    rows: list[dict[str, Any]] = [
        {**({"file": str(file)} if len(told) > 1 else {}), **row}
        for file, result in told
        for row in result.rows()
    ]
    emit_csv(rows, list(rows[0]))


@count.command("explain")
@_FILE
@click.argument("projects", nargs=-1)
@_RULE
@TIES
@_SEED
@SHEETS
@_JSON
@LANG
def explain(  # noqa: PLR0917 - one for each option
    file: Path,
    projects: tuple[str, ...],
    rule: str | None,
    ties: str | None,
    seed: str | None,
    reading: Reading,
    as_json: bool,
    lang: str,
) -> None:
    """Say why PROJECTS of FILE are funded or not, and name every round."""
    election = read(file, reading.election, Voice(lang=lang))
    chosen, result = _Job(lang=lang, rule=rule, ties=ties, seed=seed, margins=True).count(election)
    voice = Voice.of(election, lang)
    if unknown := [id_ for id_ in projects if id_ not in result.fates]:
        end(voice.say("count.no_project", {"project": unknown[0]}), ExitCode.NOT_FOUND)
    fates = [result.fates[id_] for id_ in projects] or list(result.steps)
    if as_json:
        rounds = [round_.to_data() for round_ in result.rounds]
        emit_json({"fates": [fate.to_data() for fate in fates], "rounds": rounds})
        return
    emit(voice.say("count.by_rule", {"rule": chosen.name}) + "\n")
    emit(fate_table(result, fates, voice))
    wanted = {fate.id for fate in fates}
    for number, round_ in enumerate(result.rounds, start=1):
        if round_.project in wanted:
            params = {
                "round": number,
                "project": round_.project,
                "payers": round_.payers,
                "spent_up": round_.spent_up,
                "effective": round(round_.effective),
            }
            emit(voice.say("count.round", params))


@count.command("compare")
@_FILES
@click.option(
    "--rule", "rules", multiple=True, callback=_known, help="Rule; to be given several times."
)
@TIES
@_SEED
@SHEETS
@_JSON
@_CSV
@LANG
def compare(  # noqa: PLR0917 - one for each option
    files: tuple[Path, ...],
    rules: tuple[str, ...],
    ties: str | None,
    seed: str | None,
    reading: Reading,
    as_json: bool,
    as_csv: bool,
    lang: str,
) -> None:
    """Count FILES by several rules and set the results side by side."""
    names = rules or ("greedy", "votes-per-cost", "equalshares/add1u", "phragmen", "knapsack")
    rows: list[dict[str, Any]] = []
    for file in progress(files, Voice(lang=lang).say("count.checking")):
        election = read(file, reading.election, Voice(lang=lang))
        jobs = [_Job(lang=lang, rule=name, ties=ties, seed=seed) for name in names]
        rows += _compared(file, election, {str(job.rule): job for job in jobs})
    if as_json:
        emit_json(rows)
    elif as_csv:
        emit_csv(rows, list(rows[0]))
    else:
        emit(_side_by_side(rows, Voice(lang=lang)))


def _compared(file: Path, election: Election, jobs: dict[str, _Job]) -> Iterator[dict[str, Any]]:
    from partizipation_core.counting.tidy import comparison

    results = {name: job.count(election)[1] for name, job in jobs.items()}
    for row in comparison(election, results):
        chosen = ",".join(results[str(row["rule"])].funded)
        yield {"file": str(file), **row, "projects_funded": chosen}


_COLUMNS = ("rule", "funded", "spent_percent", "without_percent", "also", "instead")


def _side_by_side(rows: Sequence[dict[str, Any]], voice: Voice) -> str:
    headings = [voice.say("count.file"), *(voice.say(f"count.col_{name}") for name in _COLUMNS)]
    cells = [[Path(row["file"]).name, *(str(row[name]) for name in _COLUMNS)] for row in rows]
    return table(headings, cells, right=(2, 3, 4, 5))


@count.command("check")
@_FILES
@click.option("--json", "as_json", is_flag=True, help="Write the comparisons as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write the comparisons as CSV.")
@LANG
@click.pass_context
def check(
    ctx: click.Context, files: tuple[Path, ...], as_json: bool, as_csv: bool, lang: str
) -> None:
    """Check FILES and compare their rule with their official outcome."""
    label = Voice(lang=lang).say("count.checking")
    rows = [
        _checked(file, lang, findings=not (as_json or as_csv)) for file in progress(files, label)
    ]
    if as_json:
        emit_json([row.data for row in rows])
    elif as_csv:
        emit_csv([row.data for row in rows], list(rows[0].data))
    else:
        emit(_comparison(rows, Voice(lang=lang)))
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
        why = fault(error, Voice(lang=lang))
        talk(why)
        return _Checked(
            file=str(file),
            rule="",
            official=Agreement.NOT_DERIVABLE,
            reason=why,
            readable=False,
        )
    voice = Voice.of(election, lang)
    if findings:
        tell_findings(str(file), election, voice)
    verdict: Verdict = compare_official(election)
    reason = " ".join(map(voice.reason, verdict.reasons))
    return _Checked(file=str(file), rule=verdict.rule, official=verdict.agreement, reason=reason)


def _comparison(rows: Sequence[_Checked], voice: Voice) -> str:
    headings = [voice.say(f"count.{key}") for key in ("file", "rule", "official", "why")]
    cells = [
        [Path(row.file).name, row.rule, voice.say(f"agreement.{row.official}"), row.reason]
        for row in rows
    ]
    return table(headings, cells)
