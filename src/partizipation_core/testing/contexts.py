"""Contexts: a procedure as a decider sees it, laid out in memory without playing up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from partizipation_core.clock import Instant
from partizipation_core.execution.loading import bare_context
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import pin, unpin
from partizipation_core.testing.simulation import START
from partizipation_core.values import Actor, ProcedureRef

__all__ = ["context"]


def context(  # noqa: PLR0913 - all that a decision may depend on
    host: PluginHost,
    key: str,
    *,
    actor: Actor,
    settings: Mapping[str, Any],
    stage: str = "",
    items: Iterable[Item] = (),
    records: Iterable[Record] = (),
    now: Instant = START,
    **procedure: Any,
) -> Context:
    """Lay out a procedure and say what a decider sees of it.

    Args:
        host: the plugins.
        key: the format.
        actor: who acts.
        settings: as in TOML.
        stage: the stage it is in; the first by default.
        items: its items.
        records: what it keeps besides.
        now: the instant of the decision.
        procedure: further fields of `Procedure`, such as ``papers``.
    """
    definition = pin(host.registry, key, settings=settings, rules={})
    at = stage or definition.first.key
    state = Procedure(ref=ProcedureRef("laid-out"), stage=at, entered_at=now, visits={at: 1})
    world = World(procedure=evolve(state, **procedure)).with_changes((*items, *records))
    return bare_context(unpin(host.registry, definition), world, actor, now)
