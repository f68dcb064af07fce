"""``partizipation people``: what is kept of people, what of one person, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import database_option, house, place_options
from partizipation_core.cli.output import emit, emit_json, table, talk
from partizipation_core.cli.speaking import headings, lang_option

if TYPE_CHECKING:
    from partizipation_core.kernel.messages import Command
    from partizipation_core.values import Actor

__all__ = ["people"]


@click.group()
def people() -> None:
    """Show personal data, give access to it and erase it."""


@people.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def fields(*, as_json: bool, lang: str) -> None:
    """Show every place that holds personal data (Art. 30 GDPR)."""
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
        told = headings(lang, "where", "what", "purpose", "basis", "retention", "erasure")
        emit("\n\n".join(_entry(told, tuple(row.values())) for row in rows))


def _entry(names: Sequence[str], values: Sequence[str]) -> str:
    """Write an entry as lines, since six columns of sentences fit no page."""
    return "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))


def _give(
    database: str,
    municipality: str,
    procedure: str,
    command: Command,
    actor: Actor,
    *,
    dry: bool,
    lang: str,
) -> None:
    from partizipation_core.errors import Refused
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        if not dry:
            handle.execute(command, actor=actor)
        elif against := handle.why(command, actor=actor):
            raise Refused(type(command).__name__, against)
        else:
            talk(Wording(lang=lang).sentence("why.allowed"))


@people.command()
@place_options
@click.argument("person")
def about(database: str, municipality: str, procedure: str, person: str) -> None:
    """Write all that is stored about a person (right of access, Art. 15 GDPR)."""
    from partizipation_core.values import Actor

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        emit_json(handle.about(Actor.of(person)))


@people.command()
@place_options
@click.argument("person")
@click.option("--by", "officer", required=True, help="Reference under which it is erased.")
@click.option("--dry-run", is_flag=True, help="Only say whether it would be possible.")
@lang_option
def forget(
    database: str,
    municipality: str,
    procedure: str,
    person: str,
    officer: str,
    *,
    dry_run: bool,
    lang: str,
) -> None:
    """Forget a person: erase register, drafts, texts and account (Art. 17 GDPR)."""
    from partizipation_core.commands import ForgetPerson
    from partizipation_core.values import Actor, ParticipantRef, Role

    command = ForgetPerson(person=ParticipantRef(person))
    _give(
        database,
        municipality,
        procedure,
        command,
        Actor.of(officer, Role.OFFICER),
        dry=dry_run,
        lang=lang,
    )


@people.command()
@place_options
@click.option("--item", default="", help="Reference of the item.")
@click.option("--comment", default="", help="Reference of the comment.")
@click.option("--passage", required=True, help="Passage, exactly as it is written.")
@click.option("--reason", required=True, help="Why it is removed; without repeating it.")
@click.option("--by", "moderator", required=True, help="Reference under which it is blacked out.")
@click.option("--dry-run", is_flag=True, help="Only say whether it would be possible.")
@lang_option
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
    lang: str,
) -> None:
    """Black out a passage wherever it stands with an item or a comment."""
    from partizipation_core.commands import RedactText
    from partizipation_core.values import Actor, CommentRef, ItemRef, Role

    command = RedactText(
        item=ItemRef(item), comment=CommentRef(comment), passage=passage, reason=reason
    )
    actor = Actor.of(moderator, Role.MODERATOR, Role.OFFICER)
    _give(database, municipality, procedure, command, actor, dry=dry_run, lang=lang)


@people.command("destroy-key")
@place_options
@click.option("--vote", required=True, help="Name of the vote.")
@click.option("--reason", default="", help="Reason, if there is more to say than the time.")
@click.option("--by", "officer", required=True, help="Reference under which it is destroyed.")
@click.option("--dry-run", is_flag=True, help="Only say whether it would be possible.")
@lang_option
def destroy_key(  # noqa: PLR0917 - what is named on the command line
    database: str,
    municipality: str,
    procedure: str,
    vote: str,
    reason: str,
    officer: str,
    *,
    dry_run: bool,
    lang: str,
) -> None:
    """Destroy the key of a vote once the time for objections is over."""
    from partizipation_core.commands import DestroyKey
    from partizipation_core.values import Actor, Role

    command, actor = DestroyKey(vote=vote, reason=reason), Actor.of(officer, Role.OFFICER)
    _give(database, municipality, procedure, command, actor, dry=dry_run, lang=lang)


@people.command()
@database_option
@click.option("--erase", "officer", default="", help="Reference under which it is erased.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def retention(database: str, officer: str, *, as_json: bool, lang: str) -> None:
    """Show what is kept beyond its time, and erase it with --erase."""
    from partizipation_core.texts.wording import Wording
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
    elif not found:
        talk(Wording(lang=lang).sentence("retention.nothing"))
    else:
        told = headings(lang, "municipality", "procedure", "table", "rows", "until")
        emit(table(told, [tuple(map(str, row.values())) for row in found]))
        talk(Wording(lang=lang).sentence(f"retention.{'erased' if officer else 'found'}"))
