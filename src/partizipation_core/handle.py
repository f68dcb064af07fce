"""One procedure: what an application does with it and reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from partizipation_core.counting import Result
from partizipation_core.errors import NotFound
from partizipation_core.execution import Receipt
from partizipation_core.execution.discussing import (
    comments_on,
    counted,
    took_part,
    waiting_for_moderation,
)
from partizipation_core.execution.keeping import Keeping
from partizipation_core.execution.telling import told
from partizipation_core.formats.advice import Finding
from partizipation_core.formats.ballots import BallotLimits, BallotPaper
from partizipation_core.formats.deadlines import state_of
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.inspection import inspect_procedure
from partizipation_core.kernel.ballot import BallotsCounted
from partizipation_core.kernel.discussion.counts import Counts
from partizipation_core.kernel.discussion.moderation import Reported
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.discussion.participation import Participation
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Comment, Item, Procedure, stage_of
from partizipation_core.kernel.voices import Held
from partizipation_core.plugins.pinning import missing_parts, unpin
from partizipation_core.replay import Check, audit, rebuild
from partizipation_core.store import Unit, speaking
from partizipation_core.store.journal import Recorded
from partizipation_core.values import (
    Actor,
    ItemRef,
    MunicipalityRef,
    Objection,
    ProcedureRef,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

T = TypeVar("T")

__all__ = ["ProcedureHandle"]


class ProcedureHandle(Keeping):
    """One procedure; made by `Municipality.open` and `Municipality.procedure`."""

    @property
    def ref(self) -> ProcedureRef:
        """Its reference."""
        return self._scope.procedure

    @property
    def municipality(self) -> MunicipalityRef:
        """Whose it is."""
        return self._scope.municipality

    def execute(self, command: Command, *, actor: Actor, key: str = "") -> Receipt:
        """Do what a command asks, or refuse it with every reason.

        Args:
            command: what is asked.
            actor: who asks.
            key: idempotency key; asking twice with one key gives the first answer again.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            NotFound: no such procedure or command.
            PluginError: a plugin failed; nothing was written.
        """
        return self._execution.execute(self._scope, command, actor, key)

    def why(self, command: Command, *, actor: Actor) -> tuple[Objection, ...]:
        """Return every reason why a command would be refused now; empty if it would not."""
        return self._execution.why(self._scope, command, actor)

    def tick(self) -> Sequence[Recorded]:
        """Enter every stage whose time has come, in order, whatever the downtime."""
        return self._execution.tick(self._scope)

    def state(self) -> Procedure:
        """Return the procedure's present state.

        Raises:
            NotFound: it was never opened.
        """
        with self._unit() as unit:
            return _known(unit.procedure(), f"procedure {self._scope.procedure!r}")

    def definition(self) -> Definition:
        """Return what the procedure pinned when it opened."""
        with self._unit() as unit:
            return _known(unit.definition(), f"procedure {self._scope.procedure!r}")

    def settings(self) -> ProcedureSettings:
        """Return its settings."""
        return unpin(self._execution.host.registry, self.definition()).settings

    def item(self, ref: str) -> Item:
        """Return one item.

        Raises:
            NotFound: there is none of that reference.
        """
        with self._unit() as unit:
            return _known(unit.item(ItemRef(ref)), f"item {ref!r}")

    def items(self) -> tuple[Item, ...]:
        """Return all items in the order of their references."""
        with self._unit() as unit:
            return tuple(unit.items())

    def journal(self) -> tuple[Recorded, ...]:
        """Return everything that was decided."""
        with self._unit() as unit:
            return tuple(self._execution.codec.read(line) for line in unit.lines())

    def journal_lines(self) -> Iterator[bytes]:
        """Return the journal as it is stored, one canonical JSON line each (NDJSON)."""
        with self._unit() as unit:
            lines = list(unit.lines())
        for line in lines:
            yield line.body + b"\n"

    def result(self, vote: str) -> Result:
        """Return the result of a vote: the one object that every number comes from.

        Raises:
            NotFound: it has not been counted.
        """
        counted = (one.event for one in self.journal() if isinstance(one.event, BallotsCounted))
        found = next((event for event in counted if event.vote == vote), None)
        return Result.from_data(_known(found, f"counted vote {vote!r}").result)

    def paper(self, vote: str) -> BallotPaper:
        """Return a ballot paper: what may be voted on, at which price, within which money.

        Raises:
            NotFound: there is no such procedure or vote.
        """
        with self._unit() as unit:
            present, pinned = self._execution.present(unit, self._scope)
            return _known(present.paper(vote, pinned.settings.pot), f"paper of vote {vote!r}")

    def limits(self, vote: str) -> BallotLimits:
        """Return the limits that the ballots of a vote keep, for whoever draws a ballot.

        Raises:
            NotFound: there is no such procedure.
        """
        return self.settings().limits(stage_of(vote))

    def turnout(self, vote: str) -> Mapping[str, int]:
        """Count ballots by channel; how many there are is no secret, what they say is."""
        with self._unit() as unit:
            return unit.channels(vote)

    def supports(self, ref: str) -> Counts:
        """Count the supports of an item.

        Raises:
            NotFound: there is no such item.
            Refused: the numbers are not public before the stage is over.
        """
        return counted(self._execution, self._scope, "support", ItemRef(ref))

    def ratings(self, ref: str) -> Counts:
        """Count the ratings for and against an item; raises as `supports` does."""
        return counted(self._execution, self._scope, "rating", ItemRef(ref))

    def held(self, actor: Actor) -> tuple[Held, ...]:
        """Return what somebody has supported, rated and reported; for nobody but themselves."""
        with self._unit() as unit:
            return speaking.held(unit, self._execution.keys, self._scope, actor.ref)

    def comments(self, ref: str) -> tuple[Comment, ...]:
        """Return the comments on an item, the oldest first; hidden ones without their text.

        Raises:
            NotFound: there is no such item.
        """
        return comments_on(self._execution, self._scope, ItemRef(ref))

    def moderation(self) -> tuple[Reported, ...]:
        """Return what was reported and waits for moderation, with its text: for staff only."""
        return waiting_for_moderation(self._execution, self._scope)

    def participation(self) -> Participation:
        """Count who took part, whatever they did: the one source of such numbers."""
        return took_part(self._execution, self._scope)

    def notices(self, after: int = 0) -> tuple[Notice, ...]:
        """Say who is to be told of what happened since a journal line.

        Args:
            after: number of the last line that was dealt with; keep the ``seq`` of the last
                notice sent, and nothing is lost however long you were away.
        """
        recorded = [one for one in self.journal() if one.seq > after]
        with self._unit() as unit:
            return told(unit, recorded)

    def failures(self) -> list[str]:
        """List hooks that failed after a commit."""
        with self._unit() as unit:
            return unit.failures()

    def lint(self) -> tuple[Finding, ...]:
        """Say what is questionable about the procedure as it stands; see `formats.advice`."""
        return inspect_procedure(
            self.definition(),
            self.settings(),
            schedule=self.state().schedule,
            items=self.items(),
            registry=self._execution.host.registry,
            state=state_of(self.municipality),
        )

    def missing(self) -> Mapping[str, str]:
        """Tell what it pinned and is not installed, and which distribution would bring it.

        While anything is missing, the procedure can only be read.
        """
        return missing_parts(self._execution.host.registry, self.definition())

    def audit(self) -> tuple[Check, ...]:
        """Check the procedure against itself: journal, state, boxes and results."""
        return audit(self._execution, self._scope)

    def rebuild(self) -> int:
        """Drop the present state and bring it back from the journal; returns the events."""
        return rebuild(self._execution, self._scope)

    def _unit(self) -> AbstractContextManager[Unit]:
        return self._execution.reading(self._scope)


def _known(thing: T | None, what: str) -> T:
    if thing is None:
        msg = f"there is no {what} here"
        raise NotFound(msg)
    return thing
