"""Links between items, and items that go on elsewhere."""

import pytest

from partizipation_core import Actor, Money
from partizipation_core.commands import (
    ForwardItem,
    HideItem,
    LinkItem,
    ReviseItem,
    SubmitItem,
    UnlinkItem,
)
from partizipation_core.kernel.dossier import INVERSE, Link, inverse
from partizipation_core.kernel.forwarding import handing_over
from partizipation_core.kernel.linking import Place, all_links, connected
from partizipation_core.kernel.state import Item


@pytest.fixture
def idea(budget):
    """Return a Bürgerhaushalt with one idea."""
    budget.submit("i-1")
    return budget


def link(procedure="p-2028", item="x", relation="becomes", **more):
    kind = UnlinkItem if more else LinkItem
    return kind(item="i-1", to_procedure=procedure, to_item=item, relation=relation, **more)


# --- links


@pytest.mark.parametrize("relation", INVERSE)
def test_every_relation_reads_back_as_itself(relation):
    there = Link(relation=relation, procedure="p-2", item="b")
    back = inverse(there, "p-1", "a")
    assert (back.procedure, back.item) == ("p-1", "a")
    assert inverse(back, "p-2", "b") == there


def test_a_link_is_kept_and_can_be_taken_back(idea):
    idea.do(link(), "officer")
    assert idea.item("i-1").links == (Link(relation="becomes", procedure="p-2028", item="x"),)
    assert idea.codes(link(), "officer") == ["already_linked"]
    assert idea.codes(link(relation="relates_to"), "officer") == []
    assert idea.codes(link(reason=" "), "officer") == ["reason_missing"]
    idea.do(link(reason="Verwechselt"), "officer")
    assert idea.item("i-1").links == ()
    assert idea.codes(link(reason="x"), "officer") == ["not_linked"]


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (link("p-2027", "i-1"), ["linked_to_itself"]),
        (link("p-2027", "nowhere"), ["item_unknown"]),
        (link("p-2028", "i-1"), []),
    ],
    ids=["itself", "nothing here", "its namesake elsewhere"],
)
def test_a_link_leads_to_something_else(idea, command, codes):
    assert idea.codes(command, "officer") == codes


def test_an_unknown_relation_is_no_relation():
    with pytest.raises(ValueError, match="cousin"):
        link(relation="cousin")


def item(ref, *links):
    told = tuple(Link(relation=r, procedure=p, item=i) for r, p, i in links)
    return Item(ref=ref, author="anna", title=ref, state="published", links=told)


def test_links_are_read_from_both_ends_once(idea):
    procedures = {
        "ideas": [item("i", ("becomes", "projects", "p"))],
        "projects": [item("p", ("comes_from", "ideas", "i"), ("results_in", "register", "r"))],
        "register": [item("r"), item("alone")],
    }
    links = all_links(procedures)
    assert links == {
        ("ideas", "i"): (Link(relation="becomes", procedure="projects", item="p"),),
        ("projects", "p"): (
            Link(relation="comes_from", procedure="ideas", item="i"),
            Link(relation="results_in", procedure="register", item="r"),
        ),
        ("register", "r"): (Link(relation="result_of", procedure="projects", item="p"),),
    }
    for start in (Place("ideas", "i"), Place("projects", "p"), Place("register", "r")):
        assert set(connected(links, start)) == set(links)
    assert connected(links, Place("register", "alone")) == (("register", "alone"),)


def test_a_circle_of_links_ends():
    circle = {"p": [item("a", ("relates_to", "p", "b")), item("b", ("relates_to", "p", "a"))]}
    assert connected(all_links(circle), Place("p", "a")) == (("p", "a"), ("p", "b"))


# --- forwarding


def forward(**to):
    return ForwardItem(item="i-1", reason="Zuständig ist der Kiezfonds", **to)


def test_to_another_office_with_a_reason(idea):
    (event,) = idea.do(forward(office=" Land Berlin "), "moderator")
    assert (event.office, event.handed_over) == ("Land Berlin", None)
    assert (idea.state("i-1"), idea.item("i-1").links) == ("forwarded", ())
    assert idea.item("i-1").reason == "Zuständig ist der Kiezfonds"
    assert list(handing_over("p-2027", 7, "moderator-1", event)) == []


def test_to_another_procedure_with_what_people_wrote(idea):
    idea.do(ReviseItem(item="i-1", title="Bank", text="Mit Lehne", cost=Money.euro(90)), "anna")
    (event,) = idea.do(forward(procedure="kiez"), "moderator")
    assert idea.item("i-1").links == (
        Link(relation="handed_to", procedure="kiez", item="p-2027:i-1"),
    )
    (following,) = handing_over("p-2027", 7, "moderator-1", event)
    enter = following.command
    assert (following.procedure, following.key) == ("kiez", "forwarded/p-2027/7")
    assert (following.actor.ref, following.actor.roles) == ("moderator-1", {"handover"})
    assert (enter.item, enter.author, enter.channel) == ("p-2027:i-1", "anna", "handover")
    assert (enter.title, enter.text, enter.cost) == ("Bank", "Mit Lehne", Money.euro(90))
    assert enter.origin == Link(relation="handed_from", procedure="p-2027", item="i-1")


def test_any_other_event_hands_nothing_over(idea):
    assert [one for event in idea.events for one in handing_over("p", 1, "x", event)] == []


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (forward(), ["one_destination"]),
        (forward(office="Amt", procedure="kiez"), ["one_destination"]),
        (forward(procedure="p-2027"), ["forwarded_to_itself"]),
        (forward(procedure="kiez"), []),
        (ForwardItem(item="i-1", office="Amt", reason=""), ["reason_missing"]),
    ],
    ids=["nowhere", "two ways", "to itself", "elsewhere", "no reason"],
)
def test_forwarding_leads_to_one_other_place(idea, command, codes):
    assert idea.codes(command, "moderator") == codes


def test_a_reference_that_would_be_too_long_elsewhere_is_named_at_once(budget):
    long = "i" * 118
    budget.submit(long)
    command = ForwardItem(item=long, procedure="kiez", reason="x")
    assert budget.codes(command, "moderator") == ["reference_malformed"]


def test_what_is_on_a_ballot_is_not_forwarded(voting):
    command = ForwardItem(item="a", office="Amt", reason="x")
    assert "state_forbids" in voting.codes(command, "moderator")


# --- the role of a procedure that hands over


def test_a_procedure_hands_in_and_does_nothing_else(idea):
    procedure = Actor.of("officer-1", "handover")
    assert idea.codes(SubmitItem(item="x", title="x"), procedure) == ["role_forbids"]
    assert idea.codes(HideItem(item="i-1", reason="x"), procedure) == ["role_forbids"]
