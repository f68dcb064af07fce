"""Kassel 2022 and 2019, with what is public of them and people who do not exist."""

import pytest

from partizipation_core import FrozenClock, Money, Platform
from partizipation_core.demo.stage import LiveScene, start_of_story
from partizipation_crowdfunding.contest.records import Campaign, Pledge, faults
from partizipation_crowdfunding.crowd import KASSEL_2019, KASSEL_2022, crowd
from partizipation_crowdfunding.public.report import report
from partizipation_crowdfunding.story import WINDOW, played

EURO = Money.euro


@pytest.fixture
def told():
    """Play a contest; returns the scene, once everything in it was proved."""
    clock, platforms = FrozenClock(start_of_story()), []

    def tell(contest):
        platforms.append(Platform(clock=clock))
        town = platforms[0].municipality("06611000")
        scene = LiveScene(town, clock, None, lambda things, _label: things)
        played(contest)(scene)
        assert not [fault for check in scene.handle.audit() for fault in check.faults]
        pledges = scene.records(Pledge).values()
        kept = scene.records(Campaign).values()
        assert not [fault for one in kept for fault in faults(one, pledges)]
        return scene

    yield tell
    for one in platforms:
        one.close()


def told_by(scene):
    return report(scene.items(), scene.records(Campaign), scene.records(Pledge), scene.clock.now())


def test_kassel_2022_22_entries_14_curated_10_funded(told):
    scene = told(KASSEL_2022)
    result = told_by(scene)
    assert (result.entries, len(result.campaigns), result.successful) == (22, 14, 10)
    assert 270 <= result.heads <= 300
    assert EURO(58_000) <= result.pledged <= EURO(62_000)
    prizes = [one.prize for one in result.campaigns if one.prize]
    assert prizes == [EURO(1_000)] * 5
    assert {one.state for one in result.campaigns} == {"delivered", "refunded"}
    assert scene.ledger().available() == Money(0)
    codes = {one.code for denial in scene.denials for one in denial.objections}
    assert {"not_legitimated", "own_campaign", "prize_not_eligible", "stage_over"} <= codes


def test_kassel_2019_the_five_with_most_backers_share_12000(told):
    result = told_by(told(KASSEL_2019))
    assert len(result.campaigns) == 11
    ranks = sorted(result.campaigns, key=lambda one: -one.figures.heads)
    won = [one for one in result.campaigns if one.prize]
    assert {one.figures.campaign for one in won} == {one.figures.campaign for one in ranks[:5]}
    assert Money.total(one.prize for one in won) == EURO(12_000)


@pytest.mark.parametrize("contest", [KASSEL_2022, KASSEL_2019], ids=lambda one: one.name)
def test_the_crowd_is_the_same_every_time_and_adds_up(contest):
    people = crowd(contest, WINDOW)
    assert people == crowd(contest, WINDOW)
    sums = dict.fromkeys(contest.campaigns, 0)
    for one in people:
        sums[one.campaign] += one.amount.cents
    for number, (ref, goal) in enumerate(zip(contest.campaigns, contest.goals, strict=True)):
        assert (sums[ref] >= goal * 100) is (number < contest.funded)
    assert all(0 <= one.day < WINDOW for one in people)
