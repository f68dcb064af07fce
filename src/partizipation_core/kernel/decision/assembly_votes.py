"""Assembly votes: the hands of an assembly that decides together with ballots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.assembly import implausible
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "AddAssemblyVotes", "AssemblyVotesAdded", "hands_objections"]


@frozen(kw_only=True)
class AddAssemblyVotes(Command):
    """Add the hands of an assembly to a vote that is held with ballots, too.

    Given again before the vote is counted, it takes the place of what was put down before.

    Args:
        vote: which vote.
        present: people entitled to vote who were there and have no ballot in the box.
        hands: item → show of hands.
    """

    vote: str
    present: int = field(validator=ge(0))
    hands: Mapping[ItemRef, Hands] = field(converter=as_mapping)


@frozen(kw_only=True)
class AssemblyVotesAdded(Event):
    """An assembly showed hands that count together with the ballots."""

    vote: str
    present: int
    hands: Mapping[ItemRef, Hands]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the hands until the vote is counted."""
        before = world.opened
        yield evolve(
            before,
            hands={**before.hands, self.vote: self.hands},
            attendance={**before.attendance, self.vote: self.present},
        )


def hands_objections(
    vote: str, hands: Mapping[ItemRef, Hands], present: int, context: Context
) -> Iterator[Objection]:
    """Say what is wrong with a show of hands: strangers, or more hands than people."""
    if strangers := sorted(set(hands) - set(context.procedure.papers.get(vote, {}))):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    for ref, shown in hands.items():
        yield from implausible(ref, shown, present)


def _objections(command: AddAssemblyVotes, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    if context.settings.mixed_votes == "no":
        yield Objection("not_a_mixed_vote")
    if command.vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": command.vote})
    if procedure.is_counted(command.vote):
        yield Objection("already_counted", {"vote": command.vote})
    yield from hands_objections(command.vote, command.hands, command.present, context)


def _decide(command: AddAssemblyVotes, _context: Context) -> tuple[Event, ...]:
    return (AssemblyVotesAdded(vote=command.vote, present=command.present, hands=command.hands),)


DECIDERS = (
    Decider(
        command=AddAssemblyVotes,
        decide=_decide,
        objections=_objections,
        events=(AssemblyVotesAdded,),
        about=lambda command: tuple(command.hands),
        internal=True,
    ),
)
