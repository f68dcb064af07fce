"""``partizipation formats table``: who may do what in a format, and what moves it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partizipation_core.cli.output import emit, emit_csv, emit_json, table

if TYPE_CHECKING:
    from partizipation_core.formats.permissions import Permission, Way
    from partizipation_core.texts.wording import Wording

__all__ = ["rights"]


@click.command("table")
@click.argument("key")
@click.option("--ways", "edges", is_flag=True, help="Die Wege zwischen Phasen statt der Rechte.")
@click.option("--csv", "as_csv", is_flag=True, help="Als CSV ausgeben.")
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
@click.option("--lang", default="de", show_default=True, help="Sprache.")
def rights(key: str, *, edges: bool, as_csv: bool, as_json: bool, lang: str) -> None:
    """Jedes Recht eines Formats zeigen: Phase, Handlung, Rolle, Stand, wessen Vorschlag, Gebiet.

    Was in keiner Zeile steht, ist niemandem erlaubt.
    """
    from partizipation_core.formats import permissions
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    registry = PluginHost.discover().registry
    form = registry.format(key).thing
    facts = {name: offer.thing for name, offer in registry.deciders.items()}
    kind = permissions.Way if edges else permissions.Permission
    lines = permissions.ways(form) if edges else permissions.permission_table(form, facts)
    rows = [permissions.record(line) for line in lines]
    if as_json:
        emit_json(rows)
    elif as_csv:
        emit_csv(rows, permissions.columns(kind))
    else:
        titles = {f"stage.{stage.key}": stage.title for stage in form.stages if stage.title}
        emit(_told(lines, Wording(lang=lang, catalogues=[titles])))


def _told(lines: tuple[Permission, ...] | tuple[Way, ...], word: Wording) -> str:
    from partizipation_core.formats.permissions import Way

    say = word.sentence
    if lines and isinstance(lines[0], Way):
        headings = ("stage", "edge", "to", "by", "conditions")
        rows = [_way(one, word) for one in lines if isinstance(one, Way)]
    else:
        headings = ("stage", "command", "role", "ownership", "states")
        rows = [_right(one, word) for one in lines if not isinstance(one, Way)]
    return table([say(f"table.{name}") for name in headings], rows)


def _way(way: Way, word: Wording) -> tuple[str, ...]:
    by = ", ".join(word.label("mover", one) for one in way.by.split())
    stage, to = word.label("stage", way.stage), word.label("stage", way.to)
    return (stage, word.label("edge", way.edge), to, by, way.conditions)


def _right(right: Permission, word: Wording) -> tuple[str, ...]:
    states = right.states.replace("*", "").split()
    return (
        word.label("stage", right.stage) if right.stage else "–",
        word.label("command", right.command),
        word.label("role", right.role),
        word.label("ownership", right.ownership) if right.ownership else "",
        word.labels("state", states) if states else "",
    )
