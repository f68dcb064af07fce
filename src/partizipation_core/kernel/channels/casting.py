"""Casting: a vote meets the register, and the town's policy says what becomes of it."""

from __future__ import annotations

from attrs import evolve

from partizipation_core.kernel.channels.entries import CastEntry
from partizipation_core.kernel.channels.policy import Fate, Ruling, Standing, rule_on
from partizipation_core.kernel.context import Context

__all__ = ["entry"]


def entry(cast: CastEntry, stands: Standing | None, context: Context) -> CastEntry:
    """Say what becomes of a vote and of the one that stands for the same person.

    Args:
        cast: the vote, as if there were no other.
        stands: the vote that stands; None where there is none.
        context: knows the policy.
    """
    if cast.replaces:
        return cast
    ruling = rule_on(context.settings.same_voter, stands, cast.channel)
    if ruling is Ruling.NEW_STANDS:
        return evolve(cast, puts_aside=Fate.DOUBLE)
    if ruling is Ruling.NEITHER:
        return evolve(cast, choices={}, fate=Fate.VOID, puts_aside=Fate.VOID)
    if ruling in (Ruling.OLD_STANDS, Ruling.REFUSED):
        return evolve(cast, choices={}, fate=Fate.DOUBLE)
    return cast
