"""A discussion on a real database: what is said, what is seen, what is proven."""

import sqlite3
from contextlib import closing

import pytest

from partizipation_core.commands import (
    AddComment,
    DismissReports,
    EditComment,
    GiveFeedback,
    HideComment,
    Override,
    PublishItem,
    RefuseItem,
    ReportComment,
    ReportItem,
    RetractComment,
    RetractSupport,
    SupportItem,
)
from partizipation_core.errors import Conflict, NotFound, Refused, StorageError
from partizipation_core.kernel.discussion.closing import VoicesClosed
from partizipation_core.kernel.discussion.counts import Counts
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.override import StageOverridden
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.values import Actor, Objection, Role

MODERATOR = Actor.of("moderator-1", Role.MODERATOR)


@pytest.fixture
def talk(town, new_budget):
    """Open a budget with two ideas in its first stage: ``talk(comments="threaded")``."""

    def open_(place=None, **settings):
        budget = new_budget(place or town, **settings)
        for ref in ("fountain", "bench"):
            budget.idea(ref, author=f"author-of-{ref}")
        return budget

    return open_


def support(budget, who, *refs):
    for ref in refs:
        budget.handle.execute(SupportItem(item=ref), actor=budget.resident(who))


def comment(budget, ref="k-1", text="Gute Idee", *, who="anna", parent="", item="fountain"):
    asked = AddComment(item=item, comment=ref, text=text, parent=parent)
    return budget.handle.execute(asked, actor=budget.resident(who))


# --- supports


def test_supports_are_counted_and_the_receipt_commits_to_each(talk):
    budget = talk()
    support(budget, "anna", "fountain", "bench")
    receipt = budget.handle.execute(SupportItem(item="fountain"), actor=budget.resident("bernd"))
    assert len(receipt.commitment) == 64
    assert receipt.last == 0
    assert budget.supports("fountain") == Counts(supports=2)
    assert {one.item for one in budget.held(budget.resident("anna"))} == {"fountain", "bench"}
    budget.handle.execute(RetractSupport(item="bench"), actor=budget.resident("anna"))
    assert budget.supports("bench") == Counts()
    assert budget.faults() == []


def test_numbers_of_a_thing_that_does_not_exist_are_no_zero(talk):
    with pytest.raises(NotFound, match="no item 'moon'"):
        talk().supports("moon")


def test_when_the_stage_is_over_the_journal_swears_to_what_was_said(talk):
    budget = talk()
    support(budget, "anna", "fountain")
    support(budget, "bernd", "fountain", "bench")
    budget.until("review")
    (closed,) = [one.event for one in budget.journal() if isinstance(one.event, VoicesClosed)]
    assert closed.counts == {"bench": Counts(supports=1), "fountain": Counts(supports=2)}
    assert closed.sealed["support"].entries == 3
    assert budget.faults() == []
    (check,) = [one for one in budget.audit() if one.name == "voices"]
    assert check.counted == 3


def test_the_database_holds_no_pseudonym_of_those_who_support(talk, file):
    budget = talk()
    support(budget, "pseudonym-of-anna", "fountain")
    with closing(sqlite3.connect(file)) as connection:
        assert "pseudonym-of-anna" not in "\n".join(connection.iterdump())


TAMPERINGS = {
    "value": ("UPDATE voice SET value = 5", "support .*… is not what was committed to"),
    "item": ("UPDATE voice SET item = 'bench'", "is not what was committed to"),
    "person": ("UPDATE voice SET tag = x'00' WHERE item = 'fountain'", "not what was committed"),
    "removed": ("DELETE FROM voice", "0 entries with root .*, the checkpoint says 1 with"),
    "added": (
        (
            "INSERT INTO voice SELECT municipality, procedure, x'00', kind, item, comment, "
            "revision, value, area, reason, nonce, commitment FROM voice"
        ),
        "2 entries with root .*, the checkpoint says 1 with",
    ),
    "comment's text": (
        "UPDATE comment SET body = CAST(replace(CAST(body AS TEXT), 'Gute', 'Böse') AS BLOB)",
        "comment k-1 differs from its journal",
    ),
    "comment's state": ("UPDATE comment SET state = 'hidden'", "comment k-1 differs"),
    "comment removed": ("DELETE FROM comment", "comment k-1 differs from its journal"),
}


@pytest.mark.parametrize(("statement", "told"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_an_audit_finds_what_was_changed(talk, sql, statement, told):
    budget = talk()
    support(budget, "anna", "fountain")
    comment(budget)
    budget.until("review")
    assert budget.faults() == []
    assert sql(statement)
    with pytest.raises(AssertionError, match=told):
        raise AssertionError("\n".join(budget.faults()))


def test_a_kind_that_no_stage_took_in_must_be_empty(talk, sql):
    budget = talk()
    support(budget, "anna", "fountain")
    sql("UPDATE voice SET kind = 'rating'")
    assert any("rating: 1 entries" in fault for fault in budget.faults())


def test_rebuilding_brings_comments_back_and_leaves_voices_alone(talk, stored):
    budget = talk()
    support(budget, "anna", "fountain")
    comment(budget)
    budget.handle.execute(HideComment(item="fountain", comment="k-1", reason="x"), actor=MODERATOR)
    before = stored()
    assert budget.rebuild()
    after = stored()
    assert after["comment"] == before["comment"]
    assert after["voice"] == before["voice"]


def test_a_lost_key_is_not_made_anew_since_everybody_could_support_again(talk, open_platform):
    budget = talk()
    support(budget, "anna", "fountain")
    keyless = open_platform(keys=MemoryKeys()).municipality("12060052").procedure("budget-2027")
    with pytest.raises(StorageError, match="key of supports and ratings is missing"):
        keyless.execute(SupportItem(item="fountain"), actor=budget.resident("anna"))


def test_supports_of_one_procedure_are_unknown_in_another(talk, town, new_budget):
    budget = talk()
    support(budget, "anna", "fountain")
    other = new_budget(town, "budget-2028")
    other.idea("fountain")
    assert other.supports("fountain") == Counts()
    assert other.held(budget.resident("anna")) == ()


# --- comments


def test_comments_stand_in_their_order_and_hidden_ones_are_not_read(talk, clock):
    budget = talk(comments="threaded")
    comment(budget, "k-2", "Gute Idee")
    clock.advance(minutes=1)
    comment(budget, "k-1", "Schlimmes Wort", who="bernd", parent="k-2")
    comment(budget, "k-3", item="bench")
    hide = HideComment(item="fountain", comment="k-1", reason="Beleidigung")
    budget.handle.execute(hide, actor=MODERATOR)
    first, second = budget.comments("fountain")
    assert (first.ref, first.text, first.author) == ("k-2", "Gute Idee", "anna")
    assert (second.ref, second.text, second.parent) == ("k-1", "", "k-2")
    assert second.reason == "Beleidigung"
    assert budget.faults() == []
    with pytest.raises(NotFound, match="no item 'moon'"):
        budget.comments("moon")


def test_changing_and_taking_back(talk):
    budget = talk()
    comment(budget)
    anna = budget.resident("anna")
    budget.handle.execute(EditComment(item="fountain", comment="k-1", text="Besser"), actor=anna)
    assert [one.text for one in budget.comments("fountain")] == ["Besser"]
    budget.handle.execute(RetractComment(item="fountain", comment="k-1"), actor=anna)
    assert [(one.text, one.state) for one in budget.comments("fountain")] == [("", "retracted")]
    with pytest.raises(Refused, match="comment_exists"):
        comment(budget)


def test_reports_wait_for_moderation_until_it_has_looked(talk):
    budget = talk(hide_after_reports=2)
    comment(budget, text="Schlimmes Wort")
    for who in ("bernd", "cem"):
        asked = ReportComment(item="fountain", comment="k-1", reason="insult")
        budget.handle.execute(asked, actor=budget.resident(who))
    budget.handle.execute(ReportItem(item="bench", reason="spam"), actor=budget.resident("cem"))
    first, second = budget.moderation()
    assert (first.comment, first.text, first.reasons) == ("k-1", "Schlimmes Wort", {"insult": 2})
    assert (second.item, second.comment, second.state) == ("bench", "", "published")
    assert [one.text for one in budget.comments("fountain")] == [""]
    kept = DismissReports(item="bench", reason="Zulässig")
    budget.handle.execute(kept, actor=MODERATOR)
    assert [one.comment for one in budget.moderation()] == ["k-1"]
    assert budget.faults() == []
    assert budget.rebuild()
    assert [one.comment for one in budget.moderation()] == ["k-1"]


def test_who_reported_stands_in_no_journal(talk):
    budget = talk(hide_after_reports=1)
    comment(budget)
    asked = ReportComment(item="fountain", comment="k-1", reason="hate")
    budget.handle.execute(asked, actor=budget.resident("cem-who-reports"))
    assert b"cem-who-reports" not in b"".join(budget.journal_lines())


# --- who is told


def test_notices_can_be_asked_for_from_any_line_on(talk):
    budget = talk()
    comment(budget)
    seen = budget.journal()[-1].seq
    feedback = GiveFeedback(item="fountain", text="Wir prüfen das.")
    budget.handle.execute(feedback, actor=MODERATOR)
    author, supporters = budget.notices(after=seen)
    assert (author.to, author.code, author.params["text"]) == (
        "author-of-fountain",
        "feedback",
        "Wir prüfen das.",
    )
    assert (supporters.to, supporters.group) == ("", "supporters")
    assert budget.notices(after=author.seq) == ()


class Postbox:
    """A plugin that sends letters."""

    def __init__(self):
        self.sent = []

    @hookimpl
    def after_commit(self, notices):
        self.sent += notices


def test_plugins_are_handed_the_notices_of_what_was_committed(open_platform, host, talk):
    postbox = Postbox()
    plugins = [
        Plugin(origin, host._manager.get_plugin(origin.plugin))
        for origin in host.plugins
        if origin.plugin != "core"
    ]
    posting = PluginHost([*plugins, Plugin(Origin("post", "dist-post", "1.0"), postbox)])
    budget = talk(open_platform(host=posting).municipality("12060052"))
    comment(budget)
    support(budget, "anna", "fountain")
    told = [one for one in postbox.sent if one.code == "commented"]
    assert [(type(one), one.to) for one in told] == [(Notice, "author-of-fountain")]
    assert postbox.sent[-1] == told[-1]  # a support is nobody's news


# --- overrides


def test_an_override_is_recorded_with_its_reason_and_repeats_safely(talk):
    budget = talk(screening=True)
    budget.until("vote")
    late = Override(command=PublishItem(item="bench"), reason="Lag im Briefkasten")
    first = budget.handle.execute(late, actor=budget.officer, key="r-1")
    again = budget.handle.execute(late, actor=budget.officer, key="r-1")
    assert first == again
    assert budget.item("bench").state == "published"
    *_, overridden, _moved = [one.event for one in budget.journal()]
    assert overridden == StageOverridden(
        command="PublishItem", stage="vote", reason="Lag im Briefkasten"
    )
    assert budget.faults() == []


@pytest.mark.parametrize(
    "other",
    [PublishItem(item="fountain"), RefuseItem(item="bench", reason="x")],
    ids=["another item", "another command"],
)
def test_a_key_is_good_for_one_override_only(talk, other):
    budget = talk(screening=True)
    budget.until("vote")
    late = Override(command=PublishItem(item="bench"), reason="x")
    budget.handle.execute(late, actor=budget.officer, key="r-1")
    with pytest.raises(Conflict, match="r-1"):
        budget.handle.execute(Override(command=other, reason="x"), actor=budget.officer, key="r-1")


def test_why_foresees_an_override(talk):
    budget = talk()
    budget.until("vote")
    ballot = Override(command=SupportItem(item="bench"), reason="x")
    assert [one.code for one in budget.why(ballot, actor=budget.officer)] == ["override_never"]


class Fence:
    """A plugin that objects to every publication."""

    @hookimpl
    def objections(self, command):
        return [Objection("fenced")] if isinstance(command, PublishItem) else []


def test_plugins_are_asked_about_what_is_overridden(open_platform, host, talk):
    plugins = [
        Plugin(origin, host._manager.get_plugin(origin.plugin))
        for origin in host.plugins
        if origin.plugin != "core"
    ]
    fencing = PluginHost([*plugins, Plugin(Origin("fence", "dist-fence", "1.0"), Fence())])
    budget = talk(open_platform(host=fencing).municipality("12060052"), screening=True)
    budget.until("vote")
    late = Override(command=PublishItem(item="bench"), reason="x")
    assert [one.code for one in budget.why(late, actor=budget.officer)] == ["fenced"]
