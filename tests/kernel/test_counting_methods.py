"""Methods: an assembly says on the spot how it counts, and what is put down must fit."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import ChooseMethod, Hands, NamePresenter, RecordAssembly

FOR = Hands(yes=20, no=5, abstain=5)


@pytest.mark.parametrize("method", ["hands", "cards", "paper"])
def test_given_a_method_of_yes_and_no_when_chosen_then_hands_are_put_down_as_before(
    assembly, method
):
    (chosen,) = assembly.do(ChooseMethod(method=method, hands=Hands(yes=18, no=3)), "steward")
    assert (chosen.vote, chosen.method) == ("assembly", method)
    sums = {"a": Money.euro(80)}
    assembly.do(RecordAssembly(present=30, hands={"a": FOR}, sums=sums), "steward")
    assert assembly.procedure.registers["assembly"].method.name == method
    assert assembly.item("a").hands == FOR


def test_given_points_when_put_down_then_sums_need_points_and_nobody_has_too_many(assembly):
    assembly.do(ChooseMethod(method="points", points=3), "steward")
    recorded = RecordAssembly(
        present=10, points={"a": 21, "b": 9}, sums={"a": Money.euro(80), "b": Money.euro(5)}
    )
    assembly.do(recorded, "steward")
    totals = assembly.procedure.registers["assembly"].meeting.votes
    assert {ref: one.given for ref, one in totals.items()} == {"a": 21, "b": 9}
    assert assembly.procedure.proposed == {"a": Money.euro(80), "b": Money.euro(5)}


@pytest.mark.parametrize(
    ("meeting", "codes"),
    [
        ({"present": 10, "points": {"a": 31}}, ["points_exceed_present"]),
        ({"present": 10, "points": {"a": 30}}, []),
        ({"present": 10, "points": {"a": 9, "b": -1}}, ["points_exceed_present"]),
        ({"present": 30, "hands": {"a": FOR}}, ["other_method"]),
        ({"present": 10, "points": {"x": 1}}, ["not_on_ballot"]),
        ({"present": 10, "points": {"a": 0}, "sums": {"a": Money(1)}}, ["no_majority"]),
        ({"present": 10, "points": {"a": 3}, "sums": {"b": Money(1)}}, ["no_hands"]),
        ({"present": 10, "points": {"a": 3}, "sums": {"a": Money.euro(1_001)}}, ["over_the_pot"]),
    ],
    ids=[
        "more points than there are",
        "just as many",
        "less than none",
        "hands all the same",
        "a stranger",
        "a sum without a point",
        "a sum for another",
        "over the pot",
    ],
)
def test_points_that_do_not_add_up_are_refused(assembly, meeting, codes):
    assembly.do(ChooseMethod(method="points", points=3), "steward")
    assert assembly.codes(RecordAssembly(**meeting), "steward") == codes


def test_points_that_nobody_chose_are_refused(assembly):
    meeting = RecordAssembly(present=10, points={"a": 3})
    assert assembly.codes(meeting, "steward") == ["other_method", "points_exceed_present"]


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (ChooseMethod(method="points"), ["method_points"]),
        (ChooseMethod(method="paper", points=2), ["method_points"]),
        (ChooseMethod(method="cards", hands=Hands(yes=5, no=5)), ["method_not_agreed"]),
    ],
    ids=["points without a number", "a number without points", "voted down"],
)
def test_a_choice_that_contradicts_itself_is_refused(assembly, command, codes):
    assert assembly.codes(command, "steward") == codes


def test_a_town_names_the_methods_and_the_first_one_holds_where_none_is_chosen(play):
    kiez = play("kiezkasse", settings={"assembly_methods": ["paper", "hands"]})
    kiez.put("a", state="shortlisted")
    kiez.advance("assembly")
    (refused,) = kiez.why(ChooseMethod(method="points", points=3), "steward")
    assert str(refused) == "method_not_offered(method=points, offered=paper, hands)"
    kiez.do(RecordAssembly(present=30, hands={"a": FOR}), "steward")


def test_with_other_channels_only_what_says_yes_or_no_can_be_counted(play):
    kiez = play("kiezkasse", settings={"channels": ["hands", "online"]})
    kiez.put("a", state="shortlisted")
    kiez.advance("assembly")
    points = ChooseMethod(method="points", points=3)
    assert kiez.codes(points, "steward") == ["method_unfit"]
    assert kiez.codes(ChooseMethod(method="paper"), "steward") == []


def test_nobody_chooses_the_method_that_suits_the_result(assembly):
    choose = ChooseMethod(method="paper")
    assembly.do(choose, "steward")
    assembly.do(ChooseMethod(method="hands"), "steward")  # the assembly thinks better of it
    assembly.do(RecordAssembly(present=3), "steward")
    assert assembly.codes(choose, "steward") == ["method_too_late"]


@pytest.mark.parametrize("who", ["anna", "officer"])
def test_only_who_leads_the_assembly_puts_the_method_down(assembly, who):
    assert "role_forbids" in assembly.codes(ChooseMethod(method="paper"), who)


# --- substitutes


def test_given_an_author_who_cannot_come_when_a_substitute_is_named_then_it_is_kept(assembly):
    assembly.put("a", state="on_ballot", author="anna")
    assembly.do(NamePresenter(item="a", person="carla"), "anna")
    assert assembly.item("a").presenter.named_by == "author"
    assembly.do(NamePresenter(item="a", person="dora"), "steward")
    presenter = assembly.item("a").presenter
    assert (presenter.person, presenter.named_by) == ("dora", "assembly")


@pytest.mark.parametrize(
    ("who", "person", "codes"),
    [
        ("bernd", "carla", ["not_the_author"]),
        ("anna", "anna", ["author_presents"]),
        ("anna", "carla", []),
    ],
    ids=["somebody else's idea", "oneself", "fine"],
)
def test_authors_name_others_for_their_own_ideas(assembly, who, person, codes):
    assembly.put("a", state="on_ballot", author="anna")
    assert assembly.codes(NamePresenter(item="a", person=person), who) == codes


def test_a_substitute_is_named_before_the_vote(assembly):
    assembly.put("a", state="on_ballot", author="anna")
    assembly.do(RecordAssembly(present=30, hands={"a": FOR}), "steward")
    command = NamePresenter(item="a", person="carla")
    assert assembly.codes(command, "anna") == ["presented_already"]
