"""The sample: which municipalities take part, what their registers are asked, what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_buergerrat.procedure.mandate import MANDATE, Mandate
from partizipation_buergerrat.sortition.places import PlaceDraw, draw_places
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, Kind
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = [
    "DECIDERS",
    "REGISTER_FIELDS",
    "ReceiveSample",
    "ReplacePlace",
    "RequestSample",
    "Sample",
    "SampleReceived",
    "SampleRequested",
]

REGISTER_FIELDS = (
    "last_name",
    "first_names",
    "doctorate",
    "age",
    "sex",
    "nationalities",
    "address",
    "legal_guardian",
)
"""What a register may hand out about groups of people: § 46 (3) BMG, and nothing else."""


@frozen(kw_only=True)
class Sample(Record):
    """A sample of the registers of residents (Melderegisterstichprobe).

    Args:
        fields: what the registers are asked for.
        letters: municipality → people that its register is to name.
        reserve: municipalities that take the place of one that cannot take part, in this order.
        received: municipality → people that were named.
        seed: public chance that drew the municipalities; empty where there is only one.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {
        "fields": NOTHING,
        "letters": NOTHING,
        "received": NOTHING,
    }

    kind: ClassVar[str] = "buergerrat/sample"

    fields: tuple[str, ...]
    letters: Mapping[str, int] = field(converter=as_mapping)
    reserve: tuple[str, ...] = ()
    received: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    seed: str = ""


@frozen(kw_only=True)
class RequestSample(Command):
    """Ask registers for people to be invited.

    Where only some municipalities take part, public chance draws them in proportion to their
    inhabitants; anybody can draw again.

    Args:
        sample: reference of the sample.
        fields: what the registers are asked for, from `REGISTER_FIELDS`.
        inhabitants: municipality → inhabitants who may be invited.
        places: how many municipalities take part.
        letters: how many people are to be invited.
        seed: public chance, such as lottery numbers; needed where not all take part.
    """

    sample: RecordRef
    fields: tuple[str, ...] = field(converter=as_tuple)
    inhabitants: Mapping[str, int] = field(converter=as_mapping)
    places: int = field(default=1, validator=ge(1))
    letters: int = field(validator=ge(1), kw_only=True)
    seed: str = ""


@frozen(kw_only=True)
class ReplacePlace(Command):
    """Let the first municipality in reserve take the place of one that cannot take part."""

    sample: RecordRef
    place: str
    reason: str


@frozen(kw_only=True)
class ReceiveSample(Command):
    """Put down how many people a register named; who they are stays with the office.

    Args:
        sample: which.
        place: whose register.
        people: how many.
    """

    sample: RecordRef
    place: str
    people: int = field(validator=ge(0))


@frozen(kw_only=True)
class SampleRequested(Event):
    """Registers were asked; ``min_age`` is the least age in years of those to be named."""

    privacy: ClassVar[Mapping[str, Kind]] = {
        "fields": NOTHING,
        "inhabitants": NOTHING,
        "letters": NOTHING,
    }

    sample: RecordRef
    min_age: int
    fields: tuple[str, ...]
    inhabitants: Mapping[str, int]
    letters: Mapping[str, int]
    reserve: tuple[str, ...]
    seed: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep the sample."""
        yield Sample(
            ref=self.sample,
            fields=self.fields,
            letters=self.letters,
            reserve=self.reserve,
            seed=self.seed,
        )


@frozen(kw_only=True)
class PlaceReplaced(Event):
    """A municipality could not take part; the first in reserve does."""

    privacy: ClassVar[Mapping[str, Kind]] = {"instead": NOTHING}

    sample: RecordRef
    place: str
    instead: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Hand its letters on."""
        before = world.records.one(Sample, self.sample)
        letters = {name: n for name, n in before.letters.items() if name != self.place}
        letters[self.instead] = before.letters[self.place]
        reserve = tuple(name for name in before.reserve if name != self.instead)
        yield evolve(before, letters=letters, reserve=reserve)


@frozen(kw_only=True)
class SampleReceived(Event):
    """A register named people."""

    sample: RecordRef
    place: str
    people: int

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep the number."""
        before = world.records.one(Sample, self.sample)
        yield evolve(before, received={**before.received, self.place: self.people})


def _request_objections(command: RequestSample, context: Context) -> Iterator[Objection]:
    if context.world.records.get(Mandate, MANDATE) is None:
        yield Objection("mandate_missing")
    if context.world.records.get(Sample, command.sample) is not None:
        yield Objection("sample_exists", {"sample": command.sample})
    if strange := sorted(set(command.fields) - set(REGISTER_FIELDS)):
        yield Objection("field_not_released", {"fields": ", ".join(strange)})
    if not command.fields:
        yield Objection("fields_missing")
    if not 1 <= command.places <= len(command.inhabitants):
        params = {"places": command.places, "known": len(command.inhabitants)}
        yield Objection("too_few_places", params)
    if empty := sorted(name for name, people in command.inhabitants.items() if people < 1):
        yield Objection("nobody_lives_there", {"places": ", ".join(empty)})
    if command.places < len(command.inhabitants) and not command.seed.strip():
        yield Objection("places_need_chance")


def _drawn(command: RequestSample, context: Context) -> PlaceDraw:
    purpose = f"places/{context.procedure.ref}/{command.sample}"
    stream = Stream(purpose, command.seed.strip() or "all take part")
    return draw_places(command.inhabitants, command.places, command.letters, stream)


def _request(command: RequestSample, context: Context) -> tuple[Event, ...]:
    drawn = _drawn(command, context)
    return (
        SampleRequested(
            sample=command.sample,
            min_age=getattr(context.settings, "min_age", 0),
            fields=command.fields,
            inhabitants=command.inhabitants,
            letters=drawn.letters,
            reserve=drawn.reserve,
            seed=command.seed.strip(),
        ),
    )


def _known_place(command: ReplacePlace | ReceiveSample, context: Context) -> Iterator[Objection]:
    sample = context.world.records.get(Sample, command.sample)
    if sample is None:
        yield Objection("sample_unknown", {"sample": command.sample})
    elif command.place not in sample.letters:
        yield Objection("place_not_drawn", {"place": command.place})
    elif command.place in sample.received:
        yield Objection("place_answered", {"place": command.place})


def _replace_objections(command: ReplacePlace, context: Context) -> Iterator[Objection]:
    yield from _known_place(command, context)
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "ReplacePlace"})
    sample = context.world.records.get(Sample, command.sample)
    if sample is not None and not sample.reserve:
        yield Objection("no_place_in_reserve")


def _replace(command: ReplacePlace, context: Context) -> tuple[Event, ...]:
    sample = context.world.records.one(Sample, command.sample)
    return (
        PlaceReplaced(
            sample=command.sample,
            place=command.place,
            instead=sample.reserve[0],
            reason=command.reason.strip(),
        ),
    )


def _receive(command: ReceiveSample, _context: Context) -> tuple[Event, ...]:
    return (SampleReceived(sample=command.sample, place=command.place, people=command.people),)


DECIDERS = (
    Decider(
        command=RequestSample,
        decide=_request,
        objections=_request_objections,
        events=(SampleRequested,),
        records=(Every(Mandate), Named(Sample, "sample")),
    ),
    Decider(
        command=ReplacePlace,
        decide=_replace,
        objections=_replace_objections,
        events=(PlaceReplaced,),
        records=(Named(Sample, "sample"),),
    ),
    Decider(
        command=ReceiveSample,
        decide=_receive,
        objections=_known_place,
        events=(SampleReceived,),
        records=(Named(Sample, "sample"),),
    ),
)
