"""Grants: every step from every state, and what plans, notices and accounts must hold."""

from itertools import product
from pathlib import Path
from runpy import run_path

import pytest
from attrs import evolve

from partizipation_core import Actor, Money, Role
from partizipation_core.commands import (
    ApplyForGrant,
    ConfirmPayment,
    DraftNotice,
    ErasePayee,
    ExtendGrant,
    FileAccounts,
    SettleGrant,
    SupplyDocuments,
)
from partizipation_core.formats.cases import ENDED, GRANT_LIFECYCLE
from partizipation_core.formats.grants import GrantSettings
from partizipation_core.kernel.case import Accounts, FinancingPlan
from partizipation_core.kernel.grant.accounts import covered
from partizipation_core.kernel.payee import Payee, committed
from partizipation_core.money.books import Booking
from partizipation_core.money.costs import CostLine

MONEY = run_path(str(Path(__file__).with_name("permissions_money.py")))
OFFICE = Actor.of("office-9", Role.OFFICER)
AUTHOR = Actor.of("anna", Role.RESIDENT)
IBAN = "DE89370400440532013000"


def line(euros, kind="material"):
    return CostLine(type=kind, amount=Money.euro(euros))


@pytest.fixture
def kiez(play):
    """A Kiezkasse in which i-1 was awarded 100 EUR, reserved in the books."""
    game = play("kiezkasse")
    game.advance("implement")
    game.put("i-1", state="awarded", award=Money.euro(100))
    booked = Booking(
        pot="main",
        act="reserve",
        source="available",
        target="reserved",
        amount=Money.euro(100),
        item="i-1",
    )
    game.world = game.world.with_changes([booked])
    return game


def plan(*lines, requested=100, own=0, third_party=0):
    return FinancingPlan(
        costs=lines,
        own=Money.euro(own),
        third_party=Money.euro(third_party),
        requested=Money.euro(requested),
    )


def application(*lines, payee=None, **funds):
    given = payee or Payee(name="Verein", iban=IBAN)
    return ApplyForGrant(item="i-1", plan=plan(*lines, **funds), payee=given)


# --- the path

STEPS = {type(sample): sample for sample, _ in MONEY["CASES"] if type(sample) is not ApplyForGrant}
TRIGGERS = {
    "SupplyDocuments": ("supply",),
    "WithdrawGrant": ("withdraw",),
    "FileAccounts": ("file_accounts", "answer"),
    "RequestDocuments": ("request_documents",),
    "RefuseGrant": ("refuse",),
    "DraftNotice": ("draft",),
    "SignNotice": ("sign",),
    "RevokeGrant": ("revoke",),
    "OrderPayment": ("order", "order_rest"),
    "ReleasePayment": ("release",),
    "CancelPayment": ("cancel",),
    "ConfirmPayment": ("pay",),
    "QueryAccounts": ("query",),
    "SettleGrant": ("settle",),
    "ClaimRepayment": ("claim",),
    "RecordRepayment": ("repay",),
    "ExtendGrant": ("file_accounts", "answer"),
}


@pytest.mark.parametrize(
    "kind", [k for k in STEPS if k is not ErasePayee], ids=lambda k: k.__name__
)
def test_a_step_is_possible_in_just_the_states_from_which_the_path_leads_on(play, kind):
    game, sample = play("kiezkasse"), STEPS[kind]
    game.become(stage="implement")
    game.put("i-1", state="awarded", award=Money.euro(100))
    for state in GRANT_LIFECYCLE.states:
        MONEY["lay_out"](game, sample)
        game.put("i-1", author="anna", grant=MONEY["grant"](state))
        leads_on = any(GRANT_LIFECYCLE.next(state, t) for t in TRIGGERS[kind.__name__])
        codes = game.codes(sample, OFFICE)
        assert ("grant_state_forbids" in codes) != leads_on, state


def test_every_trigger_of_the_path_is_pulled_by_some_command():
    pulled = {trigger for triggers in TRIGGERS.values() for trigger in triggers}
    by_outcome = {"close", "claim", "repay_in_part"}
    assert pulled | by_outcome == set(GRANT_LIFECYCLE.triggers)


def test_table_and_machine_agree_for_every_state_and_trigger():
    for state, trigger in product(GRANT_LIFECYCLE.states, GRANT_LIFECYCLE.triggers):
        assert GRANT_LIFECYCLE.next(state, trigger) == GRANT_LIFECYCLE.fire(state, trigger)


def test_what_has_ended_leads_nowhere():
    assert {state for state, out in GRANT_LIFECYCLE.moves.items() if not out} == ENDED


def test_without_an_application_there_is_nothing_to_decide(kiez):
    for sample in STEPS.values():
        assert "no_application" in kiez.codes(sample, OFFICE)


def test_where_the_town_carries_out_nobody_applies(play):
    budget = play()
    budget.advance("implement")
    budget.put("i-1", state="awarded", award=Money.euro(100))
    assert budget.codes(application(line(100)), "anna") == ["no_grants_here"]


@pytest.mark.parametrize("kind", ["DraftNotice", "SignNotice", "ReleasePayment", "SettleGrant"])
def test_nobody_decides_on_a_case_of_their_own(play, kind):
    game = play("kiezkasse")
    game.become(stage="implement")
    game.put("i-1", state="awarded", award=Money.euro(100))
    sample = next(one for one in STEPS.values() if type(one).__name__ == kind)
    MONEY["lay_out"](game, sample)
    game.put("i-1", author="office-9")
    assert game.codes(sample, OFFICE) == ["own_case"]


# --- applications

PLANS = {
    "adds up": (application(line(100)), []),
    "with own funds": (application(line(150), own=30, third_party=20), []),
    "costs more": (application(line(101)), ["plan_does_not_add_up"]),
    "costs less": (application(line(99)), ["plan_does_not_add_up"]),
    "asks for more": (application(line(101), requested=101), ["requested_over_award"]),
    "asks for nothing": (application(line(10), own=10, requested=0), ["plan_amount_negative"]),
    "less than nothing": (application(line(90), own=-10), ["plan_amount_negative"]),
    "food": (application(line(60), line(40, "food_and_catering")), ["costs_excluded"]),
    "food from own funds": (
        application(line(100), line(40, "food_and_catering"), own=40),
        [],
    ),
    "wrong account": (
        application(line(100), payee=Payee(name=" ", iban="DE001")),
        ["iban_length", "payee_nameless"],
    ),
    "everything": (
        application(line(300, "deposits"), requested=200, own=-1, payee=Payee(name="", iban="x")),
        [
            "iban_malformed",
            "payee_nameless",
            "plan_amount_negative",
            "plan_does_not_add_up",
            "requested_over_award",
            "costs_excluded",
        ],
    ),
}


@pytest.mark.parametrize(("command", "codes"), PLANS.values(), ids=PLANS)
def test_an_application_is_checked_in_everything_at_once(kiez, command, codes):
    assert kiez.codes(command, "anna") == sorted(codes)


def test_a_share_of_the_costs_may_have_to_come_from_others(kiez):
    wanted = GrantSettings(own_share_percent=50)
    kiez.pinned = evolve(kiez.pinned, settings=evolve(kiez.pinned.settings, grants=wanted))
    assert kiez.codes(application(line(199), own=99), "anna") == ["own_share_too_small"]
    assert kiez.codes(application(line(200), own=60, third_party=40), "anna") == []


def test_the_journal_knows_of_the_payee_only_that_there_is_one(kiez):
    command = application(line(100))
    applied, entry = kiez.do(command, "anna")
    assert applied.payee == entry.ref == committed(command.payee, "5a" * 32)
    assert "Verein" not in repr(applied)
    assert "Verein" not in repr(command) + repr(entry)
    assert kiez.codes(command, "anna") == ["applied_already"]


def test_a_new_account_takes_the_place_of_the_old_one(kiez):
    kiez.do(application(line(100)), "anna")
    (old,) = kiez.payees
    kiez.put("i-1", grant=evolve(kiez.item("i-1").grant, state="documents_requested"))
    wrong = SupplyDocuments(item="i-1", payee=Payee(name="x", iban=IBAN[:-1] + "1"))
    assert kiez.codes(wrong, "anna") == ["iban_check_digits"]
    kiez.do(SupplyDocuments(item="i-1", payee=Payee(name="Bank", iban=IBAN)), "anna")
    (new,) = kiez.payees
    assert kiez.item("i-1").grant.payee == new != old


@pytest.mark.parametrize("euros", [0, -1, 101], ids=["nothing", "less", "more than asked"])
def test_no_more_is_granted_than_was_asked_for(kiez, euros):
    kiez.do(application(line(100)), "anna")
    draft = DraftNotice(item="i-1", amount=Money.euro(euros), text=" ")
    assert kiez.codes(draft, OFFICE) == ["granted_over_request", "notice_empty"]


# --- accounts

ACCOUNTS = {
    "all spent": ([line(100)], 0, 0, 100),
    "more spent": ([line(180)], 0, 0, 100),
    "less spent": ([line(70)], 0, 0, 70),
    "own funds first": ([line(120)], 50, 0, 70),
    "third parties first": ([line(120)], 0, 50, 70),
    "others paid all": ([line(50)], 40, 40, 0),
    "food does not count": ([line(60), line(40, "food_and_catering")], 0, 0, 60),
}


@pytest.mark.parametrize(("lines", "own", "third", "euros"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_a_grant_covers_the_gap_and_no_more(lines, own, third, euros):
    accounts = Accounts(
        report="x", receipts=lines, own=Money.euro(own), third_party=Money.euro(third), filed=1
    )
    grant = MONEY["grant"]("accounts_filed")
    notice = evolve(grant.notice, amount=Money.euro(100))
    found = covered(evolve(grant, accounts=accounts, notice=notice), ("food_and_catering",))
    assert found == Money.euro(euros)


@pytest.fixture
def filed(play):
    """A grant of 10 EUR, paid and accounted for in full."""
    game = play("kiezkasse")
    game.become(stage="implement")
    game.put("i-1", state="awarded", award=Money.euro(100))
    MONEY["lay_out"](game, STEPS[SettleGrant])
    return game


@pytest.mark.parametrize(
    ("recognised", "reason", "codes"),
    [
        (None, "", []),
        (Money.euro(10), "", []),
        (Money.euro(9), "", ["reason_missing"]),
        (Money.euro(9), "Beleg 3 unleserlich", []),
        (Money(1_001), "x", ["recognised_over_accounts"]),
        (Money(-1), "x", ["recognised_over_accounts"]),
    ],
    ids=["as filed", "the same", "less", "less with a reason", "more", "less than nothing"],
)
def test_less_is_recognised_only_with_a_reason(filed, recognised, reason, codes):
    command = SettleGrant(item="i-1", recognised=recognised, reason=reason)
    assert filed.codes(command, OFFICE) == codes


def test_accounts_need_a_report_and_come_after_the_payment(filed):
    filed.put("i-1", grant=MONEY["grant"]("granted"))
    empty = FileAccounts(item="i-1", report=" ", receipts=[], own=Money(-1))
    found = filed.codes(empty, OFFICE)
    assert found == ["payment_first", "plan_amount_negative", "report_missing"]


def test_more_time_ends_later_than_the_time_there_was(filed):
    filed.put("i-1", grant=evolve(MONEY["grant"]("running"), accounts_due=None))
    early = ExtendGrant(item="i-1", period="use", until=4, reason="Regen")
    assert filed.codes(early, OFFICE) == ["not_later"]
    none = ExtendGrant(item="i-1", period="accounts", until=9, reason="Regen")
    assert filed.codes(none, OFFICE) == ["no_such_period"]
    filed.do(ExtendGrant(item="i-1", period="use", until=9, reason="Regen"), OFFICE)
    assert filed.item("i-1").grant.use_by == 9


def test_payment_details_stay_until_the_case_is_over(filed):
    assert filed.codes(ErasePayee(item="i-1"), OFFICE) == ["grant_still_open"]
    filed.put("i-1", grant=evolve(MONEY["grant"]("closed"), payee=""))
    assert filed.codes(ErasePayee(item="i-1"), OFFICE) == ["payee_erased"]


def test_a_payment_starts_no_period_where_none_is_set(play):
    game = play("kiezkasse", settings={"grants": {"use_within_months": 0, "cut_off": ""}})
    wanted = game.pinned.settings.grants
    game.become(stage="implement")
    game.put("i-1", state="awarded", award=Money.euro(100))
    MONEY["lay_out"](game, STEPS[ConfirmPayment])
    game.pinned = evolve(game.pinned, settings=evolve(game.pinned.settings, grants=wanted))
    (paid,) = game.do(ConfirmPayment(item="i-1"), OFFICE)
    assert (paid.use_by, paid.accounts_due) == (None, None)
