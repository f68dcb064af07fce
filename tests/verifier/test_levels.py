"""How secret a vote is decides who sees what, and when."""

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import AdvanceStage, CastBallot
from partizipation_core.errors import Refused
from partizipation_core.store.keys import MemoryKeys

OFFICER = Actor.of("officer-1", Role.OFFICER)


@pytest.fixture
def open_vote(site, until_the_vote, noon):
    """Open a vote: ``open_vote(secrecy)``; its clock stands still."""
    clock = FrozenClock(noon)
    with Platform(site.url, clock=clock, keys=MemoryKeys()) as platform:

        def open_(secrecy):
            settings = {"pot": "5000 EUR", "misfit": "skip", "secrecy": secrecy}
            town = platform.municipality("12060052")
            handle = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings)
            until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
            return handle, clock

        yield open_


def cast(handle, name, **choices):
    handle.execute(CastBallot(choices=choices), actor=Actor.of(name, Role.RESIDENT))


def test_an_open_vote_shows_how_it_stands_and_is_counted_anew_after_two_seconds(open_vote, site):
    handle, clock = open_vote("open")
    cast(handle, "anna", bench=1)
    cast(handle, "bernd", bench=1, swing=1)
    before = site.rows()
    told = handle.live_tally("vote")
    assert (told.ballots, dict(told.marks)) == (2, {"bench": 2, "swing": 1})
    cast(handle, "cem", swing=1)
    clock.set(Instant(told.at + 1_999_999))
    assert handle.live_tally("vote") == told
    clock.set(Instant(told.at + 2_000_000))
    assert dict(handle.live_tally("vote").marks) == {"bench": 2, "swing": 2}
    assert site.rows()["procedure"] == before["procedure"]  # nobody wrote a counter


@pytest.mark.parametrize("secrecy", ["pseudonymous", "secret"])
def test_other_votes_show_nothing_before_their_result_is_published(open_vote, secrecy):
    handle, _ = open_vote(secrecy)
    cast(handle, "anna", bench=1)
    for code in ("result_not_before_close", "result_not_counted"):
        with pytest.raises(Refused) as refused:
            handle.live_tally("vote")
        assert [one.code for one in refused.value.objections] == [code]
        handle.execute(AdvanceStage(), actor=OFFICER) if code.endswith("close") else None


@pytest.mark.parametrize(
    ("secrecy", "sealed"), [("open", False), ("pseudonymous", False), ("secret", True)]
)
def test_only_a_secret_vote_is_sealed_by_itself(open_vote, secrecy, sealed):
    handle, _ = open_vote(secrecy)
    cast(handle, "anna", bench=1)
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert ("vote" in handle.state().seals) is sealed
