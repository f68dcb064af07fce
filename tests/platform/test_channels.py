"""Votes that come in by many channels flow into one register, one count and one set of numbers."""

import logging
from datetime import date

import pytest

from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdmitItem,
    AdmitVoters,
    AwardItems,
    CastBallot,
    ConfirmPaperBallot,
    CountBallots,
    EnterPaperBallot,
    EnterTotals,
    Hands,
    ItemTotals,
    RecordAssembly,
    RecordHands,
    ReplaceBallot,
    SettlePaperBallot,
    ShortlistItem,
    SubmitItem,
    VoidCodes,
)
from partizipation_core.errors import Conflict, NotFound, Refused
from partizipation_core.values import Actor, ItemRef, Money, Role

OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)
STEWARD = Actor.of("kiezpatin-1", Role.STEWARD)


def codes_of(refused):
    return [one.code for one in refused.value.objections]


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def type_in(handle, paper, choices=(), *, by=(OFFICER, DEPUTY), **more):
    """Let two people type a paper in; the receipt of the second one holds the commitment."""
    handle.execute(EnterPaperBallot(paper=paper, choices=dict(choices), **more), actor=by[0])
    return handle.execute(
        ConfirmPaperBallot(paper=paper, choices=dict(choices), **more), actor=by[1]
    )


def codes(handle, count=3, batch="letters", **more):
    """Issue codes and read them off the sheet for the printing house."""
    fresh = handle.issue_codes(batch=batch, vote="vote", count=count, actor=OFFICER, **more)
    return [line.split(",")[2] for line in fresh.hand_over().splitlines()[1:]]


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


# --- the stories


@pytest.fixture
def kiez(town, clock):
    """Return a Kiezkasse that tries the hybrid vote: assembly, paper and online in one vote."""
    handle = town.open(
        "kiez-2027",
        "kiezkasse",
        actor=OFFICER,
        settings={
            "pot": "2100 EUR",
            "region": "Allende-Viertel",
            "channels": ["online", "paper", "hands"],
            "same_voter": "paper_wins",
            "quorum": 3,
        },
        schedule={
            "precheck": date(2027, 4, 1),
            "assembly": date(2027, 4, 20),
            "fund": date(2027, 4, 29),
        },
    )
    for ref, euros in {"swing": 900, "lamps": 700, "stage": 1500}.items():
        idea = SubmitItem(item=ItemRef(ref), title=ref.title(), cost=Money.euro(euros))
        handle.execute(idea, actor=resident("author"))
    clock.set(start_of_day(date(2027, 4, 1), handle.settings().timezone))
    for ref in ("swing", "lamps", "stage"):
        handle.execute(AdmitItem(item=ref), actor=OFFICER)
        handle.execute(ShortlistItem(item=ref), actor=OFFICER)
    clock.set(start_of_day(date(2027, 4, 20), handle.settings().timezone))
    handle.tick()
    return handle


def close(handle, clock, day=date(2027, 4, 29)):
    clock.set(start_of_day(day, handle.settings().timezone))
    handle.tick()


def test_a_kiez_votes_online_on_paper_and_by_hands_in_one_vote(kiez, clock):
    for name in ("anna", "bernd", "cem"):
        kiez.execute(CastBallot(choices={"swing": 1, "stage": -1}), actor=resident(name))
    type_in(kiez, "P-1", {"swing": 1, "lamps": 1})
    type_in(kiez, "P-2", validity="blank")
    type_in(kiez, "P-3", {"lamps": 1}, voter="bernd")  # his paper wins over his online ballot
    kiez.execute(AdmitVoters(people=["anna", "dora", "emil", "fatma"]), actor=STEWARD)
    close(kiez, clock)
    hands = {
        "swing": Hands(yes=3, no=1),
        "lamps": Hands(yes=4, no=0),
        "stage": Hands(yes=1, no=3),
    }
    kiez.execute(RecordHands(vote="assembly", present=4, hands=hands), actor=STEWARD)
    kiez.execute(CountBallots(vote="assembly"), actor=OFFICER)

    # Online only cem is left: anna came to the assembly, bernd sent a paper.
    assert kiez.turnout("assembly") == {"online": 1, "paper": 3, "hands": 4}
    fates = kiez.result("assembly").fates
    assert {ref: (fate.votes, fate.contra) for ref, fate in fates.items()} == {
        "swing": (1 + 1 + 3, 1),
        "lamps": (2 + 4, 0),
        "stage": (1, 1 + 3),
    }
    assert kiez.state().proposed == {"lamps": Money.euro(700), "swing": Money.euro(900)}
    numbers = kiez.reconciliation("assembly")
    assert numbers.problems == ()
    assert (numbers.channels["online"].cast, numbers.channels["online"].double) == (3, 2)
    assert (numbers.total.counted, numbers.total.blank, numbers.total.double) == (7, 1, 2)
    kiez.execute(AwardItems(amounts=kiez.state().proposed), actor=OFFICER)
    assert [fault for check in kiez.audit() for fault in check.faults] == []


def test_an_assembly_does_not_decide_alone_where_others_have_voted(kiez):
    kiez.execute(CastBallot(choices={"swing": 1}), actor=resident("anna"))
    with pytest.raises(Refused) as refused:
        kiez.execute(RecordAssembly(present=3), actor=STEWARD)
    assert codes_of(refused) == ["other_channels_used"]


def test_a_kiez_that_only_meets_needs_no_other_channel(town, clock):
    handle = town.open(
        "kiez-2027",
        "kiezkasse",
        actor=OFFICER,
        settings={"pot": "2100 EUR", "region": "Allende-Viertel"},
        schedule={"assembly": date(2027, 4, 20), "precheck": date(2027, 4, 1)},
    )
    close(handle, clock, date(2027, 4, 20))
    with pytest.raises(Refused) as refused:
        handle.execute(CastBallot(choices={}), actor=resident("anna"))
    assert "channel_closed" in codes_of(refused)
    handle.execute(AdmitVoters(people=["anna", "bernd"]), actor=STEWARD)
    with pytest.raises(Refused) as refused:
        handle.execute(RecordAssembly(present=3), actor=STEWARD)
    assert codes_of(refused) == ["present_unexplained"]
    handle.execute(RecordAssembly(present=3, note="Eine Karte fehlt."), actor=STEWARD)
    assert handle.turnout("assembly") == {"hands": 3}


def test_a_buergerhaushalt_counts_accounts_codes_paper_and_polling_places_together(budget):
    letters = codes(budget.handle, 3)
    budget.to_the_vote(fountain=600, bench=500)
    budget.cast("anna", "fountain")
    for code in letters[:2]:
        budget.cast_by_code(code.lower(), {"bench": 1})
    type_in(budget.handle, "P-1", {"bench": 1})
    people = ["dora", "emil", "fatma"]
    budget.execute(AdmitVoters(people=people, channel="urn", place="rathaus"), actor=OFFICER)
    budget.until("fund")
    totals = {"ballots": 3, "valid": 2, "invalid": 1, "votes": {"fountain": ItemTotals(votes=2)}}
    budget.execute(EnterTotals(vote="vote", place="rathaus", **totals), actor=OFFICER)
    result = budget.count()
    assert {ref: fate.votes for ref, fate in result.fates.items()} == {"fountain": 3, "bench": 3}
    assert budget.turnout("vote") == {"online": 1, "code": 2, "paper": 1, "urn": 3}
    assert budget.participation().kinds["ballots.vote"].people == 7
    (counted,) = (
        one.event for one in budget.journal() if type(one.event).__name__ == "BallotsCounted"
    )
    assert counted.ballots == 6  # one of the seven was invalid
    assert budget.reconciliation("vote").channels["code"].issued == 3
    assert budget.faults() == []
    budget.rebuild()
    assert budget.faults() == []
