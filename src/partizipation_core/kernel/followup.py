"""Follow-ups: commands that one procedure hands over to another."""

from __future__ import annotations

from attrs import frozen

from partizipation_core.kernel.messages import Command
from partizipation_core.values import Actor, ProcedureRef

__all__ = ["FollowUp"]


@frozen(kw_only=True)
class FollowUp:
    """A command to be given after something was committed.

    Args:
        procedure: the procedure it is for.
        command: what to do.
        actor: in whose name.
        key: idempotency key, the same whenever the same thing is handed over.
    """

    procedure: ProcedureRef
    command: Command
    actor: Actor
    key: str
