"""The story of a budget with two votes, played on a real platform (Wuppertal's figures)."""

from random import Random

import pytest

from partizipation_core import Actor, ItemRef, Money, Platform, Refused, Role
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    PassOverItem,
    ReviewItem,
    ShortlistByVote,
    SubmitItem,
    TakeUpReview,
)

OFFICER = Actor.of("office", Role.OFFICER)
EXPERT = Actor.of("expert", Role.REVIEWER)
EVENT = Actor.of("event", Role.ASSEMBLY)
COUNCIL = Actor.of("council", Role.COUNCIL)
IDEAS = [ItemRef(f"idea-{n:03d}") for n in range(120)]
SEED = "2027-05-02: 7 11 23 31 40 44"


def resident(n: int) -> Actor:
    return Actor.of(f"p-{n}", Role.RESIDENT)


@pytest.fixture
def budget():
    """Return a procedure with 120 feasible ideas, at the start of the preselection."""
    platform = Platform()
    town = platform.municipality("05124000")
    handle = town.open("budget", "two_votes", actor=OFFICER, settings={"pot": "210000 EUR"})
    for n, ref in enumerate(IDEAS):
        cost = Money.euro(5_000 + 500 * (n % 40))
        handle.execute(SubmitItem(item=ref, title=f"Idee {n}", cost=cost), actor=resident(n))
    handle.execute(AdvanceStage(), actor=OFFICER)
    for ref in IDEAS:
        handle.execute(TakeUpReview(item=ref), actor=EXPERT)
        handle.execute(ReviewItem(item=ref, outcome="feasible"), actor=EXPERT)
    handle.execute(AdvanceStage(), actor=OFFICER)
    yield handle
    platform.close()


def tie_at_the_edge(budget) -> list[ItemRef]:
    """Vote so that 95 ideas are ahead and ten share the last five places."""
    ahead, level = IDEAS[:95], IDEAS[95:105]
    budget.execute(CastBallot(choices=dict.fromkeys([*ahead, *level], 1)), actor=resident(1))
    budget.execute(CastBallot(choices=dict.fromkeys(ahead, 1)), actor=resident(2))
    budget.execute(AdvanceStage(), actor=OFFICER)
    return level


def test_everybody_may_approve_any_number_of_ideas(budget):
    everything = CastBallot(choices=dict.fromkeys(IDEAS, 1))
    assert budget.why(everything, actor=resident(1)) == ()


def test_the_hundredth_place_is_drawn_by_lot_and_anybody_can_draw_again(budget):
    level = tie_at_the_edge(budget)
    with pytest.raises(Refused, match="seed_missing"):
        budget.execute(ShortlistByVote(vote="preselection"), actor=OFFICER)
    budget.execute(ShortlistByVote(vote="preselection", seed=SEED), actor=OFFICER)
    on = [item.ref for item in budget.items() if item.state == "shortlisted"]
    lucky = [ref for ref in level if ref in on]
    assert (len(on), len(lucky)) == (100, 5)
    assert lucky != level[:5], "the order of the numbers must not decide"
    (tie,) = budget.journal()[-1].event.ties
    assert (tie["decided_by"], len(tie["members"])) == (["lot"], 10)


def test_from_a_hundred_over_thirty_to_five_votes(budget):
    tie_at_the_edge(budget)
    budget.execute(ShortlistByVote(vote="preselection", seed=SEED), actor=OFFICER)
    shortlisted = [item.ref for item in budget.items() if item.state == "shortlisted"]
    for ref in shortlisted[30:]:
        reason = "Andere dienen dem Gemeinwohl mehr."
        budget.execute(PassOverItem(item=ref, reason=reason), actor=EVENT)
    budget.execute(AdvanceStage(), actor=OFFICER)
    thirty = list(budget.state().papers["vote"])
    assert len(thirty) == 30

    six = CastBallot(choices=dict.fromkeys(thirty[:6], 1))
    assert [o.code for o in budget.why(six, actor=resident(1))] == ["too_many_choices"]
    heaped = CastBallot(choices={thirty[0]: 2})
    assert [o.code for o in budget.why(heaped, actor=resident(1))] == ["choice_not_plain"]

    chance = Random(2027)  # noqa: S311 - a crowd, not a key
    for n in range(60):
        five = chance.sample(thirty, 5)
        budget.execute(CastBallot(choices=dict.fromkeys(five, 1)), actor=resident(n))
    budget.execute(AdvanceStage(), actor=OFFICER)
    budget.execute(CountBallots(vote="vote", seed=SEED), actor=OFFICER)
    proposed = budget.state().proposed
    assert Money.total(proposed.values()) <= Money.euro(210_000)
    budget.execute(AwardItems(amounts=proposed), actor=COUNCIL)
    assert all(check.ok for check in budget.audit())


def test_nobody_votes_twice_in_one_vote_but_everybody_in_both(budget):
    first = CastBallot(choices={IDEAS[0]: 1})
    budget.execute(first, actor=resident(1))
    assert [o.code for o in budget.why(first, actor=resident(1))] == ["already_voted"]
    budget.execute(AdvanceStage(), actor=OFFICER)
    budget.execute(ShortlistByVote(vote="preselection", seed=SEED), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    assert budget.why(first, actor=resident(1)) == ()
