"""What a plugin keeps besides items is decided, stored, audited and brought back like items."""

import json
from collections.abc import Iterable
from typing import ClassVar

import pytest
from attrs import evolve, frozen
from sqlalchemy import delete, update

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import STEERING
from partizipation_core.errors import Refused, StorageError
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.platform import Platform
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store import schema
from partizipation_core.testing.contexts import context
from partizipation_core.values import Actor, Objection, RecordRef, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
NOW = Instant(1_800_000_000_000_000)


@frozen(kw_only=True)
class Pledge(Record):
    kind: ClassVar[str] = "till/pledge"

    euros: int
    raised: int = 0


@frozen(kw_only=True)
class MakePledge(Command):
    pledge: RecordRef
    euros: int


@frozen(kw_only=True)
class RaisePledges(Command):
    by: int


@frozen(kw_only=True)
class PledgeMade(Event):
    pledge: RecordRef
    euros: int

    def apply(self, world, at) -> Iterable[Record]:
        yield Pledge(ref=self.pledge, euros=self.euros)


@frozen(kw_only=True)
class PledgesRaised(Event):
    by: int

    def apply(self, world, at) -> Iterable[Record]:
        for one in world.records.all(Pledge).values():
            yield evolve(one, euros=one.euros + self.by, raised=one.raised + 1)


def _is_new(command, ctx):
    if ctx.world.records.get(Pledge, command.pledge) is not None:
        yield Objection("pledge_exists", {"pledge": command.pledge})


def _make(command, _context):
    return (PledgeMade(pledge=command.pledge, euros=command.euros),)


def _raise(command, _context):
    return (PledgesRaised(by=command.by),)


MAKE = Decider(
    command=MakePledge,
    decide=_make,
    objections=_is_new,
    events=(PledgeMade,),
    records=(Named(Pledge, "pledge"),),
)
RAISE = Decider(
    command=RaisePledges, decide=_raise, events=(PledgesRaised,), records=(Every(Pledge),)
)
TILL = ProcedureFormat(
    key="till",
    title="Kasse",
    stages=(Stage("open", kind=StageKind.FUND, allows={MakePledge: ["officer"]}),),
    anytime={RaisePledges: ["officer"], **{command: ["officer"] for command in STEERING}},
)


class Till:
    @hookimpl
    def register_formats(self):
        return [TILL]

    @hookimpl
    def register_deciders(self):
        return [MAKE, RAISE]


@pytest.fixture(scope="module")
def host():
    return PluginHost([Plugin(Origin("till", "till", "1"), Till())])


@pytest.fixture
def platform(host, tmp_path):
    with Platform(f"sqlite:///{tmp_path / 'till.db'}", host=host, clock=FrozenClock(NOW)) as one:
        yield one


@pytest.fixture
def till(platform):
    return platform.municipality("12060052").open("till", "till", actor=OFFICER)


def pledges(till):
    return {ref: one.euros for ref, one in till.records(Pledge).items()}


def spoil(platform, statement):
    with platform._execution.database.writing() as connection:
        connection.execute(statement)


def test_a_record_follows_from_an_event_and_stays(till):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    till.execute(MakePledge(pledge="p2", euros=5), actor=OFFICER)
    till.execute(RaisePledges(by=10), actor=OFFICER)
    assert pledges(till) == {"p1": 30, "p2": 15}
    assert till.record_refs() == {"till/pledge": ("p1", "p2")}


def test_a_command_sees_the_record_that_it_names(till):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    (objection,) = till.why(MakePledge(pledge="p1", euros=1), actor=OFFICER)
    assert objection.code == "pledge_exists"
    with pytest.raises(Refused):
        till.execute(MakePledge(pledge="p1", euros=1), actor=OFFICER)
    assert pledges(till) == {"p1": 20}


def test_the_journal_brings_records_back(till, platform):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    till.execute(RaisePledges(by=1), actor=OFFICER)
    spoil(platform, delete(schema.record))
    assert not pledges(till)
    till.rebuild()
    assert pledges(till) == {"p1": 21}
    assert all(check.ok for check in till.audit())


@pytest.mark.parametrize(
    "spoiling",
    [
        delete(schema.record),
        update(schema.record).values(ref="p9"),
        update(schema.record).values(body=b'{"euros":999,"raised":0,"ref":"p1"}'),
        update(schema.record).values(version=7),
    ],
    ids=["deleted", "renamed", "changed", "of another version"],
)
def test_the_audit_finds_a_record_that_was_tampered_with(till, platform, spoiling):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    spoil(platform, spoiling)
    faults = [fault for check in till.audit() for fault in check.faults]
    assert any("till/pledge p1 differs from its journal" in fault for fault in faults)


@pytest.mark.parametrize(
    ("version", "way"), [(0, "rebuild"), (2, "wait for the later release")], ids=["old", "later"]
)
def test_a_shape_nobody_knows_is_told_and_not_guessed(till, platform, version, way):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    spoil(platform, update(schema.record).values(version=version))
    with pytest.raises(StorageError, match=rf"till/pledge p1 has version {version} .* {way}"):
        till.records(Pledge)


def test_records_of_one_procedure_are_nobody_elses(till, platform):
    other = platform.municipality("12060052").open("other", "till", actor=OFFICER)
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    other.execute(RaisePledges(by=5), actor=OFFICER)
    assert (pledges(till), pledges(other)) == ({"p1": 20}, {})


def test_a_decider_is_tested_without_a_database(host):
    seen = context(
        host,
        "till",
        actor=OFFICER,
        settings={},
        records=[Pledge(ref=RecordRef("p1"), euros=20)],
    )
    (event,) = RAISE.decide(RaisePledges(by=2), seen)
    after = seen.world.with_changes(event.apply(seen.world, NOW))
    assert after.records.one(Pledge, "p1").euros == 22
    assert seen.world.records.one(Pledge, "p1").euros == 20


def test_what_a_command_names_is_read_off_its_fields():
    @frozen(kw_only=True)
    class Ask(Command):
        one: str = "a"
        several: tuple[str, ...] = ("b", "c")
        none: str = ""

    reading = Named(Pledge, ["one", "several", "none"])
    assert reading.refs(Ask()) == {"a", "b", "c"}


def test_two_plugins_cannot_share_a_kind():
    @frozen(kw_only=True)
    class Another(Record):
        kind: ClassVar[str] = "till/pledge"

    class Copy:
        @hookimpl
        def register_deciders(self):
            return [
                Decider(
                    command=RaisePledges, decide=_raise, records=(Every(Another),), internal=True
                )
            ]

    plugins = [
        Plugin(Origin("till", "till", "1"), Till()),
        Plugin(Origin("copy", "copy", "1"), Copy()),
    ]
    problems = "\n".join(PluginHost(plugins).problems)
    assert "record kind 'till/pledge' is offered by" in problems


@pytest.mark.parametrize("name", ["", "pledge", "Till/pledge"])
def test_a_kind_has_an_owner(name):
    with pytest.raises(TypeError, match="owner/kind"):
        type("Nameless", (Record,), {"kind": name})


def test_the_journal_alone_tells_everything(till):
    till.execute(MakePledge(pledge="p1", euros=20), actor=OFFICER)
    last = json.loads(list(till.journal_lines())[-1])
    assert (last["kind"], last["data"]) == ("PledgeMade", {"pledge": "p1", "euros": 20})
