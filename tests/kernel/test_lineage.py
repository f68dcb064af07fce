"""Merging and splitting: nothing is lost, and both sides know of each other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core import Money
from partizipation_core.commands import MergeItems, Part, ReclassifyItem, SplitItem
from partizipation_core.kernel.dossier import Lineage
from partizipation_core.kernel.lineage import merged_points, merged_supporters
from partizipation_core.kernel.state import Item


@pytest.fixture
def ideas(budget):
    """Return a Bürgerhaushalt with the ideas a, b and c."""
    for ref in "abc":
        budget.submit(ref)
    return budget


def merge(into="a", sources=("b",), **more):
    return MergeItems(into=into, sources=sources, reason="Dasselbe Anliegen", **more)


def split(*parts):
    return SplitItem(item="a", parts=parts, reason="Zwei Anliegen")


ONE = Part(item="a-1", title="Bank", cost=Money.euro(60))
TWO = Part(item="a-2", title="Baum")


# --- merging


def test_merged_items_end_and_keep_everything(ideas):
    before = ideas.item("b")
    ideas.do(merge(sources=["b", "c", "b"]), "moderator")
    after = ideas.item("b")
    assert (after.state, after.lineage.merged_into) == ("merged", "a")
    kept = ("title", "text", "cost", "author", "number", "revision", "published")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.reason == "Dasselbe Anliegen"
    assert ideas.item("a").lineage.sources == {"b": "never", "c": "never"}
    assert ideas.state("a") == "published"


def test_each_merger_keeps_the_policy_it_was_made_under(ideas):
    ideas.do(merge(vote_policy="add_points"), "moderator")
    ideas.do(merge(sources=["c"], vote_policy="union"), "moderator")
    assert ideas.item("a").lineage.sources == {"b": "add_points", "c": "union"}


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (merge(sources=()), ["nothing_to_merge"]),
        (merge(sources=["a", "b"]), ["merged_into_itself"]),
        (merge(sources=["x"]), ["item_unknown"]),
        (merge(into="x"), ["item_unknown"]),
        (MergeItems(into="a", sources=["b"], reason=" "), ["reason_missing"]),
    ],
    ids=["nothing", "itself", "unknown source", "unknown target", "no reason"],
)
def test_a_merger_that_cannot_be_is_refused(ideas, command, codes):
    assert ideas.codes(command, "moderator") == codes


def test_a_draft_is_not_there_to_be_merged(ideas):
    ideas.put("b", state="draft")
    assert ideas.codes(merge(), "moderator") == ["item_unknown"]


def test_what_ended_is_not_merged_again(ideas):
    ideas.do(merge(), "moderator")
    assert ideas.codes(merge(into="c", sources=["b"]), "moderator") == ["state_forbids"]
    assert ideas.codes(merge(into="b", sources=["c"]), "moderator") == ["state_forbids"]


@pytest.mark.parametrize("into", ["a", "b"], ids=["target voted on", "source voted on"])
def test_after_votes_exist_nothing_is_merged(ideas, into):
    ideas.become(stage="review", papers={"vote": {"a": None}}, closed_votes={"vote": 3})
    other = {"a": "b", "b": "a"}[into]
    assert ideas.codes(merge(into=into, sources=[other]), "moderator") == ["frozen_on_ballot"]


def test_an_unknown_policy_is_no_policy():
    with pytest.raises(ValueError, match="double"):
        merge(vote_policy="double")


# --- what becomes of points and supporters


def items(*mergers):
    """Make items from mergers (source, target, policy)."""
    sources, into = {}, {}
    for source, target, policy in mergers:
        sources.setdefault(target, {})[source] = policy
        into[source] = target
    return {
        ref: Item(
            ref=ref,
            author="anna",
            title=ref,
            state="merged" if ref in into else "published",
            lineage=Lineage(sources=sources.get(ref, {}), merged_into=into.get(ref, "")),
        )
        for ref in {*sources, *into, "alone"}
    }


POINTS = {"a": 5, "b": 3, "c": 2, "alone": 1}


@pytest.mark.parametrize(
    ("mergers", "points"),
    [
        ((), {"alone": 1}),
        ((("b", "a", "add_points"),), {"a": 8, "alone": 1}),
        ((("b", "a", "never"),), {"a": 5, "alone": 1}),
        ((("b", "a", "union"),), {"a": 5, "alone": 1}),
        ((("b", "a", "add_points"), ("c", "a", "never")), {"a": 8, "alone": 1}),
        ((("c", "b", "add_points"), ("b", "a", "add_points")), {"a": 10, "alone": 1}),
        ((("c", "b", "never"), ("b", "a", "add_points")), {"a": 8, "alone": 1}),
        ((("c", "b", "add_points"), ("b", "a", "never")), {"a": 5, "alone": 1}),
        ((("nobody", "a", "add_points"),), {"a": 5, "alone": 1}),
    ],
    ids=[
        "no merger",
        "points add up",
        "points stay",
        "points are no persons",
        "two policies",
        "a chain",
        "a chain broken at its end",
        "a chain broken at its beginning",
        "a source without points",
    ],
)
def test_points_go_where_the_policy_sends_them(mergers, points):
    assert merged_points(items(*mergers), POINTS) == points


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_under_add_points_no_point_is_lost_or_won(given_points):
    refs = [f"i{n}" for n in range(len(given_points))]
    chain = items(*((later, first, "add_points") for first, later in pairwise(refs)))
    points = dict(zip(refs, given_points, strict=True))
    assert sum(merged_points(chain, points).values()) == sum(
        n for ref, n in points.items() if ref in chain
    )


@pytest.mark.parametrize(
    ("policy", "persons"),
    [
        ("union", {"anna", "bernd", "carla"}),
        ("never", {"anna", "bernd"}),
        ("add_points", {"anna", "bernd"}),
    ],
)
def test_united_supporters_are_distinct_persons(policy, persons):
    supporters = {"a": {"anna", "bernd"}, "b": {"bernd", "carla"}}
    assert merged_supporters(items(("b", "a", policy)), supporters)["a"] == persons


# --- splitting


def test_parts_go_their_own_way_and_inherit_who_and_where_but_no_counts(ideas):
    ideas.put("a", area="Mitte", category="Grün", coauthors=("bernd",), award=Money.euro(9))
    ideas.do(split(ONE, TWO), "moderator")
    whole, one, two = (ideas.item(ref) for ref in ("a", "a-1", "a-2"))
    assert (whole.state, whole.lineage.parts) == ("split", ("a-1", "a-2"))
    assert (one.title, one.cost, two.cost) == ("Bank", Money.euro(60), None)
    for part in (one, two):
        assert (part.author, part.coauthors, part.area, part.category) == (
            "anna",
            ("bernd",),
            "Mitte",
            "Grün",
        )
        assert (part.state, part.published, part.revision) == ("published", True, 1)
        assert (part.lineage.split_from, part.submitted_by) == ("a", "moderator-1")
        assert (part.award, part.review, part.hands) == (None, None, None)
    assert [one.number, two.number] == ["2027-00004", "2027-00005"]
    ideas.submit("d")
    assert ideas.item("d").number == "2027-00006"


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (split(ONE), ["too_few_parts"]),
        (split(ONE, ONE), ["reference_taken", "reference_taken"]),
        (split(ONE, Part(item="b", title="x")), ["reference_taken"]),
        (split(ONE, Part(item="ä", title=" ")), ["reference_malformed", "title_missing"]),
        (SplitItem(item="a", parts=[ONE, TWO], reason=""), ["reason_missing"]),
    ],
    ids=["one part", "twice the same", "taken", "faulty", "no reason"],
)
def test_a_split_that_cannot_be_is_refused(ideas, command, codes):
    assert ideas.codes(command, "moderator") == codes


def test_what_is_on_a_ballot_is_not_split(voting):
    assert "frozen_on_ballot" in voting.codes(split(ONE, TWO), "moderator")


def test_a_part_may_be_classified_anew(ideas):
    ideas.do(split(ONE, TWO), "moderator")
    ideas.do(ReclassifyItem(item="a-2", category="Bäume", reason="Eigenes Thema"), "moderator")
    assert ideas.item("a-2").category == "Bäume"
