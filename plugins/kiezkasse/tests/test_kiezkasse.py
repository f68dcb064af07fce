"""The Kiezkasse, installed and played on a real platform."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdvanceStage,
    AwardItems,
    Hands,
    PutOnBallot,
    RecordAssembly,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
)
from partizipation_core.money.books import Account

OFFICER = Actor.of("officer-1", Role.OFFICER)
STEWARD = Actor.of("steward-1", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)
BERND = Actor.of("bernd", Role.RESIDENT)
AGREED = Hands(yes=20, no=3, abstain=2)


@pytest.fixture
def kiez():
    clock = FrozenClock(start_of_day(date(2027, 1, 4), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        yield platform.municipality("11000000-tk").open(
            "kiez-2027",
            "kiezkasse",
            settings={"pot": "1000 EUR", "region": "Musterkiez"},
            actor=OFFICER,
        )


def handed_in(kiez, ref, cost, actor):
    kiez.execute(SubmitItem(item=ref, title=ref.title(), cost=Money.euro(cost)), actor=actor)


def admit(kiez, ref):
    kiez.execute(AdmitItem(item=ref), actor=STEWARD)
    kiez.execute(ShortlistItem(item=ref), actor=STEWARD)


@pytest.fixture
def assembly(kiez):
    """Return a Kiezkasse in its assembly, with one idea on the ballot and one walk-in."""
    handed_in(kiez, "party", 600, ANNA)
    kiez.execute(AdvanceStage(), actor=OFFICER)
    admit(kiez, "party")
    kiez.execute(AdvanceStage(), actor=OFFICER)
    handed_in(kiez, "trees", 700, STEWARD)
    admit(kiez, "trees")
    kiez.execute(PutOnBallot(item="trees"), actor=STEWARD)
    return kiez


def test_from_the_first_idea_to_money_that_comes_back(assembly):
    minutes = RecordAssembly(
        present=25,
        hands={"party": AGREED, "trees": AGREED},
        sums={"party": Money.euro(600), "trees": Money.euro(400)},
    )
    assembly.execute(minutes, actor=STEWARD)
    assembly.execute(AdvanceStage(), actor=OFFICER)
    assembly.execute(AwardItems(amounts=minutes.sums), actor=OFFICER)
    assembly.execute(AdvanceStage(), actor=OFFICER)
    assert assembly.ledger().balance(Account.RESERVED) == Money.euro(1000)
    (objection,) = assembly.why(StartDelivery(item="party"), actor=ANNA)
    assert objection.code == "begun_before_notice"
    given_up = AbandonDelivery(item="party", reason="Regen")
    assembly.execute(given_up, actor=ANNA)
    assert assembly.ledger().bound() == Money.euro(400)
    assert [item.state for item in assembly.items()] == ["abandoned", "awarded"]
    assert all(check.ok for check in assembly.audit())


def test_money_is_granted_by_notice_and_accounted_for_by_the_tenth_of_december(kiez):
    wanted = kiez.settings().grants
    assert (wanted.required, wanted.use_within_months, wanted.cut_off) == (True, 2, "12-10")
    assert "food_and_catering" in wanted.excluded_costs


def test_an_assembly_cannot_fix_more_than_the_pot_holds(assembly):
    minutes = RecordAssembly(
        present=25,
        hands={"party": AGREED, "trees": AGREED},
        sums={"party": Money.euro(600), "trees": Money.euro(401)},
    )
    with pytest.raises(Refused, match="over_the_pot"):
        assembly.execute(minutes, actor=STEWARD)
    assert assembly.state().proposed == {}


def test_nobody_gives_up_what_somebody_else_carries_out(assembly):
    assembly.execute(
        RecordAssembly(present=25, hands={"party": AGREED}, sums={"party": Money.euro(600)}),
        actor=STEWARD,
    )
    assembly.execute(AdvanceStage(), actor=OFFICER)
    assembly.execute(AwardItems(amounts={"party": Money.euro(600)}), actor=OFFICER)
    assembly.execute(AdvanceStage(), actor=OFFICER)
    given_up = AbandonDelivery(item="party", reason="Weil ich kann")
    (objection,) = assembly.why(given_up, actor=BERND)
    assert objection.code == "not_the_author"


def test_the_office_departs_from_the_assembly_only_with_a_reason(assembly):
    assembly.execute(
        RecordAssembly(present=25, hands={"party": AGREED}, sums={"party": Money.euro(600)}),
        actor=STEWARD,
    )
    assembly.execute(AdvanceStage(), actor=OFFICER)
    less = {"party": Money.euro(500)}
    (objection,) = assembly.why(AwardItems(amounts=less), actor=OFFICER)
    assert objection.code == "departs_from_proposal"
    assert assembly.why(AwardItems(amounts=less, reason="Zweckbindung"), actor=OFFICER) == ()
