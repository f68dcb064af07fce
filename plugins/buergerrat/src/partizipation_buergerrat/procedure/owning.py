"""Who may act for others: the office, never a resident who happens to hold another role."""

from __future__ import annotations

from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import Command
from partizipation_core.values import RecordRef, Role

__all__ = ["acts_for"]


def acts_for(ref: RecordRef, command: Command, context: Context) -> bool:
    """Tell whether the actor is who is meant, or an office that may give the command.

    Args:
        ref: code or pseudonym of who is meant.
        command: what is asked.
        context: who asks, in which stage.
    """
    stage, name = context.procedure.stage, type(command).__name__
    offices = (context.definition.roles(stage, name) or frozenset()) - {Role.RESIDENT}
    return bool(offices & context.actor.roles) or str(context.actor.ref) == ref
