"""``partizipation people``: what is kept of people, what of one person, and what is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import database_option, house, place_options
from partizipation_core.cli.output import emit, emit_json, table

if TYPE_CHECKING:
    from partizipation_core.kernel.messages import Command
    from partizipation_core.values import Actor

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


def _give(
    database: str, municipality: str, procedure: str, command: Command, actor: Actor, *, dry: bool
) -> None:
    from partizipation_core.errors import Refused

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        if not dry:
            handle.execute(command, actor=actor)
        elif against := handle.why(command, actor=actor):
            raise Refused(type(command).__name__, against)


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
@place_options
@click.argument("person")
@click.option("--by", "officer", required=True, help="Kennung, unter der gelöscht wird.")
@click.option("--dry-run", is_flag=True, help="Nur sagen, ob es ginge.")
def forget(
    database: str, municipality: str, procedure: str, person: str, officer: str, *, dry_run: bool
) -> None:
    """Eine Person vergessen: Register, Entwürfe, Texte und Konto löschen (Art. 17 DSGVO)."""
    from partizipation_core.commands import ForgetPerson
    from partizipation_core.values import Actor, ParticipantRef, Role

    command = ForgetPerson(person=ParticipantRef(person))
    _give(database, municipality, procedure, command, Actor.of(officer, Role.OFFICER), dry=dry_run)


@people.command()
@place_options
@click.option("--item", default="", help="Kennung des Vorschlags.")
@click.option("--comment", default="", help="Kennung des Kommentars.")
@click.option("--passage", required=True, help="Textstelle, genau wie sie geschrieben steht.")
@click.option("--reason", required=True, help="Warum sie entfernt wird; ohne sie zu wiederholen.")
@click.option("--by", "moderator", required=True, help="Kennung, unter der geschwärzt wird.")
@click.option("--dry-run", is_flag=True, help="Nur sagen, ob es ginge.")
def redact(  # noqa: PLR0917 - what is named on the command line
    database: str,
    municipality: str,
    procedure: str,
    item: str,
    comment: str,
    passage: str,
    reason: str,
    moderator: str,
    *,
    dry_run: bool,
) -> None:
    """Eine Textstelle überall schwärzen, wo sie zu einem Vorschlag oder Kommentar steht."""
    from partizipation_core.commands import RedactText
    from partizipation_core.values import Actor, CommentRef, ItemRef, Role

    command = RedactText(
        item=ItemRef(item), comment=CommentRef(comment), passage=passage, reason=reason
    )
    actor = Actor.of(moderator, Role.MODERATOR, Role.OFFICER)
    _give(database, municipality, procedure, command, actor, dry=dry_run)


@people.command("destroy-key")
@place_options
@click.option("--vote", required=True, help="Name der Abstimmung.")
@click.option("--reason", default="", help="Grund, falls es mehr zu sagen gibt als die Frist.")
@click.option("--by", "officer", required=True, help="Kennung, unter der vernichtet wird.")
@click.option("--dry-run", is_flag=True, help="Nur sagen, ob es ginge.")
def destroy_key(  # noqa: PLR0917 - what is named on the command line
    database: str,
    municipality: str,
    procedure: str,
    vote: str,
    reason: str,
    officer: str,
    *,
    dry_run: bool,
) -> None:
    """Den Schlüssel einer Abstimmung vernichten, wenn die Einspruchsfrist vorbei ist."""
    from partizipation_core.commands import DestroyKey
    from partizipation_core.values import Actor, Role

    command, actor = DestroyKey(vote=vote, reason=reason), Actor.of(officer, Role.OFFICER)
    _give(database, municipality, procedure, command, actor, dry=dry_run)


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
