"""What users complained about elsewhere, and what was found here: money and its delivery."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Money
from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdvanceStage,
    ApplyForGrant,
    AwardItems,
    CostLine,
    FinancingPlan,
    FundPot,
    Hands,
    Payee,
    PlanDelivery,
    RecordAssembly,
    ReportMilestone,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
)
from partizipation_core.errors import Conflict
from partizipation_core.kernel.progress import Milestone
from partizipation_core.platform import Platform
from partizipation_core.reports import accountability, render_accountability
from partizipation_core.texts import Wording
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
PATRON = Actor.of("patron-1", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)


@pytest.fixture
def kiez():
    """A Kiezkasse of 1,000 whose assembly approved a for 700 and b, which costs 500, for 300."""
    clock = FrozenClock(start_of_day(date(2027, 1, 4), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        handle = platform.municipality("11000000-tk").open(
            "kiez-2027",
            "kiezkasse",
            actor=OFFICER,
            settings={
                "pot": "1000 EUR",
                "region": "Musterkiez",
                "grants": {"start_needs_notice": False},
            },
        )
        for ref, euros in (("a", 700), ("b", 500)):
            idea = SubmitItem(item=ref, title=ref, cost=Money.euro(euros))
            handle.execute(idea, actor=ANNA)
        handle.execute(AdvanceStage(), actor=OFFICER)
        for ref in "ab":
            handle.execute(AdmitItem(item=ref), actor=OFFICER)
            handle.execute(ShortlistItem(item=ref), actor=OFFICER)
        handle.execute(AdvanceStage(), actor=OFFICER)
        sums = {"a": Money.euro(700), "b": Money.euro(300)}
        hands = dict.fromkeys("ab", Hands(yes=9, no=1))
        handle.execute(RecordAssembly(present=10, hands=hands, sums=sums), actor=PATRON)
        handle.execute(AdvanceStage(), actor=OFFICER)
        handle.execute(AwardItems(amounts=sums), actor=OFFICER)
        yield handle


def report(handle):
    return accountability(
        handle,
        Wording(),
        title="Kiez",
        municipality="Berlin",
        generated_at=handle.journal()[-1].at,
    )


def test_t31_the_next_best_gets_what_is_left_and_others_pay_the_rest(kiez):
    """T31: part-funding of the next best."""
    assert kiez.item("b").award == Money.euro(300) < kiez.item("b").cost
    assert kiez.ledger().available() == Money(0)
    lines = [CostLine(type="material", amount=Money.euro(500))]
    payee = Payee(name="Verein", iban="DE89370400440532013000")
    short = FinancingPlan(costs=lines, requested=Money.euro(300))
    (gap,) = kiez.why(ApplyForGrant(item="b", plan=short, payee=payee), actor=ANNA)
    assert str(gap) == "plan_does_not_add_up(funds=30000, total=50000)"
    whole = FinancingPlan(costs=lines, own=Money.euro(200), requested=Money.euro(300))
    kiez.execute(ApplyForGrant(item="b", plan=whole, payee=payee), actor=ANNA)


def test_t36_progress_is_a_weighted_mean_and_silence_is_not_zero(kiez):
    """T36: weights are never ignored, and where nobody has said anything, that is told."""
    assert report(kiez).percent is None
    assert "keine Angabe" in render_accountability(report(kiez))
    kiez.execute(AdvanceStage(), actor=OFFICER)
    kiez.execute(StartDelivery(item="a"), actor=ANNA)
    steps = [Milestone(key="x", title="Plan", weight=1), Milestone(key="y", title="Bau", weight=3)]
    kiez.execute(PlanDelivery(item="a", milestones=steps), actor=ANNA)
    kiez.execute(ReportMilestone(item="a", milestone="y"), actor=ANNA)
    assert kiez.item("a").delivery.percent == 75
    told = report(kiez)
    assert [line.percent for line in told.lines] == [75, None]
    assert told.percent == 700 * 75 // 1000


def test_t37_what_is_left_is_derived_and_never_counted(kiez):
    """T37: counts are derived; no counter is kept that a copy or a rebuild could carry along."""
    kiez.execute(AdvanceStage(), actor=OFFICER)
    kiez.execute(AbandonDelivery(item="b", reason="Regen"), actor=OFFICER)
    before = kiez.ledger()
    kiez.rebuild()
    after = kiez.ledger()
    assert (after.bookings, after.available()) == (before.bookings, Money.euro(300))
    assert not hasattr(kiez.state(), "committed")


def test_g4_a_retry_books_once(kiez):
    """G4: a retry is safe and gives the same receipt; another payload under its key is refused."""
    gift = FundPot(amount=Money.euro(50), reason="Spende")
    first = kiez.execute(gift, actor=OFFICER, key="k-1")
    assert kiez.execute(gift, actor=OFFICER, key="k-1") == first
    assert kiez.ledger().total() == Money.euro(1_050)
    with pytest.raises(Conflict):
        kiez.execute(FundPot(amount=Money.euro(51), reason="Spende"), actor=OFFICER, key="k-1")


def test_g13_accounts_of_every_pot_and_its_rest_are_what_was_put_in(kiez):
    """G13: the sum of all allocations and the rest are the pot, to the cent."""
    kiez.execute(AdvanceStage(), actor=OFFICER)
    kiez.execute(AbandonDelivery(item="b", reason="Regen"), actor=OFFICER)
    (pot,) = report(kiez).pots
    inside = (pot.available, pot.reserved, pot.committed, pot.paid, pot.returned)
    assert sum(inside) == pot.total == 100_000
    assert [check.ok for check in kiez.audit() if check.name == "books"] == [True]


def test_what_a_report_says_was_spent_is_what_the_books_say(kiez):
    """Seen in the report: it went on telling what was paid after some of it had come back."""
    (line,) = [one for one in report(kiez).lines if one.item == "a"]
    assert (line.planned, line.spent, line.kept) == (70_000, 0, 70_000)
