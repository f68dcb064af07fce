"""``partizipation formats table``: who may do what in a format, and what moves it on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.output import emit, emit_csv, emit_json, table
from partizipation_core.cli.speaking import lang_option

if TYPE_CHECKING:
    from partizipation_core.formats.permissions import Permission, Way
    from partizipation_core.texts.wording import Wording

__all__ = ["rights"]

_WAYS = ("stage", "edge", "to", "by", "conditions")
_RIGHTS = ("stage", "command", "role", "ownership", "states")


@click.command("table")
@click.argument("key")
@click.option(
    "--ways", "edges", is_flag=True, help="The ways between stages instead of the rights."
)
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def rights(key: str, *, edges: bool, as_csv: bool, as_json: bool, lang: str) -> None:
    """Show every right of a format: stage, act, role, state, whose item, area.

    What stands in no line is allowed to nobody.
    """
    from partizipation_core.formats import permissions
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.titles import with_titles
    from partizipation_core.texts.wording import Wording

    host = PluginHost.discover()
    registry = host.registry
    form = registry.format(key).thing
    word = Wording(lang=lang, catalogues=with_titles(form.stages, host.texts(lang)))
    if edges:
        paths = permissions.ways(form)
        rows = [permissions.record(path) for path in paths]
        told = _table(_WAYS, [_way(path, word) for path in paths], word)
    else:
        facts = {name: offer.thing for name, offer in registry.deciders.items()}
        table_ = permissions.permission_table(form, facts)
        rows = [permissions.record(right) for right in table_]
        told = _table(_RIGHTS, [_right(right, word) for right in table_], word)
    if as_json:
        emit_json(rows)
    elif as_csv:
        emit_csv(rows, permissions.columns(permissions.Way if edges else permissions.Permission))
    else:
        emit(told)


def _table(headings: Sequence[str], rows: Sequence[tuple[str, ...]], word: Wording) -> str:
    return table([word.sentence(f"table.{name}") for name in headings], rows)


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
