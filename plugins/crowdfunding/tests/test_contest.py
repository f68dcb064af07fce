"""A contest on a real platform: pledges, match money, closing, prizes, payout."""

import pytest

from partizipation_core import Actor, Money
from partizipation_core.commands import AdvanceStage, PassOverItem, ShortlistItem, SubmitItem
from partizipation_core.money.books import Account
from partizipation_crowdfunding.contest.awarding import AwardPrizes
from partizipation_crowdfunding.contest.books import CASHIER, ContestBooks
from partizipation_crowdfunding.contest.closing import CancelCampaign, CloseRound
from partizipation_crowdfunding.contest.lifecycle import CAMPAIGN_LIFECYCLE
from partizipation_crowdfunding.contest.paying import (
    ChargeCampaign,
    DeliverCampaign,
    PayOutCampaign,
    RefundCampaign,
)
from partizipation_crowdfunding.contest.preparing import PrepareCampaign, ReadyCampaign
from partizipation_crowdfunding.contest.records import Pledge
from partizipation_crowdfunding.funding.rewards import Reward
from partizipation_crowdfunding.funding.terms import MODES, Terms
from partizipation_crowdfunding.payments.desk import work
from partizipation_crowdfunding.payments.reconciliation import catch_up, reconcile
from partizipation_crowdfunding.payments.simulated import SimulatedProvider, Trouble

EURO = Money.euro
KARLSRUHE = {"by": "per_pledge", "minimum": "10 EUR", "amount": "10 EUR"}
MUG = Reward(key="mug", title="Tasse", minimum=EURO(20), stock=2)


def backer(name):
    return Actor.of(name, "backer")


def test_karlsruhe_in_the_books_the_pot_is_empty_to_the_cent_and_never_below(contest):
    one = contest(pot="55 EUR", match=KARLSRUHE).live(brunnen=1_000, baum=1_000)
    for number, euros in enumerate([10, 9, 50, 10, 10, 10, 10]):
        one.pledge("brunnen" if number % 2 else "baum", f"b{number}", euros)
    shares = [pledge.matched.cents for pledge in one.handle.records(Pledge).values()]
    assert shares == [1000, 0, 1000, 1000, 1000, 1000, 500]
    assert one.handle.ledger().available() == Money(0)
    assert one.proved()


def test_a_share_of_a_pledge_taken_back_is_free_for_those_who_come_later(contest):
    one = contest(pot="10 EUR", match=KARLSRUHE).live(brunnen=1_000)
    first, second = one.pledge("brunnen", "a", 10), one.pledge("brunnen", "b", 10)
    one.cancel(first)
    third = one.pledge("brunnen", "c", 10)
    pledges = one.handle.records(Pledge)
    shares = [pledges[ref].matched for ref in (first, second, third)]
    assert shares == [Money(0), Money(0), EURO(10)]
    assert one.proved()


def test_heads_are_people_and_not_pledges_and_count_once_paid(contest):
    one = contest().live(brunnen=1_000)
    kept = one.pledge("brunnen", "a", 10)
    one.pledge("brunnen", "a", 20)
    one.pledge("brunnen", "b", 5, paid=False)
    assert (one.campaign("brunnen").heads, one.campaign("brunnen").secured) == (1, EURO(30))
    one.cancel(kept)
    assert one.campaign("brunnen").heads == 1
    assert one.backer("a").sums == {"brunnen": 2000}
    assert one.proved()


def test_a_reward_is_taken_while_its_payment_waits_and_comes_back_when_it_fails(contest):
    one = contest().live(rewards=[MUG], brunnen=1_000)
    one.pledge("brunnen", "a", 20, reward="mug")
    waiting = one.pledge("brunnen", "b", 20, reward="mug", paid=False)
    wanted = one.pledging("brunnen", "c", 20, reward="mug")
    assert one.refused(wanted, backer("c")) == ["reward_gone"]
    one.paid(waiting, "refused")
    assert one.refused(wanted, backer("c")) == []


@pytest.mark.parametrize(
    ("settings", "pledge", "code"),
    [
        ({"max_pledges": 1}, ("a", 5), "pledges_used_up"),
        ({"max_per_backer": "12 EUR"}, ("a", 5), "pledged_too_much"),
        ({"smallest_pledge": "5 EUR"}, ("b", 4), "pledge_too_small"),
        ({}, ("author-brunnen", 5), "own_campaign"),
    ],
)
def test_a_pledge_keeps_to_the_limits(contest, settings, pledge, code):
    one = contest(**settings).live(brunnen=1_000)
    one.pledge("brunnen", "a", 10)
    who, euros = pledge
    assert one.refused(one.pledging("brunnen", who, euros), backer(who)) == [code]


def test_nobody_pledges_or_cancels_for_others_or_after_the_window(contest):
    one = contest().live(brunnen=1_000)
    ref = one.pledge("brunnen", "a", 10)
    assert "not_your_pledge" in one.refused(one.pledging("brunnen", "a", 5), backer("b"))
    assert "not_your_pledge" in one.refused(one.cancelling(ref), backer("b"))
    one.advance()
    assert one.refused(one.cancelling(ref), backer("a")) == ["stage_over"]
    assert "stage_over" in one.refused(one.pledging("brunnen", "a", 5), backer("a"))


def test_a_fact_told_twice_changes_nothing_and_a_wrong_amount_is_refused(contest):
    one = contest().live(brunnen=1_000)
    ref = one.pledge("brunnen", "a", 10)
    before = len(one.handle.journal())
    one.paid(ref)
    assert len(one.handle.journal()) == before
    assert one.refused(one.noting(ref, "captured", EURO(11)), CASHIER) == ["payment_differs"]


def test_a_lump_is_promised_at_its_threshold_and_lost_below_it(contest):
    match = {"by": "threshold", "amount": "100 EUR", "heads": 2}
    one = contest(match=match).live(brunnen=1_000)
    one.pledge("brunnen", "a", 10)
    assert one.campaign("brunnen").lump == Money(0)
    second = one.pledge("brunnen", "b", 10)
    assert one.campaign("brunnen").lump == EURO(100)
    one.cancel(second)
    assert (one.campaign("brunnen").lump, one.handle.ledger().available()) == (
        Money(0),
        EURO(2_500),
    )
    assert one.proved()


@pytest.mark.parametrize(
    ("mode", "euros", "states"),
    [
        ("all_or_nothing", 999, ["failed"]),
        ("all_or_nothing", 1_000, ["successful"]),
        ("keep_it_all", 1, ["successful"]),
        ("start_level", 299, ["failed"]),
        ("start_level", 300, ["successful"]),
        ("two_rounds", 299, ["failed"]),
        ("two_rounds", 300, ["live", "successful"]),
    ],
)
def test_four_ways_of_funding_walk_one_lifecycle(contest, mode, euros, states):
    terms = Terms(mode=mode, goal=EURO(1_000), minimum=EURO(300))
    one = contest(modes=list(MODES)).live(brunnen=terms)
    one.pledge("brunnen", "a", euros)
    one.close()
    found = [one.states()["brunnen"]]
    if found == ["live"]:
        one.advance("second_round")
        one.pledge("brunnen", "b", 1)
        one.close()
        found.append(one.states()["brunnen"])
    assert found == states
    assert one.proved()


@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_closed_while_a_payment_waits(contest, mode):
    terms = Terms(mode=mode, goal=EURO(1_000), minimum=EURO(300))
    one = contest(modes=list(MODES)).live(brunnen=terms)
    one.pledge("brunnen", "a", 2_000)
    waiting = one.pledge("brunnen", "b", 10, paid=False)
    one.advance()
    assert one.refused(CloseRound()) == ["payments_waiting"]
    one.paid(waiting, "refused")
    assert one.refused(CloseRound()) == []


def test_every_state_of_a_campaign_leads_to_an_end():
    ends = {state for state, out in CAMPAIGN_LIFECYCLE.moves.items() if not out}
    assert {"delivered", "refunded"} <= ends
    for state in ("ready", "live", "successful", "failed", "charged", "paid_out"):
        assert CAMPAIGN_LIFECYCLE.moves[state]


def test_a_failed_campaign_gives_everything_back(contest):
    one = contest(match=KARLSRUHE).live(brunnen=1_000)
    ref = one.pledge("brunnen", "a", 10)
    one.close()
    assert one.handle.ledger().available() == EURO(2_500)
    assert one.refused(RefundCampaign(item="brunnen")) == ["payments_waiting"]
    one.paid(ref, "voided")
    one.give(RefundCampaign(item="brunnen"))
    assert one.states() == {"brunnen": "refunded"}
    assert one.proved()


def test_a_cancelled_campaign_fails_with_a_reason(contest):
    one = contest(match=KARLSRUHE).live(brunnen=1_000)
    one.pledge("brunnen", "a", 10)
    assert one.refused(CancelCampaign(item="brunnen", reason=" ")) == ["reason_missing"]
    one.give(CancelCampaign(item="brunnen", reason="Das Grundstück wurde verkauft."))
    assert one.states() == {"brunnen": "failed"}
    assert one.handle.ledger().available() == EURO(2_500)


def test_from_the_pledge_to_the_report(contest):
    one = contest(match=KARLSRUHE, fee_permille=40).live(brunnen=100)
    drawn = one.pledge("brunnen", "a", 90)
    lost = one.pledge("brunnen", "b", 10)
    one.close()
    assert one.refused(ChargeCampaign(item="brunnen")) == ["payments_waiting"]
    one.paid(drawn, "captured")
    one.paid(lost, "lost")
    one.give(ChargeCampaign(item="brunnen"))
    one.advance()
    one.advance()
    one.give(PayOutCampaign(item="brunnen"))
    assert one.campaign("brunnen").paid_out == Money(9_000 - 360 + 1_000)
    assert one.handle.ledger().balance(Account.PAID) == EURO(10)
    one.advance()
    assert one.refused(DeliverCampaign(item="brunnen", report="")) == ["campaign_report_missing"]
    one.give(DeliverCampaign(item="brunnen", report="Der Brunnen läuft."))
    assert one.states() == {"brunnen": "delivered"}
    assert one.proved()


def test_prizes_by_heads_come_from_the_pot_once(contest):
    prizes = {"by": "heads", "prizes": ["300 EUR", "200 EUR"], "ties": ["shared"]}
    one = contest(pot="500 EUR", prizes=prizes).live(brunnen=5, baum=5, bank=5)
    for item, people in {"brunnen": "abc", "baum": "ab", "bank": "a"}.items():
        for who in people:
            one.pledge(item, who, 5)
    one.close()
    one.advance()
    one.give(AwardPrizes())
    won = {ref: one.campaign(ref).prize for ref in ("brunnen", "baum", "bank")}
    assert won == {"brunnen": EURO(300), "baum": EURO(200), "bank": Money(0)}
    assert "prizes_given" in one.refused(AwardPrizes())
    assert one.proved()


def test_a_jury_gives_no_prize_to_a_campaign_that_failed(contest):
    prizes = {"by": "jury", "prizes": ["100 EUR"] * 2}
    one = contest(prizes=prizes).live(brunnen=5, baum=5)
    one.pledge("brunnen", "a", 5)
    one.close()
    one.advance()
    assert one.refused(AwardPrizes(named={"baum": EURO(100)})) == ["prize_not_eligible"]
    one.give(AwardPrizes(named={"brunnen": EURO(100)}))
    assert one.campaign("brunnen").prize == EURO(100)


def test_a_campaign_starts_only_with_a_goal_and_a_legitimation(contest):
    one = contest().live(brunnen=1_000)
    (ready,) = (ReadyCampaign(item="brunnen"),)
    assert "stage_over" in one.refused(ready)
    other = PrepareCampaign(item="brunnen", terms=Terms(mode="keep_it_all", goal=Money(0)))
    assert {"goal_missing", "mode_not_offered"} <= set(
        one.refused(other, Actor.of("author-brunnen", "resident"))
    )


def test_desk_and_procedure_agree_although_the_provider_misbehaves(contest):
    one = contest(match=KARLSRUHE).live(brunnen=100, baum=5_000)
    trouble = Trouble(unanswered=0.2, delayed=0.3, refused=0.1, repeated=0.3, dropped=0.3)
    provider = SimulatedProvider(b"sixteen bytes or more", seed=3, trouble=trouble)
    books = ContestBooks.of(one.handle)
    refs = [
        one.pledge(item, f"b{number}", 20, paid=False)
        for number in range(12)
        for item in ("brunnen", "baum")
    ]
    one.cancel(refs[0])

    def night():
        for _ in range(20):
            work(books, provider)
            provider.messages(0)  # all are lost: the reconciliation must do without
            catch_up(books, provider.statement())
            if not reconcile(books.orders(), provider.statement()):
                return True
        return False

    assert night()
    one.close()
    assert one.states() == {"brunnen": "successful", "baum": "failed"}
    assert night()
    one.give(ChargeCampaign(item="brunnen"))
    one.give(RefundCampaign(item="baum"))
    drawn = [line for line in provider.statement() if "captured" in line.facts]
    assert one.campaign("brunnen").captured == Money.total(line.amount for line in drawn)
    assert one.proved()


def test_the_contest_goes_through_all_its_stages(contest):
    one = contest().live(brunnen=10)
    one.pledge("brunnen", "a", 10)
    one.close()
    for _ in range(4):
        one.give(AdvanceStage())
    assert one.handle.state().stage == "reported"


def test_nobody_in_the_jury_decides_about_a_campaign_of_their_own(contest):
    one = contest(prizes={"by": "jury", "prizes": ["100 EUR"]})
    biased = Actor.of("author-brunnen", "jury")
    one.give(SubmitItem(item="brunnen", title="Brunnen"), Actor.of("author-brunnen", "resident"))
    one.advance()
    for choice in (ShortlistItem(item="brunnen"), PassOverItem(item="brunnen", reason="Nein.")):
        assert one.refused(choice, biased) == ["biased"]
        assert one.refused(choice, Actor.of("jury-2", "jury")) == []
    prize = AwardPrizes(named={"brunnen": EURO(100)})
    assert "own_campaign" in one.refused(prize, biased)
    assert "own_campaign" not in one.refused(prize)
