"""Funds of other districts, each played once with its published figures, from its TOML example."""

from pathlib import Path

import pytest

from partizipation_core import Actor, Money, Platform, Role
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdmitItem,
    AdvanceStage,
    ApplyForGrant,
    AwardItems,
    CloseSitting,
    CostLine,
    DecideInBody,
    DeclareConflict,
    FinancingPlan,
    Hands,
    OpenSitting,
    Payee,
    RecordAssembly,
    SeatBody,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    VoteInBody,
)
from partizipation_core.configuration import read_configuration
from partizipation_core.counting import Lot
from partizipation_core.money.split import split
from partizipation_kiezkasse.jury import AnnounceJury, DrawJury, LotPot
from partizipation_kiezkasse.siblings import JUROR, jury_seats

TOWNS = Path(__file__).resolve().parents[3] / "examples" / "towns"
OFFICER = Actor.of("officer-1", Role.OFFICER)
CHAIR = Actor.of("chair", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)
PAYEE = Payee(name="Musterverein", iban="DE89370400440532013000")
BEFORE = Instant(1_798_000_000_000_000)  # December 2026


class Fund:
    """A fund of one town, played move by move, by hand instead of by dates."""

    def __init__(self, platform, town, ref):
        text = (TOWNS / f"{town}.toml").read_text(encoding="utf-8")
        config = read_configuration(text)[ref]
        municipality = platform.municipality("11000000")
        self.handle = municipality.open_configured(config, actor=OFFICER)

    def do(self, command, actor=OFFICER):
        self.handle.execute(command, actor=actor)

    def codes(self, command, actor=OFFICER):
        return [one.code for one in self.handle.why(command, actor=actor)]

    def ideas(self, **euros):
        for ref, cost in euros.items():
            self.do(SubmitItem(item=ref, title=ref, cost=Money.euro(cost)), ANNA)

    def admit(self, *refs):
        for ref in refs:
            self.do(AdmitItem(item=ref), CHAIR)
            self.do(ShortlistItem(item=ref), CHAIR)

    def next(self):
        self.do(AdvanceStage())

    def seat(self, number):
        self.jury = [f"j{n:02}" for n in range(number)]
        self.do(SeatBody(members=self.jury))

    def sit(self, present):
        self.do(OpenSitting(present=self.jury[:present]), CHAIR)

    def agree(self, item, euros, yes):
        for one in self.jury[:yes]:
            self.do(VoteInBody(item=item, choice="yes"), Actor.of(one, JUROR))
        self.do(DecideInBody(item=item, sum=Money.euro(euros)), CHAIR)

    def award(self, reason=""):
        self.do(CloseSitting(), CHAIR)
        self.next()
        return AwardItems(amounts=self.handle.state().proposed, reason=reason)

    def apply(self, item, cost, asked, own=0):
        lines = [CostLine(type="material", amount=Money.euro(cost))]
        plan = FinancingPlan(costs=lines, own=Money.euro(own), requested=Money.euro(asked))
        return ApplyForGrant(item=item, plan=plan, payee=PAYEE)


@pytest.fixture
def fund():
    with Platform(clock=FrozenClock(BEFORE)) as platform:
        yield lambda town, ref: Fund(platform, town, ref)


def test_lichtenberg_more_than_a_thousand_takes_a_reason_and_the_jury_sits_again(fund):
    kiez = fund("lichtenberg-kiezfonds", "kiezfonds-2027")
    kiez.ideas(fest=900, buehne=1_500)
    kiez.next()
    kiez.seat(jury_seats(12_400))
    kiez.admit("fest", "buehne")
    kiez.next()
    kiez.sit(8)
    kiez.agree("fest", 900, yes=5)
    kiez.agree("buehne", 1_500, yes=5)
    award = kiez.award()
    assert kiez.codes(award) == ["over_the_soft_cap"]
    kiez.do(AwardItems(amounts=award.amounts, reason="Die Technik ist sonst nicht zu mieten."))
    # rolling: while money is there, ideas come in and the jury sits again
    kiez.ideas(beete=1_000)
    kiez.admit("beete")
    kiez.do(AdvanceStage(edge="next_sitting", reason="Sitzung im März"))
    kiez.sit(6)
    kiez.agree("beete", 1_000, yes=4)
    kiez.do(kiez.award())
    assert kiez.handle.ledger().available() == Money.euro(13_000 - 900 - 1_500 - 1_000)
    assert all(check.ok for check in kiez.handle.audit())


def pots(residents, others, people=20):
    """Lay out two pots with so many seats."""
    return {
        "residents": LotPot(seats=residents, people=[f"r{n:02}" for n in range(people)]),
        "organisations": LotPot(seats=others, people=[f"o{n:02}" for n in range(8)]),
    }


def test_lichtenberg_draws_its_jury_in_public_and_anybody_can_draw_again(fund):
    kiez = fund("lichtenberg-kiezfonds", "kiezfonds-2027")
    kiez.next()
    draw = DrawJury(seed="4 9 17 23 31 42")
    assert kiez.codes(draw) == ["jury_not_announced"]
    kiez.do(AnnounceJury(pots=pots(8, 4), source="Lottozahlen vom 16. Januar 2027"))
    assert kiez.codes(DrawJury(seed=" ")) == ["jury_seed_missing"]
    kiez.do(draw)
    body = kiez.handle.state().body
    assert len(body.members) == jury_seats(12_400) == 12
    assert sum(one.startswith("r") for one in body.members) == 8
    assert not set(body.members) & set(body.substitutes)
    order = Lot("4 9 17 23 31 42").draw(pots(8, 4)["residents"].people).order
    assert set(order[:8]) < set(body.members)
    assert kiez.codes(draw) == ["jury_seated"], "nobody draws until they like it"
    assert all(check.ok for check in kiez.handle.audit())


@pytest.mark.parametrize(
    ("announced", "codes"),
    [
        (pots(6, 4), []),
        (pots(5, 4), ["jury_too_few_residents"]),
        (pots(12, 8, people=11), ["jury_pot_too_small"]),
        ({"residents": LotPot(seats=1, people=["a", "a"])}, ["jury_pots_repeat"]),
    ],
    ids=["just sixty percent", "fewer", "too few volunteers", "somebody twice"],
)
def test_lichtenberg_sixty_percent_of_the_seats_are_for_residents(fund, announced, codes):
    kiez = fund("lichtenberg-kiezfonds", "kiezfonds-2027")
    kiez.next()
    assert kiez.codes(AnnounceJury(pots=announced, source="Lotto")) == codes


def test_lichtenberg_intake_ends_by_itself_when_the_pot_is_empty(fund):
    kiez = fund("lichtenberg-kiezfonds", "kiezfonds-2027")
    kiez.ideas(fest=12_000)
    kiez.next()
    kiez.seat(12)
    kiez.admit("fest")
    kiez.next()
    kiez.sit(8)
    kiez.agree("fest", 12_000, yes=5)
    award = kiez.award()
    kiez.do(AwardItems(amounts=award.amounts, reason="Das Fest des ganzen Stadtteils"))
    kiez.next()
    assert kiez.handle.state().stage == "implement", "1,000 are left, so ideas may come in"
    kiez.ideas(beete=1_000)
    kiez.admit("beete")
    kiez.do(AdvanceStage(edge="next_sitting", reason="Sitzung im März"))
    kiez.sit(6)
    kiez.agree("beete", 1_000, yes=4)
    kiez.do(kiez.award())
    kiez.next()
    assert kiez.handle.state().stage == "settle"
    late = SubmitItem(item="spaet", title="Zu spät", cost=Money.euro(100))
    assert "stage_over" in kiez.codes(late, ANNA)


def test_lichtenberg_thirteen_funds_of_thirteen_thousand():
    shares = split(Money.euro(169_000), {f"stadtteil-{n}": 1 for n in range(13)})
    assert set(shares.amounts.values()) == {Money.euro(13_000)}


@pytest.mark.parametrize(
    ("residents", "seats"),
    [(4_000, 10), (9_999, 10), (12_400, 12), (15_000, 15), (40_000, 15)],
    ids=["small", "just below ten", "by residents", "just fifteen", "large"],
)
def test_lichtenberg_has_a_seat_for_each_thousand_residents(residents, seats):
    assert jury_seats(residents) == seats


def test_mitte_five_hundred_and_not_a_cent_more_and_one_may_begin_at_once(fund):
    kasse = fund("mitte", "stadtteilkasse-2027")
    assert kasse.handle.ledger().available() == Money.euro(5_000)
    kasse.ideas(tisch=500)
    kasse.next()
    kasse.seat(8)
    kasse.admit("tisch")
    kasse.next()
    kasse.sit(8)
    for one in kasse.jury[:5]:
        kasse.do(VoteInBody(item="tisch", choice="yes"), Actor.of(one, JUROR))
    more = DecideInBody(item="tisch", sum=Money.euro(500, 1))
    assert kasse.codes(more, CHAIR) == ["over_the_cap"]
    kasse.do(DecideInBody(item="tisch", sum=Money.euro(500)), CHAIR)
    kasse.do(kasse.award())
    kasse.next()
    assert kasse.codes(StartDelivery(item="tisch"), ANNA) == []


def test_mitte_ten_regions_of_five_thousand():
    shares = split(Money.euro(50_000), {f"region-{n}": 1 for n in range(10)})
    assert set(shares.amounts.values()) == {Money.euro(5_000)}


@pytest.mark.parametrize(
    ("ref", "award", "own", "refused"),
    [
        ("kiezkasse-2027", 2_000, 0, []),
        ("kiezfonds-2027", 4_000, 4_000, []),
        ("kiezfonds-2027", 4_000, 3_999, ["own_share_too_small"]),
        ("kiezfonds-2027", 4_000, 0, ["own_share_too_small"]),
    ],
    ids=["no own share", "just half", "a euro over half", "everything"],
)
def test_rathausblock_one_fund_pays_all_the_other_half(fund, ref, award, own, refused):
    block = fund("rathausblock", ref)
    block.ideas(hof=award + own)
    block.next()
    block.seat(9)
    block.admit("hof")
    block.next()
    block.sit(9)
    block.agree("hof", award, yes=5)
    block.do(block.award())
    assert block.codes(block.apply("hof", award + own, award, own), ANNA) == refused


def test_quartiersmanagement_19_of_28_and_13_of_19_and_a_biased_member_only_debates(fund):
    quarter = fund("quartiersmanagement", "projektfonds-2027")
    quarter.ideas(garten=20_000, zirkus=20_000, klein=4_999)
    quarter.next()
    quarter.seat(28)
    quarter.do(AdmitItem(item="klein"), CHAIR)
    assert quarter.codes(ShortlistItem(item="klein"), CHAIR) == ["below_the_least"]
    quarter.admit("garten", "zirkus")
    quarter.next()
    quarter.sit(18)
    assert quarter.codes(DecideInBody(item="garten"), CHAIR) == ["not_quorate"]
    quarter.sit(19)
    # 12 of 19 are not two thirds, 13 are
    biased = quarter.jury[18]
    quarter.agree("garten", 15_000, yes=13)
    quarter.do(DeclareConflict(item="zirkus", member=biased), CHAIR)
    vote = VoteInBody(item="zirkus", choice="yes")
    assert quarter.codes(vote, Actor.of(biased, JUROR)) == ["biased"]
    quarter.agree("zirkus", 15_000, yes=11)
    assert quarter.handle.state().sitting.sums == {"garten": Money.euro(15_000)}
    quarter.do(quarter.award())
    assert quarter.handle.item("zirkus").state == "not_awarded"


def test_reinickendorf_the_assembly_is_asked_and_the_jury_decides(fund):
    kiez = fund("reinickendorf", "kiezfonds-2027")
    kiez.ideas(fest=900, bank=700)
    kiez.next()
    kiez.admit("fest", "bank")
    kiez.next()
    hands = {"fest": Hands(yes=30, no=2), "bank": Hands(yes=4, no=20)}
    sums = RecordAssembly(present=40, hands=hands, sums={"fest": Money.euro(900)})
    assert kiez.codes(sums, CHAIR) == ["straw_poll"]
    kiez.do(RecordAssembly(present=40, hands=hands), CHAIR)
    kiez.next()
    # the jury may see it otherwise than those present
    kiez.seat(7)
    kiez.sit(7)
    kiez.agree("bank", 700, yes=5)
    kiez.do(DecideInBody(item="fest"), CHAIR)
    kiez.do(kiez.award())
    states = {item.ref: item.state for item in kiez.handle.items()}
    assert states == {"bank": "awarded", "fest": "not_awarded"}
    assert all(check.ok for check in kiez.handle.audit())


def test_the_example_of_treptow_koepenick_opens(fund):
    kiez = fund("treptow-koepenick", "kiezkasse-2027-090311")
    assert kiez.handle.ledger().available() == Money.euro(2_600)
    assert kiez.handle.settings().grants.cut_off == "12-10"
