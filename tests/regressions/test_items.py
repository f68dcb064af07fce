"""What other platforms' users complained about, as far as it concerns items; one test a rule."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import (
    Actor,
    FrozenClock,
    Money,
    Objection,
    Platform,
    PluginHost,
    Refused,
    Role,
    hookimpl,
    rule,
)
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    EnterItem,
    ForwardItem,
    HideItem,
    Link,
    LinkItem,
    MergeItems,
    ReclassifyItem,
    ReviewItem,
    ReviseItem,
    SaveDraft,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
    UnhideItem,
    WithdrawItem,
)
from partizipation_core.kernel.lineage import merged_points, merged_supporters
from partizipation_core.kernel.linking import Place, all_links, connected
from partizipation_core.kernel.revision import revisions
from partizipation_core.kernel.visibility import public
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.reports.assemble import assemble
from partizipation_core.texts.wording import Wording
from partizipation_core.values import ParticipantRef, ProcedureRef

ANNA = Actor.of("anna", Role.RESIDENT)
BERND = Actor.of("bernd", Role.RESIDENT)
OFFICE = Actor.of("office", Role.OFFICER, Role.MODERATOR, Role.REVIEWER)


class Town:
    """A town with two procedures: a Bürgerhaushalt, and a Kiezkasse that takes what it gets."""

    def __init__(self, platform):
        self.town = platform.municipality("12060052")
        self.budget = self.opened("budget", "buergerhaushalt", pot="9000 EUR", misfit="skip")
        self.kiez = self.opened("kiez", "kiezkasse", pot="5000 EUR", region="Mitte")

    def opened(self, ref, form, **settings):
        return self.town.open(ref, form, actor=OFFICE, settings=settings)

    def idea(self, ref, *, actor=ANNA, **content):
        content = {"title": f"Idee {ref}", "cost": Money.euro(100), **content}
        self.budget.execute(SubmitItem(item=ref, **content), actor=actor)

    def office(self, *commands):
        for command in commands:
            self.budget.execute(command, actor=OFFICE)

    def shortlist(self, *refs):
        for ref in refs:
            feasible = ReviewItem(item=ref, outcome="feasible", cost=Money.euro(100))
            self.office(TakeUpReview(item=ref), feasible, ShortlistItem(item=ref))

    def to_the_vote(self, *refs):
        for ref in refs:
            self.idea(ref)
        self.office(AdvanceStage())
        self.shortlist(*refs)
        self.office(AdvanceStage())

    def codes(self, command, actor=OFFICE):
        return {one.code for one in self.budget.why(command, actor=actor)}


@pytest.fixture
def town():
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    with Platform("sqlite://", clock=clock) as platform:
        yield Town(platform)


def audited(*procedures):
    """Say that state and journal agree, and that a replay arrives at the same state."""
    for procedure in procedures:
        assert [fault for check in procedure.audit() for fault in check.faults] == []
        before = (procedure.state(), procedure.items())
        procedure.rebuild()
        assert (procedure.state(), procedure.items()) == before


def test_t22_a_text_changed_after_support_is_another_revision(town):
    """A support binds to a version: every text has its number, and the ballot names it."""
    town.idea("i-1", text="Eine Bank")
    supported = town.budget.item("i-1").revision
    change = ReviseItem(item="i-1", title="Idee i-1", text="Ein Parkhaus")
    town.budget.execute(change, actor=ANNA)
    assert town.budget.item("i-1").revision == supported + 1
    texts = revisions([one.event for one in town.budget.journal()], "i-1")
    assert {one.revision: one.text for one in texts} == {1: "Eine Bank", 2: "Ein Parkhaus"}
    town.office(AdvanceStage())
    town.shortlist("i-1")
    town.office(AdvanceStage())
    assert town.budget.state().revisions["vote"] == {"i-1": 2}
    audited(town.budget)


@rule("guard", name="test/one_district")
def one_district(item, _view):
    """Let Anna's ideas be for her own district only."""
    if item.author == "anna" and item.area != "Nord":
        yield Objection("other_district", {"item": item.ref})


class Districts:
    """A format that asks where its authors live."""

    @hookimpl
    def register_formats(self):
        guards = {"submit": one_district}
        return [BUERGERHAUSHALT.derive(key="districts", guards=guards)]


def test_t24_a_move_to_another_area_is_checked_again_and_never_silent():
    """Reclassifying re-validates what depended on the place, and reports it."""
    host = PluginHost([Plugin(Origin("test", "dist-test", "1.0"), Districts())])
    with Platform("sqlite://", host=host) as platform:
        settings = {"misfit": "skip"}
        town = platform.municipality("12060052")
        budget = town.open("b", "districts", actor=OFFICE, settings=settings)
        budget.execute(SubmitItem(item="i-1", title="Bank", area="Nord"), actor=ANNA)
        silent = ReclassifyItem(item="i-1", area="Mitte", reason="")
        assert {one.code for one in budget.why(silent, actor=OFFICE)} == {"reason_missing"}
        budget.execute(
            ReclassifyItem(item="i-1", area="Mitte", reason="Grenze verwechselt"), actor=OFFICE
        )
        told = budget.journal()[-1].event
        assert (told.area, told.reason) == ("Mitte", "Grenze verwechselt")
        assert told.conflicts == budget.item("i-1").conflicts == ("other_district",)
        audited(budget)


def test_t37_a_copy_begins_with_no_counts(town):
    """Counts are derived: what is handed over is what people wrote and nothing else."""
    town.idea("i-1", text="Mit Lehne", area="Mitte")
    town.budget.execute(ReviseItem(item="i-1", title="Bank", text="Holz"), actor=ANNA)
    town.office(AdvanceStage(), TakeUpReview(item="i-1"))
    town.office(ReviewItem(item="i-1", outcome="feasible", cost=Money.euro(70), statement="Ja"))
    town.office(ForwardItem(item="i-1", procedure="kiez", reason="Kleiner Betrag"))
    (copy,) = town.kiez.items()
    assert (copy.title, copy.text, copy.area, copy.author) == ("Bank", "Holz", "Mitte", "anna")
    assert (copy.number, copy.revision, copy.state) == ("2027-00001", 1, "published")
    assert (copy.review, copy.hands, copy.award, copy.delivery) == (None, None, None, None)


def test_t51_what_is_hidden_is_marked_for_every_export(town):
    """One gate for every reader tells what is public."""
    town.idea("seen")
    town.idea("hidden")
    town.budget.execute(SaveDraft(item="draft", title="Unfertig"), actor=ANNA)
    town.office(HideItem(item="hidden", reason="Beleidigung"))
    items = town.budget.items()
    assert [item.ref for item in items if public(item)] == ["seen"]
    marks = {item.ref: item.hidden for item in items if not public(item)}
    assert marks == {"draft": "", "hidden": "Beleidigung"}
    at = town.budget.journal()[-1].at
    report = assemble(
        town.budget, Wording(), title="x", municipality="Musterstadt", generated_at=at
    )
    assert {one.item: one.title for one in report.entries} == {
        "seen": "Idee seen",
        "hidden": "(ausgeblendet)",
    }


def test_t53_a_merger_keeps_log_version_and_origin_and_waits_for_no_vote(town):
    """Merging has a lineage, and is refused once votes exist."""
    town.idea("a")
    town.idea("b", actor=BERND)
    before = len(town.budget.journal())
    town.office(MergeItems(into="a", sources=["b"], reason="Dasselbe"))
    source, target = town.budget.item("b"), town.budget.item("a")
    assert (source.state, source.lineage.merged_into, source.author) == ("merged", "a", "bernd")
    assert (source.number, list(target.lineage.sources)) == ("2027-00002", ["b"])
    assert len(town.budget.journal()) == before + 1
    audited(town.budget)

    town.to_the_vote("c", "d")
    town.budget.execute(CastBallot(choices={"c": 1}), actor=ANNA)
    late = MergeItems(into="c", sources=["d"], reason="Dasselbe")
    assert {"frozen_on_ballot", "state_forbids"} <= town.codes(late)


def test_t54_support_moves_only_where_a_town_says_so(town):
    """By default nobody's support goes to something they did not support."""
    points, supporters = {"a": 5, "b": 3, "c": 2}, {"a": {"p1"}, "b": {"p1", "p2"}, "c": {"p3"}}
    for ref in "abc":
        town.idea(ref)
    town.office(MergeItems(into="a", sources=["b"], reason="Dasselbe"))
    items = {item.ref: item for item in town.budget.items()}
    assert merged_points(items, points) == {"a": 5, "c": 2}
    assert merged_supporters(items, supporters)["a"] == {"p1"}
    agreed = MergeItems(into="a", sources=["c"], vote_policy="add_points", reason="Wie 2011")
    town.office(agreed)
    items = {item.ref: item for item in town.budget.items()}
    assert merged_points(items, points) == {"a": 7}


def test_t55_what_is_handed_over_twice_arrives_once(town):
    """Taking something up from another procedure is idempotent."""
    town.idea("i-1")
    town.office(ForwardItem(item="i-1", procedure="kiez", reason="Kleiner Betrag"))
    arrived = (town.kiez.items(), len(town.kiez.journal()))
    execution, scope = town.budget._execution, town.budget._scope
    journal = town.budget.journal()  # handed over once more after a crash
    execution.outbox._handing.hand_over(scope, journal, "core")
    assert (town.kiez.items(), len(town.kiez.journal())) == arrived
    assert town.budget.failures() == []
    again = ForwardItem(item="i-1", procedure="kiez", reason="Kleiner Betrag")
    assert town.codes(again) == {"state_forbids"}


def test_t56_what_cannot_be_handed_over_says_why_and_what_can_needs_no_extras(town):
    """No cost, no area, no category: it arrives; what is refused is told by name."""
    town.idea("bare", cost=None)
    town.office(ForwardItem(item="bare", procedure="kiez", reason="Kleiner Betrag"))
    assert [(one.ref, one.cost) for one in town.kiez.items()] == [("budget:bare", None)]

    strict = town.opened("nord", "kiezkasse", pot="1 EUR", region="Nord", areas=["Nord"])
    town.idea("far", area="Süd")
    town.office(ForwardItem(item="far", procedure="nord", reason="Liegt dort"))
    assert strict.items() == ()
    (told,) = town.budget.failures()
    assert "area_unknown" in told
    by_hand = EnterItem(
        item="far",
        title="Idee far",
        channel="handover",
        author=ParticipantRef("anna"),
        origin=Link(relation="handed_from", procedure=ProcedureRef("budget"), item="far"),
    )
    strict.execute(by_hand, actor=OFFICE)
    assert strict.item("far").author == "anna"


def test_t59_an_idea_is_traced_to_project_and_result_and_back(town):
    """Links lead across procedures in both directions."""
    town.idea("i-1")
    town.office(ForwardItem(item="i-1", procedure="kiez", reason="Kleiner Betrag"))
    result = LinkItem(
        item="budget:i-1", to_procedure="register", to_item="m-7", relation="results_in"
    )
    town.kiez.execute(result, actor=OFFICE)
    links = all_links({"budget": town.budget.items(), "kiez": town.kiez.items()})
    way = (Place("budget", "i-1"), Place("kiez", "budget:i-1"), Place("register", "m-7"))
    assert connected(links, way[0]) == way
    assert connected(links, way[2]) == tuple(reversed(way))
    assert links[way[1]][0] == Link(relation="handed_from", procedure="budget", item="i-1")
    audited(town.budget, town.kiez)


def test_an_author_withdraws_until_the_item_is_on_a_ballot(town):
    """§4f: withdraw is the author's, until "on ballot"."""
    town.to_the_vote("i-1")
    assert "state_forbids" in town.codes(WithdrawItem(item="i-1"), ANNA)
    town.budget = town.opened("next", "buergerhaushalt", pot="9000 EUR", misfit="skip")
    town.idea("i-2")
    assert town.codes(WithdrawItem(item="i-2"), BERND) == {"not_the_author"}
    town.budget.execute(WithdrawItem(item="i-2"), actor=ANNA)
    assert town.budget.item("i-2").state == "withdrawn"


def test_hiding_is_reversible_and_never_deletes_votes(town):
    """§4f: hide is the moderator's, from any state, and no vote is lost."""
    town.to_the_vote("a", "b")
    town.budget.execute(CastBallot(choices={"a": 1}), actor=ANNA)
    town.office(HideItem(item="a", reason="Beleidigung"))
    with pytest.raises(Refused, match="item_hidden"):
        town.budget.execute(CastBallot(choices={"a": 1}), actor=BERND)
    town.office(UnhideItem(item="a", reason="Doch keine"))
    town.budget.execute(CastBallot(choices={"a": 1}), actor=BERND)
    assert town.budget.turnout("vote") == {"online": 2}
    audited(town.budget)
