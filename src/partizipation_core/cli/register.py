"""``partizipation register``: extracts from the population register, taken in and erased."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import house, place_options
from partizipation_core.cli.output import ExitCode, emit, emit_csv, emit_json, table, talk
from partizipation_core.cli.speaking import headings, lang_option

if TYPE_CHECKING:
    from partizipation_core.exchange.register import LineFault, Reading
    from partizipation_core.platform import ProcedureHandle
    from partizipation_core.values import Actor

__all__ = ["register"]

_officer = click.option("--officer", required=True, help="Reference under which it is done.")


@click.group()
def register() -> None:
    """Check, import and erase extracts of the population register."""


@register.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def fields(*, as_json: bool, lang: str) -> None:
    """Show what is stored of people: purpose, basis, retention, erasure."""
    from partizipation_core.kernel.electorate.fields import FACTS, TRACES

    rows = [
        {
            "what": one.name,
            "purpose": one.purpose,
            "basis": one.basis,
            "retention": one.retention,
            "forget": one.forget,
        }
        for one in FACTS.values()
    ]
    rows += [
        {
            "what": one.table,
            "purpose": one.purpose,
            "basis": one.holds,
            "retention": one.retention,
            "forget": one.forget,
        }
        for one in TRACES
    ]
    if as_json:
        emit_json(rows)
    else:
        told = headings(lang, "what", "purpose", "basis", "retention", "erasure")
        emit(table(told, [tuple(row.values()) for row in rows]))


@register.command()
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV.")
@lang_option
def columns(*, as_csv: bool, lang: str) -> None:
    """Show the columns that an extract may have, with legal basis and values."""
    from partizipation_core.exchange.register import COLUMNS

    rows = [
        {"spalte": one.name, "grundlage": one.law, "werte": one.values} for one in COLUMNS.values()
    ]
    if as_csv:
        emit_csv(rows, ("spalte", "grundlage", "werte"))
    else:
        told = headings(lang, "column", "law", "values")
        emit(table(told, [tuple(row.values()) for row in rows]))


@register.command()
@place_options
def template(database: str, municipality: str, procedure: str) -> None:
    """Write the heading of the extract that a procedure needs, and no more."""
    from partizipation_core.exchange.register import template as heading

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        click.echo(heading(handle.settings(), handle.needed_facts()), nl=False)


@register.command("import")
@place_options
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_officer
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day that the column 'alter' refers to."
)
@click.option(
    "--partial", is_flag=True, help="The extract does not name all: who is missing stays."
)
@click.option("--skip-faulty", is_flag=True, help="Leave out faulty lines.")
@click.option("--dry-run", is_flag=True, help="Check only, store nothing.")
@lang_option
def import_(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    file: Path,
    officer: str,
    as_of: datetime | None,
    partial: bool,
    skip_faulty: bool,
    dry_run: bool,
    lang: str,
) -> int:
    """Import an extract, with a report on every faulty line."""
    from partizipation_core.exchange.register import read_register

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        day = as_of.date() if as_of else None
        settings = handle.settings()
        reading = read_register(file.read_bytes(), settings, source=str(file), as_of=day)
        _report(reading, handle, lang)
        if reading.faults and not skip_faulty:
            return ExitCode.FAILED
        if not dry_run:
            actor = _acting(officer)
            handle.import_register(reading.extract, actor=actor, complete=not partial)
    return ExitCode.OK


@register.command()
@place_options
@_officer
@click.option("--reason", default="", help="Reason, if it is erased before its time.")
def erase(database: str, municipality: str, procedure: str, officer: str, reason: str) -> None:
    """Erase the register, after its time or, with a reason, before."""
    from partizipation_core.commands import EraseRegister

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        handle.execute(EraseRegister(reason=reason), actor=_acting(officer))


def _acting(officer: str) -> Actor:
    from partizipation_core.values import Actor, Role

    return Actor.of(officer, Role.OFFICER)


def _report(reading: Reading, handle: ProcedureHandle, lang: str) -> None:
    """Say how many people were read, what is not kept of them, and what is wrong."""
    from partizipation_core.exchange.register import COLUMNS
    from partizipation_core.texts.wording import Wording

    say, needed = Wording(lang=lang).sentence, handle.needed_facts()
    for fault in reading.faults:
        emit(say(f"register.{fault.code}", _params(fault)))
    unused = [name for name in reading.columns if COLUMNS[name].fact not in {*needed, "reference"}]
    if unused:
        talk(say("register.not_kept", {"columns": ", ".join(unused)}))
    people, faults = len(reading.extract.lines), len(reading.faults)
    talk(say("register.read", {"people": people, "faults": faults}))


def _params(fault: LineFault) -> dict[str, object]:
    return {"line": fault.line, "column": fault.column, "other": fault.other}
