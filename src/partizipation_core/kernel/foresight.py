"""Foresight: what must come true before something is allowed, where no instant can be named.

A stage that is left by a condition has no date. Whoever waits for a later stage is told instead
what is still missing, in the condition's own words.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from partizipation_core.kernel.calendar import ByItself, unmet
from partizipation_core.kernel.context import Context, RuleBook
from partizipation_core.kernel.decider import Need
from partizipation_core.kernel.record import Every
from partizipation_core.values import Objection

__all__ = ["NEEDS", "foreseen", "read_by_conditions", "waits_for_a_condition"]

NEEDS = frozenset({Need.ITEMS, Need.BOX})
"""What must be loaded before conditions can be asked."""

_WAITING = ("stage_not_yet", "stage_ended")


def read_by_conditions(stage: str, rules: RuleBook) -> tuple[Every, ...]:
    """Return which records the conditions of a stage read.

    Args:
        stage: key of the present stage.
        rules: those that the procedure pinned.
    """
    asked = [
        rule
        for edge, those in rules.conditions.items()
        if edge.startswith(f"{stage}.")
        for rule in those
    ]
    return tuple(Every(kind) for rule in asked for kind in getattr(rule, "records", ()))


def waits_for_a_condition(found: Sequence[Objection], context: Context) -> bool:
    """Tell whether an objection waits for a stage to which only a condition leads on."""
    edge = f"{context.procedure.stage}.advance"
    return bool(context.rules.conditions.get(edge)) and any(_waits(one) for one in found)


def _waits(one: Objection) -> bool:
    return one.code in _WAITING and one.allowed_from is None


def foreseen(found: Sequence[Objection], context: Context) -> tuple[Objection, ...]:
    """Add to every objection that waits for a later stage what is missing on the way there.

    Args:
        found: objections of the kernel.
        context: with everything loaded that `NEEDS` names.
    """
    missing = tuple(unmet("advance", ByItself(), context))
    return tuple(evolve(one, allowed_when=missing) if _waits(one) else one for one in found)
