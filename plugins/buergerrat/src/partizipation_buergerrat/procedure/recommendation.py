"""Recommendations: drafted, checked against facts, voted on; a majority is shown with its size.

They are items, with a path of their own that joins the common one where something is put into
practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_buergerrat.procedure.seat import Seat, sitting
from partizipation_core.clock import Instant
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import STATE, STATEMENT, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import Hands, Item, World
from partizipation_core.kernel.steps import reasoned, step
from partizipation_core.values import ItemRef, Objection, RecordRef

__all__ = [
    "DECIDERS",
    "LIFECYCLE",
    "CheckFacts",
    "FactsChecked",
    "RecommendationVoted",
    "ReopenDraft",
    "Verdict",
    "VoteOnRecommendation",
]

_PUT_INTO_PRACTICE = {"start": "in_progress", "refer": "passed_on"}

LIFECYCLE = Lifecycle(
    key="recommendation",
    initial="draft",
    moves={
        "draft": {"save": "draft", "submit": "submitted", "withdraw": "withdrawn"},
        "submitted": {"publish": "published", "revise": "submitted", "withdraw": "withdrawn"},
        "published": {
            "check": "checked",
            "revise": "published",
            "merge": "merged",
            "withdraw": "withdrawn",
        },
        "checked": {
            "check": "checked",
            "reopen": "published",
            "merge": "merged",
            "put_on_ballot": "on_ballot",
            "withdraw": "withdrawn",
        },
        "on_ballot": {"carry": "carried", "vote_down": "not_carried"},
        "carried": {"hand_over": "handed_over"},
        "not_carried": {},
        "handed_over": {
            "adopt": "adopted",
            "modify": "modified",
            "turn_down": "turned_down",
            "note": "noted",
            "pass_on": "passed_on",
        },
        "adopted": {**_PUT_INTO_PRACTICE, "refer": "adopted"},
        "modified": {**_PUT_INTO_PRACTICE, "refer": "modified"},
        "turned_down": {},
        "noted": {},
        "passed_on": _PUT_INTO_PRACTICE,
        "in_progress": {"finish": "done", "change": "changed", "abandon": "abandoned"},
        "changed": {"finish": "done", "change": "changed", "abandon": "abandoned"},
        "done": {},
        "abandoned": {},
        "merged": {},
        "withdrawn": {},
    },
)
"""The path of a recommendation (Empfehlung). What was checked is reopened to be revised, and then
checked again."""


@frozen(kw_only=True)
class Verdict(Record):
    """How a recommendation was voted on; its reference is that of the item.

    Args:
        hands: how many agreed, disagreed and abstained.
        consensus: whether the share in the settings agreed.
        minority: what those who disagreed want to be read.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"minority": STATE}

    kind: ClassVar[str] = "buergerrat/verdict"

    hands: Hands
    consensus: bool
    minority: tuple[str, ...] = ()


@frozen(kw_only=True)
class CheckFacts(ItemCommand):
    """Say what holds and what does not in a draft (Faktencheck).

    Args:
        statement: what was found, for the body and the public.
        sources: where it can be read.
    """

    statement: str
    sources: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class ReopenDraft(ItemCommand):
    """Open a draft again that was checked, so that it can be revised."""

    reason: str


@frozen(kw_only=True)
class VoteOnRecommendation(ItemCommand):
    """Put down how the body voted on a recommendation (Abstimmung im Plenum).

    Args:
        yes: how many agreed.
        no: how many disagreed.
        abstain: how many abstained.
        minority: opinions of the minority, in its own words and without names.
    """

    yes: int = field(validator=ge(0))
    no: int = field(validator=ge(0))
    abstain: int = field(default=0, validator=ge(0))
    minority: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class FactsChecked(Event):
    """A draft was checked."""

    privacy: ClassVar[Mapping[str, Kind]] = {"sources": STATEMENT, "statement": STATEMENT}

    item: ItemRef
    state: str
    statement: str
    sources: tuple[str, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Item]:  # noqa: ARG002
        """Keep what was found as the public answer to the draft."""
        told = "\n".join((self.statement, *self.sources))
        yield evolve(world.items[self.item], state=self.state, feedback=told)


@frozen(kw_only=True)
class RecommendationVoted(Event):
    """The body voted on a recommendation."""

    privacy: ClassVar[Mapping[str, Kind]] = {"minority": STATEMENT}

    item: ItemRef
    state: str
    hands: Hands
    consensus: bool
    minority: tuple[str, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record]:  # noqa: ARG002
        """Keep the numbers with the item, and the minority beside them."""
        yield evolve(world.items[self.item], state=self.state, hands=self.hands)
        yield Verdict(
            ref=RecordRef(self.item),
            hands=self.hands,
            consensus=self.consensus,
            minority=self.minority,
        )


def _check_objections(command: CheckFacts, _context: Context) -> Iterator[Objection]:
    if not command.statement.strip():
        yield Objection("statement_missing", {"item": command.item})


def _check(command: CheckFacts, context: Context) -> tuple[Event, ...]:
    state = context.definition.lifecycle.next(context.item(command.item).state, "check")
    sources = tuple(one.strip() for one in command.sources if one.strip())
    return (
        FactsChecked(
            item=command.item,
            state=str(state),
            statement=command.statement.strip(),
            sources=sources,
        ),
    )


def _vote_objections(command: VoteOnRecommendation, context: Context) -> Iterator[Objection]:
    seats = len(sitting(context.world.records.all(Seat)))
    hands = command.yes + command.no + command.abstain
    if hands > seats:
        yield Objection("more_votes_than_seats", {"hands": hands, "seats": seats})
    if not hands:
        yield Objection("nobody_voted", {"item": command.item})
    if any(not opinion.strip() for opinion in command.minority):
        yield Objection("opinion_empty", {"item": command.item})


def _agreed(command: VoteOnRecommendation, context: Context) -> bool:
    majority = context.rules.one("majority", context.procedure.stage)
    present = command.yes + command.no + command.abstain
    return not list(majority(command.yes, command.no, present, context.view(command)))


def _trigger(command: VoteOnRecommendation, context: Context) -> str:
    return "carry" if _agreed(command, context) else "vote_down"


def _vote(command: VoteOnRecommendation, context: Context) -> tuple[Event, ...]:
    trigger = _trigger(command, context)
    share: int = getattr(context.settings, "consensus_percent", 100)
    hands = command.yes + command.no + command.abstain
    before = context.item(command.item).state
    return (
        RecommendationVoted(
            item=command.item,
            state=str(context.definition.lifecycle.next(before, trigger)),
            hands=Hands(yes=command.yes, no=command.no, abstain=command.abstain),
            consensus=command.yes * 100 >= share * hands,
            minority=tuple(opinion.strip() for opinion in command.minority),
        ),
    )


DECIDERS = (
    Decider(
        command=CheckFacts,
        decide=_check,
        objections=_check_objections,
        events=(FactsChecked,),
        triggers=("check",),
    ),
    step(ReopenDraft, "reopen", reasoned),
    Decider(
        command=VoteOnRecommendation,
        decide=_vote,
        objections=_vote_objections,
        events=(RecommendationVoted,),
        records=(Every(Seat), Every(Verdict)),
        triggers=("carry", "vote_down"),
        asks={"majority"},
    ),
)
