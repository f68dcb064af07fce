"""Overrides: staff do what the present stage allows to nobody, by name and with a reason.

A format lists what may be overridden and by whom. What one person says for themselves, a ballot,
a support, a rating or a report, nobody can give or take by an override.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.procedure import OpenProcedure
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "Override", "StageOverridden", "asked", "overridable", "overriding"]


@frozen(kw_only=True)
class Override(Command):
    """Do something outside the stage that is meant for it (Ausnahme).

    Args:
        command: what shall be done.
        reason: why, for the public.
    """

    command: Command
    reason: str


@frozen(kw_only=True)
class StageOverridden(Event):
    """Staff did something outside its stage; what they did follows in the next lines."""

    command: str
    stage: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Change nothing by itself."""
        return ()


def asked(command: Command) -> Command:
    """Return what a command is about in the end: itself, or what it overrides a stage for."""
    return command.command if isinstance(command, Override) else command


def overridable(decider: Decider) -> bool:
    """Tell whether a format may let staff give a command outside its stage."""
    return not decider.voice and decider.command not in (Override, OpenProcedure)


def overriding(inner: Decider) -> Decider:
    """Make the decider of an override of one command: its reasons, then the command's own."""

    def objections(command: Override, context: Context) -> Iterator[Objection]:
        if not overridable(inner):
            yield Objection("override_never", {"command": inner.name})
            return
        yield from _objections(command, context)
        yield from _inner(inner, command.command, context)

    def decide(command: Override, context: Context) -> Sequence[Fact]:
        return (*_decide(command, context), *inner.decide(command.command, context))

    (base,) = DECIDERS
    return evolve(
        base,
        decide=decide,
        objections=objections,
        needs=inner.needs,
        about=lambda command: inner.items(command.command),
    )


def _objections(command: Override, context: Context) -> Iterator[Objection]:
    name, procedure = type(command.command).__name__, context.procedure
    definition, actor = context.definition, context.actor
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "Override"})
    roles = definition.overrides.get(name)
    usual = definition.roles(procedure.stage, name)
    if roles is None:
        yield Objection("override_never", {"command": name})
    elif not roles & actor.roles:
        yield Objection("role_forbids", {"command": name, "roles": ", ".join(sorted(roles))})
    elif usual is not None and (name in definition.anytime or not procedure.ended):
        yield Objection("override_needless", {"command": name, "stage": procedure.stage})


def _inner(inner: Decider, command: Command, context: Context) -> Iterator[Objection]:
    if isinstance(command, ItemCommand):
        item = context.world.items.get(command.item)
        if item is None and not inner.creates:
            yield Objection("item_unknown", {"item": command.item})
            return
        trigger = inner.pulls(command)
        if item is not None and trigger:
            yield from step_objections(trigger, item, command, context)
    yield from inner.objections(command, context)


def _decide(command: Override, context: Context) -> tuple[Event, ...]:
    name, stage = type(command.command).__name__, context.procedure.stage
    return (StageOverridden(command=name, stage=stage, reason=command.reason),)


DECIDERS = (
    Decider(command=Override, decide=_decide, objections=_objections, events=(StageOverridden,)),
)
