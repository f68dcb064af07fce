"""Assemblies: hands are shown item by item, and sums are fixed within the pot."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import Hands, RecordAssembly

FOR, AGAINST = Hands(yes=20, no=5, abstain=5), Hands(yes=5, no=20, abstain=5)


def test_given_an_assembly_when_put_down_then_hands_and_sums_are_kept(assembly):
    (recorded,) = assembly.do(
        RecordAssembly(present=30, hands={"a": FOR, "b": AGAINST}, sums={"a": Money.euro(80)}),
        "steward",
    )
    assert recorded.present == 30
    assert (assembly.item("a").hands, assembly.item("b").hands) == (FOR, AGAINST)
    assert assembly.procedure.proposed == {"a": Money.euro(80)}
    assert assembly.procedure.counted == ("assembly",)
    assert assembly.procedure.present == 30


@pytest.mark.parametrize(
    ("meeting", "codes"),
    [
        ({"present": 30, "hands": {"x": FOR}}, ["not_on_ballot"]),
        ({"present": 29, "hands": {"a": FOR}}, ["hands_exceed_present"]),
        ({"present": 30, "hands": {"a": Hands(yes=-1, no=2)}}, ["hands_exceed_present"]),
        ({"present": 30, "sums": {"a": Money.euro(10)}}, ["no_hands"]),
        ({"present": 30, "hands": {"a": AGAINST}, "sums": {"a": Money(1)}}, ["no_majority"]),
        (
            {"present": 30, "hands": {"a": Hands(yes=15, no=15)}, "sums": {"a": Money(1)}},
            ["no_majority"],
        ),
        ({"present": 30, "hands": {"a": FOR}, "sums": {"a": Money(0)}}, ["amount_not_positive"]),
        (
            {"present": 30, "hands": {"a": FOR}, "sums": {"a": Money.euro(1000, 1)}},
            ["over_the_pot"],
        ),
        (
            {
                "present": 10,
                "hands": {"a": AGAINST, "x": FOR},
                "sums": {"a": Money.euro(2000), "b": Money(-1)},
            },
            [
                "amount_not_positive",
                "hands_exceed_present",
                "hands_exceed_present",
                "no_hands",
                "no_majority",
                "not_on_ballot",
                "over_the_pot",
            ],
        ),
    ],
    ids=[
        "a stranger",
        "more hands than people",
        "fewer hands than none",
        "a sum without hands",
        "voted down",
        "as many for as against",
        "a sum of nothing",
        "a cent too much",
        "everything at once",
    ],
)
def test_minutes_that_do_not_add_up_are_refused(assembly, meeting, codes):
    assert assembly.codes(RecordAssembly(**meeting), "steward") == codes


def test_the_objection_to_a_sum_names_the_item_and_the_hands(assembly):
    meeting = RecordAssembly(present=30, hands={"a": AGAINST}, sums={"a": Money(1)})
    (objection,) = assembly.why(meeting, "steward")
    assert str(objection) == "no_majority(item=a, no=20, present=30, yes=5)"


@pytest.mark.parametrize(
    ("hands", "codes"),
    [(Hands(yes=20, no=0), []), (Hands(yes=19, no=0, abstain=11), ["no_majority"])],
    ids=["just two thirds", "one hand short"],
)
def test_a_town_may_ask_for_two_thirds_of_those_present(play, hands, codes):
    kiez = play("kiezkasse", rules={"majority": "core/two_thirds_of_present"})
    kiez.put("a", state="shortlisted")
    kiez.advance("assembly")
    meeting = RecordAssembly(present=30, hands={"a": hands}, sums={"a": Money.euro(5)})
    assert kiez.codes(meeting, "steward") == codes


def test_an_assembly_is_put_down_only_once(assembly):
    assembly.do(RecordAssembly(present=3), "steward")
    assert assembly.codes(RecordAssembly(present=3), "steward") == ["already_counted"]


def test_given_no_ballot_when_put_down_then_there_is_no_vote(assembly):
    assembly.become(papers={})
    assert assembly.codes(RecordAssembly(present=3), "steward") == ["no_open_vote"]


def test_fewer_people_than_none_cannot_even_be_written_down():
    with pytest.raises(ValueError, match="present"):
        RecordAssembly(present=-1)
