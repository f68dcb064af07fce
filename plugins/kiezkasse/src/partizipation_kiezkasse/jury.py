"""A jury by lot (Losverfahren): who is in which pot is published before anybody knows the seed.

`AnnounceJury` puts down the pots, the seats of each and the public source of chance; `DrawJury`
brings the seed and asks the rule in the slot ``draw``. Whoever has the announcement and the seed
can draw again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, ClassVar

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.counting import Lot
from partizipation_core.formats.rules import View, rule
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.sitting import Body
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.serialization import canonical
from partizipation_core.values import Objection, ParticipantRef, RecordRef

__all__ = [
    "DECIDERS",
    "AnnounceJury",
    "DrawJury",
    "JuryAnnounced",
    "JuryDrawn",
    "JuryPots",
    "LotPot",
    "lot_from_pots",
]

RESIDENTS = "residents"
"""Pot of those who were drawn from the population register."""

_WHOLE = 100


@frozen(kw_only=True)
class LotPot:
    """A pot (Lostopf): who would serve, and how many seats are drawn from it.

    Args:
        seats: how many.
        people: pseudonyms of those who would serve.
    """

    seats: int = field(validator=ge(0))
    people: tuple[ParticipantRef, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class JuryPots(Record):
    """What was announced of a draw.

    Args:
        pots: name → pot.
        source: where the seed will come from.
        digest: SHA-256 of the pots, to compare with what was published.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"digest": NOTHING, "pots": NOTHING, "source": NOTHING}

    kind = "kiezkasse/jury_pots"

    pots: Mapping[str, LotPot] = field(converter=as_mapping)
    source: str
    digest: str


@frozen(kw_only=True)
class AnnounceJury(Command):
    """Announce who a jury will be drawn from, and where chance will come from (Bekanntgabe).

    Args:
        pots: name → pot; ``residents`` are those drawn from the population register.
        source: the public source of the seed, such as the lottery numbers of a coming day.
    """

    pots: Mapping[str, LotPot] = field(converter=as_mapping)
    source: str


@frozen(kw_only=True)
class DrawJury(Command):
    """Draw the members of the jury, and the order of those who step in (Auslosung).

    Args:
        seed: what the announced source brought.
    """

    seed: str


@frozen(kw_only=True)
class JuryAnnounced(Event):
    """The pots of a draw were announced."""

    privacy: ClassVar[Mapping[str, Kind]] = {"digest": NOTHING, "pots": NOTHING, "source": NOTHING}

    pots: Mapping[str, LotPot] = field(converter=as_mapping)
    source: str
    digest: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep what was announced."""
        yield JuryPots(ref=_REF, pots=self.pots, source=self.source, digest=self.digest)


@frozen(kw_only=True)
class JuryDrawn(Event):
    """A jury was drawn by lot."""

    privacy: ClassVar[Mapping[str, Kind]] = {"digest": NOTHING}

    digest: str
    seed: str
    members: tuple[ParticipantRef, ...] = field(converter=as_tuple)
    substitutes: tuple[ParticipantRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Seat who was drawn."""
        yield evolve(world.opened, body=Body(members=self.members, substitutes=self.substitutes))


_REF = RecordRef("jury")


@rule("draw", name="kiezkasse/lot_from_pots", needs_seed=True)
def lot_from_pots(problem: Mapping[str, LotPot], _panels: int, view: View) -> Any:
    """Draw an order in each pot from the public seed; the first ones sit, the next step in."""
    members: list[ParticipantRef] = []
    waiting: list[ParticipantRef] = []
    for _name, pot in sorted(problem.items()):
        order = [ParticipantRef(one) for one in Lot(view.seed).draw(pot.people).order]
        members += order[: pot.seats]
        waiting += order[pot.seats :]
    return tuple(members), tuple(waiting)


def _digest(pots: Mapping[str, LotPot]) -> str:
    plain = {
        name: {"seats": pot.seats, "people": sorted(pot.people)} for name, pot in pots.items()
    }
    return sha256(canonical(plain)).hexdigest()


def _announce_objections(command: AnnounceJury, context: Context) -> Iterator[Objection]:
    everybody = [person for pot in command.pots.values() for person in pot.people]
    seats = sum(pot.seats for pot in command.pots.values())
    if len(set(everybody)) != len(everybody) or not seats:
        yield Objection("jury_pots_repeat")
    for name, pot in sorted(command.pots.items()):
        if pot.seats > len(pot.people):
            params = {"pot": name, "seats": pot.seats, "people": len(pot.people)}
            yield Objection("jury_pot_too_small", params)
    least = getattr(context.settings, "jury_residents_percent", 0)
    drawn = command.pots[RESIDENTS].seats if RESIDENTS in command.pots else 0
    if _WHOLE * drawn < least * seats:
        told = {"residents": drawn, "seats": seats, "percent": least}
        yield Objection("jury_too_few_residents", told)
    if not command.source.strip():
        yield Objection("jury_source_missing")
    if context.procedure.body is not None:
        yield Objection("jury_seated")


def _announce(command: AnnounceJury, _context: Context) -> tuple[Event, ...]:
    digest = _digest(command.pots)
    return (JuryAnnounced(pots=command.pots, source=command.source, digest=digest),)


def _draw_objections(command: DrawJury, context: Context) -> Iterator[Objection]:
    if context.world.records.get(JuryPots, _REF) is None:
        yield Objection("jury_not_announced")
    if not command.seed.strip():
        yield Objection("jury_seed_missing")
    if context.procedure.body is not None:
        yield Objection("jury_seated")


def _draw(command: DrawJury, context: Context) -> tuple[Event, ...]:
    announced = context.world.records.one(JuryPots, _REF)
    view = context.view(command, seed=command.seed.strip())
    drawing = context.rules.one("draw", context.procedure.stage)
    members, substitutes = drawing(announced.pots, 1, view)
    return (
        JuryDrawn(
            digest=announced.digest,
            seed=view.seed,
            members=members,
            substitutes=substitutes,
        ),
    )


DECIDERS = (
    Decider(
        command=AnnounceJury,
        decide=_announce,
        objections=_announce_objections,
        events=(JuryAnnounced,),
        records=(Every(JuryPots),),
    ),
    Decider(
        command=DrawJury,
        decide=_draw,
        objections=_draw_objections,
        events=(JuryDrawn,),
        records=(Every(JuryPots),),
        asks={"draw"},
    ),
)
