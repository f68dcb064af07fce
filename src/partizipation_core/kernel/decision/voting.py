"""Voting in a body: openly, one vote a member, none where she is biased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.award import money_objections
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.sitting import CHOICES, Body, Choice, Poll, Sitting
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "BodyDecided",
    "BodyVoteCast",
    "ConflictDeclared",
    "DecideInBody",
    "DeclareConflict",
    "VoteInBody",
    "poll_of",
]

_FRESH = Sitting(vote="")


@frozen(kw_only=True)
class DeclareConflict(ItemCommand):
    """Declare that a member has a conflict of interest in an item (Befangenheit).

    She may debate the item and not vote on it, and counts in no base of its majority. Why is
    nobody's business but the body's, so there is no field for it.

    Args:
        member: who is biased.
    """

    member: ParticipantRef


@frozen(kw_only=True)
class VoteInBody(ItemCommand):
    """Vote on an item as a member of the body; openly, and changeable until it is decided.

    Args:
        choice: yes, no or abstain.
    """

    choice: Choice = field(validator=in_(CHOICES))


@frozen(kw_only=True)
class DecideInBody(ItemCommand):
    """Establish how the body decided on an item.

    Args:
        sum: the amount, where it agreed; None where no money is awarded.
    """

    sum: Money | None = None


@frozen(kw_only=True)
class ConflictDeclared(Event):
    """A member is biased in an item; a vote she has given on it is gone."""

    item: ItemRef
    member: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Take her out of the vote on the item."""
        sitting = world.opened.sitting or _FRESH
        biased = (*sitting.biased.get(self.item, ()), self.member)
        votes = dict(sitting.votes.get(self.item, {}))
        votes.pop(self.member, None)
        after = evolve(
            sitting,
            biased={**sitting.biased, self.item: biased},
            votes={**sitting.votes, self.item: votes},
        )
        yield evolve(world.opened, sitting=after)


@frozen(kw_only=True)
class BodyVoteCast(Event):
    """A member voted on an item."""

    item: ItemRef
    member: ParticipantRef
    choice: Choice

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the vote, in the place of an earlier one."""
        sitting = world.opened.sitting or _FRESH
        votes = {**sitting.votes.get(self.item, {}), self.member: self.choice}
        after = evolve(sitting, votes={**sitting.votes, self.item: votes})
        yield evolve(world.opened, sitting=after)


@frozen(kw_only=True)
class BodyDecided(Event):
    """A body decided on an item.

    Args:
        item: which.
        poll: every number that the majority was taken of.
        agreed: whether the item was agreed to.
        sum: the amount that was agreed; None where none was.
        reasons: code and parameters of why it was not agreed to.
    """

    item: ItemRef
    poll: Poll
    agreed: bool
    sum: Money | None
    reasons: tuple[Mapping[str, Any], ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the sum and show the votes as hands with the item."""
        sitting = world.opened.sitting or _FRESH
        sums = dict(sitting.sums)
        if self.sum is not None:
            sums[self.item] = self.sum
        after = evolve(sitting, sums=sums, decided=(*sitting.decided, self.item))
        yield evolve(world.opened, sitting=after)
        hands = Hands(yes=self.poll.yes, no=self.poll.no, abstain=self.poll.abstain)
        yield evolve(world.items[self.item], hands=hands)


def poll_of(command: ItemCommand, context: Context) -> Poll:
    """Count the votes of the body on an item, with every base that a rule may ask for."""
    item, procedure = context.item(command.item), context.procedure
    sitting, body = procedure.sitting or _FRESH, procedure.body or Body()
    biased = set(_biased(command, context))
    votes = sitting.votes.get(item.ref, {})
    given = [choice for who, choice in votes.items() if _votes(who, biased, sitting)]
    seated = {*body.members, *sitting.present}
    return Poll(
        yes=given.count("yes"),
        no=given.count("no"),
        abstain=given.count("abstain"),
        members=len(body.members) - len(biased & seated),
        present=len(set(sitting.present) - biased),
        biased=len(biased & set(sitting.present)),
    )


def _votes(who: ParticipantRef, biased: set[ParticipantRef], sitting: Sitting) -> bool:
    return who in sitting.present and who not in biased


def _biased(command: ItemCommand, context: Context) -> Iterator[ParticipantRef]:
    """Name everybody who is biased in an item: who said so, and whom a rule excludes."""
    item, procedure = context.item(command.item), context.procedure
    sitting, body = procedure.sitting or _FRESH, procedure.body or Body()
    yield from sitting.biased.get(item.ref, ())
    rules = context.rules.all("conflict", procedure.stage)
    view = context.view(command)
    for member in dict.fromkeys((*body.members, *sitting.present)):
        if any(list(rule(item, member, view)) for rule in rules):
            yield member


def _open_item(command: ItemCommand, context: Context) -> Iterator[Objection]:
    """Say why nothing can be decided on an item at present."""
    procedure = context.procedure
    sitting = procedure.sitting
    if sitting is None or sitting.vote != procedure.vote:
        yield Objection("no_sitting")
        return
    if command.item not in procedure.papers.get(procedure.vote, {}):
        yield Objection("not_on_ballot", {"items": command.item})
    if command.item in sitting.decided:
        yield Objection("decided_already", {"item": command.item})


def _conflict_objections(command: DeclareConflict, context: Context) -> Iterator[Objection]:
    yield from _open_item(command, context)
    sitting, body = context.procedure.sitting or _FRESH, context.procedure.body or Body()
    if command.member not in {*body.members, *sitting.present}:
        yield Objection("not_a_member", {"number": 1})
    if command.member in sitting.biased.get(command.item, ()):
        yield Objection("conflict_declared_already", {"item": command.item})


def _vote_objections(command: VoteInBody, context: Context) -> Iterator[Objection]:
    yield from _open_item(command, context)
    sitting = context.procedure.sitting or _FRESH
    if context.actor.ref not in sitting.present:
        yield Objection("not_present")
    elif context.actor.ref in set(_biased(command, context)):
        yield Objection("biased", {"item": command.item})


def _decide_objections(command: DecideInBody, context: Context) -> Iterator[Objection]:
    yield from _open_item(command, context)
    sitting, body = context.procedure.sitting or _FRESH, context.procedure.body or Body()
    for rule in context.rules.all("quorum", context.procedure.stage):
        yield from rule(len(sitting.present), len(body.members), context.view(command))
    if command.sum is not None and not any(_against(command, context)):
        yield from money_objections({**sitting.sums, command.item: command.sum}, context)


def _against(command: DecideInBody, context: Context) -> Iterator[Objection]:
    poll = poll_of(command, context)
    rule = context.rules.one("resolution", context.procedure.stage)
    yield from rule(poll, context.view(command))


def _declare(command: DeclareConflict, _context: Context) -> tuple[Event, ...]:
    return (ConflictDeclared(item=command.item, member=command.member),)


def _vote(command: VoteInBody, context: Context) -> tuple[Event, ...]:
    cast = BodyVoteCast(item=command.item, member=context.actor.ref, choice=command.choice)
    return (cast,)


def _decide(command: DecideInBody, context: Context) -> tuple[Event, ...]:
    against = list(_against(command, context))
    return (
        BodyDecided(
            item=command.item,
            poll=poll_of(command, context),
            agreed=not against,
            sum=None if against else command.sum,
            reasons=[{"code": one.code, "params": dict(one.params)} for one in against],
        ),
    )


DECIDERS = (
    Decider(
        command=DeclareConflict,
        decide=_declare,
        objections=_conflict_objections,
        events=(ConflictDeclared,),
        internal=True,
    ),
    Decider(
        command=VoteInBody,
        decide=_vote,
        objections=_vote_objections,
        events=(BodyVoteCast,),
        voice=True,
        internal=True,
    ),
    Decider(
        command=DecideInBody,
        decide=_decide,
        objections=_decide_objections,
        events=(BodyDecided,),
        needs={Need.ITEMS, Need.LEDGER},
        asks={"quorum", "resolution"},
        internal=True,
    ),
)
