"""Supports and ratings: one voice of each person, within caps, bound to the text it was for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Role, Stage, StageKind
from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AdvanceStage,
    CloseProcedure,
    ConfirmSupport,
    EndStage,
    RateItem,
    ReopenStage,
    RetractRating,
    RetractSupport,
    SupportItem,
)
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.calendar import StageEnded, StageEntered
from partizipation_core.kernel.discussion.closing import VoicesClosed
from partizipation_core.kernel.discussion.counts import (
    Counts,
    item_counts,
    not_yet_public,
    open_kinds,
)
from partizipation_core.kernel.procedure import ProcedureClosed
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.voices import Sealed, VoiceCount, VoiceEntry

RATING = {RateItem: ["resident"], RetractRating: ["resident"]}
RATED = BUERGERHAUSHALT.derive(
    key="rated",
    insert_before={
        "review": Stage("opinions", kind=StageKind.IDEA, title="Bewertung", allows=RATING)
    },
)


@pytest.fixture
def ideas(play):
    """Open a Bürgerhaushalt with ideas a to c: ``ideas(max_supports=2)``."""

    def open_(**settings):
        budget = play(settings=settings)
        for ref, area in {"a": "Nord", "b": "Nord", "c": "Süd"}.items():
            budget.put(ref, state="published", area=area)
        return budget

    return open_


@pytest.fixture
def rated(play, host_with):
    """Return a budget in a stage in which ideas are rated."""
    budget = play("rated", host=host_with(RATED), settings={"pot": "1000 EUR"})
    budget.put("a", state="published")
    budget.advance("opinions")
    return budget


def counts(game, ref):
    return item_counts(game.tallies(), game.item(ref), game.pinned.settings)


# --- one voice of each person


def test_given_an_idea_when_supported_then_no_event_tells_of_it(ideas):
    budget = ideas()
    before = list(budget.events)
    (entry,) = budget.do(SupportItem(item="a"), "anna")
    assert entry == VoiceEntry(kind="support", person="anna", item="a", revision=1, area="Nord")
    assert budget.events == before
    assert counts(budget, "a") == Counts(supports=1)


def test_given_a_support_when_given_again_then_refused(ideas):
    budget = ideas()
    budget.do(SupportItem(item="a"), "anna")
    assert budget.codes(SupportItem(item="a"), "anna") == ["already_supported"]
    assert budget.codes(SupportItem(item="a"), "bernd") == []


def test_given_a_support_when_taken_back_then_it_can_be_given_again(ideas):
    budget = ideas()
    assert budget.codes(RetractSupport(item="a"), "anna") == ["not_supported"]
    budget.do(SupportItem(item="a"), "anna")
    budget.do(RetractSupport(item="a"), "anna")
    assert counts(budget, "a") == Counts()
    assert budget.codes(SupportItem(item="a"), "anna") == []


def test_given_a_rating_when_changed_then_only_the_new_one_counts(rated):
    rated.do(RateItem(item="a", value=1), "anna")
    assert rated.codes(RateItem(item="a", value=1), "anna") == ["already_rated"]
    (entry,) = rated.do(RateItem(item="a", value=-1), "anna")
    assert entry.act == "replace"
    rated.do(RateItem(item="a", value=1), "bernd")
    assert counts(rated, "a") == Counts(pro=1, contra=1)
    rated.do(RetractRating(item="a"), "anna")
    assert rated.codes(RetractRating(item="a"), "anna") == ["not_rated"]
    assert counts(rated, "a") == Counts(pro=1)


@pytest.mark.parametrize("value", [0, 2, -2])
def test_a_rating_is_for_or_against(value):
    with pytest.raises(ValueError, match="value"):
        RateItem(item="a", value=value)


@pytest.mark.parametrize(
    "state",
    ["draft", "submitted", "returned", "refused", "merged", "withdrawn"],
)
def test_what_is_not_public_or_gone_is_not_supported(ideas, state):
    budget = ideas()
    budget.put("a", state=state)
    assert budget.codes(SupportItem(item="a"), "anna") == ["item_not_discussed"]


def test_what_is_hidden_is_not_supported(ideas):
    budget = ideas()
    budget.put("a", hidden="Beleidigung")
    assert budget.codes(SupportItem(item="a"), "anna") == ["item_hidden"]


def test_a_place_taken_by_a_hidden_idea_can_be_given_back(ideas):
    budget = ideas(max_supports=1)
    budget.do(SupportItem(item="a"), "anna")
    budget.put("a", hidden="Beleidigung")
    budget.do(RetractSupport(item="a"), "anna")
    assert budget.codes(SupportItem(item="c"), "anna") == []


def test_an_unknown_idea_is_told_alone(ideas):
    assert ideas().codes(SupportItem(item="z"), "anna") == ["item_unknown"]


def test_who_is_too_young_may_not_support_but_may_take_back(ideas):
    budget = ideas(min_age=14)
    child = Actor.of("kim", Role.RESIDENT, age=12)
    assert budget.codes(SupportItem(item="a"), child) == ["too_young"]
    assert budget.codes(RetractSupport(item="a"), child) == ["not_supported"]


@pytest.mark.parametrize("role", ["moderator", "reviewer", "officer", "council", "steward"])
@pytest.mark.parametrize("command", [SupportItem(item="a"), ConfirmSupport(item="a")], ids=str)
def test_staff_does_not_vote_even_if_they_live_there(ideas, role, command):
    both = Actor.of("p", role, Role.RESIDENT)
    assert "staff_does_not_vote" in ideas().codes(command, both)


def test_staff_does_not_rate(rated):
    both = Actor.of("p", Role.OFFICER, Role.RESIDENT)
    assert rated.codes(RateItem(item="a", value=1), both) == ["staff_does_not_vote"]


# --- caps


def test_a_person_supports_no_more_than_the_cap_and_may_exchange(ideas):
    budget = ideas(max_supports=2)
    for ref in "ab":
        budget.do(SupportItem(item=ref), "anna")
    (objection,) = budget.why(SupportItem(item="c"), "anna")
    assert str(objection) == "too_many_supports(max=2)"
    assert budget.codes(SupportItem(item="c"), "bernd") == []
    budget.do(RetractSupport(item="a"), "anna")
    assert budget.codes(SupportItem(item="c"), "anna") == []


def test_both_caps_are_told_together(ideas):
    budget = ideas(max_supports=1, max_supports_per_area=1)
    budget.do(SupportItem(item="a"), "anna")
    codes = budget.codes(SupportItem(item="b"), "anna")
    assert codes == ["too_many_supports", "too_many_supports_in_area"]


# --- revised texts


@pytest.mark.parametrize(
    ("policy", "after", "again", "confirm"),
    [
        ("keep", Counts(supports=1), ["already_supported"], ["nothing_to_confirm"]),
        ("ask", Counts(lapsed=1), ["support_unconfirmed"], []),
        ("reset", Counts(lapsed=1), [], ["nothing_to_confirm"]),
    ],
)
def test_what_a_support_is_worth_once_the_text_was_revised(ideas, policy, after, again, confirm):
    budget = ideas(support_policy=policy)
    budget.do(SupportItem(item="a"), "anna")
    budget.put("a", revision=2)
    assert counts(budget, "a") == after
    assert budget.codes(SupportItem(item="a"), "anna") == again
    assert budget.codes(ConfirmSupport(item="a"), "anna") == confirm


@pytest.mark.parametrize(
    ("policy", "command"),
    [("ask", ConfirmSupport(item="a")), ("reset", SupportItem(item="a"))],
    ids=["ask", "reset"],
)
def test_standing_by_a_revised_text_takes_no_second_place(ideas, policy, command):
    budget = ideas(support_policy=policy, max_supports=1)
    budget.do(SupportItem(item="a"), "anna")
    budget.put("a", revision=2)
    budget.do(command, "anna")
    assert counts(budget, "a") == Counts(supports=1)
    assert budget.codes(SupportItem(item="b"), "anna") == ["too_many_supports"]


def test_only_who_supports_can_confirm(ideas):
    budget = ideas(support_policy="ask")
    assert budget.codes(ConfirmSupport(item="a"), "anna") == ["not_supported"]
    budget.do(SupportItem(item="a"), "anna")
    assert budget.codes(ConfirmSupport(item="a"), "anna") == ["nothing_to_confirm"]


tallies = st.lists(
    st.builds(
        VoiceCount,
        kind=st.sampled_from(["support", "rating"]),
        item=st.sampled_from(["a", "b"]),
        revision=st.integers(1, 3),
        value=st.sampled_from([1, -1]),
        people=st.integers(1, 99),
    )
)


@given(said=tallies, policy=st.sampled_from(["keep", "ask", "reset"]), revision=st.integers(1, 3))
def test_no_voice_is_lost_or_counted_twice(said, policy, revision):
    item = Item(ref="a", author="x", title="a", state="published", revision=revision)
    found = item_counts(said, item, ProcedureSettings(support_policy=policy))
    everybody = sum(tally.people for tally in said if tally.item == "a")
    assert found.supports + found.pro + found.contra + found.lapsed == everybody
    assert policy != "keep" or found.lapsed == 0


# --- the end of the stage


def test_leaving_a_stage_that_took_in_supports_seals_them_in_one_event(ideas):
    budget = ideas()
    for who in ("anna", "bernd"):
        budget.do(SupportItem(item="a"), who)
    budget.do(SupportItem(item="c"), "anna")
    closed, entered = budget.do(AdvanceStage(), "officer")
    assert isinstance(entered, StageEntered)
    assert closed == VoicesClosed(
        stage="ideas",
        sealed={"support": Sealed(entries=3, root="00")},
        counts={"a": Counts(supports=2), "c": Counts(supports=1)},
    )


def test_where_nothing_was_said_nothing_is_sworn_to(ideas):
    budget = ideas()
    budget.advance("review")
    assert not any(isinstance(event, VoicesClosed) for event in budget.events)


def test_a_stage_that_was_opened_again_is_sealed_again_also_when_all_was_taken_back(rated):
    rated.do(RateItem(item="a", value=1), "anna")
    rated.advance("review")
    rated.do(ReopenStage(reason="Server war aus"), "officer")
    rated.do(RetractRating(item="a"), "anna")
    closed, _ = rated.do(AdvanceStage(), "officer")
    assert (closed.sealed["rating"].entries, closed.counts) == (0, {})
    assert rated.procedure.voices["rating"].entries == 0


def test_a_stage_that_was_ended_is_sealed_once(rated):
    rated.do(RateItem(item="a", value=-1), "anna")
    closed, ended = rated.do(EndStage(reason="Unwetter"), "officer")
    assert (closed.counts, type(ended)) == ({"a": Counts(contra=1)}, StageEnded)
    assert [type(event) for event in rated.do(AdvanceStage(), "officer")] == [StageEntered]


def test_closing_the_procedure_seals_what_its_last_stage_took_in(play, host_with):
    likes = {SupportItem: ["resident"]}
    last = next(stage for stage in BUERGERHAUSHALT.stages if stage.key == "implement")
    open_end = Stage("implement", kind=last.kind, allows={**last.allows, **likes})
    form = BUERGERHAUSHALT.derive(key="open_end", replace=[open_end])
    budget = play("open_end", host=host_with(form))
    budget.put("a", state="awarded")
    budget.become(stage="implement")
    budget.do(SupportItem(item="a"), "anna")
    closed, over = budget.do(CloseProcedure(), "officer")
    assert (closed.counts, type(over)) == ({"a": Counts(supports=1)}, ProcedureClosed)
    assert open_kinds(budget.procedure, budget.definition) == ()


# --- what the public may see


def gate(game, kind):
    place = (game.procedure, game.definition, game.pinned.settings)
    return [one.code for one in not_yet_public(kind, *place)]


@pytest.mark.parametrize(
    ("settings", "during"),
    [
        ({}, []),
        ({"show_supports": "always"}, []),
        ({"show_supports": "after_stage"}, ["counts_not_public_yet"]),
    ],
    ids=str,
)
def test_supports_are_public_when_the_town_says_so(ideas, settings, during):
    budget = ideas(**settings)
    assert gate(budget, "support") == during
    budget.advance("review")
    assert gate(budget, "support") == []


def test_the_gate_says_from_when(play):
    budget = play(settings={"show_supports": "after_stage"})
    budget.become(schedule={"review": Window(start=Instant(5))})
    (objection,) = not_yet_public(
        "support", budget.procedure, budget.definition, budget.pinned.settings
    )
    assert objection.params == {"stage": "ideas", "kind": "support"}
    assert objection.allowed_from == Instant(5)
