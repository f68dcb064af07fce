"""Whole procedures on a real database, as towns hold them."""

from datetime import date

import pytest
from attrs import evolve

from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdvanceStage,
    AwardItems,
    CloseProcedure,
    FinishDelivery,
    Hands,
    PutOnBallot,
    RecordAssembly,
    ReportProgress,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.errors import NotFound, Refused
from partizipation_core.platform import Platform
from partizipation_core.values import Actor, Money, Role


def test_an_idea_becomes_a_fountain(budget):
    # given three ideas, reviewed and put on the ballot
    budget.to_the_vote(fountain=600, bench=500, swing=300)
    assert set(budget.states().values()) == {"on_ballot"}

    # when five people vote and one of them changes her mind
    for who, choice in zip("abcd", ["fountain", "fountain", "fountain", "bench"], strict=True):
        budget.cast(who, choice)
    budget.cast("e", "fountain", "bench")
    budget.replace("e", "bench", "swing")

    # then the ballots are counted, and the next that fits is funded with what is left
    result = budget.until("fund").count()
    assert result.funded == ("fountain", "swing")
    assert budget.turnout("vote") == {"online": 5}

    # and what the council awards is carried out, and what is saved goes back
    budget.award()
    assert budget.states() == {"fountain": "awarded", "swing": "awarded", "bench": "not_awarded"}
    assert budget.ledger().bound() == Money.euro(900)
    budget.until("implement")
    for command in (
        StartDelivery(item="fountain"),
        ReportProgress(item="fountain", percent=40, spent=Money.euro(200)),
        FinishDelivery(item="fountain", spent=Money.euro(550)),
        AbandonDelivery(item="swing", reason="Der Baugrund trägt nicht."),
    ):
        budget.execute(command, actor=budget.reviewer)
    assert budget.ledger().bound() == Money.euro(550)
    assert budget.item("fountain").delivery.spent == Money.euro(550)

    # and in the end nothing more can be done, and everything can be proved
    budget.execute(CloseProcedure(), actor=budget.officer)
    with pytest.raises(Refused, match="procedure_closed"):
        budget.execute(AdvanceStage(), actor=budget.officer)
    assert budget.faults() == []


PATRON = Actor.of("patron-1", Role.STEWARD)


def test_an_assembly_shares_the_pot_of_its_kiez(town, clock):
    officer = Actor.of("officer-1", Role.OFFICER)
    kiez = town.open(
        "kiez-2027",
        "kiezkasse",
        actor=officer,
        settings={"pot": "500 EUR", "region": "Musterkiez"},
        schedule={"precheck": date(2027, 3, 10), "assembly": date(2027, 3, 20)},
    )

    def do(command, actor=PATRON):
        kiez.execute(command, actor=actor)

    # given two ideas handed in before and one told in the assembly itself
    for ref, euros in (("trees", 300), ("party", 250)):
        do(SubmitItem(item=ref, title=ref, cost=Money.euro(euros)), Actor.of("a", Role.RESIDENT))
    clock.advance(days=10)
    for ref in ("trees", "party"):
        do(AdmitItem(item=ref), officer)
        do(ShortlistItem(item=ref), officer)
    clock.advance(days=10)
    do(SubmitItem(item="bees", title="Bienen", cost=Money.euro(100)))
    for step in (AdmitItem, ShortlistItem, PutOnBallot):
        do(step(item="bees"))

    # when hands are shown and sums fixed
    hands = {
        "trees": Hands(yes=20, no=3),
        "party": Hands(yes=12, no=11),
        "bees": Hands(yes=5, no=9),
    }
    sums = {"trees": Money.euro(300), "party": Money.euro(200)}
    too_much = {**sums, "party": Money.euro(201)}
    with pytest.raises(Refused, match="over_the_pot"):
        do(RecordAssembly(present=23, hands=hands, sums=too_much))
    do(RecordAssembly(present=23, hands=hands, sums=sums))

    # then the office grants just that
    do(AdvanceStage(), officer)
    with pytest.raises(Refused, match="departs_from_proposal"):
        do(AwardItems(amounts={"trees": Money.euro(300)}), officer)
    do(AwardItems(amounts=sums), officer)
    assert kiez.ledger().bound() == Money.euro(500)
    assert kiez.item("bees").state == "not_awarded"
    assert all(check.ok for check in kiez.audit())


def test_going_on_after_closing_the_file(budget, open_platform):
    budget.to_the_vote(fountain=600, bench=500)
    budget.cast("anna", "fountain")
    before = budget.state()
    open_platform().close()

    again = open_platform().municipality("12060052").procedure("budget-2027")
    assert again.state() == before
    budget.handle = again
    with pytest.raises(Refused, match="already_voted"):
        budget.cast("anna", "bench")
    budget.cast("ben", "bench")
    assert budget.turnout("vote") == {"online": 2}


def test_two_platforms_on_one_file_see_each_other(budget, open_platform):
    other = open_platform().municipality("12060052").procedure("budget-2027")
    budget.to_the_vote(fountain=600, bench=500)
    for mine, theirs, who in ((budget.handle, other, "a"), (other, budget.handle, "b")):
        budget.handle = mine
        budget.cast(who, "fountain")
        budget.handle = theirs
        with pytest.raises(Refused, match="already_voted"):
            budget.cast(who, "fountain")
    assert other.turnout("vote") == {"online": 2}
    assert other.journal() == budget.journal()


def test_towns_and_procedures_never_see_each_other(platform, new_budget):
    potsdam = new_budget(platform.municipality("12060052"))
    berlin = new_budget(platform.municipality("11000000"))
    next_year = new_budget(platform.municipality("12060052"), "budget-2028")
    potsdam.idea("fountain", title="Brunnen in Potsdam")
    for elsewhere in (berlin, next_year):
        assert elsewhere.items() == ()
        with pytest.raises(NotFound, match="no item 'fountain'"):
            elsewhere.item("fountain")
        with pytest.raises(Refused, match="item_unknown"):
            elsewhere.execute(WithdrawItem(item="fountain"), actor=potsdam.resident("author"))
    berlin.idea("fountain", title="Brunnen in Berlin")
    potsdam.until("review")
    berlin.tick()
    assert potsdam.item("fountain").title == "Brunnen in Potsdam"
    assert len(next_year.journal()) == 1


def test_the_same_person_has_another_tag_in_another_town(platform, new_budget, stored):
    towns = [new_budget(platform.municipality(key)) for key in ("12060052", "11000000")]
    for one in towns:
        one.idea("fountain")
    for stage in ("review", "vote"):
        for one in towns:
            one.until(stage)
            if stage == "review":
                one.shortlist("fountain")
    for one in towns:
        one.cast("anna", "fountain")
    (_, _, _, first), (_, _, _, second) = stored()["roll"]
    assert first != second
    assert b"anna" not in repr(stored()["box"]).encode()


def test_who_voted_stands_in_no_journal_and_no_box(budget, stored):
    budget.to_the_vote(fountain=600)
    budget.cast("anna.secret@example.org", "fountain", key="request-1")
    assert "anna.secret" not in repr(stored())
    assert [one for one in budget.journal() if "anna.secret" in repr(one)] == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda unknown: unknown.state(),
        lambda unknown: unknown.definition(),
        lambda unknown: unknown.audit(),
        lambda unknown: unknown.rebuild(),
        lambda unknown: unknown.execute(AdvanceStage(), actor=Actor.of("o", Role.OFFICER)),
        lambda unknown: unknown.why(AdvanceStage(), actor=Actor.of("o", Role.OFFICER)),
    ],
    ids=["state", "definition", "audit", "rebuild", "execute", "why"],
)
def test_a_procedure_that_was_never_opened_is_said_not_to_be_there(town, ask):
    with pytest.raises(NotFound, match="budget-1999"):
        ask(town.procedure("budget-1999"))


def test_the_journal_can_be_read_while_the_procedure_goes_on(host, clock, new_budget):
    with Platform(host=host, clock=clock) as in_memory:
        budget = new_budget(in_memory.municipality("12060052"))
        for line in budget.journal_lines():
            assert line.endswith(b"\n")
            budget.idea("fountain")


def test_an_opened_procedure_cannot_be_opened_again(budget, town, new_budget, stored):
    before = stored()
    with pytest.raises(Refused, match="procedure_exists"):
        new_budget(town)
    assert stored() == before


def test_what_observers_are_told_is_what_the_journal_holds(budget):
    receipt = budget.idea("fountain")
    told = budget.journal()[receipt.first - 1 : receipt.last]
    assert [type(one.event).__name__ for one in told] == ["ItemSubmitted", "ItemMoved"]
    assert {one.at for one in told} == {receipt.at}
    assert evolve(receipt, commitment="") == receipt
