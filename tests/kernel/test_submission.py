"""Handing in: by oneself, through an office, as a draft first; numbers, places, attachments."""

from datetime import date
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, DefinitionError, Money, Objection, rule
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    Attachment,
    EnterItem,
    PublishItem,
    ResubmitItem,
    ReturnItem,
    SaveDraft,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.kernel.visibility import public, visible_to

OFFICE = Actor.of("office", "moderator", "officer")
PLAN = Attachment(
    name="Lageplan.pdf",
    media_type="application/pdf",
    sha256=sha256(b"plan").hexdigest(),
    size=4,
)


@pytest.fixture
def screened(play):
    """Return a Bürgerhaushalt whose ideas wait for the office."""
    return play(settings={"screening": True})


@pytest.fixture
def ordered(play):
    """Return a Bürgerhaushalt with closed lists of areas and categories."""
    return play(settings={"areas": ["Mitte", "Nord"], "categories": ["Verkehr", "Grün"]})


# --- through an office


@pytest.mark.parametrize("channel", ["paper", "email", "assembly"])
def test_an_office_hands_in_for_somebody_and_both_are_named(budget, channel):
    enter = EnterItem(item="i-1", title="Bank am See", channel=channel, author="anna")
    budget.do(enter, OFFICE)
    item = budget.item("i-1")
    assert (item.author, item.submitted_by, item.channel) == ("anna", "office", channel)
    assert item.state == "published"
    assert budget.codes(WithdrawItem(item="i-1"), "anna") == []


def test_an_office_may_have_an_idea_of_its_own(budget):
    budget.do(EnterItem(item="i-1", title="Radständer", channel="online"), OFFICE)
    assert (budget.item("i-1").author, budget.item("i-1").submitted_by) == ("office", "office")


def test_by_oneself_author_and_submitter_are_one(budget):
    budget.do(SubmitItem(item="i-1", title="Bank"), "anna")
    item = budget.item("i-1")
    assert (item.author, item.submitted_by, item.channel) == ("anna", "anna", "online")


def test_nobody_hands_in_for_others_without_an_office(budget):
    enter = EnterItem(item="i-1", title="Bank", channel="paper", author="bernd")
    assert budget.codes(enter, "anna") == ["role_forbids"]


def test_an_age_limit_is_for_the_office_to_check_where_it_hands_in(play):
    budget = play(settings={"min_age": 14})
    enter = EnterItem(item="i-1", title="Bank", channel="paper", author="anna")
    assert budget.codes(enter, OFFICE) == []


def test_an_unknown_channel_is_no_channel():
    with pytest.raises(ValueError, match="pigeon"):
        EnterItem(item="i-1", title="Bank", channel="pigeon")


# --- drafts


def test_a_draft_is_kept_changed_and_handed_in_later(budget):
    budget.do(SaveDraft(item="i-1"), "anna")
    assert (budget.state("i-1"), budget.item("i-1").number) == ("draft", "")
    budget.do(SaveDraft(item="i-1", title="Bank", cost=Money.euro(80)), "anna")
    assert budget.item("i-1").title == "Bank"
    budget.do(SubmitItem(item="i-1", title="Bank am See", cost=Money.euro(90)), "anna")
    item = budget.item("i-1")
    assert (item.state, item.title, item.revision) == ("published", "Bank am See", 1)


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (SaveDraft(item="i-1", title="Meins"), ["not_an_author"]),
        (SubmitItem(item="i-1", title="Meins"), ["not_the_author"]),
        (WithdrawItem(item="i-1"), ["item_unknown"]),
        (EnterItem(item="i-1", title="x", channel="paper", author="anna"), ["not_the_author"]),
        (PublishItem(item="i-1"), ["item_unknown"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_draft_is_nobody_elses_business(budget, command, codes):
    budget.do(SaveDraft(item="i-1", title="Bank"), "anna")
    everybody = Actor.of("bernd", "resident", "moderator", "officer")
    assert budget.codes(command, everybody) == codes


def test_a_draft_is_seen_by_its_author_alone(budget):
    budget.do(SaveDraft(item="i-1", title="Bank"), "anna")
    draft = budget.item("i-1")
    assert not public(draft)
    seen = [who for who in ("anna", "bernd") if visible_to(Actor.of(who, "resident"), draft)]
    assert seen == ["anna"]
    assert not visible_to(OFFICE, draft)


def test_given_screening_the_office_sees_what_the_public_does_not(screened):
    screened.do(SubmitItem(item="i-1", title="Bank"), "anna")
    waiting = screened.item("i-1")
    assert visible_to(OFFICE, waiting)
    assert not visible_to(Actor.of("bernd", "resident"), waiting)
    screened.do(PublishItem(item="i-1"), "moderator")
    assert public(screened.item("i-1"))


def test_a_withdrawn_draft_was_never_public(budget):
    budget.do(SaveDraft(item="i-1", title="Bank"), "anna")
    budget.do(WithdrawItem(item="i-1"), "anna")
    assert not public(budget.item("i-1"))


@rule("guard", name="test/needs_area")
def needs_area(item, _view):
    """Ask for the part of town an idea belongs to."""
    if not item.area:
        yield Objection("area_missing", {"item": item.ref})


def test_guards_see_what_is_handed_in_and_not_the_draft(play, host_with):
    strict = BUERGERHAUSHALT.derive(key="strict", guards={"submit": needs_area})
    budget = play("strict", host=host_with(strict))
    budget.do(SaveDraft(item="i-1", title="Bank"), "anna")
    assert budget.codes(SubmitItem(item="i-1", title="x"), "anna") == ["area_missing"]
    assert budget.codes(SubmitItem(item="i-1", title="x", area="Mitte"), "anna") == []


# --- reference numbers


def test_numbers_are_given_in_order_without_gaps(budget):
    budget.do(SaveDraft(item="draft"), "anna")
    budget.submit("a")
    assert "title_missing" in budget.codes(SubmitItem(item="refused", title=""), "anna")
    budget.submit("b")
    budget.do(SubmitItem(item="draft", title="Bank"), "anna")
    numbers = [budget.item(ref).number for ref in ("a", "b", "draft")]
    assert numbers == ["2027-00001", "2027-00002", "2027-00003"]


def test_a_new_year_begins_in_the_zone_of_the_procedure(budget):
    midnight = start_of_day(date(2028, 1, 1), ZoneInfo("Europe/Berlin"))
    for ref, now in {"old": midnight - 1, "new": midnight}.items():
        budget.now = now
        budget.submit(ref)
    assert (budget.item("old").number, budget.item("new").number) == ("2027-00001", "2028-00001")


def test_handed_in_again_an_idea_keeps_number_and_gets_a_revision(screened):
    screened.do(SubmitItem(item="i-1", title="Bank"), "anna")
    screened.do(ReturnItem(item="i-1", reason="Wo genau?"), "moderator")
    screened.do(SubmitItem(item="i-1", title="Bank am See"), "anna")
    item = screened.item("i-1")
    assert (item.number, item.revision, item.state) == ("2027-00001", 2, "submitted")
    assert screened.procedure.numbers == {"2027": 1}


def test_returned_during_the_review_an_idea_comes_back_but_no_new_one_comes_in(screened):
    for ref in ("i-1", "i-2"):
        screened.do(SubmitItem(item=ref, title="Bank"), "anna")
    screened.do(SaveDraft(item="i-3", title="Schaukel"), "anna")
    screened.become(stage="review")
    screened.do(ReturnItem(item="i-1", reason="Wo genau?"), OFFICE)
    again = {ref: ResubmitItem(item=ref, title="Bank am See") for ref in ("i-1", "i-2", "i-3")}
    assert screened.codes(again["i-1"], Actor.of("bert", "resident")) == ["not_the_author"]
    assert screened.codes(again["i-2"], "anna") == ["state_forbids"]
    assert screened.codes(again["i-3"], "anna") == ["never_handed_in"]
    screened.do(again["i-1"], "anna")
    item = screened.item("i-1")
    assert (item.state, item.title, item.revision) == ("submitted", "Bank am See", 2)


def test_an_office_hands_in_again_for_whom_it_did_before(screened):
    enter = EnterItem(item="i-1", title="Bank", channel="paper", author="anna")
    screened.do(enter, OFFICE)
    screened.do(ReturnItem(item="i-1", reason="Wo genau?"), "moderator")
    for_another = EnterItem(item="i-1", title="Bank", channel="paper", author="bernd")
    assert screened.codes(for_another, OFFICE) == ["not_the_author"]
    screened.do(enter, OFFICE)
    assert screened.item("i-1").revision == 2


# --- areas and categories


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ({}, []),
        ({"area": "Mitte", "category": "Verkehr"}, []),
        ({"area": "mitte"}, ["area_unknown"]),
        ({"category": "Sport"}, ["category_unknown"]),
        ({"area": "Süd", "category": "Sport"}, ["area_unknown", "category_unknown"]),
    ],
    ids=["everywhere", "both known", "another spelling", "no such category", "neither"],
)
@pytest.mark.parametrize("command", [SubmitItem, SaveDraft])
def test_lists_are_closed_where_there_are_lists(ordered, command, place, codes):
    assert ordered.codes(command(item="i-1", title="x", **place), "anna") == codes


def test_without_lists_any_place_will_do(budget):
    idea = SubmitItem(item="i-1", title="x", area="Hinterm Deich", category="Dies und das")
    assert budget.codes(idea, "anna") == []


def test_a_text_is_no_list_of_areas(play):
    with pytest.raises(DefinitionError, match=r"settings\.areas: expected a list, not 'Mitte'"):
        play(settings={"areas": "Mitte"})


# --- attachments


def test_attachments_are_references_with_a_hash(budget):
    budget.do(SubmitItem(item="i-1", title="Bank", attachments=[PLAN]), "anna")
    assert budget.item("i-1").attachments == (PLAN,)


@pytest.mark.parametrize(
    ("attachments", "codes"),
    [
        ([PLAN, PLAN], ["attachment_twice"]),
        (
            [
                Attachment(name=f"{n}", media_type="image/png", sha256="0" * 64, size=1)
                for n in range(20)
            ],
            [],
        ),
        (
            [
                Attachment(name=f"{n}", media_type="image/png", sha256="0" * 64, size=1)
                for n in range(21)
            ],
            ["too_many_attachments"],
        ),
    ],
    ids=["the same name twice", "as many as possible", "one too many"],
)
def test_attachments_have_names_of_their_own_and_are_not_too_many(budget, attachments, codes):
    idea = SubmitItem(item="i-1", title="x", attachments=attachments)
    assert budget.codes(idea, "anna") == codes


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "ABC"},
        {"sha256": "F" * 64},
        {"media_type": "pdf"},
        {"size": -1},
        {"name": " "},
        {"name": "a\nb"},
        {"name": "x" * 201},
    ],
    ids=str,
)
def test_an_attachment_of_another_form_cannot_be_made(wrong):
    right = {"name": "Plan.pdf", "media_type": "image/png", "sha256": "0" * 64, "size": 0}
    Attachment(**right)
    with pytest.raises(ValueError):  # noqa: PT011 - each field says it in its own words
        Attachment(**{**right, **wrong})
