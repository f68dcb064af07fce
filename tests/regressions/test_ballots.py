"""What users of other platforms complained about in ballots; each rule with its number.

The numbers are those of the collection of issues that the design was made from.
"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AmendProcedure,
    CastBallot,
    CountBallots,
    HideItem,
    ReplaceBallot,
    ReviewItem,
    RevokeBallot,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.kernel.ballot import BallotsCounted
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import pin

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
STAGES = {"review": date(2027, 4, 1), "vote": date(2027, 5, 1), "fund": date(2027, 6, 1)}
BASIS = {"pot": "1000 EUR", "misfit": "skip"}
ITEMS = {"a": (600, "N"), "b": (400, "N"), "c": (300, "S"), "d": (200, "W"), "e": (100, "")}


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))


@pytest.fixture
def vote(host, clock):
    """Open a vote on `ITEMS`, euros and area each: ``vote(max_choices=2)``."""
    with Platform(host=host, clock=clock) as platform:

        def open_(**settings):
            wanted = {**BASIS, **settings}
            town = platform.municipality("12060052")
            opened = town.open(
                "b-2027", "buergerhaushalt", actor=OFFICER, settings=wanted, schedule=STAGES
            )
            prepare(opened, clock)
            return opened

        yield open_


def prepare(opened, clock):
    for ref, (euros, area) in ITEMS.items():
        idea = SubmitItem(item=ref, title=ref, cost=Money.euro(euros), area=area)
        opened.execute(idea, actor=resident("author"))
    clock.set(start_of_day(STAGES["review"], BERLIN))
    for ref in ITEMS:
        opened.execute(TakeUpReview(item=ref), actor=REVIEWER)
        opened.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        opened.execute(ShortlistItem(item=ref), actor=OFFICER)
    clock.set(start_of_day(STAGES["vote"], BERLIN))
    opened.tick()


def resident(name, area="N"):
    return Actor.of(name, Role.RESIDENT, area=area)


def plain(*refs):
    return CastBallot(choices=dict.fromkeys(refs, 1))


def instead(*refs):
    return ReplaceBallot(choices=dict.fromkeys(refs, 1))


def why(opened, command, actor=None):
    return [one.code for one in opened.why(command, actor=actor or resident("anna"))]


SETTERS = {
    "type": {"ballot_type": "cumulative"},
    "fewest": {"min_choices": 0},
    "most": {"max_choices": 1},
    "points": {"ballot_type": "cumulative", "max_points": 3},
    "total": {"max_total": "100 EUR"},
    "quota": {"area_quotas": {"N": {"max": 1}}},
    "of this vote": {"votes": {"vote": {"max_choices": 1}}},
    "nothing": {},
}


@pytest.mark.parametrize("change", SETTERS.values(), ids=SETTERS)
def test_t18_the_rules_of_a_vote_freeze_at_the_first_ballot(vote, host, change):
    """Voting style and limits were changed after votes existed → rules freeze at first ballot."""
    opened = vote()
    definition = pin(host.registry, "buergerhaushalt", settings={**BASIS, **change}, rules={})
    amend = AmendProcedure(definition=definition, reason="Der Rat will es anders.")
    assert why(opened, amend, OFFICER) == []
    opened.execute(plain("a", "b"), actor=resident("anna"))
    assert why(opened, amend, OFFICER) == ["ballots_cast"]


def test_t19_a_ballot_is_neither_changed_nor_revoked_after_the_vote(vote, clock):
    """A submitted basket was changed after the phase → every write goes through the guard."""
    opened = vote()
    opened.execute(plain("a"), actor=resident("anna"))
    clock.set(start_of_day(STAGES["fund"], BERLIN))
    for command in (plain("b"), instead("b"), RevokeBallot()):
        with pytest.raises(Refused, match="stage_over"):
            opened.execute(command, actor=resident("anna"))
    assert opened.turnout("vote") == {"online": 1}


def test_t21_taking_one_item_out_makes_room_for_another(vote):
    """Taking one project out left the ballot unable to accept another → recompute the rest."""
    opened, anna = vote(ballot_type="knapsack"), resident("anna")
    opened.execute(plain("a", "b"), actor=anna)
    assert why(opened, instead("a", "b", "c")) == ["over_the_total"]
    opened.execute(instead("a"), actor=anna)
    opened.execute(instead("a", "c"), actor=anna)
    opened.execute(instead("b", "c", "d", "e"), actor=anna)
    opened.execute(RevokeBallot(), actor=anna)
    opened.execute(plain("a", "b"), actor=anna)
    assert opened.turnout("vote") == {"online": 1}


def test_t25_limits_of_supports_do_not_bound_ballots(vote):
    """A limit on votable headings bound supports only → limits are named per act."""
    opened = vote(max_supports=1, max_supports_per_area=1, max_choices=3)
    assert why(opened, plain("a", "b", "c")) == []
    assert why(opened, plain("a", "b", "c", "d")) == ["too_many_choices"]


def test_t26_an_area_may_get_so_many_votes_of_one_ballot(vote):
    """A cap per district was wanted → a limit of the ballot like any other."""
    opened = vote(max_per_area=1)
    assert why(opened, plain("a", "b", "c")) == ["too_many_in_area"]
    assert why(opened, plain("a", "c", "d", "e")) == []


def test_t27_a_ballot_is_for_the_own_area_and_one_other(vote):
    """Vote in the own district plus ONE other → a limit over areas, whichever the other is."""
    opened = vote(min_own_area=1, max_other_areas=1)
    assert why(opened, plain("a", "b", "c")) == []
    assert why(opened, plain("a", "d", "e")) == []
    assert why(opened, plain("a", "c", "d")) == ["too_many_other_areas"]
    assert why(opened, plain("c", "e")) == ["too_few_in_own_area"]
    assert why(opened, plain("c", "d")) == ["too_few_in_own_area", "too_many_other_areas"]
    assert why(opened, plain("c", "a"), resident("ben", area="S")) == []
    assert why(opened, plain("a"), Actor.of("ben", Role.RESIDENT)) == ["home_unknown"]


def test_t34_an_abstention_is_no_number(vote, clock):
    """A code "-2 = not counted" was used as a number → absence is typed, three kinds of it."""
    opened = vote(ballot_type="yes_no", rank_by="pro_minus_contra", blank_ballots=True)
    for name, choices in {
        "says yes": {"a": 1},
        "says no": {"a": -1, "b": 1},
        "abstains": {"a": 0, "b": 1},
        "is silent": {"b": 1},
        "is blank": {},
    }.items():
        opened.execute(CastBallot(choices=choices), actor=resident(name))
    clock.set(start_of_day(STAGES["fund"], BERLIN))
    opened.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    (told,) = (one.event for one in opened.journal() if isinstance(one.event, BallotsCounted))
    assert (told.ballots, told.blank, dict(told.abstained)) == (5, 1, {"a": 1})
    result = opened.result("vote")
    assert (result.fates["a"].score, result.fates["b"].score) == (0, 3)


def test_t39_a_ballot_that_was_not_accepted_or_was_revoked_is_not_counted(vote):
    """Voters who left on the test page counted → only cast ballots count."""
    opened = vote(max_choices=1)
    assert why(opened, plain("a")) == []
    with pytest.raises(Refused, match="too_many_choices"):
        opened.execute(plain("a", "b"), actor=resident("anna"))
    opened.execute(plain("a"), actor=resident("ben"))
    opened.execute(RevokeBallot(), actor=resident("ben"))
    assert opened.turnout("vote") == {}


def test_t50_the_total_of_ballots_is_told_and_nobody_is_stuck_when_an_item_closes(vote, clock):
    """The total was missing; a voter was stuck when a question closed → both stated, both free."""
    opened, anna = vote(), resident("anna")
    opened.execute(plain("a", "b"), actor=anna)
    opened.execute(plain("b"), actor=resident("ben"))
    opened.execute(HideItem(item="a", reason="spam"), actor=MODERATOR)
    opened.execute(instead("b"), actor=anna)
    opened.execute(RevokeBallot(), actor=resident("ben"))
    clock.set(start_of_day(STAGES["fund"], BERLIN))
    opened.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    (told,) = (one.event for one in opened.journal() if isinstance(one.event, BallotsCounted))
    assert told.ballots == 1
    assert opened.result("vote").funded == ("b",)


def test_r1_a_revoked_ballot_is_no_participation(vote):
    """Every kind of participation is counted from one function, and what is taken back is not."""
    opened = vote()
    opened.execute(plain("a"), actor=resident("anna"))
    assert opened.participation().kinds["ballots.vote"].people == 1
    opened.execute(RevokeBallot(), actor=resident("anna"))
    assert opened.participation().kinds["ballots.vote"].people == 0
