"""What went wrong in assemblies elsewhere, and what was found here."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Money
from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AdmitItem,
    AdmitVoters,
    AdvanceStage,
    CastBallot,
    ChooseMethod,
    Hands,
    RecordAssembly,
    RecordHands,
    ShortlistItem,
    SubmitItem,
)
from partizipation_core.platform import Platform
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
PATRON = Actor.of("patron-1", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)


@pytest.fixture
def meeting():
    """Let a Kiezkasse meet about a bench and trees: ``meeting(channels=[...])``."""
    clock = FrozenClock(start_of_day(date(2027, 1, 4), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        town = platform.municipality("11000000-tk")

        def open_it(**settings):
            wanted = {"pot": "1000 EUR", "region": "Musterkiez", **settings}
            handle = town.open("kiez-2027", "kiezkasse", actor=OFFICER, settings=wanted)
            for ref in ("bench", "trees"):
                idea = SubmitItem(item=ref, title=ref, cost=Money.euro(400))
                handle.execute(idea, actor=ANNA)
            handle.execute(AdvanceStage(), actor=OFFICER)
            for ref in ("bench", "trees"):
                handle.execute(AdmitItem(item=ref), actor=OFFICER)
                handle.execute(ShortlistItem(item=ref), actor=OFFICER)
            handle.execute(AdvanceStage(), actor=OFFICER)
            return handle

        yield open_it


def reasons(handle, command, actor=PATRON):
    return [one.code for one in handle.why(command, actor=actor)]


def test_an_assembly_counts_every_hand_once(meeting):
    kiez = meeting()
    ten = {"bench": Hands(yes=6, no=3, abstain=1), "trees": Hands(yes=10, no=0)}
    for raised_twice in (Hands(yes=6, no=5), Hands(yes=6, no=4, abstain=1), Hands(yes=11, no=0)):
        twice = RecordAssembly(present=10, hands={**ten, "bench": raised_twice})
        assert reasons(kiez, twice) == ["hands_exceed_present"]

    kiez.execute(RecordAssembly(present=10, hands=ten), actor=PATRON)
    assert reasons(kiez, RecordAssembly(present=10, hands=ten)) == ["already_counted"]
    kiez.rebuild()
    assert (kiez.item("bench").hands, kiez.item("trees").hands) == (ten["bench"], ten["trees"])
    assert kiez.turnout("assembly") == {"hands": 10}


def test_an_assembly_that_gives_points_counts_every_point_once(meeting):
    kiez = meeting()
    chosen = ChooseMethod(method="points", points=3, hands=Hands(yes=10, no=0))
    kiez.execute(chosen, actor=PATRON)
    too_many = RecordAssembly(present=10, points={"bench": 20, "trees": 11})
    assert reasons(kiez, too_many) == ["points_exceed_present"]
    all_of_them = RecordAssembly(present=10, points={"bench": 20, "trees": 10})
    assert reasons(kiez, all_of_them) == []


def test_a_hand_in_the_room_takes_the_place_of_the_same_voter_online(meeting):
    kiez = meeting(channels=["online", "hands"], same_voter="paper_wins")
    kiez.execute(CastBallot(choices={"bench": 1}), actor=ANNA)
    kiez.execute(AdmitVoters(people=["anna", "ben"]), actor=PATRON)
    assert reasons(kiez, AdmitVoters(people=["anna"])) != []
    kiez.execute(AdvanceStage(), actor=OFFICER)

    hands = {"bench": Hands(yes=2, no=0)}
    kiez.execute(RecordHands(vote="assembly", present=2, hands=hands), actor=PATRON)
    assert kiez.turnout("assembly") == {"hands": 2}
