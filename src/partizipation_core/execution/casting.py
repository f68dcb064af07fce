"""Casting: the short way for a ballot, which meets nobody else on it.

Everything else takes turns: whoever changes a procedure waits for the one before. Ballots change
nothing but the box, so they need no turn. A ballot is decided on the state that was read last,
and the booth lets it in only if that state still stands; one that is refused is refused on what
was just read. Whatever is not as simple as that goes the long way, which decides the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import Refused
from partizipation_core.execution.answers import Answers
from partizipation_core.execution.loading import Loader, bare_context
from partizipation_core.execution.naming import during, writable
from partizipation_core.execution.request import Receipt, Request
from partizipation_core.identity import Strength
from partizipation_core.kernel import permission
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import BallotEntry, Command
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import Scope
from partizipation_core.store.booth import Answered, Booth
from partizipation_core.store.keys import voter_tag
from partizipation_core.store.sealing import sealed
from partizipation_core.store.unit import Present
from partizipation_core.values import Actor

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["Casting"]

_FRESH_SECONDS = 1.0
"""How long what was read is believed in, even where the journal has not grown."""

_REMEMBERED = 256


@frozen
class Asked:
    """Who asks for what, where."""

    scope: Scope
    decider: Decider
    command: Command
    actor: Actor
    key: str


@frozen
class Known:
    """What ballots are decided on: a procedure as it was read a moment ago, its vote with a key.

    Args:
        began: when it was read, on the monotonic clock.
        present: how it stands.
        pinned: what it is made of.
        world: its state, as far as a ballot needs it.
    """

    began: float
    present: Present
    pinned: Pinned
    world: World


class Casting:
    """Takes ballots in.

    Args:
        execution: the long way.
        loader: knows what procedures pinned.
        answers: of requests with a key.
    """

    def __init__(self, execution: Execution, loader: Loader, answers: Answers) -> None:
        self._execution = execution
        self._loader = loader
        self._answers = answers
        self._booth = Booth(execution.database)
        self._known: dict[Scope, Known] = {}

    def cast(
        self, scope: Scope, decider: Decider, command: Command, actor: Actor, key: str
    ) -> Receipt | None:
        """Take a ballot in if that is simple.

        Returns:
            its receipt; None where the command must go the long way.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            PluginError: a plugin failed; nothing was written.
        """
        if decider.events or decider.needs != {Need.MARK}:
            return None
        asked = Asked(scope, decider, command, actor, key)
        known = self._known.get(scope)
        if known is not None and time.monotonic() - known.began < _FRESH_SECONDS:
            if receipt := self._put(asked, known):
                return receipt
            self.forget(scope)
        return self._read_and_put(asked)

    def forget(self, scope: Scope) -> None:
        """Read a procedure anew before the next ballot."""
        self._known.pop(scope, None)

    def _read_and_put(self, asked: Asked) -> Receipt | None:
        scope, execution = asked.scope, self._execution
        with execution.reading(scope) as unit:
            began, now, present = time.monotonic(), execution.now(), unit.present()
            if present.body is None or _is_due(present, now):
                return None
            if asked.key and (before := unit.answered(asked.key)):
                return self._answers.again(before, self._fingerprint(asked), asked.key)
            request = Request(unit, scope, asked.decider, asked.command, asked.actor, now)
            if found := execution.objections(request, self._loader.context(request)):
                raise Refused(asked.decider.name, found)
            procedure, pinned = self._loader.present(unit, scope)
        if _may_move(procedure, pinned) or not execution.keys.has(scope, procedure.vote):
            return None
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        known = self._known[scope] = Known(began, present, pinned, World(procedure=procedure))
        return self._put(asked, known)

    def _put(self, asked: Asked, known: Known) -> Receipt | None:
        now, keys, scope = self._execution.now(), self._execution.keys, asked.scope
        if _is_due(known.present, now):
            return None
        entry = self._decided(asked, bare_context(known.pinned, known.world, asked.actor, now))
        if entry is None or entry.vote != known.world.opened.vote:
            return None
        with writable(asked.decider.name):
            ballot = sealed(entry)
        receipt = Receipt(at=now, commitment=ballot["commitment"].hex())
        ballot |= {"vote": entry.vote, "tag": voter_tag(keys, scope, entry.vote, entry.voter)}
        answered = None
        if asked.key:
            kept = self._answers.kept(receipt)
            answered = Answered(asked.key, self._fingerprint(asked), kept)
        put = self._booth.put(scope, known.present.head, ballot, answered)
        return receipt if put else None

    def _fingerprint(self, asked: Asked) -> bytes:
        name = asked.decider.name
        return self._answers.fingerprint(asked.scope, asked.command, asked.actor, name)

    def _decided(self, asked: Asked, context: Context) -> BallotEntry | None:
        """Decide as if the voter had not voted; the roll of the booth knows better."""
        decider, command = asked.decider, asked.command
        with during(decider.name):
            if self._execution.host.objections(command, context):
                return None
            if permission.objections(decider, command, context):
                return None
            facts = decider.decide(command, context)
        ballots = [one for one in facts if isinstance(one, BallotEntry) and _is_simple(one)]
        return ballots[0] if len(ballots) == len(facts) == 1 else None


def _is_simple(entry: BallotEntry) -> bool:
    """Tell whether nothing but the ballot itself has to be kept."""
    return not entry.replaces and entry.strength is Strength.NONE


def _may_move(procedure: Procedure, pinned: Pinned) -> bool:
    """Tell whether a ballot may end the stage, or needs to know what else its voter said."""
    by_place = pinned.rules.all("territory", procedure.stage)
    return bool(by_place) or pinned.definition.moves_by_condition(procedure.stage)


def _is_due(present: Present, now: Instant) -> bool:
    return present.due is not None and present.due <= now
