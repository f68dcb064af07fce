"""A plugin that decides a command of its own and fails at it: it is named, and nothing is written.

Hooks and rules have their matrix in test_plugin_failures; a decider is called past the hooks.
"""

import pytest
from attrs import evolve, frozen

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import STEERING
from partizipation_core.errors import PluginError, Refused
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.platform import Platform
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.values import Actor, Objection, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
FAILS = {}


@frozen(kw_only=True)
class RingBell(Command):
    times: int = 1


@frozen(kw_only=True)
class BellRung(Event):
    times: int

    def apply(self, world, at):
        FAILS.get("apply", lambda *_: None)()
        yield evolve(world.opened)


def _ring(command, _context):
    return FAILS["decide"]() if "decide" in FAILS else (BellRung(times=command.times),)


def _against(_command, _context):
    return FAILS["objections"]() if "objections" in FAILS else ()


BELL = ProcedureFormat(
    key="bell",
    title="Glocke",
    stages=(Stage("open", kind=StageKind.FUND, allows={RingBell: ["officer"]}),),
    anytime={command: ["officer"] for command in STEERING},
)


class Tower:
    @hookimpl
    def register_formats(self):
        return [BELL]

    @hookimpl
    def register_deciders(self):
        return [Decider(command=RingBell, decide=_ring, objections=_against, events=(BellRung,))]


def raises():
    raise ZeroDivisionError("divided")


def leaves():
    raise SystemExit(3)


class Unheard(BaseException):
    """What no ``except Exception`` catches."""


def unheard():
    raise Unheard("cancelled")


def mute():
    class MuteError(Exception):
        def __str__(self):
            raise RuntimeError

    raise MuteError


def wrong():
    return 7


def wrong_inside():
    return ["a text"]


@pytest.fixture
def bell(site):
    host = PluginHost([Plugin(Origin("tower", "town-tower", "2.1"), Tower())])
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform(site.url, host=host, clock=clock, keys=MemoryKeys()) as platform:
        yield platform.municipality("12060052").open("bell", "bell", actor=OFFICER)
    FAILS.clear()


PLACES = ("decide", "objections", "apply")
FAILURES = (raises, leaves, unheard, mute, wrong, wrong_inside)


# What the generator of an event returns in the end is nothing to anybody.
CASES = [
    pytest.param(place, failure, id=f"{place}-{failure.__name__}")
    for place in PLACES
    for failure in FAILURES
    if not (place == "apply" and failure in {wrong, wrong_inside})
]


@pytest.mark.parametrize(("place", "failure"), CASES)
def test_who_fails_at_deciding_is_named_and_nothing_is_written(bell, stored, place, failure):
    bell.execute(RingBell(), actor=OFFICER)
    before = stored()
    FAILS[place] = failure
    with pytest.raises(PluginError) as error:
        bell.execute(RingBell(), actor=OFFICER, key="again")
    told = error.value
    assert (told.distribution, told.version) == ("town-tower", "2.1")
    assert (told.hook, told.command) == ("decider", "RingBell")
    assert stored() == before
    FAILS.clear()
    assert bell.execute(RingBell(), actor=OFFICER, key="again").first == 3
    assert [fault for check in bell.audit() for fault in check.faults] == []


def test_what_it_says_on_purpose_is_an_answer_and_no_failure(bell):
    FAILS["objections"] = lambda: [Objection("bell_rests")]
    with pytest.raises(Refused, match="bell_rests"):
        bell.execute(RingBell(), actor=OFFICER)


def test_an_interrupt_stays_one_and_says_who_was_at_work(bell, stored):
    def interrupted():
        raise KeyboardInterrupt

    before = stored()
    FAILS["decide"] = interrupted
    with pytest.raises(KeyboardInterrupt) as stopped:
        bell.execute(RingBell(), actor=OFFICER)
    assert "town-tower 2.1" in stopped.value.__notes__[0]
    assert stored() == before
