"""``partizipation people``: what is kept of people, what of one person, and what is overdue."""

from __future__ import annotations

import click

from partizipation_core.cli.house import database_option, house, place_options
from partizipation_core.cli.output import emit, emit_json, table

__all__ = ["people"]


@click.group()
def people() -> None:
    """Personenbezogene Daten zeigen, beauskunften und löschen."""


@people.command()
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def fields(*, as_json: bool) -> None:
    """Jede Stelle zeigen, an der personenbezogene Daten stehen (Art. 30 DSGVO)."""
    from partizipation_core.kernel.privacy.catalogue import entries
    from partizipation_core.plugins.host import PluginHost

    rows = [
        {
            "place": one.place,
            "holds": one.kind.name,
            "purpose": one.kind.purpose,
            "basis": one.kind.basis,
            "retention": one.kind.retention,
            "forget": one.kind.forget,
        }
        for one in entries(PluginHost.discover().event_kinds())
    ]
    if as_json:
        emit_json(rows)
    else:
        told = ("Wo", "Was", "Zweck", "Grundlage", "Frist", "Löschung")
        emit(table(told, [tuple(row.values()) for row in rows]))


@people.command()
@place_options
@click.argument("person")
def about(database: str, municipality: str, procedure: str, person: str) -> None:
    """Alles ausgeben, was über eine Person gespeichert ist (Auskunft, Art. 15 DSGVO)."""
    from partizipation_core.values import Actor

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        emit_json(handle.about(Actor.of(person)))


@people.command()
@database_option
@click.option("--erase", "officer", default="", help="Kennung, unter der gelöscht wird.")
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def retention(database: str, officer: str, *, as_json: bool) -> None:
    """Zeigen, was über seine Frist hinaus gespeichert ist, und es mit --erase löschen."""
    from partizipation_core.values import Actor, Role

    with house(database) as platform:
        found = [
            {
                "municipality": handle.municipality,
                "procedure": handle.ref,
                "table": one.table,
                "rows": one.rows,
                "since": one.since,
            }
            for handle in platform.procedures()
            for one in (
                handle.erase_overdue(actor=Actor.of(officer, Role.OFFICER))
                if officer
                else handle.overdue()
            )
        ]
    if as_json:
        emit_json(found)
    else:
        told = ("Kommune", "Verfahren", "Tabelle", "Zeilen", "Frist bis")
        emit(table(told, [tuple(map(str, row.values())) for row in found]))
