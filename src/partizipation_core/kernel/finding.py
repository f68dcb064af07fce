"""Findings: what reviewing leaves with an item.

A field named ``internal`` or ``assignee`` is for the administration only; `public` takes it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, Self

from attrs import Factory, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.values import Money, ParticipantRef

__all__ = [
    "OUTCOMES",
    "Answer",
    "Assignment",
    "Estimate",
    "Finding",
    "Outcome",
    "Recommendation",
    "Review",
    "Word",
]

Finding = Literal["feasible", "infeasible", "forwarded"]
"""What a review may arrive at."""

Word = Literal["yes", "no", "not_applicable"]
"""What may be said to a criterion."""

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {"feasible": "approve", "infeasible": "disapprove", "forwarded": "forward"}
)
"""Finding → the trigger of the lifecycle that it pulls."""

_WORST_FIRST = ("no", "yes", "not_applicable")


@frozen
class Answer:
    """What an office says to one criterion of the checklist (Prüfkriterium).

    Args:
        word: yes, no, or not applicable.
        note: public, like the statement.
    """

    word: Word = field(validator=in_(_WORST_FIRST))
    note: str = ""

    @classmethod
    def worst(cls, answers: Iterable[Answer]) -> Answer:
        """Return the answer that counts where several offices answered one criterion."""
        return min(answers, key=lambda answer: _WORST_FIRST.index(answer.word))


@frozen
class Estimate:
    """What an item is expected to cost, and how sure that is (Kostenschätzung).

    Args:
        expected: the figure everybody goes on with.
        min: the least it may cost; the expected figure where nothing else is said.
        max: the most it may cost; the expected figure where nothing else is said.
    """

    expected: Money
    min: Money = field(default=Factory(lambda self: self.expected, takes_self=True), kw_only=True)
    max: Money = field(default=Factory(lambda self: self.expected, takes_self=True), kw_only=True)

    @classmethod
    def total(cls, estimates: Iterable[Estimate]) -> Self | None:
        """Add up what several offices expect; None where none of them names a figure."""
        each = tuple(estimates)
        if not each:
            return None
        return cls(
            Money.total(one.expected for one in each),
            min=Money.total(one.min for one in each),
            max=Money.total(one.max for one in each),
        )


@frozen(kw_only=True)
class Review:
    """What an office found, or all of them together (Stellungnahme).

    Args:
        outcome: feasible, infeasible, or forwarded because another body is competent.
        statement: what the public is told.
        office: who found it.
        competent: the body that is competent where the item was forwarded.
        cost: what it would cost, as far as this office can tell.
        checks: criterion → answer.
        internal: note for the administration, never published.
        published: when the public was told; None before.
    """

    outcome: Finding
    statement: str
    office: str = ""
    competent: str = ""
    cost: Estimate | None = None
    checks: Mapping[str, Answer] = field(factory=dict, converter=as_mapping)
    internal: str = field(default="", repr=False)
    published: Instant | None = None


@frozen(kw_only=True)
class Outcome:
    """What a review came to, and where that takes the item.

    Args:
        state: the state the item goes to when the outcome is published.
        review: what all offices found together.
    """

    state: str
    review: Review


@frozen(kw_only=True)
class Assignment:
    """Whose statement an item waits for (Prüfauftrag).

    Args:
        office: the office that is asked.
        assignee: pseudonym of who shall see to it, empty for anybody of the office.
        deadline: the instant by which it shall state; None for no deadline.
        lead: whether it is the office in charge (federführend).
    """

    office: str
    assignee: ParticipantRef = field(default=ParticipantRef(""), repr=False)
    deadline: Instant | None = None
    lead: bool = False


@frozen(kw_only=True)
class Recommendation:
    """A step somebody recommends: a second pointer into the lifecycle (Empfehlung).

    Args:
        trigger: the step.
        state: the state it leads to.
        reason: why, for the public.
    """

    trigger: str
    state: str
    reason: str
