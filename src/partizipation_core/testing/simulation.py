"""Simulation: a made-up town plays a procedure, sensibly and not, and whatever breaks is told.

One seed gives one play, so that a fault that was found once can be found again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.errors import Conflict, PartizipationError, Refused
from partizipation_core.formats.stages import Mover
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.record import Record
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.testing.making import DAY, Maker
from partizipation_core.testing.people import Population
from partizipation_core.texts.wording import GAP, Wording
from partizipation_core.values import Actor, Objection

__all__ = ["Play", "simulate"]

START = Instant(1_800_000_000_000_000)
"""Middle of January 2027."""

_TRIES = 6
"""How often chance may look for something that is allowed before it asks for what is not."""

_SECRET = re.compile(rb"[0-9a-f]{64}")

_APART = frozenset({"OpenProcedure", "AmendProcedure", "Override"})
"""Commands that no chance can fill with something sensible."""


@frozen(kw_only=True)
class Play:
    """What came of a play.

    Args:
        handle: the procedure at its end.
        done: command → how often it was done.
        refused: command → how often it was refused.
        faults: what broke, a sentence each with its place.
        journal: the lines of the journal.
    """

    handle: ProcedureHandle
    done: Mapping[str, int]
    refused: Mapping[str, int]
    faults: tuple[str, ...]
    journal: tuple[bytes, ...] = field(repr=False)
    platform: Platform = field(repr=False, eq=False)

    def close(self) -> None:
        """Give the database back; the procedure cannot be read any more."""
        self.platform.close()

    @property
    def story(self) -> tuple[bytes, ...]:
        """The journal without what is drawn at random to keep ballots secret."""
        return tuple(_SECRET.sub(b"...", line) for line in self.journal)


def simulate(  # noqa: PLR0913 - all that a play depends on
    host: PluginHost,
    key: str,
    *,
    settings: Mapping[str, Any],
    seed: int = 1,
    steps: int = 200,
    residents: int = 12,
    database: str = "sqlite://",
) -> Play:
    """Open a procedure and let a made-up town act in it.

    Args:
        host: the plugins.
        key: the format.
        settings: as in TOML.
        seed: of chance.
        steps: number of commands to be asked for.
        residents: number of residents.
        database: an empty place; by default in memory.

    Raises:
        PartizipationError: the procedure cannot be opened.
    """
    clock = FrozenClock(START)
    platform = Platform(database, host=host, clock=clock, keys=MemoryKeys())
    people = Population(seed=seed, size=residents)
    opened = platform.municipality("12060052").open(
        "play", key, actor=people.office("officer"), settings=settings
    )
    random = Random(seed)  # noqa: S311 - a play
    return _Stage(opened, platform, clock, people, random).play(steps)


class _Stage:
    """A procedure that is being played."""

    def __init__(
        self,
        handle: ProcedureHandle,
        platform: Platform,
        clock: FrozenClock,
        people: Population,
        random: Random,
    ) -> None:
        self._handle, self._platform, self._clock = handle, platform, clock
        self._host = host = platform.host
        self._people, self._random = people, random
        self._definition = handle.definition()
        self._maker = Maker(handle, random, [one.ref for one in people.residents], clock.now)
        self._wording = Wording(catalogues=host.texts("de"))
        self._faults: dict[str, None] = {}
        self._done: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def play(self, steps: int) -> Play:
        for step in range(steps):
            self._act()
            if step % 5 == 0:
                self._clock.set(Instant(self._clock.now() + DAY // 4))
            if step % max(1, steps // 6) == max(1, steps // 6) - 1:
                self._move_on()
        self._note(fault for check in self._handle.audit() for fault in check.faults)
        self._note(self._rebuilt())
        return Play(
            handle=self._handle,
            done=self._done,
            refused=self._refused,
            faults=tuple(self._faults),
            journal=tuple(self._handle.journal_lines()),
            platform=self._platform,
        )

    def _note(self, faults: Iterator[str]) -> None:
        self._faults.update(dict.fromkeys(faults))

    def _act(self) -> None:
        procedure, definition = self._maker.look(), self._definition
        allowed = {**definition.stage(procedure.stage).allows, **definition.anytime}
        names = sorted(set(allowed) - _APART - {"AdvanceStage", "CloseProcedure", "EndStage"})
        name = self._random.choice(names)
        offer = self._host.registry.deciders.get(name)
        if offer is None:
            self._note(iter([f"stages.{procedure.stage}.allows.{name}: nobody decides it"]))
            return
        for _ in range(_TRIES):
            command = self._maker.command(offer.thing.command)
            role = self._random.choice(sorted(allowed[name]))
            actor = self._people.somebody(role, self._random)
            if command is not None and self._may(command, actor):
                break
        if command is not None:
            self._ask(command, actor)

    def _may(self, command: Command, actor: Actor) -> bool:
        try:
            return not self._handle.why(command, actor=actor)
        except PartizipationError:
            return True  # it is to fail where it is told

    def _ask(self, command: Command, actor: Actor) -> None:
        name = type(command).__name__
        try:
            found = self._handle.why(command, actor=actor)
            again = self._handle.why(command, actor=actor)
            self._handle.execute(command, actor=actor)
        except Refused as refused:
            self._refused[name] += 1
            self._judge(name, found, again, refused.objections)
        except Conflict:
            self._refused[name] += 1
        except PartizipationError as error:
            self._note(iter([f"{name}: {error}"]))
        else:
            self._done[name] += 1
            if found:
                self._note(iter([f"{name}: done although why() said {found[0]}"]))

    def _judge(
        self,
        name: str,
        found: tuple[Objection, ...],
        again: tuple[Objection, ...],
        told: tuple[Objection, ...],
    ) -> None:
        if found != again:
            self._note(iter([f"{name}: asked twice, why() gave {found} and {again}"]))
        if found and found != told:
            self._note(iter([f"{name}: why() said {found}, the refusal said {told}"]))
        self._note(sentence for one in told for sentence in self._unsaid(name, one))

    def _unsaid(self, name: str, objection: Objection) -> Iterator[str]:
        code = f"objection.{objection.code}"
        if self._wording.find(code) is None:
            yield f"{name}: no sentence for {code}; contribute one with register_texts"
        elif GAP in self._wording.sentence(code, objection.params):
            yield f"{name}: the sentence of {code} asks for more than {dict(objection.params)}"

    def _move_on(self) -> None:
        definition, stage = self._definition, self._handle.state().stage
        ways = definition.edges(stage)
        if "advance" not in ways:
            return
        officer = self._people.office("officer")
        kind = self._host.registry.deciders["AdvanceStage"].thing.command
        if Mover.COMMAND in ways["advance"].by:
            self._ask(kind(), officer)

    def _rebuilt(self) -> Iterator[str]:
        before = (self._handle.state(), self._handle.items(), self._kept())
        self._handle.rebuild()
        after = (self._handle.state(), self._handle.items(), self._kept())
        for what, one, other in zip(("state", "items", "records"), before, after, strict=True):
            if one != other:
                yield f"the journal does not give the same {what} again: an event is not pure"

    def _kept(self) -> list[Record]:
        """Return all records that plugins keep of the procedure."""
        kinds = dict.fromkeys(
            reading.kind
            for offer in self._host.registry.deciders.values()
            for reading in offer.thing.records
        )
        return [one for kind in kinds for one in self._handle.records(kind).values()]
