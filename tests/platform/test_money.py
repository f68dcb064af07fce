"""Money in towns: real figures, from the pot to the last cent that came back."""

import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import end_of_day
from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdvanceStage,
    ApplyForGrant,
    AwardItems,
    ClaimRepayment,
    CloseProcedure,
    CloseYear,
    ConfirmPayment,
    DraftNotice,
    ErasePayee,
    FileAccounts,
    FinishDelivery,
    FundPot,
    Hands,
    OrderPayment,
    QueryAccounts,
    RecordAssembly,
    RecordRepayment,
    ReleasePayment,
    ReleaseReturned,
    RequestDocuments,
    SettleGrant,
    ShortlistItem,
    SignNotice,
    StartDelivery,
    SubmitItem,
    SupplyDocuments,
)
from partizipation_core.errors import NotFound, Refused, StorageError
from partizipation_core.kernel.case import FinancingPlan
from partizipation_core.kernel.payee import Payee
from partizipation_core.money.books import Account
from partizipation_core.money.costs import CostLine
from partizipation_core.reports import (
    PAYMENT_COLUMNS,
    account_rows,
    accountability,
    notice_text,
    payment_rows,
    printed_notice,
    render_accountability,
    to_csv,
)
from partizipation_core.texts import Wording
from partizipation_core.values import Actor, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, SECOND = (Actor.of(f"spk-{n}", Role.OFFICER) for n in (1, 2))
PATRON = Actor.of("patron-1", Role.STEWARD)
IBAN = "DE89 3704 0044 0532 0130 00"


class Kiez:
    """A Kiezkasse, played move by move; people are named by the item they handed in."""

    def __init__(self, town, ref, pot, **settings):
        self.handle = town.open(
            ref,
            "kiezkasse",
            actor=FIRST,
            settings={"pot": f"{pot} EUR", "region": "Musterkiez", **settings},
        )

    def __getattr__(self, name):
        return getattr(self.handle, name)

    def do(self, command, actor=FIRST):
        return self.handle.execute(command, actor=actor)

    def refused(self, command, actor=FIRST):
        with pytest.raises(Refused) as refused:
            self.do(command, actor)
        return [objection.code for objection in refused.value.objections]

    def until_assembly(self, **euros):
        for ref, cost in euros.items():
            idea = SubmitItem(item=ref, title=ref.title(), cost=Money.euro(cost))
            self.do(idea, Actor.of(f"author-{ref}", Role.RESIDENT))
        self.do(AdvanceStage())
        for ref in euros:
            self.do(AdmitItem(item=ref))
            self.do(ShortlistItem(item=ref))
        self.do(AdvanceStage())
        return self

    def approve(self, reserve=(), **euros):
        """Let the assembly fix sums and the office award them."""
        agreed = Hands(yes=20, no=3, abstain=2)
        sums = {ref: Money.euro(amount) for ref, amount in euros.items()}
        hands = dict.fromkeys((*euros, *reserve), agreed)
        self.do(RecordAssembly(present=25, hands=hands, sums=sums), PATRON)
        self.do(AdvanceStage())
        self.do(AwardItems(amounts=sums, reserve=reserve))
        return self

    def applicant(self, ref):
        return Actor.of(f"author-{ref}", Role.RESIDENT)

    def apply(self, ref, euros, *, own=0, **lines):
        costs = [CostLine(type=kind, amount=Money.euro(sum_)) for kind, sum_ in lines.items()]
        plan = FinancingPlan(costs=costs, own=Money.euro(own), requested=Money.euro(euros))
        payee = Payee(name="Nachbarschaft Musterkiez e. V.", iban=IBAN, address="Musterweg 1")
        return ApplyForGrant(item=ref, plan=plan, payee=payee)

    def pay(self, ref, euros, text="Bescheid"):
        """Grant and pay, every step that takes two people by two."""
        self.do(DraftNotice(item=ref, amount=Money.euro(euros), text=text), FIRST)
        self.do(SignNotice(item=ref), SECOND)
        self.do(OrderPayment(item=ref), FIRST)
        self.do(ReleasePayment(item=ref), SECOND)
        self.do(ConfirmPayment(item=ref), FIRST)

    def cents(self, account):
        return self.handle.ledger().balance(Account(account)).cents

    def faults(self):
        return [fault for check in self.handle.audit() for fault in check.faults]


@pytest.fixture
def new_kiez(platform):
    """Open a Kiezkasse: ``new_kiez("kiez-2027", 2100)``."""
    district = platform.municipality("11000000-tk")
    return lambda ref, pot, **settings: Kiez(district, ref, pot, **settings)


def test_allende_viertel_2016_what_got_no_permit_is_decided_on_again(new_kiez):
    """2,100 approved, 1,100 came back because two projects got no permits [ALL16]."""
    kiez = new_kiez("allende-2016", 2_100)
    kiez.until_assembly(garden=1_000, bench=600, path=500, fest=1_101, book=1_100)
    kiez.approve(garden=1_000, bench=600, path=500, reserve=("fest", "book"))
    assert kiez.ledger().available() == Money(0)

    kiez.do(AdvanceStage())
    for ref in ("bench", "path"):
        kiez.do(AbandonDelivery(item=ref, reason="Die Genehmigung wurde versagt."))
    assert kiez.ledger().available() == Money.euro(1_100)

    second = {"fest": Money.euro(1_101)}
    assert kiez.refused(AwardItems(amounts=second, reason="Restmittel")) == ["over_the_pot"]
    kiez.do(AwardItems(amounts={"book": Money.euro(1_100)}, reason="Restmittel"))
    assert kiez.ledger().available() == Money(0)
    assert kiez.ledger().bound() == kiez.ledger().total() == Money.euro(2_100)
    assert kiez.faults() == []


def test_lichtenberg_thirteen_kiezfonds_and_nothing_is_carried_over(platform):
    """13 Stadtteile x 13,000 (2023, 2025); money is not transferable [LI-K, LI-RR]."""
    district = platform.municipality("11000000-li")
    funds = [Kiez(district, f"kiezfonds-{n:02d}", 13_000) for n in range(1, 14)]
    ledgers = [fund.ledger() for fund in funds]
    assert Money.total(ledger.total() for ledger in ledgers) == Money.euro(169_000)

    fund = funds[0].until_assembly(trees=1_000).approve(trees=1_000)
    fund.do(CloseYear(reason="Haushaltsjahr 2027"))
    lapsed = fund.ledger().bookings[-1]
    assert (lapsed.act, lapsed.amount) == ("lapse", Money.euro(12_000))
    assert fund.ledger().total() == Money.euro(1_000)
    assert fund.refused(CloseYear(reason="noch einmal")) == ["nothing_to_close"]


def test_mitte_ten_funds_of_five_thousand_and_five_hundred_at_most(platform):
    """10 Bezirksregionen x 5,000, at most 500 each; one may start right away [MI-B, MI-N]."""
    district = platform.municipality("11000000-mi")
    quick = {"cap": "500 EUR", "grants": {"start_needs_notice": False}}
    funds = [Kiez(district, f"stk-{n:02d}", 5_000, **quick) for n in range(10)]
    assert Money.total(fund.ledger().total() for fund in funds) == Money.euro(50_000)

    fund = funds[0].until_assembly(bulbs=501, chess=500)
    agreed = Hands(yes=8, no=0)
    over = RecordAssembly(present=8, hands={"bulbs": agreed}, sums={"bulbs": Money.euro(501)})
    assert fund.refused(over, PATRON) == ["over_the_cap"]
    fund.approve(chess=500)
    fund.do(AdvanceStage())
    fund.do(StartDelivery(item="chess"), fund.applicant("chess"))


def test_what_may_be_carried_over_is_put_into_the_next_pot(new_kiez):
    kiez = new_kiez("kiez-2027", 500, carry_over=True)
    kiez.do(CloseYear(reason="Haushaltsjahr 2027"))
    assert kiez.ledger().bookings[-1].act == "carry_over"
    following = new_kiez("kiez-2028", 500)
    following.do(FundPot(amount=Money.euro(500), reason="Übertrag aus kiez-2027"))
    assert following.ledger().available() == Money.euro(1_000)


@pytest.fixture
def year(new_kiez):
    """A Kiezkasse of 2,600 in which two items were approved, 1,500 and 1,000."""
    kiez = new_kiez("kiez-2027", 2_600).until_assembly(garden=1_500, fest=1_000)
    return kiez.approve(garden=1_500, fest=1_000)


@pytest.fixture
def applied(year):
    """The year, with an application for the garden that was complete in the second try."""
    garden = year.applicant("garden")
    sheet = {"material": 1_600, "food_and_catering": 100}
    early = year.refused(StartDelivery(item="garden"), garden)
    assert early == ["begun_before_notice"]
    year.do(year.apply("garden", 1_500, own=200, **sheet), garden)
    year.do(RequestDocuments(item="garden", wanted=["Einverständnis der Eigentümerin"]))
    year.do(SupplyDocuments(item="garden", note="liegt bei"), garden)
    return year


@pytest.fixture
def paid(applied):
    applied.pay("garden", 1_500)
    return applied


def test_a_notice_is_written_from_the_data_completed_and_signed_by_a_second_officer(applied):
    item, wanted = applied.item("garden"), applied.settings().grants
    draft = notice_text(item, Money.euro(1_500), wanted, Wording())
    assert "1.500,00" in draft
    assert "10. Dezember" in draft
    assert "Nachbarschaft" not in draft
    text = draft.replace("[Hier ergänzen:", "Widerspruch ist binnen eines Monats möglich. [")
    applied.do(DraftNotice(item="garden", amount=Money.euro(1_500), text=text), FIRST)
    assert applied.refused(SignNotice(item="garden"), FIRST) == ["four_eyes"]
    applied.do(SignNotice(item="garden"), SECOND)
    letter = printed_notice(text, applied.payee("garden"))
    assert letter.startswith("Nachbarschaft Musterkiez")
    assert (applied.cents("reserved"), applied.cents("committed")) == (100_000, 150_000)


def test_a_payment_is_ordered_by_one_and_released_by_another_and_the_treasury_pays(applied):
    applied.do(DraftNotice(item="garden", amount=Money.euro(1_500), text="Bescheid"), FIRST)
    applied.do(SignNotice(item="garden"), SECOND)
    applied.do(OrderPayment(item="garden"), SECOND)
    assert applied.refused(ReleasePayment(item="garden"), SECOND) == ["four_eyes"]
    assert applied.payment_orders() == ()
    applied.do(ReleasePayment(item="garden"), FIRST)
    sheet = to_csv(payment_rows(applied.payment_orders()), PAYMENT_COLUMNS)
    (line,) = csv.DictReader(io.StringIO(sheet))
    assert (line["iban"], line["amount"]) == (IBAN, "1500.00")
    assert (line["ordered_by"], line["released_by"]) == ("spk-2", "spk-1")
    assert applied.cents("paid") == 0
    applied.do(ConfirmPayment(item="garden"))
    assert applied.payment_orders() == ()
    assert applied.cents("paid") == 150_000


def test_a_year_of_a_kiezkasse_from_payment_to_money_that_came_back(paid):
    # given a garden that is carried out and accounted for, food among the receipts
    garden = paid.applicant("garden")
    paid.do(AdvanceStage())
    paid.do(StartDelivery(item="garden"), garden)
    paid.do(FinishDelivery(item="garden"))
    receipts = [
        CostLine(type="material", amount=Money(145_050)),
        CostLine(type="food_and_catering", amount=Money(9_000)),
    ]
    proof = FileAccounts(
        item="garden", report="Beete gebaut", receipts=receipts, own=Money.euro(200)
    )
    paid.do(proof, garden)
    paid.do(QueryAccounts(item="garden", questions=["Welche Beete?"]))
    paid.do(proof, garden)

    # when it is settled, then what was too much is claimed and comes back
    paid.do(SettleGrant(item="garden"))
    grant = paid.item("garden").grant
    assert (grant.recognised, grant.claimed) == (Money(125_050), Money(24_950))
    paid.do(RecordRepayment(item="garden", amount=Money(24_950)))
    assert paid.item("garden").grant.state == "closed"
    assert paid.cents("returned") == 24_950

    # and it is there for a remainder round
    paid.do(ReleaseReturned(reason="Restmittelrunde im Herbst"))
    assert paid.ledger().available() == Money(10_000 + 24_950)
    assert paid.ledger().total() == Money.euro(2_600)
    assert paid.faults() == []


def test_who_never_began_accounts_for_nothing_and_pays_all_back(paid):
    """Accounts are due whether or not somebody has begun, and need no note of it."""
    assert paid.item("garden").state == "awarded"
    proof = FileAccounts(item="garden", report="Wir konnten nicht beginnen.", receipts=())
    paid.do(proof, paid.applicant("garden"))
    paid.do(SettleGrant(item="garden"))
    grant = paid.item("garden").grant
    assert (grant.recognised, grant.claimed) == (Money(0), Money.euro(1_500))
    paid.do(RecordRepayment(item="garden", amount=Money.euro(1_500)))
    assert (paid.item("garden").grant.state, paid.faults()) == ("closed", [])


def test_nothing_of_the_payee_is_left_once_the_details_are_erased(paid, stored):
    paid.do(ClaimRepayment(item="garden", reason="Nicht begonnen"))
    assert paid.refused(ErasePayee(item="garden")) == ["grant_still_open"]
    paid.do(RecordRepayment(item="garden", amount=Money.euro(1_500)))
    journal = repr(paid.journal())
    assert "Nachbarschaft" in repr(stored()["payee"])
    assert "Nachbarschaft" not in journal + repr({**stored(), "payee": ()})
    paid.do(ErasePayee(item="garden"))
    assert stored()["payee"] == []
    assert "DE893704" not in repr(stored())
    with pytest.raises(NotFound, match="no payment details"):
        paid.payee("garden")
    before = paid.ledger().bookings
    paid.rebuild()
    assert paid.ledger().bookings == before
    assert paid.faults() == []


def test_an_account_that_was_exchanged_behind_our_back_is_not_paid(applied, sql):
    applied.do(DraftNotice(item="garden", amount=Money.euro(1_500), text="Bescheid"), FIRST)
    applied.do(SignNotice(item="garden"), SECOND)
    applied.do(OrderPayment(item="garden"), FIRST)
    applied.do(ReleasePayment(item="garden"), SECOND)
    assert sql("UPDATE payee SET iban = 'DE02120300000000202051'") == 1
    with pytest.raises(StorageError, match="not the one that was committed to"):
        applied.payment_orders()


def test_periods_end_on_working_days_and_the_cut_off_day_stands(year, clock):
    # 2 March 2027 plus two months is a Sunday; 10 December stays what it is
    clock.advance(days=1)
    year.do(year.apply("garden", 1_500, material=1_500), year.applicant("garden"))
    year.pay("garden", 1_500)
    grant = year.item("garden").grant
    assert grant.use_by == end_of_day(date(2027, 5, 3), BERLIN)
    assert grant.accounts_due == end_of_day(date(2027, 12, 10), BERLIN)
    assert year.late_grants() == ()
    clock.set(grant.use_by)
    assert [(one.item, one.period) for one in year.late_grants()] == [("garden", "use")]
    clock.set(grant.accounts_due)
    assert [one.period for one in year.late_grants()] == ["use", "accounts"]
    receipts = [CostLine(type="material", amount=Money.euro(1_500))]
    proof = FileAccounts(item="garden", report="Beete", receipts=receipts)
    year.do(proof, year.applicant("garden"))
    assert year.item("garden").grant.accounts.late
    assert year.late_grants() == ()


def test_where_no_accounts_come_everything_is_claimed_back(year):
    year.do(year.apply("fest", 1_000, rent=1_000), year.applicant("fest"))
    year.pay("fest", 1_000)
    year.do(ClaimRepayment(item="fest", reason="Kein Nachweis bis zum 10. Dezember"))
    assert year.item("fest").grant.claimed == Money.euro(1_000)
    year.do(RecordRepayment(item="fest", amount=Money.euro(400)))
    over = RecordRepayment(item="fest", amount=Money(60_001))
    assert year.refused(over) == ["repaid_over_claim"]
    year.do(RecordRepayment(item="fest", amount=Money.euro(600)))
    assert (year.item("fest").grant.state, year.cents("returned")) == ("closed", 100_000)


def test_in_a_reimbursing_fund_accounts_come_first(new_kiez):
    kiez = new_kiez("kiez-2027", 1_000, grants={"payout": "reimbursement"})
    kiez.until_assembly(garden=800).approve(garden=800)
    kiez.do(kiez.apply("garden", 800, material=800), kiez.applicant("garden"))
    kiez.do(DraftNotice(item="garden", amount=Money.euro(700), text="Bescheid"), FIRST)
    kiez.do(SignNotice(item="garden"), SECOND)
    assert kiez.ledger().available() == Money.euro(300)
    assert kiez.refused(OrderPayment(item="garden")) == ["accounts_first"]
    receipts = [CostLine(type="material", amount=Money.euro(650))]
    proof = FileAccounts(item="garden", report="Beete", receipts=receipts)
    kiez.do(proof, kiez.applicant("garden"))
    kiez.do(SettleGrant(item="garden"))
    assert kiez.ledger().available() == Money.euro(350)
    kiez.do(OrderPayment(item="garden"), FIRST)
    kiez.do(ReleasePayment(item="garden"), SECOND)
    kiez.do(ConfirmPayment(item="garden"))
    assert (kiez.item("garden").grant.state, kiez.cents("paid")) == ("closed", 65_000)
    assert kiez.faults() == []


def test_the_public_reads_what_became_of_every_cent(year, clock):
    year.do(year.apply("garden", 1_500, material=1_500), year.applicant("garden"))
    year.pay("garden", 1_500, text="Bescheid an <b>Anna</b>")
    report = accountability(
        year.handle,
        Wording(),
        title="Kiezkasse Musterkiez",
        municipality="Treptow-Köpenick",
        generated_at=clock.now(),
    )
    (pot,) = report.pots
    assert (pot.total, pot.available, pot.reserved, pot.paid) == (
        260_000,
        10_000,
        100_000,
        150_000,
    )
    lines = {row["item"]: row for row in account_rows(report)}
    assert (lines["garden"]["spent"], lines["garden"]["percent"]) == (150_000, None)
    assert lines["fest"]["kept"] == 100_000
    page = render_accountability(report)
    assert "keine Angabe" in page
    assert "2.600,00" in page
    for secret in ("Nachbarschaft", "DE89", "author-garden", "spk-1"):
        assert secret not in page + to_csv(account_rows(report), list(lines["garden"]))


def test_a_sponsor_adds_to_a_pot_of_its_own_that_only_its_cause_draws_on(platform):
    """Wuppertal: 100,000 of the town and 110,000 of sponsors; here for one category."""
    pots = [{"key": "micro", "amount": "20 EUR", "categories": ["micro"], "sponsor": "Stadtwerke"}]
    town = platform.municipality("05124000")
    budget = town.open(
        "bb-2027",
        "buergerhaushalt",
        actor=FIRST,
        settings={"pot": "100000 EUR", "misfit": "skip", "pots": pots},
    )
    budget.execute(FundPot(pot="micro", amount=Money.euro(109_980), reason="Spende"), actor=FIRST)
    assert budget.ledger().total() == Money.euro(210_000)
    assert budget.ledger().available("micro") == Money.euro(110_000)
    lost = FundPot(pot="macro", amount=Money(0), reason="")
    codes = [objection.code for objection in budget.why(lost, actor=FIRST)]
    assert codes == ["reason_missing", "pot_unknown", "pot_amount_not_positive"]


def test_eberswalde_who_was_awarded_money_sits_out_three_years(town, clock):
    """The beneficiary is barred for three years, except the town itself [EB-P]."""
    winners = {"club": 2024, "school": 2024, "choir": 2023}
    budget = town.open(
        "bb-2027",
        "buergerhaushalt",
        actor=FIRST,
        settings={
            "pot": "100000 EUR",
            "misfit": "skip",
            "cooling_off": {"years": 3, "winners": winners, "exempt": ["school"]},
        },
    )
    idea = SubmitItem(item="i-1", title="Bank", cost=Money.euro(100))
    told = {who: budget.why(idea, actor=Actor.of(who, Role.RESIDENT)) for who in (*winners, "x")}
    assert [who for who, found in told.items() if found] == ["club"]
    (objection,) = told["club"]
    assert (objection.code, objection.params["year"]) == ("cooling_off", "2028")


def test_who_won_is_found_in_earlier_procedures(year, platform):
    year.do(AdvanceStage())
    year.do(AbandonDelivery(item="fest", reason="Regen"))
    year.do(CloseProcedure())
    assert platform.municipality("11000000-tk").winners() == {"author-garden": 2027}


def test_payees_are_listed_and_erased_once_their_grant_and_the_procedure_are_over(paid, stored):
    paid.do(ClaimRepayment(item="garden", reason="Nicht begonnen"))
    paid.do(RecordRepayment(item="garden", amount=Money.euro(1_500)))
    assert paid.overdue() == ()
    while paid.handle.why(CloseProcedure(), actor=FIRST):
        paid.do(AdvanceStage())
    paid.do(CloseProcedure())
    assert [(one.table, one.rows) for one in paid.overdue()] == [("payee", 1)]
    paid.handle.erase_overdue(actor=FIRST)
    assert paid.overdue() == ()
    assert "DE893704" not in repr(stored())
    assert paid.faults() == []
