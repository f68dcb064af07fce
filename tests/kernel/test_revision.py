"""Revising: other texts and places until the ballot; every text stays readable."""

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Money, Objection, rule
from partizipation_core.commands import (
    AcceptInvitation,
    CorrectItem,
    InviteCoauthor,
    LeaveItem,
    ReclassifyItem,
    ReviseItem,
    SaveDraft,
    WithdrawItem,
)
from partizipation_core.kernel.revision import revisions
from partizipation_core.kernel.state import Review

EDITABLE = ("submitted", "returned", "published", "in_review", "feasible", "shortlisted")


@pytest.fixture
def idea(budget):
    """Return a Bürgerhaushalt with one idea of Anna's, for 100 EUR."""
    budget.submit("i-1")
    return budget


def better(**changes):
    return ReviseItem(
        **{"item": "i-1", "title": "Bessere Bank", "cost": Money.euro(90), **changes}
    )


# --- who and when


def test_an_author_revises_and_every_text_stays_readable(idea):
    idea.do(better(text="Mit Lehne"), "anna")
    idea.do(better(title="Beste Bank", cost=None), "anna")
    item = idea.item("i-1")
    assert (item.revision, item.title, item.text, item.cost) == (3, "Beste Bank", "", None)
    told = [(one.revision, one.title, one.text) for one in revisions(idea.events, "i-1")]
    assert told == [(1, "Idea i-1", ""), (2, "Bessere Bank", "Mit Lehne"), (3, "Beste Bank", "")]


def test_nobody_else_revises(idea):
    assert idea.codes(better(), "bernd") == ["not_an_author"]


def test_an_office_corrects_only_with_a_reason_that_stays_with_the_text(idea):
    wrong = {"item": "i-1", "title": "Bank ohne Telefonnummer"}
    assert idea.codes(CorrectItem(**wrong, reason=" "), "moderator") == ["reason_missing"]
    idea.do(CorrectItem(**wrong, reason="Private Nummer im Titel"), "moderator")
    last = revisions(idea.events, "i-1")[-1]
    assert (last.revision, last.reason) == (2, "Private Nummer im Titel")
    assert idea.codes(CorrectItem(**wrong, reason="x"), "anna") == [
        "nothing_changes",
        "role_forbids",
    ]


def test_text_may_change_until_the_ballot_and_never_after(budget):
    allowed = set()
    for state in budget.definition.lifecycle.states:
        budget.put("i-1", state=state)
        if "state_forbids" not in budget.codes(better(), "anna"):
            allowed.add(state)
    assert allowed == set(EDITABLE)


def test_a_revision_is_checked_like_an_idea(idea):
    wrong = better(title=" ", text="x" * 10_001, cost=Money(0))
    assert idea.codes(wrong, "anna") == ["cost_not_positive", "text_too_long", "title_missing"]


def test_a_revision_changes_something(idea):
    same = ReviseItem(item="i-1", title="Idea i-1", cost=Money.euro(100))
    assert idea.codes(same, "anna") == ["nothing_changes"]


def test_the_offices_cost_is_not_the_authors_to_change(idea):
    idea.put("i-1", review=Review(outcome="feasible", statement=""), cost=Money.euro(250))
    assert idea.codes(better(), "anna") == ["cost_reviewed"]
    assert idea.codes(better(cost=Money.euro(250)), "anna") == []


# --- what the ballot pins


def test_the_paper_pins_price_and_revision(idea):
    idea.do(better(), "anna")
    idea.submit("i-2", cost=50)
    idea.advance("review")
    for ref in ("i-1", "i-2"):
        idea.shortlist(ref)
    idea.advance("vote")
    assert idea.procedure.papers["vote"] == {"i-1": Money.euro(90), "i-2": Money.euro(50)}
    assert idea.procedure.revisions["vote"] == {"i-1": 2, "i-2": 1}
    correction = CorrectItem(item="i-1", title="Anders", reason="x")
    assert {"frozen_on_ballot", "state_forbids"} <= set(idea.codes(correction, "moderator"))


# --- guards


@rule("guard", name="test/modest")
def modest(item, _view):
    """Ask for ideas that cost something and no more than 100 EUR."""
    if item.cost is None or item.cost > Money.euro(100):
        yield Objection("too_dear", {"item": item.ref})


@rule("guard", name="test/not_in_the_north")
def not_in_the_north(item, _view):
    """Ask for ideas from elsewhere than the north."""
    if item.area == "Nord":
        yield Objection("in_the_north", {"item": item.ref})


@pytest.fixture
def strict(play, host_with):
    """Return a procedure whose ideas must meet something when they are handed in."""
    guards = {"submit": [modest, not_in_the_north], "admit": not_in_the_north}
    form = BUERGERHAUSHALT.derive(key="strict", guards=guards)
    budget = play("strict", host=host_with(form), settings={"areas": ["Mitte", "Nord"]})
    budget.submit("i-1")
    return budget


def test_a_revision_still_meets_what_the_idea_had_to_meet(strict):
    assert strict.codes(better(cost=Money.euro(101)), "anna") == ["too_dear"]
    assert strict.codes(better(cost=Money.euro(99)), "anna") == []


def test_what_was_wrong_before_does_not_stop_a_revision(strict):
    strict.put("i-1", cost=Money.euro(500))
    assert strict.codes(better(cost=Money.euro(400)), "anna") == []


@pytest.mark.parametrize(
    ("state", "passed"),
    [
        ("draft", ()),
        ("submitted", ("submit",)),
        ("published", ("submit", "publish")),
        ("in_review", ("submit", "publish", "take_up")),
        ("feasible", ("submit", "publish")),
    ],
)
def test_what_every_item_in_a_state_has_been_through(state, passed):
    assert BUERGERHAUSHALT.lifecycle.passed(state) == passed


# --- another place


def move(**place):
    return ReclassifyItem(item="i-1", reason="Liegt auf der Grenze", **place)


def test_what_a_move_breaks_is_told_and_kept_until_it_is_mended(strict):
    (moved,) = strict.do(move(area="Nord"), "moderator")
    assert (moved.area, moved.conflicts) == ("Nord", ("in_the_north",))
    assert strict.item("i-1").conflicts == ("in_the_north",)
    strict.do(move(category="Grün"), "moderator")
    assert strict.item("i-1").conflicts == ("in_the_north",)
    strict.do(move(area="Mitte"), "moderator")
    assert strict.item("i-1").conflicts == ()


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (move(area="Süd"), ["area_unknown"]),
        (move(), ["nothing_changes"]),
        (move(area=""), ["nothing_changes"]),
        (ReclassifyItem(item="i-1", area="Nord", reason=""), ["reason_missing"]),
    ],
    ids=["unknown area", "nothing said", "nothing new", "no reason"],
)
def test_a_move_leads_somewhere_and_has_a_reason(strict, command, codes):
    assert strict.codes(command, "moderator") == codes


def test_what_stood_on_a_ballot_stays_where_it_is(voting):
    voting.become(stage="review")
    command = ReclassifyItem(item="a", area="Nord", reason="x")
    assert voting.codes(command, "moderator") == ["frozen_on_ballot"]


# --- co-authors


def together(budget):
    budget.do(InviteCoauthor(item="i-1", person="bernd"), "anna")
    budget.do(AcceptInvitation(item="i-1"), "bernd")
    return budget


def test_a_coauthor_revises_but_only_the_author_withdraws(idea):
    together(idea).do(better(), "bernd")
    assert idea.item("i-1").revision == 2
    assert idea.codes(WithdrawItem(item="i-1"), "bernd") == ["not_the_author"]
    assert idea.codes(WithdrawItem(item="i-1"), "anna") == []


def test_a_draft_is_written_together(budget):
    budget.do(SaveDraft(item="i-1"), "anna")
    together(budget).do(SaveDraft(item="i-1", title="Unsere Bank"), "bernd")
    assert (budget.item("i-1").author, budget.item("i-1").title) == ("anna", "Unsere Bank")


@pytest.mark.parametrize("accepted", [True, False], ids=["a co-author", "somebody invited"])
def test_whoever_leaves_revises_no_more(idea, accepted):
    idea.do(InviteCoauthor(item="i-1", person="bernd"), "anna")
    if accepted:
        idea.do(AcceptInvitation(item="i-1"), "bernd")
    idea.do(LeaveItem(item="i-1"), "bernd")
    assert (idea.item("i-1").coauthors, idea.item("i-1").invited) == ((), ())
    assert idea.codes(better(), "bernd") == ["not_an_author"]
    assert idea.codes(AcceptInvitation(item="i-1"), "bernd") == ["not_invited"]


@pytest.mark.parametrize(
    ("command", "actor", "codes"),
    [
        (InviteCoauthor(item="i-1", person="carla"), "bernd", ["not_the_author"]),
        (InviteCoauthor(item="i-1", person="anna"), "anna", ["already_an_author"]),
        (InviteCoauthor(item="i-1", person="bernd"), "anna", ["already_an_author"]),
        (AcceptInvitation(item="i-1"), "anna", ["not_invited"]),
        (LeaveItem(item="i-1"), "anna", ["not_a_coauthor"]),
    ],
    ids=["by a co-author", "the author", "twice", "uninvited", "the author leaves"],
)
def test_who_may_not_invite_join_or_leave_learns_why(idea, command, actor, codes):
    assert together(idea).codes(command, actor) == codes


def test_nobody_joins_when_there_is_nothing_left_to_write(idea):
    idea.put("i-1", state="forwarded", invited=("bernd",))
    assert idea.codes(AcceptInvitation(item="i-1"), "bernd") == ["text_closed"]
    assert idea.codes(InviteCoauthor(item="i-1", person="carla"), "anna") == ["text_closed"]
