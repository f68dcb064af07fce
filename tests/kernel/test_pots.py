"""Pots: filled, cut, ring-fenced, and emptied at the end of the year."""

import pytest
from attrs import evolve

from partizipation_core import Money
from partizipation_core.commands import (
    AmendProcedure,
    AwardItems,
    CloseYear,
    FinishDelivery,
    FundPot,
    ReducePot,
    ReleaseReturned,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.errors import DefinitionError
from partizipation_core.money.books import Account
from partizipation_core.plugins.pinning import pin

NORTH = {"key": "north", "amount": "300 EUR", "areas": ["north"]}
MICRO = {"key": "micro", "amount": "100 EUR", "categories": ["micro"], "carry_over": True}
FREE = {"key": "bank", "sponsor": "Sparkasse", "amount": "50 EUR"}
ITEMS = {
    "a": {"area": "north", "category": ""},
    "b": {"area": "south", "category": "micro"},
    "c": {"area": "south", "category": ""},
    "d": {"area": "north", "category": "micro"},
}


def euros(**amounts):
    return {ref: Money.euro(amount) for ref, amount in amounts.items()}


@pytest.fixture
def budget(play):
    """A main pot of 1,000, one of 300 for the north, one of 100 for small things, 50 of a bank."""
    game = play(settings={"pots": [FREE, NORTH, MICRO]})
    for ref, place in ITEMS.items():
        game.put(ref, state="on_ballot", **place)
    game.become(stage="fund", counted=("vote",))
    return game


def left(game):
    return {pot: game.ledger.available(pot).cents // 100 for pot in game.ledger.pots}


def test_pots_are_filled_when_a_procedure_opens(budget):
    assert left(budget) == {"main": 1000, "bank": 50, "north": 300, "micro": 100}
    assert budget.ledger.total() == Money.euro(1_450)


DRAWN = {
    "kept money first": ({"a": 200}, {"north": 100, "main": 1000, "bank": 50, "micro": 100}),
    "then the sponsor's": ({"a": 320}, {"north": 0, "bank": 30, "main": 1000, "micro": 100}),
    "then the main pot": ({"a": 400}, {"north": 0, "bank": 0, "main": 950, "micro": 100}),
    "nothing kept for it": ({"c": 100}, {"bank": 0, "main": 950, "north": 300, "micro": 100}),
    "from several": ({"d": 450}, {"north": 0, "micro": 0, "bank": 0, "main": 1000}),
    "who has fewest pots first": (
        {"c": 1_050, "d": 350},
        {"main": 0, "bank": 0, "north": 0, "micro": 50},
    ),
}


@pytest.mark.parametrize(("wanted", "rest"), DRAWN.values(), ids=DRAWN)
def test_an_award_draws_first_on_money_that_is_kept_for_it(budget, wanted, rest):
    budget.do(AwardItems(amounts=euros(**wanted), reason="x"), "council")
    assert left(budget) == rest


def test_money_kept_for_one_thing_pays_for_nothing_else(budget):
    over = AwardItems(amounts={"c": Money.euro(1_050, 1)}, reason="x")
    (objection,) = budget.why(over, "council")
    assert str(objection) == "over_the_pot(left=105000, wanted=105001)"
    assert budget.codes(AwardItems(amounts=euros(c=1_050, a=301), reason="x"), "council") == [
        "over_the_pot"
    ]
    budget.do(AwardItems(amounts=euros(c=1_050, a=300, b=100), reason="x"), "council")
    assert budget.ledger.available() == Money(0)


def test_a_single_cent_is_drawn_from_the_next_pot(budget):
    amounts = {"a": Money.euro(300, 1), "b": Money(1)}
    budget.do(AwardItems(amounts=amounts, reason="x"), "council")
    held = {pot: budget.ledger.available(pot).cents for pot in budget.ledger.pots}
    assert held == {"north": 0, "bank": 4_999, "micro": 9_999, "main": 100_000}


def test_what_is_saved_goes_back_into_the_pots_it_came_from(budget):
    budget.do(AwardItems(amounts=euros(a=400), reason="x"), "council")
    budget.become(stage="implement")
    budget.do(StartDelivery(item="a"), "reviewer")
    budget.do(ReportProgress(item="a", percent=50, spent=Money.euro(350)), "reviewer")
    budget.do(ReportProgress(item="a", percent=60, spent=Money.euro(310)), "reviewer")
    assert budget.ledger.balance(Account.PAID, item="a") == Money.euro(310)
    budget.do(FinishDelivery(item="a"), "reviewer")
    assert budget.ledger.balance(Account.COMMITTED) == Money(0)
    assert budget.ledger.available() == Money.euro(1_450 - 310)
    assert budget.ledger.total() == Money.euro(1_450)


def test_a_pot_is_cut_only_by_what_nobody_was_promised(budget):
    budget.do(AwardItems(amounts=euros(c=1_000), reason="x"), "council")
    cut = ReducePot(amount=Money.euro(51), reason="Haushaltssperre")
    (objection,) = budget.why(cut, "officer")
    assert str(objection) == "pot_holds_less(amount=5100, left=5000, pot=main)"
    budget.do(ReducePot(amount=Money.euro(20), reason="Haushaltssperre"), "officer")
    budget.do(ReducePot(amount=Money.euro(30), reason="Haushaltssperre"), "officer")
    assert left(budget)["main"] == 0


@pytest.mark.parametrize("kind", [FundPot, ReducePot])
@pytest.mark.parametrize(
    ("cents", "codes"),
    [(1, []), (0, ["pot_amount_not_positive"]), (-1, ["pot_amount_not_positive"])],
)
def test_a_pot_is_filled_or_cut_by_a_cent_at_least(budget, kind, cents, codes):
    assert budget.codes(kind(amount=Money(cents), reason="x"), "officer") == codes


def test_a_sponsor_gives_more(budget):
    budget.do(FundPot(pot="bank", amount=Money.euro(5), reason="Spende"), "officer")
    assert left(budget)["bank"] == 55


def test_at_the_end_of_the_year_what_may_not_be_carried_over_lapses(budget):
    budget.do(AwardItems(amounts=euros(b=40), reason="x"), "council")
    (closed,) = budget.do(CloseYear(reason="2027"), "officer")
    acts = {one.pot: (one.act, one.amount.cents // 100) for one in closed.bookings}
    assert acts == {
        "north": ("lapse", 300),
        "micro": ("carry_over", 60),
        "bank": ("lapse", 50),
        "main": ("lapse", 1000),
    }
    assert budget.ledger.total() == Money.euro(40)
    assert budget.codes(CloseYear(reason=""), "officer") == ["nothing_to_close", "reason_missing"]


def test_nothing_is_released_where_nothing_came_back(budget):
    assert budget.codes(ReleaseReturned(reason="x"), "officer") == ["nothing_returned"]


def test_an_amendment_fills_or_cuts_the_pots(play, host):
    game = play()
    for pot, rest in {"1200 EUR": 1200, "700 EUR": 700}.items():
        wanted = pin(
            host.registry, "buergerhaushalt", settings={"pot": pot, "misfit": "skip"}, rules={}
        )
        game.do(AmendProcedure(definition=wanted, reason="Nachtrag"), "officer")
        game.definition = wanted
        assert left(game) == {"main": rest}
    game.commit("i-1", 600)
    less = pin(
        host.registry, "buergerhaushalt", settings={"pot": "599 EUR", "misfit": "skip"}, rules={}
    )
    cut = AmendProcedure(definition=less, reason="Sperre")
    assert game.codes(cut, "officer") == ["pot_holds_less"]


def test_an_amendment_adds_changes_and_drops_pots(play, host):
    game = play(settings={"pots": [FREE, NORTH]})
    wanted = pin(
        host.registry,
        "buergerhaushalt",
        settings={
            "pot": "1000.01 EUR",
            "misfit": "skip",
            "pots": [{**NORTH, "amount": "299.99 EUR"}, MICRO],
        },
        rules={},
    )
    (amended,) = game.do(AmendProcedure(definition=wanted, reason="Nachtrag"), "officer")
    booked = {one.pot: (one.act, one.amount.cents) for one in amended.bookings}
    assert booked == {
        "main": ("fund", 1),
        "north": ("reduce", 1),
        "micro": ("fund", 10_000),
        "bank": ("reduce", 5_000),
    }


def test_without_a_pot_nothing_is_booked_and_nothing_limited(play):
    game = play(settings={"pot": "1 EUR"})
    game.pinned = evolve(game.pinned, settings=evolve(game.pinned.settings, pot=None))
    game.put("c", state="on_ballot")
    game.become(stage="fund", counted=("vote",))
    (awarded,) = game.do(AwardItems(amounts=euros(c=10**6), reason="x"), "council")
    assert awarded.bookings == ()


WRONG = {
    "two of a key": [NORTH, NORTH],
    "the main pot": [{"key": "main"}],
    "no key": [{"key": "Nord Süd"}],
    "less than nothing": [{"key": "x", "amount": "-1 EUR"}],
}


@pytest.mark.parametrize("pots", WRONG.values(), ids=WRONG)
def test_pots_that_cannot_be_told_apart_are_refused(play, pots):
    with pytest.raises(DefinitionError, match=r"settings\.pots"):
        play(settings={"pots": pots})
