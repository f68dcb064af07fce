"""Awards: who gets how much, and never a cent more than there is."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Money, Objection, rule
from partizipation_core.commands import (
    AbandonDelivery,
    AwardItems,
    CountBallots,
    FinishDelivery,
    StartDelivery,
)
from partizipation_core.kernel.award import ItemsAwarded

ALL = {"a": Money.euro(100), "b": Money.euro(200), "c": Money.euro(300)}


@pytest.fixture
def counted(voting):
    """Return a Bürgerhaushalt whose count proposes all three items, 600 of 1000 EUR."""
    voting.advance("fund")
    voting.do(CountBallots(vote="vote", seed="1"), "officer")
    voting.become(proposed=ALL)
    return voting


def test_given_a_count_when_awarded_as_proposed_then_one_event_tells_all(counted):
    (awarded,) = counted.do(AwardItems(amounts=ALL), "council")
    assert evolve(awarded, bookings=()) == ItemsAwarded(
        amounts=ALL, reserve=(), declined=(), reason=""
    )
    assert [counted.state(ref) for ref in "abc"] == ["awarded"] * 3
    assert counted.item("b").award == Money.euro(200)
    assert counted.ledger.bound() == Money.euro(600)


def test_what_is_neither_awarded_nor_in_reserve_is_declined(counted):
    command = AwardItems(amounts={"a": Money.euro(100)}, reserve=["b"], reason="Haushaltssperre")
    (awarded,) = counted.do(command, "council")
    assert awarded.declined == ("c",)
    assert [counted.state(ref) for ref in "abc"] == ["awarded", "reserve", "not_awarded"]


def test_given_a_reserve_when_money_comes_back_then_it_is_awarded(counted):
    most = {"b": Money.euro(200), "c": Money.euro(300)}
    counted.do(AwardItems(amounts=most, reserve=["a"], reason="Reihenfolge"), "council")
    counted.advance("implement")
    counted.do(AwardItems(amounts={"a": Money.euro(100)}), "council")
    assert counted.state("a") == "awarded"
    assert counted.ledger.bound() == Money.euro(600)


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (AwardItems(amounts={"a": Money.euro(100)}), ["departs_from_proposal"]),
        (AwardItems(amounts={**ALL, "a": Money(9_999)}), ["departs_from_proposal"]),
        (AwardItems(amounts={**ALL, "x": Money(1)}, reason="x"), ["item_unknown"]),
        (AwardItems(amounts=ALL, reserve=["x"]), ["item_unknown"]),
        (AwardItems(amounts=ALL, reserve=["a"]), ["awarded_and_reserve"]),
        (AwardItems(amounts={**ALL, "a": Money(0)}, reason="x"), ["amount_not_positive"]),
        (AwardItems(amounts={"c": Money.euro(1000, 1)}, reason="x"), ["over_the_pot"]),
        (
            AwardItems(amounts={"c": Money.euro(2000), "x": Money(-1)}, reserve=["c", "y"]),
            [
                "amount_not_positive",
                "awarded_and_reserve",
                "departs_from_proposal",
                "item_unknown",
                "item_unknown",
                "over_the_pot",
            ],
        ),
    ],
    ids=[
        "leaves out without a reason",
        "a cent less without a reason",
        "no such item",
        "no such item in reserve",
        "both",
        "nothing",
        "a cent too much",
        "everything at once",
    ],
)
def test_an_award_that_cannot_be_is_refused(counted, command, codes):
    assert counted.codes(command, "council") == codes


def test_what_is_over_the_pot_says_how_much_is_left(counted):
    counted.commit("x", 900)
    command = AwardItems(amounts={"a": Money.euro(100, 1)}, reason="x")
    (objection,) = counted.why(command, "council")
    assert objection == Objection("over_the_pot", {"wanted": 10_001, "left": 10_000})


def test_given_a_cap_when_an_item_gets_more_then_refused(play):
    budget = play(settings={"cap": "50 EUR"})
    budget.put("a", state="on_ballot")
    budget.become(stage="fund", counted=("vote",))
    assert budget.codes(AwardItems(amounts={"a": Money(5_001)}), "council") == ["over_the_cap"]
    assert budget.codes(AwardItems(amounts={"a": Money(5_000)}), "council") == []


def test_given_nothing_counted_when_awarded_then_refused(voting):
    voting.advance("fund")
    assert voting.codes(AwardItems(amounts=ALL), "council") == ["nothing_counted"]


def test_given_a_second_vote_nobody_counted_when_awarded_then_refused(counted):
    counted.put("z", state="on_ballot")
    papers = {**counted.procedure.papers, "vote.2": {"z": Money.euro(10)}}
    counted.become(papers=papers)
    (objection,) = counted.why(AwardItems(amounts=ALL), "council")
    assert str(objection) == "nothing_counted(items=z)"


@pytest.mark.parametrize("state", ["published", "awarded", "not_awarded", "done"])
def test_only_what_stands_on_the_ballot_or_in_reserve_is_awarded(counted, state):
    counted.put("a", state=state)
    command = AwardItems(amounts={"a": Money.euro(1)}, reason="x")
    assert counted.codes(command, "council") == ["state_forbids"]


def test_only_what_stands_on_the_ballot_is_kept_in_reserve(counted):
    counted.put("a", state="reserve")
    command = AwardItems(amounts={}, reserve=["a"], reason="x")
    assert counted.codes(command, "council") == ["state_forbids"]


@rule("award", name="test/generous")
def generous(_amounts, _proposed, _reason, _view):
    """Agree to everything."""
    return ()


def test_no_rule_lifts_the_pot(play, host_with):
    lax = BUERGERHAUSHALT.derive(key="lax", rules={"award": generous})
    budget = play("lax", host=host_with(lax), settings={"pot": "10 EUR"})
    budget.put("a", state="on_ballot")
    budget.become(stage="fund", counted=("vote",))
    command = AwardItems(amounts={"a": Money.euro(11)})
    assert budget.codes(command, "council") == ["over_the_pot"]


# --- whatever is asked, the money adds up


def undecided(game, wanted):
    items = game.world.items.items()
    return [ref for ref, item in items if item.state == "on_ballot" and ref not in wanted]


amounts = st.integers(min_value=-200, max_value=1_500).map(Money)
wishes = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), amounts, min_size=1), min_size=1, max_size=4
)


@settings(deadline=None)  # a busy machine is no wrong result
@given(pot=st.integers(min_value=1, max_value=3_000), wishes=wishes)
def test_awards_never_exceed_the_pot(counted_with, pot, wishes):
    game = counted_with(pot)
    for wanted in wishes:
        command = AwardItems(amounts=wanted, reserve=undecided(game, wanted), reason="x")
        if not game.why(command, "council"):
            game.do(command, "council")
        awarded = [item.award for item in game.world.items.values() if item.award]
        assert game.ledger.bound() == Money.total(awarded)
        assert Money(0) <= game.ledger.bound() <= Money(pot)


@settings(deadline=None)  # a busy machine is no wrong result
@given(
    awards=st.lists(st.integers(min_value=1, max_value=500), min_size=1, max_size=5),
    share=st.lists(st.integers(min_value=0, max_value=100), min_size=5, max_size=5),
    finishes=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_what_is_committed_and_what_came_back_is_what_was_awarded(
    counted_with, awards, share, finishes
):
    game = counted_with(2_500)
    wanted = {ref: Money(cents) for ref, cents in zip("abcdef", awards, strict=False)}
    game.do(AwardItems(amounts=wanted, reason="x"), "council")
    game.become(stage="implement")
    released = []
    for (ref, award), part, finish in zip(wanted.items(), share, finishes, strict=False):
        spent = Money(award.cents * part // 100)
        game.do(StartDelivery(item=ref), "reviewer")
        end = (
            FinishDelivery(item=ref, spent=spent)
            if finish
            else AbandonDelivery(item=ref, spent=spent, reason="x")
        )
        (event,) = game.do(end, "reviewer")
        assert event.spent + event.released == award
        released.append(event.released)
        total = game.ledger.bound() + Money.total(released)
        assert total == Money.total(wanted.values())
    assert game.ledger.bound() == Money.total(
        item.delivery.spent for item in game.world.items.values() if item.award
    )
