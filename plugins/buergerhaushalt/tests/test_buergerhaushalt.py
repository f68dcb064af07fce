"""The Bürgerhaushalt, installed and played on a real platform."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, FrozenClock, Money, Platform, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CloseProcedure,
    CountBallots,
    FinishDelivery,
    ReviewItem,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
)

OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
IDEAS = {"fountain": 400, "benches": 300, "ramp": 500}


def resident(number):
    return Actor.of(f"resident-{number}", Role.RESIDENT, age=16 + number)


@pytest.fixture
def budget():
    clock = FrozenClock(start_of_day(date(2027, 1, 4), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        yield platform.municipality("12060052").open(
            "bh-2027",
            "buergerhaushalt",
            settings={"pot": "1000 EUR", "misfit": "skip", "min_age": 16, "max_choices": 2},
            actor=OFFICER,
        )


@pytest.fixture
def voting(budget):
    for number, (ref, cost) in enumerate(IDEAS.items()):
        idea = SubmitItem(item=ref, title=ref.title(), cost=Money.euro(cost))
        budget.execute(idea, actor=resident(number))
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in IDEAS:
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=ref), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    return budget


def test_it_is_found_by_its_key_with_the_five_canonical_kinds():
    stages = [(stage.key, str(stage.kind)) for stage in BUERGERHAUSHALT.stages]
    assert stages == [
        ("ideas", "idea"),
        ("review", "review"),
        ("vote", "vote"),
        ("fund", "fund"),
        ("implement", "implement"),
    ]


def test_from_the_first_idea_to_the_last_invoice(voting):
    ballots = [{"ramp": 1, "benches": 1}, {"ramp": 1}, {"benches": 1}, {"ramp": 1, "fountain": 1}]
    for number, choices in enumerate(ballots):
        voting.execute(CastBallot(choices=choices), actor=resident(number))
    voting.execute(AdvanceStage(), actor=OFFICER)
    voting.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    proposed = voting.state().proposed
    assert proposed == {"ramp": Money.euro(500), "benches": Money.euro(300)}
    voting.execute(AwardItems(amounts=proposed, reserve=["fountain"]), actor=COUNCIL)
    voting.execute(AdvanceStage(), actor=OFFICER)
    voting.execute(StartDelivery(item="ramp"), actor=REVIEWER)
    voting.execute(FinishDelivery(item="ramp", spent=Money.euro(250)), actor=REVIEWER)
    voting.execute(AwardItems(amounts={"fountain": Money.euro(400)}), actor=COUNCIL)
    voting.execute(CloseProcedure(), actor=OFFICER)
    states = {item.ref: item.state for item in voting.items()}
    assert states == {"benches": "awarded", "fountain": "awarded", "ramp": "done"}
    assert voting.ledger().bound() == Money.euro(950)
    assert all(check.ok for check in voting.audit())


def test_only_one_ballot_each_and_no_more_than_two_choices(voting):
    everything = CastBallot(choices=dict.fromkeys(IDEAS, 1))
    voting.execute(CastBallot(choices={"ramp": 1}), actor=resident(0))
    with pytest.raises(Refused) as refused:
        voting.execute(everything, actor=resident(0))
    codes = [objection.code for objection in refused.value.objections]
    assert sorted(codes) == ["already_voted", "too_many_choices"]
    assert voting.turnout("vote") == {"online": 1}


def test_who_is_too_young_is_told_so(voting):
    child = Actor.of("kid", Role.RESIDENT, age=15)
    (objection,) = voting.why(CastBallot(choices={"ramp": 1}), actor=child)
    assert str(objection) == "too_young(min_age=16)"
