"""The electoral roll of a vote: frozen when the vote opens, changed only by acts with a reason.

The journal holds how many people are on it and the Merkle root over their sorted tags. Whoever
has voted is never taken off: a ballot that was cast is not taken back behind anybody's back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.rules import View
from partizipation_core.identity import Strength
from partizipation_core.kernel.access import by_roll
from partizipation_core.kernel.ballot import CastBallot
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.franchise import Registered, RollEntry
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.kernel.voices import Sealed
from partizipation_core.merkle import leaf_hash, root
from partizipation_core.values import Actor, Objection, ParticipantRef, Role

__all__ = [
    "DECIDERS",
    "ElectorateChanged",
    "ElectorateFrozen",
    "EnrolVoter",
    "FreezeElectorate",
    "StrikeVoter",
    "UpdateElectorate",
    "freezes",
    "sealed",
]


@frozen(kw_only=True)
class FreezeElectorate(Command):
    """Put everybody who may vote on the electoral roll; happens by itself when a vote opens."""


@frozen(kw_only=True)
class UpdateElectorate(Command):
    """Bring the electoral roll in line with the register as it is now (Berichtigung).

    Args:
        reason: why, for the public.
    """

    reason: str


@frozen(kw_only=True)
class EnrolVoter(Command):
    """Put one person on the electoral roll, whatever the register says.

    Args:
        person: keyed pseudonym.
        area: where the person belongs, if a rule asks.
        reason: why, for the public; without names.
    """

    person: ParticipantRef = field(repr=False)
    area: str = ""
    reason: str


@frozen(kw_only=True)
class StrikeVoter(Command):
    """Take one person off the electoral roll who has not voted.

    Args:
        person: keyed pseudonym.
        reason: why, for the public; without names.
    """

    person: ParticipantRef = field(repr=False)
    reason: str


@frozen(kw_only=True)
class ElectorateFrozen(Event):
    """A vote opened, and who may vote in it is settled.

    Args:
        vote: which vote.
        people: how many may vote.
        root: Merkle root (RFC 9162, SHA-256, hexadecimal) over their sorted tags.
    """

    vote: str
    people: int
    root: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Remember what the roll must add up to."""
        yield _with_roll(world, self.vote, Sealed(entries=self.people, root=self.root))


@frozen(kw_only=True)
class ElectorateChanged(Event):
    """Somebody was put on the electoral roll or taken off it.

    Args:
        vote: which vote.
        added: how many were put on it.
        removed: how many were taken off it.
        kept: how many would have been taken off it and stay, since they have voted.
        people: how many may vote now.
        root: Merkle root over their sorted tags.
        reason: why.
    """

    vote: str
    added: int
    removed: int
    kept: int
    people: int
    root: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Remember what the roll must add up to."""
        yield _with_roll(world, self.vote, Sealed(entries=self.people, root=self.root))


def _with_roll(world: World, vote: str, roll: Sealed) -> Procedure:
    before = world.opened
    return evolve(before, electorates={**before.electorates, vote: roll})


def sealed(tags: Iterable[bytes]) -> Sealed:
    """Add up a roll: how many tags, and the root over them in their order."""
    leaves = [leaf_hash(tag) for tag in sorted(tags)]
    return Sealed(entries=len(leaves), root=root(leaves))


def freezes(context: Context) -> bool:
    """Tell whether a vote has just opened whose electoral roll is still to be made."""
    procedure = context.procedure
    is_open = procedure.vote not in procedure.closed_votes
    return by_roll(context) and is_open and procedure.vote not in procedure.electorates


def _qualified(context: Context) -> Iterator[Registered]:
    """Ask the rules about everybody; of those with the same facts about one, where that is all."""
    view = context.view(CastBallot(choices={}))
    alike, single = _by_what_they_ask(context)
    known: dict[frozenset[tuple[str, str]], bool] = {}
    for one in context.franchise.register:
        if one.left:
            continue
        facts = frozenset(one.facts.items())
        may = known.get(facts)
        if may is None:
            may = known[facts] = _passes(one, alike, view)
        if may and (not single or _passes(one, single, view)):
            yield one


def _by_what_they_ask(context: Context) -> tuple[list[Any], list[Any]]:
    """Part the rules that look at facts alone from those that may look at the person."""
    rules = context.rules.all("eligibility", context.procedure.stage)
    alike = [rule for rule in rules if getattr(rule, "facts_only", False)]
    return alike, [rule for rule in rules if rule not in alike]


def _passes(one: Registered, rules: Iterable[Any], view: View) -> bool:
    return not any(any(rule(_actor(one), view)) for rule in rules)


def _actor(one: Registered) -> Actor:
    """Let a row of the register stand before the rules: what it says is proven."""
    return Actor(
        ref=one.person,
        roles=frozenset({Role.RESIDENT}),
        attributes=one.facts,
        proven=frozenset(one.facts),
        strength=Strength.IN_PERSON,
    )


def _entries(people: Iterable[Registered], context: Context) -> list[RollEntry]:
    """Make rows of a roll, in an order that tells nothing."""
    vote, by_area = context.procedure.vote, _needs_areas(context)
    return [
        RollEntry(vote=vote, tag=one.tag, area=one.facts.get("area", "") if by_area else "")
        for one in sorted(people, key=lambda one: one.tag)
    ]


def _needs_areas(context: Context) -> bool:
    return bool(context.rules.all("territory", context.procedure.stage))


def _freeze_objections(_command: FreezeElectorate, context: Context) -> Iterator[Objection]:
    if not freezes(context):
        yield Objection("nothing_to_freeze")


def _freeze(_command: FreezeElectorate, context: Context) -> tuple[Fact, ...]:
    people = list(_qualified(context))
    roll = sealed(one.tag for one in people)
    frozen_ = ElectorateFrozen(vote=context.procedure.vote, people=roll.entries, root=roll.root)
    return (frozen_, *_entries(people, context))


def _change_objections(
    command: UpdateElectorate | EnrolVoter | StrikeVoter, context: Context
) -> Iterator[Objection]:
    vote = context.procedure.vote
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": type(command).__name__})
    if not by_roll(context):
        yield Objection("no_electoral_roll")
    elif vote in context.procedure.closed_votes:
        yield Objection("electorate_settled", {"vote": vote})


def _update(command: UpdateElectorate, context: Context) -> tuple[Fact, ...]:
    roll = context.franchise.roll
    may = {one.tag: one for one in _qualified(context)}
    known = {one.tag for one in context.franchise.register}
    # Whoever was forgotten stays: only somebody whom the register still knows can be taken off.
    gone = [tag for tag in roll if tag in known and tag not in may]
    added = _entries([one for tag, one in may.items() if tag not in roll], context)
    removed = [tag for tag in gone if not roll[tag].voted]
    return _changed(command, context, added, removed, kept=len(gone) - len(removed))


def _changed(
    command: Any, context: Context, added: list[RollEntry], removed: list[bytes], kept: int = 0
) -> tuple[Fact, ...]:
    if not (added or removed or kept):
        return ()
    vote, before = context.procedure.vote, context.franchise.roll
    after = sealed({*before, *(one.tag for one in added)} - set(removed))
    event = ElectorateChanged(
        vote=vote,
        added=len(added),
        removed=len(removed),
        kept=kept,
        people=after.entries,
        root=after.root,
        reason=command.reason,
    )
    out = (RollEntry(vote=vote, tag=tag, act="remove") for tag in removed)
    return (event, *added, *out)


def _enrol_objections(command: EnrolVoter, context: Context) -> Iterator[Objection]:
    yield from _change_objections(command, context)
    if context.franchise.named in context.franchise.roll:
        yield Objection("enrolled_already")


def _enrol(command: EnrolVoter, context: Context) -> tuple[Fact, ...]:
    area = command.area if _needs_areas(context) else ""
    entry = RollEntry(vote=context.procedure.vote, tag=context.franchise.named, area=area)
    return _changed(command, context, [entry], [])


def _strike_objections(command: StrikeVoter, context: Context) -> Iterator[Objection]:
    yield from _change_objections(command, context)
    found: Mapping[bytes, Any] = context.franchise.roll
    one = found.get(context.franchise.named)
    if one is None:
        yield Objection("not_enrolled")
    elif one.voted:
        yield Objection("voted_already_stays")


def _strike(command: StrikeVoter, context: Context) -> tuple[Fact, ...]:
    return _changed(command, context, [], [context.franchise.named])


DECIDERS = (
    Decider(
        command=FreezeElectorate,
        decide=_freeze,
        objections=_freeze_objections,
        events=(ElectorateFrozen,),
        needs={Need.RESIDENTS, Need.ELECTORATE},
        internal=True,
    ),
    Decider(
        command=UpdateElectorate,
        decide=_update,
        objections=_change_objections,
        events=(ElectorateChanged,),
        needs={Need.RESIDENTS, Need.ELECTORATE},
    ),
    Decider(
        command=EnrolVoter,
        decide=_enrol,
        objections=_enrol_objections,
        events=(ElectorateChanged,),
        needs={Need.ELECTORATE},
    ),
    Decider(
        command=StrikeVoter,
        decide=_strike,
        objections=_strike_objections,
        events=(ElectorateChanged,),
        needs={Need.ELECTORATE},
    ),
)
