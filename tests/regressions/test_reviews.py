"""Reviews: what other platforms got wrong, and what a library without would be a toy."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, Money, Platform, PluginHost, Refused, Role
from partizipation_core.clock import FrozenClock, end_of_day, start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    AssignReview,
    FollowRecommendations,
    ObjectToReview,
    PublishReviews,
    RecommendStep,
    ReviewItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.kernel.assignment import overdue
from partizipation_core.kernel.finding import Answer, Estimate
from partizipation_core.kernel.public import public_event, public_view
from partizipation_core.kernel.publication import unpublished
from partizipation_core.reports.assemble import assemble
from partizipation_core.texts.wording import Wording

BERLIN = ZoneInfo("Europe/Berlin")
OPENED = date(2027, 3, 1)
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COMMITTEE = Actor.of("committee", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)
PARKS, ROADS = "Grünflächenamt", "Straßenamt"


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(OPENED, BERLIN))


@pytest.fixture
def review(clock, tmp_path):
    """Open a Bürgerhaushalt in its review: ``review("a", "b", checklist=[...])``."""
    opened = []

    def open_it(*refs, euros=100, **settings):
        platform = Platform(
            f"sqlite:///{tmp_path / 'town.db'}", host=PluginHost.discover(), clock=clock
        )
        opened.append(platform)
        wanted = {"pot": "1000 EUR", "misfit": "skip", **settings}
        town = platform.municipality("12060052")
        budget = town.open("p-2027", "buergerhaushalt", actor=OFFICER, settings=wanted)
        for ref in refs:
            cost = Money.euro(euros) if euros else None
            budget.execute(SubmitItem(item=ref, title=f"Idee {ref}", cost=cost), actor=ANNA)
        budget.execute(AdvanceStage(), actor=OFFICER)
        for ref in refs:
            budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        return budget

    yield open_it
    for platform in opened:
        platform.close()


def codes(budget, command, actor=REVIEWER):
    return [one.code for one in budget.why(command, actor=actor)]


def clerk(office):
    return Actor.of(f"clerk of {office}", Role.REVIEWER, office=office)


def is_sound(budget):
    """Tell whether the journal alone brings back what is stored."""
    budget.rebuild()
    return all(check.ok for check in budget.audit())


def test_t58_answers_are_published_all_at_once(review):
    """T58 decidim#5716: answers written over weeks become public in one act, none before."""
    budget = review("a", "b", "c", publish_reviews="together")
    for ref, outcome in {"a": "feasible", "b": "infeasible"}.items():
        found = ReviewItem(item=ref, outcome=outcome, statement="Geprüft.", cost=Money.euro(70))
        budget.execute(found, actor=REVIEWER)
    before = [public_view(item) for item in budget.items()]
    assert {(one.state, one.review, one.cost) for one in before} == {
        ("in_review", None, Money.euro(100))
    }
    assert "Geprüft." not in repr([public_event(one.event) for one in budget.journal()])

    waiting = unpublished(budget.items(), budget.definition().lifecycle)
    written = len(budget.journal())
    budget.execute(PublishReviews(items=waiting), actor=OFFICER)
    assert len(budget.journal()) == written + 1
    assert [public_view(item).state for item in budget.items()] == [
        "feasible",
        "infeasible",
        "in_review",
    ]
    assert is_sound(budget)


def test_t58_one_item_that_cannot_be_published_keeps_all_back(review):
    """T58: a block is published whole or not at all, and every obstacle is named."""
    budget = review("a", "b", "c", publish_reviews="together")
    budget.execute(ReviewItem(item="a", outcome="feasible"), actor=REVIEWER)
    with pytest.raises(Refused) as refusal:
        budget.execute(PublishReviews(items=["a", "b", "c"]), actor=OFFICER)
    assert [(one.code, one.params["item"]) for one in refusal.value.objections] == [
        ("nothing_to_publish", "b"),
        ("nothing_to_publish", "c"),
    ]
    assert budget.item("a").state == "in_review"


def test_4b_a_review_has_all_that_offices_need(review, clock):
    """4b: checklist, several offices, cost min/expected/max, assignee, deadline, reasons."""
    budget = review("a", checklist=["purpose", "access"], publish_reviews="together")
    deadline = end_of_day(OPENED + timedelta(days=7), BERLIN)
    for office in (PARKS, ROADS):
        asked = AssignReview(item="a", office=office, assignee="clerk-7", deadline=deadline)
        budget.execute(asked, actor=OFFICER)

    wide = Estimate(Money.euro(200), min=Money.euro(150), max=Money.euro(400))
    parks = ReviewItem(
        item="a", office=PARKS, outcome="feasible", cost=wide, checks={"purpose": "yes"}
    )
    budget.execute(parks, actor=clerk(PARKS))
    clock.set(deadline)
    (late,) = overdue(budget.items(), budget.definition().lifecycle, clock.now())
    assert (late.item, late.assignment.office) == ("a", ROADS)

    roads = {"item": "a", "office": ROADS, "outcome": "feasible", "cost": Money.euro(50)}
    assert codes(budget, ReviewItem(**roads), clerk(ROADS)) == ["criterion_unanswered"]
    checks = {"access": Answer("not_applicable", note="Kein Gebäude.")}
    budget.execute(ReviewItem(**roads, checks=checks), actor=Actor.of("clerk-7", Role.REVIEWER))
    budget.execute(PublishReviews(items=["a"]), actor=OFFICER)

    item = budget.item("a")
    assert (item.state, item.cost) == ("feasible", Money.euro(250))
    assert (item.review.cost.min, item.review.cost.max) == (Money.euro(200), Money.euro(450))
    assert item.review.checks["access"].note == "Kein Gebäude."
    assert is_sound(budget)


def test_4b_consul_a_feasible_idea_needs_a_price(review):
    """4b/CONSUL: the price is required where an idea is found feasible."""
    budget = review("a", euros=0)
    assert codes(budget, ReviewItem(item="a", outcome="feasible")) == ["cost_missing"]
    assert codes(budget, ReviewItem(item="a", outcome="feasible", cost=Money.euro(5))) == []


def test_4b_consul_an_unfeasible_idea_needs_an_explanation(review):
    """4b/CONSUL: the explanation is required where an idea is found unfeasible; a price is not."""
    budget = review("a", euros=0)
    for blank in ("", " \n"):
        wanted = ReviewItem(item="a", outcome="infeasible", statement=blank)
        assert codes(budget, wanted) == ["reason_missing"]
    assert codes(budget, ReviewItem(item="a", outcome="infeasible", statement="Zu eng.")) == []


def test_4b_forwarding_names_the_competent_body_and_says_why(review):
    """4b: out of competence is no dead end: the competent body is named and told to the public."""
    budget = review("a")
    assert codes(budget, ReviewItem(item="a", outcome="forwarded")) == [
        "reason_missing",
        "competent_missing",
    ]
    found = ReviewItem(item="a", outcome="forwarded", statement="Landesstraße.", competent="Land")
    budget.execute(found, actor=REVIEWER)
    assert public_view(budget.item("a")).review.competent == "Land"


def test_4b_an_internal_note_reaches_neither_report_nor_public_journal(review):
    """4b: public statement and internal note are kept apart wherever somebody reads."""
    budget, note = review("a"), "Bitte vorher anrufen"
    found = ReviewItem(item="a", outcome="infeasible", statement="Zu eng.", internal=note)
    budget.execute(found, actor=REVIEWER)
    assert budget.item("a").reviews[""].internal == note
    report = assemble(
        budget, Wording(), title="Bericht", municipality="Musterstadt", generated_at=0
    )
    assert "Zu eng." in str(report)
    assert note not in str(report)
    assert is_sound(budget)
    told = [public_event(one.event) for one in budget.journal()]
    for one in (*told, public_view(budget.item("a"))):
        assert all(text != note for text in texts(one))


def texts(value):
    """Yield every text in a value, hidden from `repr` or not."""
    if isinstance(value, str):
        yield value
    elif hasattr(value, "__attrs_attrs__"):
        for one in value.__attrs_attrs__:
            yield from texts(getattr(value, one.name))
    elif hasattr(value, "values"):
        for one in value.values():
            yield from texts(one)


def test_os_a_recommendation_is_a_second_pointer_that_the_office_follows(review):
    """OpenSlides 2.11: recommend within the same graph; follow one or a whole block."""
    budget = review("a", "b")
    for ref in "ab":
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        told = RecommendStep(item=ref, trigger="shortlist", reason="Dringend.")
        budget.execute(told, actor=COMMITTEE)
    assert {item.state for item in budget.items()} == {"feasible"}
    written = len(budget.journal())
    budget.execute(FollowRecommendations(items=["a", "b"]), actor=OFFICER)
    assert {item.state for item in budget.items()} == {"shortlisted"}
    assert len(budget.journal()) == written + 1
    assert is_sound(budget)


def test_an_infeasible_idea_is_looked_at_once_more_if_its_author_objects_in_time(review, clock):
    """4f: objection, infeasible to in review again, once, within a period."""
    budget = review("a", "b", objection_days=7)
    for ref in "ab":
        found = ReviewItem(item=ref, outcome="infeasible", statement="Zu eng.")
        budget.execute(found, actor=REVIEWER)
    clock.set(end_of_day(OPENED + timedelta(days=7), BERLIN) - 1)
    budget.execute(ObjectToReview(item="a", reason="Es passt."), actor=ANNA)
    assert budget.item("a").state == "in_review"
    clock.advance(seconds=1)
    late = ObjectToReview(item="b", reason="Es passt.")
    assert codes(budget, late, ANNA) == ["objection_over"]
    assert is_sound(budget)
