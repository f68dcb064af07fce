"""Delivery: how awarded items are carried out, and what becomes of money that is left."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import (
    AbandonDelivery,
    ChangeDelivery,
    FinishDelivery,
    ReportProgress,
    StartDelivery,
)


@pytest.fixture
def built(budget):
    """Return a Bürgerhaushalt in which item i-1, awarded 100 EUR, is being built."""
    budget.advance("implement")
    budget.put("i-1", state="awarded", award=Money.euro(100))
    budget.commit("i-1", 100)
    budget.do(StartDelivery(item="i-1"), "reviewer")
    return budget


def test_an_item_is_carried_out_step_by_step(built):
    assert built.state("i-1") == "in_progress"
    told = ReportProgress(item="i-1", percent=60, spent=Money.euro(70), note="Fundament steht")
    built.do(told, "reviewer")
    delivery = built.item("i-1").delivery
    assert (delivery.percent, delivery.spent) == (60, Money.euro(70))
    assert delivery.note == "Fundament steht"
    assert built.state("i-1") == "in_progress"
    built.do(FinishDelivery(item="i-1", spent=Money.euro(90)), "reviewer")
    assert built.state("i-1") == "done"
    assert built.item("i-1").delivery.percent == 100


def test_what_was_not_spent_goes_back_to_the_pot(built):
    (finished,) = built.do(FinishDelivery(item="i-1", spent=Money(9_001)), "reviewer")
    assert finished.released == Money(999)
    assert built.ledger.bound() == Money(9_001)


def test_what_is_given_up_gives_its_money_back(built):
    built.do(ReportProgress(item="i-1", percent=40, spent=Money.euro(30)), "reviewer")
    given_up = AbandonDelivery(item="i-1", reason="Leitung im Boden", spent=Money.euro(30))
    (abandoned,) = built.do(given_up, "reviewer")
    assert abandoned.released == Money.euro(70)
    item = built.item("i-1")
    assert (item.state, item.reason) == ("abandoned", "Leitung im Boden")
    assert (item.delivery.percent, item.delivery.spent) == (40, Money.euro(30))
    assert built.ledger.bound() == Money.euro(30)


def test_what_was_never_begun_can_be_given_up(budget):
    budget.advance("implement")
    budget.put("i-1", state="awarded", award=Money.euro(100))
    budget.commit("i-1", 100)
    budget.do(AbandonDelivery(item="i-1", reason="Genehmigung versagt"), "reviewer")
    assert budget.ledger.bound() == Money(0)


def test_a_change_of_plan_carries_its_reason_and_may_come_twice(built):
    assert built.codes(ChangeDelivery(item="i-1", reason=""), "reviewer") == ["reason_missing"]
    built.do(ChangeDelivery(item="i-1", reason="Kleiner"), "reviewer")
    built.do(ChangeDelivery(item="i-1", reason="Noch kleiner"), "reviewer")
    assert (built.state("i-1"), built.item("i-1").reason) == ("changed", "Noch kleiner")
    assert built.codes(ReportProgress(item="i-1", percent=10), "reviewer") == []


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (ReportProgress(item="i-1", percent=101), ["percent_out_of_range"]),
        (ReportProgress(item="i-1", percent=-1), ["percent_out_of_range"]),
        (ReportProgress(item="i-1", percent=100), []),
        (ReportProgress(item="i-1", percent=1, spent=Money(10_001)), ["spent_over_award"]),
        (ReportProgress(item="i-1", percent=1, spent=Money(-1)), ["spent_over_award"]),
        (FinishDelivery(item="i-1", spent=Money(10_001)), ["spent_over_award"]),
        (FinishDelivery(item="i-1", spent=Money(-1)), ["spent_over_award"]),
        (FinishDelivery(item="i-1", spent=Money(10_000)), []),
        (
            AbandonDelivery(item="i-1", reason="", spent=Money(10_001)),
            ["reason_missing", "spent_over_award"],
        ),
        (
            ReportProgress(item="i-1", percent=120, spent=Money(10_001)),
            ["percent_out_of_range", "spent_over_award"],
        ),
        (ReportProgress(item="nowhere", percent=1), ["item_unknown"]),
    ],
    ids=[
        "over 100 percent",
        "under 0 percent",
        "100 percent",
        "spent more than awarded",
        "spent less than nothing",
        "finished for more",
        "finished for less than nothing",
        "finished for the whole award",
        "given up for more, without a reason",
        "two faults",
        "no such item",
    ],
)
def test_reports_that_cannot_be_are_refused(built, command, codes):
    assert built.codes(command, "reviewer") == codes


@pytest.mark.parametrize("state", ["awarded", "done", "abandoned"])
def test_progress_is_told_only_of_what_is_under_way(built, state):
    built.put("i-1", state=state)
    told = ReportProgress(item="i-1", percent=10)
    assert built.codes(told, "reviewer") == ["not_running"]


@pytest.mark.parametrize(
    "command",
    [
        ReportProgress(item="i-1", percent=10),
        AbandonDelivery(item="i-1", reason="Keine Lust"),
        StartDelivery(item="i-1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_in_a_kiez_residents_carry_out_their_own_ideas_and_nobody_elses(play, command):
    kiez = play("kiezkasse", settings={"grants": {"start_needs_notice": False}})
    kiez.advance("implement")
    state = "awarded" if isinstance(command, StartDelivery) else "in_progress"
    kiez.put("i-1", state=state, award=Money.euro(100))
    assert kiez.codes(command, "bernd") == ["not_the_author"]
    assert kiez.codes(command, "anna") == []
    assert kiez.codes(command, "officer") == []
