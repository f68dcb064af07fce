"""Reading results: every reader gets the same value, and nobody gets it too early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from partizipation_core.counting import Result
from partizipation_core.errors import NotFound, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.reconciling import numbers
from partizipation_core.kernel.assembly import AssemblyRecorded
from partizipation_core.kernel.ballot import BallotsCounted, CountBallots
from partizipation_core.kernel.ballots.sheet import Sheet
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.decision.assembly_votes import AssemblyVotesAdded
from partizipation_core.kernel.decision.voting import BodyDecided
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.results.composing import Held, compose
from partizipation_core.kernel.results.correction import ResultCorrected
from partizipation_core.kernel.results.figures import Absence
from partizipation_core.kernel.results.gate import not_yet_known
from partizipation_core.kernel.results.vote_result import Correction, CountedOutside, VoteResult
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import Scope, Unit
from partizipation_core.store.counts import Opened
from partizipation_core.values import Actor, ItemRef, Objection

__all__ = ["counted_events", "draft_of", "hands_until", "opened_ballots", "results_of"]

Numbers = BallotsCounted | ResultCorrected


@frozen
class _Source:
    """What the results of one vote are read from, read once."""

    unit: Unit
    vote: str
    events: Sequence[Event]
    state: Procedure
    pinned: Pinned


def results_of(execution: Execution, scope: Scope, vote: str) -> tuple[VoteResult, ...]:
    """Return every published result of a vote, the first one first; the last one is valid.

    Raises:
        NotFound: there is no such procedure or vote.
        Refused: the result is not public yet.
    """
    with execution.reading(scope) as unit:
        source = _read(execution, unit, scope, vote)
        _pass_the_gate(source)
        found = list(_published(source)) or [_shown(source)]
    last = len(found)
    return tuple(evolve(one, status=_status(at, last)) for at, one in enumerate(found, start=1))


def draft_of(execution: Execution, scope: Scope, vote: str, actor: Actor) -> VoteResult:
    """Return the result of a vote as it would be published, for those who certify or publish it.

    Raises:
        NotFound: there is no such procedure or vote.
        Refused: there is no draft, or the actor has nothing to do with it.
    """
    with execution.reading(scope) as unit:
        source = _read(execution, unit, scope, vote)
        standing = source.state.standings.get(vote)
        if standing is None or standing.status == "published" or not _certifies(actor, source):
            _pass_the_gate(source)
            raise NotFound(f"there is no draft of a result of vote {vote!r}")
        world = World(procedure=source.state, items=_items(source))
        command = CountBallots(vote=vote, seed=standing.seed)
        found = execution.recount(unit, scope, command, world)
        shown = _result(found, source, source.state.hands.get(vote, {}))
        return evolve(shown, status=standing.status, revision=0)


def opened_ballots(execution: Execution, scope: Scope, vote: str) -> tuple[Opened, ...]:
    """Return the ballots of a published vote with what opens their commitments: for auditors.

    Raises:
        NotFound: there is no such procedure or vote.
        Refused: the result is not public yet.
    """
    with execution.reading(scope) as unit:
        _pass_the_gate(_read(execution, unit, scope, vote))
        return tuple(unit.counts.opened(vote))


def counted_events(events: Sequence[Event], vote: str) -> list[Numbers]:
    """Return the events that hold numbers of a vote, in their order."""
    kinds = (BallotsCounted, ResultCorrected)
    return [one for one in events if isinstance(one, kinds) and one.vote == vote]


def hands_until(last: Numbers, events: Sequence[Event], vote: str) -> Mapping[ItemRef, Hands]:
    """Return the hands that a result was counted with: as put down, and corrected by then."""
    hands: dict[ItemRef, Hands] = {}
    for event in events:
        if isinstance(event, AssemblyVotesAdded) and event.vote == vote:
            hands = dict(event.hands)
        elif isinstance(event, ResultCorrected) and event.vote == vote:
            hands |= event.hands
        if event is last:
            break
    return hands


def _read(execution: Execution, unit: Unit, scope: Scope, vote: str) -> _Source:
    state, pinned = execution.present(unit, scope)
    if vote not in state.papers:
        raise NotFound(f"there is no vote {vote!r} in procedure {scope.procedure!r}")
    events = [execution.codec.read(line).event for line in unit.lines()]
    return _Source(unit, vote, events, state, pinned)


def _pass_the_gate(source: _Source) -> None:
    found: list[Objection] = list(
        not_yet_known(source.vote, source.state, source.pinned.definition)
    )
    if found:
        raise Refused("ReadResult", found)


def _certifies(actor: Actor, source: _Source) -> bool:
    definition, stage = source.pinned.definition, source.state.stage
    allowed = (definition.roles(stage, name) for name in ("CertifyResult", "PublishResult"))
    return any(roles and roles & actor.roles for roles in allowed)


def _status(revision: int, last: int) -> str:
    if revision < last:
        return "superseded"
    return "corrected" if last > 1 else "published"


def _published(source: _Source) -> Iterator[VoteResult]:
    """Go through the journal: each time numbers were told, with the hands known by then."""
    found = counted_events(source.events, source.vote)
    for revision, event in enumerate(found, start=1):
        hands = hands_until(event, source.events, source.vote)
        yield evolve(_result(event, source, hands), revision=revision)


def _result(event: Numbers, source: _Source, hands: Mapping[ItemRef, Hands]) -> VoteResult:
    present = source.state.attendance.get(source.vote)
    held = _held(source, hands, present, Result.from_data(event.result))
    found = compose(held, source.pinned.definition, source.pinned.settings)
    correction = None
    if isinstance(event, ResultCorrected):
        correction = Correction(reason=event.reason, awards=event.awards, affected=event.affected)
    return evolve(found, seed=event.seed, correction=correction, outside=_counted_outside(source))


def _counted_outside(source: _Source) -> CountedOutside | None:
    register = source.state.registers.get(source.vote, Register())
    if register.outside is None or source.pinned.settings.outside is None:
        return None
    return CountedOutside(
        system=source.pinned.settings.outside.name,
        ballots=register.outside.ballots,
        document=register.outside.document,
        proof=register.outside.proof,
    )


def _shown(source: _Source) -> VoteResult:
    """Return the result of a vote without a count of ballots: hands, a body, a preselection."""
    items = _items(source)
    paper = source.state.papers[source.vote]
    hands = {ref: shown for ref in paper if (shown := items[ref].hands) is not None}
    register = source.state.registers.get(source.vote, Register())
    points = _points(register)
    present = source.state.present if hands or points else None
    if register.meeting is not None:
        present = register.meeting.present
    held = _held(source, hands, present, None)
    held = evolve(held, agreed=frozenset(_agreed(source)), points=points)
    return compose(held, source.pinned.definition, source.pinned.settings)


def _points(register: Register) -> dict[ItemRef, int]:
    """Return the points of an assembly that chose to count points."""
    if register.meeting is None or register.method is None or register.method.name != "points":
        return {}
    return {ref: votes.given for ref, votes in register.meeting.votes.items()}


def _agreed(source: _Source) -> Iterator[ItemRef]:
    for event in source.events:
        if isinstance(event, AssemblyRecorded):
            yield from event.sums
        elif isinstance(event, BodyDecided) and event.agreed:
            yield event.item


def _held(
    source: _Source, hands: Mapping[ItemRef, Hands], present: int | None, result: Result | None
) -> Held:
    opened, roll = (
        source.unit.counts.opened(source.vote),
        source.state.electorates.get(source.vote),
    )
    register = source.state.registers.get(source.vote, Register())
    return Held(
        vote=source.vote,
        paper=source.state.papers[source.vote],
        ballots=[(one.channel, one.choices) for one in opened],
        hands=hands,
        present=present,
        items=_items(source),
        result=result,
        eligible=roll.entries if roll is not None else Absence.NOT_RECORDED,
        numbers=numbers(source.unit, source.vote, register),
        totals=tuple(register.totals()),
        batches=register.batches,
        unticked=register.unticked,
        printed=source.state.sheets.get(source.vote, Sheet()).budget,
    )


def _items(source: _Source) -> dict[ItemRef, Item]:
    return {item.ref: item for item in source.unit.items()}
