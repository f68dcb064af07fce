"""Comments, reports, moderation and feedback."""

from types import SimpleNamespace

import pytest

from partizipation_core import Actor, Role
from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AddComment,
    DismissReports,
    EditComment,
    GiveFeedback,
    HideComment,
    ReportComment,
    ReportItem,
    RetractComment,
    ReviseItem,
    UnhideComment,
)
from partizipation_core.kernel.discussion.moderation import REPORT_REASONS, waiting
from partizipation_core.kernel.discussion.notices import concerned, notices
from partizipation_core.kernel.discussion.participation import Taking, participation
from partizipation_core.kernel.finding import Outcome, Review
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.review import ItemReviewed
from partizipation_core.kernel.shortlisting import VoteShortlisted
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.steps import ItemMoved
from partizipation_core.kernel.voices import VoiceEntry

BOTH = Actor.of("both", Role.MODERATOR, Role.RESIDENT)


def comment(ref="k-1", text="Gute Idee", *, item="a", parent=""):
    return AddComment(item=item, comment=ref, text=text, parent=parent)


@pytest.fixture
def talk(play):
    """Open a budget in which an idea is talked about: ``talk(comments="threaded")``."""

    def open_(**settings):
        budget = play(settings=settings)
        for ref in "ab":
            budget.put(ref, state="published")
        return budget

    return open_


def known(game, ref="k-1"):
    return game.world.comments[ref]


# --- writing


def test_given_an_idea_when_commented_then_the_comment_stands_below_it(talk):
    budget = talk()
    budget.do(comment(text="  Gute Idee \n"), "bernd")
    found = known(budget)
    assert (found.item, found.author, found.text) == ("a", "bernd", "Gute Idee")
    assert (found.state, found.depth, found.official) == ("published", 0, False)


def test_what_an_office_writes_is_marked(talk):
    budget = talk()
    budget.do(comment(), "moderator")
    assert known(budget).official


@pytest.mark.parametrize(
    ("settings", "given", "codes"),
    [
        ({}, comment(text=" "), ["comment_empty"]),
        ({}, comment(text="x" * 4_000), []),
        ({}, comment(text="x" * 4_001), ["text_too_long"]),
        ({}, comment("k 1"), ["reference_malformed"]),
        ({}, comment(item="z"), ["item_unknown"]),
        ({"comments": "off"}, comment(), ["comments_off"]),
        ({"min_age": 60}, comment(), ["too_young"]),
        ({}, comment(parent="k-9"), ["comment_unknown", "replies_off"]),
        ({"comments": "threaded"}, comment(parent="k-9"), ["comment_unknown"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_speaks_against_a_comment(talk, settings, given, codes):
    assert talk(**settings).codes(given, "anna") == codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"hidden": "Hetze"}, "item_hidden"), ({"state": "merged"}, "item_not_discussed")],
    ids=["hidden", "merged"],
)
def test_nobody_talks_on_about_an_idea_that_is_hidden_or_merged(talk, changes, code):
    budget = talk()
    budget.do(comment(), "anna")
    budget.put("a", **changes)
    assert budget.codes(comment("k-2"), "anna") == [code]
    assert budget.codes(EditComment(item="a", comment="k-1", text="neu"), "anna") == [code]
    assert budget.codes(RetractComment(item="a", comment="k-1"), "anna") == []


def test_a_reference_is_used_once_in_the_procedure(talk):
    budget = talk()
    budget.do(comment(), "anna")
    assert budget.codes(comment(item="b"), "bernd") == ["comment_exists"]


def test_answers_go_as_deep_as_the_town_allows(talk):
    budget = talk(comments="threaded", max_comment_depth=2)
    budget.do(comment("k-0"), "anna")
    for depth in (1, 2):
        budget.do(comment(f"k-{depth}", parent=f"k-{depth - 1}"), "bernd")
        assert known(budget, f"k-{depth}").depth == depth
    assert budget.codes(comment("k-3", parent="k-2"), "anna") == ["reply_too_deep"]


def test_an_answer_belongs_to_the_same_idea_as_what_it_answers(talk):
    budget = talk(comments="threaded")
    budget.do(comment(), "anna")
    assert budget.codes(comment("k-2", item="b", parent="k-1"), "anna") == ["comment_unknown"]


def test_only_the_author_changes_a_comment_and_only_within_the_stage(talk):
    budget = talk()
    budget.do(comment(), "anna")
    edit = EditComment(item="a", comment="k-1", text="Sehr gute Idee")
    assert budget.codes(edit, "bernd") == ["not_the_comment_author"]
    budget.do(edit, "anna")
    assert known(budget).text == "Sehr gute Idee"
    budget.advance("review")
    assert budget.codes(edit, "anna") == ["stage_over"]


def test_a_comment_that_was_taken_back_loses_its_text_and_stays_away(talk):
    budget = talk(comments="threaded")
    budget.do(comment(), "anna")
    assert budget.codes(RetractComment(item="a", comment="k-1"), "bernd") == [
        "not_the_comment_author"
    ]
    budget.advance("review")
    budget.do(RetractComment(item="a", comment="k-1"), "anna")
    assert (known(budget).state, known(budget).text) == ("retracted", "")
    for command, who in (
        (RetractComment(item="a", comment="k-1"), "anna"),
        (ReportComment(item="a", comment="k-1", reason="spam"), "bernd"),
    ):
        assert budget.codes(command, who) == ["comment_not_public"]
    unhide = UnhideComment(item="a", comment="k-1", reason="x")
    assert budget.codes(unhide, "moderator") == ["comment_state_forbids"]


# --- reporting and moderating


def report(ref="k-1", reason="insult"):
    return ReportComment(item="a", comment=ref, reason=reason)


def test_a_report_is_known_to_no_journal_and_counts_once(talk):
    budget = talk()
    budget.do(comment(), "anna")
    before = list(budget.events)
    (entry,) = budget.do(report(), "bernd")
    assert isinstance(entry, VoiceEntry)
    assert budget.events == before
    assert budget.codes(report(reason="spam"), "bernd") == ["already_reported"]
    assert budget.codes(ReportItem(item="a", reason="spam"), "bernd") == []


@pytest.mark.parametrize("kind", [ReportItem, ReportComment])
def test_reasons_come_from_a_closed_list(kind):
    more = {"comment": "k-1"} if kind is ReportComment else {}
    assert all(kind(item="a", reason=reason, **more) for reason in REPORT_REASONS)
    with pytest.raises(ValueError, match="reason"):
        kind(item="a", reason="boring", **more)


def test_staff_hides_instead_of_reporting(talk):
    budget = talk()
    budget.do(comment(), "anna")
    assert budget.codes(report(), BOTH) == ["staff_does_not_vote"]
    assert budget.codes(report("k-9"), "bernd") == ["comment_unknown"]


def test_hiding_and_showing_again_need_a_reason_and_change_nothing_else(talk):
    budget = talk()
    budget.do(comment(), "anna")
    hide = HideComment(item="a", comment="k-1", reason="Beleidigung")
    show = UnhideComment(item="a", comment="k-1", reason="Irrtum")
    silent = HideComment(item="a", comment="k-1", reason=" ")
    assert budget.codes(silent, "moderator") == ["reason_missing"]
    assert budget.codes(hide, "anna") == ["role_forbids"]
    assert budget.codes(show, "moderator") == ["comment_state_forbids"]
    unknown = HideComment(item="b", comment="k-1", reason="x")
    assert budget.codes(unknown, "moderator") == ["comment_unknown"]
    before = known(budget)
    budget.do(hide, "moderator")
    assert (known(budget).state, known(budget).reason) == ("hidden", "Beleidigung")
    assert budget.codes(EditComment(item="a", comment="k-1", text="x"), "anna") == [
        "comment_not_public"
    ]
    budget.do(show, "moderator")
    assert (known(budget).state, known(budget).text) == ("published", before.text)


def test_enough_reports_hide_a_comment_until_somebody_has_looked_at_it(talk):
    budget = talk(hide_after_reports=2)
    budget.do(comment(), "anna")
    (_,) = budget.do(report(), Actor.of("p-1", Role.RESIDENT))
    _, hidden = budget.do(report(), Actor.of("p-2", Role.RESIDENT))
    assert (hidden.automatic, hidden.reports, known(budget).state) == (True, 2, "hidden")
    budget.do(UnhideComment(item="a", comment="k-1", reason="Geprüft"), "moderator")
    budget.do(report(), Actor.of("p-3", Role.RESIDENT))
    assert known(budget).state == "published"
    budget.do(report(), Actor.of("p-4", Role.RESIDENT))
    assert known(budget).state == "hidden"


def test_by_default_reports_hide_nothing(talk):
    budget = talk()
    budget.do(comment(), "anna")
    for n in range(20):
        budget.do(report(), Actor.of(f"p-{n}", Role.RESIDENT))
    assert known(budget).state == "published"


@pytest.mark.parametrize("about", ["", "k-1"], ids=["item", "comment"])
def test_reports_that_were_dismissed_wait_no_longer(talk, about):
    budget = talk()
    budget.do(comment(), "anna")
    dismiss = DismissReports(item="a", comment=about, reason="Zulässig")
    assert budget.codes(dismiss, "moderator") == ["nothing_reported"]
    budget.do(report() if about else ReportItem(item="a", reason="insult"), "bernd")
    (found,) = queue(budget)
    assert (found.item, found.comment, found.reasons) == ("a", about, {"insult": 1})
    budget.do(dismiss, "moderator")
    assert queue(budget) == ()
    assert budget.codes(dismiss, "moderator") == ["nothing_reported"]


@pytest.mark.parametrize(
    ("dismiss", "code"),
    [
        (DismissReports(item="a", reason=" "), "reason_missing"),
        (DismissReports(item="a", comment="k-9", reason="x"), "comment_unknown"),
    ],
    ids=["silent", "unknown"],
)
def test_what_speaks_against_dismissing(talk, dismiss, code):
    assert code in talk().codes(dismiss, "moderator")


def queue(game):
    found = {}
    for entry in game.voices.values():
        if entry.kind == "report":
            reasons = found.setdefault((entry.item, entry.comment), {})
            reasons[entry.reason] = reasons.get(entry.reason, 0) + 1
    reported = [(item, ref, reasons) for (item, ref), reasons in found.items()]
    return waiting(reported, game.world.items, game.world.comments)


def test_what_was_reported_most_waits_first_and_the_text_is_there(talk):
    budget = talk(hide_after_reports=2)
    budget.do(comment(text="harmlos"), "anna")
    budget.do(comment("k-2", text="schlimm"), "anna")
    budget.do(report("k-1"), "bernd")
    for n in range(2):
        budget.do(report("k-2", "hate"), Actor.of(f"p-{n}", Role.RESIDENT))
    first, second = queue(budget)
    assert (first.text, first.state, first.reports) == ("schlimm", "hidden", 2)
    assert (second.text, second.state) == ("harmlos", "published")
    budget.do(RetractComment(item="a", comment="k-2"), "anna")
    assert [one.comment for one in queue(budget)] == ["k-1"]


# --- feedback


@pytest.mark.parametrize(
    ("text", "who", "codes"),
    [
        ("Wir prüfen das.", "moderator", []),
        (" ", "moderator", ["feedback_empty"]),
        ("x" * 10_001, "reviewer", ["text_too_long"]),
        ("Ich prüfe das.", "anna", ["feedback_is_official", "role_forbids"]),
    ],
    ids=["office", "empty", "long", "resident"],
)
def test_feedback_is_given_by_the_administration(talk, text, who, codes):
    assert talk().codes(GiveFeedback(item="a", text=text), who) == codes


def test_feedback_stands_with_the_item_and_takes_the_place_of_the_one_before(talk):
    budget = talk()
    for text in ("Wir prüfen das.", "Geht."):
        budget.do(GiveFeedback(item="a", text=text), "moderator")
    assert budget.item("a").feedback == "Geht."


# --- who is told


def recorded(game, *, actor):
    return [
        SimpleNamespace(seq=seq, at=Instant(seq), actor=actor, event=event)
        for seq, event in enumerate(game.events, start=1)
    ]


def told(game, actor=""):
    lines = recorded(game, actor=actor)
    found = notices(lines, game.world.items, game.world.comments)
    return [(one.to, one.group, one.code) for one in found]


def test_feedback_tells_author_and_coauthors_and_supporters_as_a_whole(talk):
    budget = talk()
    budget.put("a", coauthors=("bernd",))
    budget.do(GiveFeedback(item="a", text="Geht."), "moderator")
    assert told(budget) == [
        ("anna", "author", "feedback"),
        ("bernd", "coauthor", "feedback"),
        ("", "supporters", "feedback"),
    ]


def test_nobody_is_told_of_what_they_did_themselves(talk):
    budget = talk()
    budget.do(comment(), "anna")
    assert told(budget, actor="anna") == []
    assert told(budget, actor="bernd") == [("anna", "author", "commented")]


def test_who_is_answered_hidden_or_shown_again_is_told(talk):
    budget = talk(comments="threaded")
    budget.do(comment(), "bernd")
    budget.events.clear()
    budget.do(comment("k-2", parent="k-1"), "moderator")
    budget.do(HideComment(item="a", comment="k-1", reason="x"), "moderator")
    budget.do(UnhideComment(item="a", comment="k-1", reason="x"), "moderator")
    to_bernd = [code for to, _, code in told(budget) if to == "bernd"]
    assert to_bernd == ["answered", "comment_hidden", "comment_shown"]


def test_only_what_the_news_speak_of_must_be_known(talk):
    budget = talk(comments="threaded")
    budget.events.clear()
    budget.do(comment(), "bernd")
    budget.do(comment("k-2", parent="k-1"), "anna")
    assert concerned(budget.events) == ({"a"}, {"k-1"})
    assert notices(recorded(budget, actor=""), {}) == ()


def test_every_event_that_moves_an_item_is_news_to_its_author(voting):
    moved = [event for event in voting.events if isinstance(event, ItemMoved)]
    assert moved
    lines = recorded(voting, actor="office")
    news = {one.seq for one in notices(lines, voting.world.items) if one.to == "anna"}
    assert {line.seq for line in lines if isinstance(line.event, ItemMoved)} <= news
    assert all(isinstance(line.event, Event) for line in lines)


def test_a_preliminary_vote_tells_those_who_go_on_and_those_who_do_not():
    both = {ref: Item(ref=ref, author=f"of-{ref}", title=ref, state="x") for ref in "ab"}
    counted = VoteShortlisted(
        vote="v", ballots=1, seed="", shortlisted=["a"], passed_over=["b"], reasons={}, ties=[]
    )
    line = SimpleNamespace(seq=1, at=Instant(1), actor="office", event=counted)
    found = notices([line], both)
    states = [(one.to, one.params["state"]) for one in found if one.group == "author"]
    assert states == [("of-a", "shortlisted"), ("of-b", "not_shortlisted")]


@pytest.mark.parametrize(("published", "told_to"), [(True, ["anna"]), (False, [])], ids=str)
def test_nobody_learns_of_a_review_before_it_is_published(talk, published, told_to):
    budget = talk()
    found = Review(outcome="infeasible", statement="Geht nicht.")
    stated = ItemReviewed(
        item="a",
        review=found,
        outcome=Outcome(state="infeasible", review=found),
        published=published,
    )
    line = SimpleNamespace(seq=1, at=Instant(1), actor="office", event=stated)
    news = notices([line], budget.world.items)
    assert [one.to for one in news if one.group == "author"] == told_to


def test_supporters_learn_as_a_whole_that_a_text_was_revised(talk):
    budget = talk()
    budget.events.clear()
    budget.do(ReviseItem(item="a", title="Ganz anders"), "anna")
    assert ("", "supporters", "revised") in told(budget, actor="anna")


# --- taking part


def test_who_did_several_things_is_one_person():
    acts = {"items": [b"anna"], "supports": [b"anna", b"anna", b"bernd"], "comments": []}
    found = participation(acts, {"vote": 1})
    assert found.kinds == {
        "items": Taking(acts=1, people=1),
        "supports": Taking(acts=3, people=2),
        "comments": Taking(acts=0, people=0),
        "ballots.vote": Taking(acts=1, people=1),
    }
    assert found.people_at_least == 2
    assert participation({}, {"vote": 7, "vote.2": 5}).people_at_least == 7
    assert participation({}, {}).people_at_least == 0
