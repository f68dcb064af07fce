"""Booths (Wahlkabine): a device hands over a file of ballots, and every line is judged by itself.

The number of a ballot is what makes it this ballot: a number that was imported before is passed
over, so that the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.channels.casting import entry
from partizipation_core.kernel.channels.checks import (
    closed_channel,
    no_open_vote,
    unwritable,
    voter_problems,
)
from partizipation_core.kernel.channels.entries import CastEntry, PaperEntry, Reading
from partizipation_core.kernel.channels.paper import cast_on_paper, reading_problems
from partizipation_core.kernel.channels.policy import Fate, Standing
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import Objection, ParticipantRef

__all__ = ["DECIDERS", "BoothBallot", "BoothImported", "ImportBooth"]


@frozen(kw_only=True)
class BoothBallot:
    """One ballot of a booth's file.

    Args:
        line: where it stands in the file, from 1.
        ballot: its number, unique within the booth.
        reading: what stands on it.
    """

    line: int
    ballot: str
    reading: Reading


@frozen(kw_only=True)
class ImportBooth(Command):
    """Take in the ballots of a booth.

    Args:
        booth: name of the booth.
        ballots: the ballots of its file.
        dropped: how many lines were left out, each told to whoever imports.
    """

    booth: str
    ballots: tuple[BoothBallot, ...] = field(converter=as_tuple, repr=False)
    dropped: int = field(default=0, validator=ge(0))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The ballots' numbers, as they are known in the register."""
        return tuple(f"{self.booth}/{one.ballot}" for one in self.ballots)


@frozen(kw_only=True)
class BoothImported(Event):
    """A booth's file was taken in; numbers only.

    Args:
        vote: for which vote.
        booth: name of the booth.
        ballots: ballots that are new.
        doubles: those of them that do not count, since their voters voted in another way.
        repeated: ballots that were known.
        dropped: lines that were left out.
    """

    vote: str
    booth: str
    ballots: int
    doubles: int
    repeated: int
    dropped: int

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Change nothing: the ballots are in the box."""
        return ()


def _objections(command: ImportBooth, context: Context) -> Iterator[Objection]:
    yield from closed_channel("booth", context)
    yield from unwritable("booth", command.booth)
    if context.procedure.vote not in context.procedure.papers:
        yield from no_open_vote(command, context)
        return
    seen: set[str] = set()
    for one in command.ballots:
        for problem in _problems(one, context):
            yield evolve(problem, params={"line": one.line, **problem.params})
        if one.ballot in seen:
            yield Objection("ballot_twice", {"line": one.line, "ballot": one.ballot})
        seen.add(one.ballot)


def _problems(one: BoothBallot, context: Context) -> Iterator[Objection]:
    """List what is wrong with one ballot, as if it were the only one."""
    theirs = _as_theirs(one.reading, context)
    yield from unwritable("ballot", one.ballot)
    yield from voter_problems(one.reading.voter, "booth", theirs)
    yield from reading_problems(one.reading, theirs)


def _as_theirs(reading: Reading, context: Context) -> Context:
    """See the electorate as the voter of one ballot does."""
    items = context.world.items
    areas = frozenset(items[ref].area for ref in reading.choices if ref in items)
    mine = context.franchise.entitled.get(reading.voter)
    return evolve(context, franchise=evolve(context.franchise, mine=mine, areas=areas - {""}))


def _import(command: ImportBooth, context: Context) -> tuple[Fact, ...]:
    known = context.register.papers
    new = [
        (paper, one.reading)
        for paper, one in zip(command.numbers, command.ballots, strict=True)
        if paper not in known
    ]
    if not new:
        return ()
    vote, casts = context.procedure.vote, tuple(_casts(new, context))
    told = BoothImported(
        vote=vote,
        booth=command.booth,
        ballots=len(new),
        doubles=sum(cast.fate in (Fate.DOUBLE, Fate.VOID) for cast in casts),
        repeated=len(command.ballots) - len(new),
        dropped=command.dropped,
    )
    by = context.actor.ref
    papers = (
        PaperEntry(vote=vote, paper=paper, channel="booth", state="done", by=by)
        for paper, _ in new
    )
    return (told, *papers, *casts)


def _casts(new: Iterable[tuple[str, Reading]], context: Context) -> Iterator[CastEntry]:
    """Cast one after the other, so that a voter who is in the file twice is found."""
    standings: dict[ParticipantRef, Standing] = dict(context.register.standings)
    for paper, reading in new:
        cast = cast_on_paper(reading, paper, "booth", context)
        cast = entry(cast, standings.get(reading.voter), context)
        yield cast
        if reading.voter and (cast.fate is not Fate.DOUBLE):
            standings[reading.voter] = Standing(channel="booth", fate=cast.fate)


DECIDERS = (
    Decider(
        command=ImportBooth,
        decide=_import,
        objections=_objections,
        events=(BoothImported,),
        needs={Need.REGISTER, Need.ENTITLED, Need.ITEMS},
        voice=True,
    ),
)
