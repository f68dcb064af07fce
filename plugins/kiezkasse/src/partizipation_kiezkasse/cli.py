"""``partizipation kiezkasse``: split a sum over the regions, and play a whole year."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.output import (
    ExitCode,
    elapsing,
    emit,
    emit_csv,
    emit_json,
    table,
    talk,
)
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import InputError, PartizipationError
from partizipation_core.files import together
from partizipation_core.values import Money

if TYPE_CHECKING:
    from partizipation_core.reports.documents import Document
    from partizipation_core.texts import Wording
    from partizipation_kiezkasse.year import Played

__all__ = ["kiezkasse"]

FILES = ("kiezkassen.db", "statement.json", "kieze.csv", "projects.csv", "report.html")
_PAPERS = "papers"
_TRACES = (*FILES, _PAPERS, "kiezkassen.db-wal", "kiezkassen.db-shm", "kiezkassen.db.keys")

total_option = click.option(
    "--total", default="100000 EUR", show_default=True, help="Sum for all regions."
)


@click.group()
def kiezkasse() -> None:
    """Neighbourhood funds: compute shares and play a whole year."""


@kiezkasse.command("split")
@total_option
@click.option("--floor", default="2600 EUR", show_default=True, help="Floor of each region.")
@click.option("--step", default="100 EUR", show_default=True, help="Step of the shares.")
@click.option(
    "--residents",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with key and number a line; without it invented people live there.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV, amounts in cents.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, amounts in cents.")
@lang_option
def split_(  # noqa: PLR0913 - one argument for each option
    *,
    total: str,
    floor: str,
    step: str,
    residents: Path | None,
    as_csv: bool,
    as_json: bool,
    lang: str,
) -> int:
    """Divide a sum among the 20 regions by residents."""
    from partizipation_core.money.split import split
    from partizipation_kiezkasse import population
    from partizipation_kiezkasse.papers import wording_for
    from partizipation_kiezkasse.regions import regions

    word = wording_for(lang)
    names = {area.key: area.name for area in regions().areas}
    people = (
        _residents(residents, names, word) if residents else population.residents(tuple(names))
    )
    shares = split(_money(total), people, floor=_money(floor), step=_money(step)).shares
    if as_csv or as_json:
        rows = [
            {"area": one.area, "residents": one.weight, "share": one.amount.cents, "by": one.by}
            for one in shares
        ]
        emit_json(rows) if as_json else emit_csv(rows, ["area", "residents", "share", "by"])
        return ExitCode.OK
    heads = [word.sentence(f"kiezkasse.{one}") for one in ("name", "residents")]
    share = word.label("kiezkasse_figure", "share")
    lines = [
        (
            names[one.area],
            word.number(one.weight),
            word.money(one.amount.cents),
            word.label("kiezkasse_share", one.by),
        )
        for one in shares
    ]
    emit(table([*heads, share, word.sentence("kiezkasse.by")], lines, right=(1, 2)))
    return ExitCode.OK


@kiezkasse.command("year")
@click.option("--year", type=int, default=2027, show_default=True, help="Budget year.")
@total_option
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another number, another year."
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("kiezkassen-output"),
    show_default=True,
    help="Folder for database, accounts and documents.",
)
@click.option(
    "--papers",
    "kind",
    type=click.Choice(["html", "docx", "pdf"]),
    default="html",
    show_default=True,
    help="File format of the documents.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
@lang_option
def year_(  # noqa: PLR0913 - one argument for each option
    *, year: int, total: str, seed: int, folder: Path, kind: str, as_json: bool, lang: str
) -> int:
    """Play a whole year of all 20 regions, with invented people.

    From ideas by way of assemblies, applications, notices and payments to proofs,
    repayments and accounts. The same number with --seed gives the same year.
    """
    from partizipation_kiezkasse.papers import wording_for
    from partizipation_kiezkasse.year import planned, play_year

    word = wording_for(lang)
    _empty(folder, word)
    programme = planned(year, _money(total))

    played = play_year(
        programme,
        database=f"sqlite:///{folder / FILES[0]}",
        seed=seed,
        wording=word,
        finish=lambda played: _write(played, folder, kind, word),
        watch=lambda days: elapsing(
            days, date(year, 12, 31), word.sentence("kiezkasse.year_playing", {"year": str(year)})
        ),
    )
    if as_json:
        emit_json(_summary(played, folder))
        return ExitCode.FAILED if _wrong(played) else ExitCode.OK
    return _tell(played, folder, word)


def _wrong(played: Played) -> list[str]:
    """Name what does not add up, and figures that were published otherwise."""
    return [*played.faults, *(figure.code for figure in played.golden if not figure.met)]


def _summary(played: Played, folder: Path) -> dict[str, object]:
    """Sum a year up for machines; amounts are cents."""
    golden = [
        {"code": one.code, "wanted": one.wanted.cents, "found": one.found.cents, "met": one.met}
        for one in played.golden
    ]
    kept = [
        {"kiez": one.kiez, "command": one.command, "codes": list(one.codes)} for one in played.kept
    ]
    return {
        "statement": played.statement.to_data(),
        "events": played.events,
        "golden": golden,
        "refused": kept,
        "faults": _wrong(played),
        "files": [str(folder / name) for name in (*FILES, _PAPERS)],
    }


def _tell(played: Played, folder: Path, word: Wording) -> int:
    say, told = word.sentence, played.statement
    figures = told.figures
    counts = {
        "kieze": len(told.rows),
        "events": played.events,
        "projects": sum(len(row.projects) for row in told.rows),
        "paid": figures.paid.cents,
        "settled": figures.settled.cents,
    }
    emit(say("kiezkasse.year_done", counts))
    for one in played.kept:
        params = {"kiez": one.kiez, "sentence": one.sentence}
        emit("  " + say("kiezkasse.year_refused", params))
    for figure in played.golden:
        sums = {"wanted": figure.wanted.cents, "found": figure.found.cents}
        name = word.label("kiezkasse_golden", figure.code)
        emit("  " + say("kiezkasse.year_golden", {"name": name, **sums}))
    if wrong := _wrong(played):
        talk(say("kiezkasse.year_wrong", {"faults": "; ".join(wrong)}))
        return ExitCode.FAILED
    emit(say("kiezkasse.year_adds_up"))
    for name in (*FILES, _PAPERS):
        emit(f"  {folder / name}")
    return ExitCode.OK


def _write(played: Played, folder: Path, kind: str, word: Wording) -> None:
    from partizipation_core.reports.documents import render_docx, render_html, render_pdf
    from partizipation_core.reports.tables import to_csv
    from partizipation_kiezkasse.file import papers_of
    from partizipation_kiezkasse.papers import committee_report
    from partizipation_kiezkasse.statement import COLUMNS, PROJECT_COLUMNS

    told = played.statement
    plain = json.dumps(told.to_data(), ensure_ascii=False, indent=2)
    sender = word.sentence("kiezkasse.sender")
    floor = played.programme.split.floor
    report = committee_report(told, word, sender=sender, floor=floor)
    texts = {
        "statement.json": plain + "\n",
        "kieze.csv": to_csv(told.table(), COLUMNS),
        "projects.csv": to_csv(told.projects(), PROJECT_COLUMNS),
        "report.html": render_html(report),
    }
    (folder / _PAPERS).mkdir(exist_ok=True)
    writers: dict[str, Callable[[Document], bytes]] = {
        "docx": render_docx,
        "html": lambda document: render_html(document).encode(),
        "pdf": render_pdf,
    }
    with together() as drafts:
        for name, document in papers_of(played, word, sender=sender):
            drafts.put(folder / _PAPERS / f"{name}.{kind}", writers[kind](document))
        for name, text in texts.items():
            drafts.put(folder / name, text)


def _empty(folder: Path, word: Wording) -> None:
    """Make the folder; an earlier year in it is replaced, anything else is left alone."""
    import shutil

    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(path.name for path in folder.iterdir())
    if strangers := [name for name in names if name not in _TRACES]:
        params = {"folder": str(folder), "names": ", ".join(strangers)}
        raise PartizipationError(word.sentence("kiezkasse.year_in_use", params))
    for name in names:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _residents(file: Path, names: Iterable[str], word: Wording) -> dict[str, int]:
    """Read area and number of residents from lines of a CSV file."""
    found: dict[str, int] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for line, row in enumerate(csv.reader(lines), start=1):
            try:
                area, number = row
                found[area.strip()] = int(number)
            except ValueError as error:
                params = {"file": file.name, "line": line}
                told = word.sentence("kiezkasse.residents_unreadable", params)
                raise InputError(told) from error
    unknown, missing = sorted(set(found) - set(names)), sorted(set(names) - set(found))
    if unknown or missing:
        lists = {"unknown": ", ".join(unknown) or "–", "missing": ", ".join(missing) or "–"}
        told = word.sentence("kiezkasse.residents_unknown", {"file": file.name, **lists})
        raise InputError(told)
    return {area: found[area] for area in names}


def _money(text: str) -> Money:
    try:
        return Money.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
