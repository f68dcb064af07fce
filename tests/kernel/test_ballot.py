"""Ballots: casting, replacing, counting."""

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Money, Objection, Refused, rule
from partizipation_core.commands import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.counting import Result
from partizipation_core.kernel.ballot import BallotsCounted
from partizipation_core.kernel.messages import BallotEntry

SEED = "4 9 17 23 31 42"
OVERALL = CountBallots(vote="vote", seed=SEED)


def cast(budget, *ballots):
    for number, choices in enumerate(ballots):
        budget.do(CastBallot(choices=choices), Actor.of(f"v-{number}", "resident"))


# --- casting


def test_given_a_vote_when_cast_then_the_ballot_goes_into_the_box_and_not_into_the_journal(voting):
    before = list(voting.events)
    (entry,) = voting.do(CastBallot(choices={"a": 1, "c": 1}, channel="paper"), "anna")
    assert entry == BallotEntry(
        vote="vote", voter="anna", choices={"a": 1, "c": 1}, channel="paper", replaces=False
    )
    assert voting.events == before


def test_given_a_ballot_when_cast_again_then_refused(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    assert voting.codes(CastBallot(choices={"b": 1}), "anna") == ["already_voted"]
    assert voting.codes(CastBallot(choices={"b": 1}), "bernd") == []


def test_given_a_ballot_when_replaced_then_only_the_new_one_counts(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    (entry,) = voting.do(ReplaceBallot(choices={"b": 1}), "anna")
    assert entry.replaces
    assert voting.boxes["vote"] == {"anna": {"b": 1}}


def test_given_no_ballot_when_replaced_then_refused(voting):
    assert voting.codes(ReplaceBallot(choices={"a": 1}), "anna") == ["not_voted_yet"]


@pytest.mark.parametrize(
    ("settings", "choices", "codes"),
    [
        ({}, {}, ["too_few_choices"]),
        ({}, {"x": 1}, ["not_on_ballot"]),
        ({}, {"a": 2}, ["choice_not_plain"]),
        ({}, {"a": 0, "b": -1}, ["choice_not_plain", "choice_not_plain"]),
        ({"max_choices": 2}, {"a": 1, "b": 1, "c": 1}, ["too_many_choices"]),
        ({"max_choices": 2}, {"a": 1, "b": 1}, []),
        ({"min_choices": 0}, {}, []),
        ({"ballot_type": "cumulative", "max_points": 5}, {"a": 4, "b": 2}, ["points_over"]),
        ({"ballot_type": "cumulative", "max_points": 5}, {"a": 4, "b": 1}, []),
        ({"ballot_type": "cumulative"}, {"a": 0}, ["points_none"]),
        (
            {"ballot_type": "cumulative", "max_points_per_item": 3},
            {"a": 4},
            ["points_per_item_over"],
        ),
        ({"ballot_type": "pro_contra"}, {"a": 1, "b": -1}, []),
        ({"ballot_type": "pro_contra"}, {"a": 2}, ["choice_not_plain"]),
        (
            {
                "ballot_type": "cumulative",
                "max_choices": 1,
                "max_points": 5,
                "max_points_per_item": 3,
            },
            {"a": 4, "b": 4, "x": -1},
            [
                "not_on_ballot",
                "points_negative",
                "points_over",
                "points_per_item_over",
                "points_per_item_over",
                "too_many_choices",
            ],
        ),
    ],
    ids=[
        "empty",
        "a stranger",
        "two votes for one",
        "none and against",
        "one too many",
        "as many as allowed",
        "blank allowed",
        "too many points",
        "all points",
        "no point",
        "heaped too high",
        "for and against",
        "two votes for",
        "everything at once",
    ],
)
def test_a_ballot_is_checked_as_a_whole(play, settings, choices, codes):
    budget = play(settings=settings)
    for ref in ("a", "b", "c"):
        budget.put(ref, state="shortlisted")
    budget.advance("vote")
    assert budget.codes(CastBallot(choices=choices), "anna") == codes


@pytest.mark.parametrize("points", [True, 1.0, "1", None], ids=repr)
def test_a_choice_that_is_no_whole_number_cannot_even_be_written_down(points):
    with pytest.raises(TypeError, match="whole numbers"):
        CastBallot(choices={"a": points})


def test_given_an_age_limit_when_cast_then_all_reasons_come_together(play):
    budget = play(settings={"min_age": 14})
    budget.put("a", state="shortlisted")
    budget.advance("vote")
    child = Actor.of("kid", "resident", age=9)
    assert budget.codes(CastBallot(choices={"b": 1}), child) == ["not_on_ballot", "too_young"]


def test_given_a_stage_that_allows_ballots_but_has_none_when_cast_then_there_is_no_vote(voting):
    voting.become(papers={})
    assert voting.codes(CastBallot(choices={"a": 1}), "anna") == ["no_open_vote"]


# --- counting


def test_given_the_vote_is_over_when_counted_then_the_winners_are_proposed(voting):
    cast(voting, {"a": 1, "c": 1}, {"c": 1}, {"c": 1, "b": 1})
    voting.advance("fund")
    (counted,) = voting.do(OVERALL, "officer")
    assert isinstance(counted, BallotsCounted)
    assert (counted.vote, counted.ballots, counted.seed) == ("vote", 3, SEED)
    assert voting.procedure.counted == ("vote",)
    assert voting.procedure.proposed == {
        "a": Money.euro(100),
        "b": Money.euro(200),
        "c": Money.euro(300),
    }
    assert Result.from_data(counted.result).funded[0] == "c"


def test_given_a_small_pot_when_counted_then_no_more_is_proposed_than_there_is(play):
    budget = play(settings={"pot": "350 EUR"})
    for ref, cost in {"a": 100, "b": 200, "c": 300}.items():
        budget.put(ref, state="shortlisted", cost=Money.euro(cost))
    budget.advance("vote")
    cast(budget, {"c": 1}, {"c": 1}, {"b": 1})
    budget.advance("fund")
    budget.do(OVERALL, "officer")
    assert budget.procedure.proposed == {"c": Money.euro(300)}


@pytest.mark.parametrize(
    ("changes", "command", "codes"),
    [
        ({}, CountBallots(vote="other", seed=SEED), ["vote_unknown"]),
        ({}, CountBallots(vote="vote", seed=" "), ["seed_missing"]),
        ({"closed_votes": {}}, OVERALL, ["vote_still_open"]),
        ({"papers": {"vote": {}}}, OVERALL, ["nothing_on_ballot"]),
        ({"counted": ("vote",)}, OVERALL, ["already_counted"]),
        (
            {"counted": ("vote",), "closed_votes": {}},
            CountBallots(vote="vote"),
            ["already_counted", "seed_missing", "vote_still_open"],
        ),
    ],
    ids=["no such vote", "no seed", "still open", "empty paper", "counted before", "all at once"],
)
def test_what_cannot_be_counted_is_refused(voting, changes, command, codes):
    voting.advance("fund")
    voting.become(**changes)
    assert voting.codes(command, "officer") == codes


def test_given_no_lot_among_the_tie_rules_when_counted_then_no_seed_is_needed(play):
    budget = play(rules={"tie": ["core/lower_cost"]})
    budget.put("a", state="shortlisted")
    budget.advance("fund")
    assert budget.codes(CountBallots(vote="vote"), "officer") == []


def test_given_equals_that_no_rule_parts_when_counted_then_it_is_refused_and_names_them(play):
    budget = play(settings={"pot": "100 EUR"}, rules={"tie": ["core/lower_cost"]})
    for ref in ("a", "b"):
        budget.put(ref, state="shortlisted")
    budget.advance("vote")
    cast(budget, {"a": 1, "b": 1})
    budget.advance("fund")
    command = CountBallots(vote="vote")
    with pytest.raises(Refused, match=r"tie_undecided\(items=a, b\)"):
        budget.decider(command).decide(command, budget.context(command, "officer"))


def test_the_same_ballots_and_seed_give_the_same_result(voting):
    cast(voting, {"a": 1, "b": 1, "c": 1})
    voting.advance("fund")
    context = voting.context(OVERALL, "officer")
    decide = voting.decider(OVERALL).decide
    assert decide(OVERALL, context) == decide(OVERALL, context)


# --- what rules and the core have to say together


@rule("ballot", name="test/permissive")
def permissive(_choices, _paper, _view):
    """Take any ballot at all."""
    return []


def test_a_rule_that_takes_anything_lifts_no_limit(play, host_with):
    lax = BUERGERHAUSHALT.derive(key="lax", rules={"ballot": permissive})
    budget = play("lax", host=host_with(lax), settings={"max_choices": 1})
    for ref in "ab":
        budget.put(ref, state="shortlisted")
    budget.advance("vote")
    budget.do(CastBallot(choices={"a": 1}), "anna")
    twice = budget.codes(CastBallot(choices={"a": 99, "b": 1, "stranger": 1}), "anna")
    assert twice == ["already_voted", "choice_not_plain", "not_on_ballot", "too_many_choices"]


@rule("ballot", name="test/nothing_dear")
def nothing_dear(choices, paper, _view):
    """Take no item that costs more than a hundred euros."""
    dear = [ref for ref in choices if ref in paper and paper[ref] > Money.euro(100)]
    return [Objection("too_dear", {"item": ref}) for ref in dear]


def test_a_rule_of_the_town_adds_to_the_limits(play, host_with):
    thrifty = BUERGERHAUSHALT.derive(key="thrifty", rules={"ballot": nothing_dear})
    budget = play("thrifty", host=host_with(thrifty))
    for ref, cost in {"a": 100, "b": 200}.items():
        budget.put(ref, state="shortlisted", cost=Money.euro(cost))
    budget.advance("vote")
    assert budget.codes(CastBallot(choices={"a": 1}), "anna") == []
    assert budget.codes(CastBallot(choices={"b": 2}), "anna") == ["choice_not_plain", "too_dear"]


def test_a_plugin_adds_its_objection_to_those_of_the_core(play, host_with):
    def objections(command):
        return [Objection("house_rule")] if isinstance(command, CastBallot) else []

    budget = play(host=host_with(objections=objections))
    assert budget.codes(CastBallot(choices={}), "officer") == [
        "house_rule",
        "role_forbids",
        "stage_not_yet",
    ]
