"""Policies: what becomes of the votes of a person who voted in two ways.

Whoever can be turned away at the door is turned away where the second vote could not count. Paper
that lies there already cannot: it is put down as a double, with what became of it. What a show of
hands or an urn holds can never be taken out again, so it stands under every policy.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from partizipation_core.formats.channels import Policy
from partizipation_core.kernel.channels.channel import AT_THE_DOOR, FINAL, OFFLINE

__all__ = ["Fate", "Ruling", "Standing", "rule_on"]


class Fate(StrEnum):
    """What becomes of a vote that does not go into the box, or does not stay there."""

    STANDS = "stands"
    """It stands without a ballot in the box: hands, an urn, a blank or invalid ballot."""
    DOUBLE = "double"
    """Another vote of the same person counts."""
    VOID = "void"
    """No vote of this person counts."""
    TEST = "test"
    """It was cast with a test code."""


@frozen(kw_only=True)
class Standing:
    """The vote of a person as it stands.

    Args:
        channel: how it came in.
        fate: what became of it; None for a ballot that lies in the box.
    """

    channel: str
    fate: Fate | None = None


class Ruling(StrEnum):
    """What is done about a further vote of one person."""

    TAKEN = "taken"
    """It counts: there was none before."""
    REFUSED = "refused"
    """It is turned away; what stands stays."""
    OLD_STANDS = "old_stands"
    """It is put down as a double; what stands stays."""
    NEW_STANDS = "new_stands"
    """It counts; what stood is put aside as a double."""
    NEITHER = "neither"
    """Neither of them counts."""


def rule_on(policy: Policy, stands: Standing | None, comes: str) -> Ruling:
    """Say what becomes of a vote, given what stands for the same person.

    Args:
        policy: what the town decided.
        stands: the person's vote as it stands; None where there is none.
        comes: the channel of the further one.
    """
    if stands is None:
        return Ruling.TAKEN
    door = comes in AT_THE_DOOR
    if stands.fate in (Fate.VOID, Fate.TEST):
        return Ruling.REFUSED if door else Ruling.NEITHER
    if stands.channel not in FINAL and _new_wins(policy, stands.channel, comes):
        return Ruling.NEW_STANDS
    if door:
        return Ruling.REFUSED
    if policy == "both_void" and stands.channel not in FINAL:
        return Ruling.NEITHER
    return Ruling.OLD_STANDS


def _new_wins(policy: Policy, stands: str, comes: str) -> bool:
    if policy == "last_counts":
        return stands != comes or comes not in AT_THE_DOOR
    return policy == "paper_wins" and comes in OFFLINE and stands not in OFFLINE
