"""Sitting: a body with seats, who is present, who is biased, and how each member votes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["CHOICES", "Body", "Choice", "Poll", "Resolution", "Sitting"]

Choice = Literal["yes", "no", "abstain"]

CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain")


@frozen(kw_only=True)
class Body:
    """A body with seats (Jury, Quartiersrat, Beirat).

    Args:
        members: pseudonyms of those who hold a seat.
        substitutes: who steps in, the first one first (Nachrückliste).
    """

    members: tuple[ParticipantRef, ...] = field(default=(), converter=as_tuple)
    substitutes: tuple[ParticipantRef, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class Sitting:
    """A sitting of a body (Sitzung).

    Args:
        vote: the vote that it decides.
        present: members who take part, and substitutes who sit in for absent ones.
        biased: item → members who have a conflict of interest in it (Befangenheit).
        votes: item → member → how she voted; open, because a body answers for its vote.
        sums: item → amount of what was agreed.
        decided: items that were put to the vote, agreed or not.
    """

    vote: str
    present: tuple[ParticipantRef, ...] = field(default=(), converter=as_tuple)
    biased: Mapping[ItemRef, tuple[ParticipantRef, ...]] = field(
        factory=dict, converter=as_mapping
    )
    votes: Mapping[ItemRef, Mapping[ParticipantRef, Choice]] = field(
        factory=dict, converter=as_mapping
    )
    sums: Mapping[ItemRef, Money] = field(factory=dict, converter=as_mapping)
    decided: tuple[ItemRef, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class Poll:
    """How a body voted on one item; every base that a majority may be taken of.

    Args:
        yes: votes for it.
        no: votes against it.
        abstain: abstentions that were declared.
        members: seats, without those who are biased in this item.
        present: members present, without those who are biased in this item.
        biased: members present who may debate it and not vote on it.
    """

    yes: int
    no: int
    abstain: int
    members: int
    present: int
    biased: int = 0

    @property
    def votes(self) -> int:
        """Votes for and against; who abstains casts none."""
        return self.yes + self.no


@frozen(kw_only=True)
class Resolution:
    """What a council decided on a proposal (Ratsbeschluss).

    Args:
        outcome: ``adopted``, ``modified``, ``rejected``, ``noted`` or ``passed_on``.
        reason: why, for the public.
        amount: the sum, where the council fixes one.
        to: to whom it was passed on.
    """

    outcome: Literal["adopted", "modified", "rejected", "noted", "passed_on"]
    reason: str
    amount: Money | None = None
    to: str = ""
