"""Ballots: casting, replacing, counting."""

import pytest
from attrs import evolve

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Money, Objection, Refused, rule
from partizipation_core.commands import (
    AmendProcedure,
    CastBallot,
    CountBallots,
    HideItem,
    PutOnBallot,
    ReopenStage,
    ReplaceBallot,
    RevokeBallot,
)
from partizipation_core.counting import Result
from partizipation_core.kernel.ballot import BallotsCounted, election_of
from partizipation_core.kernel.messages import BallotEntry, BallotWithdrawal
from partizipation_core.plugins.pinning import pin, unpin

SEED = "4 9 17 23 31 42"
OVERALL = CountBallots(vote="vote", seed=SEED)


def cast(budget, *ballots):
    for number, choices in enumerate(ballots):
        budget.do(CastBallot(choices=choices), Actor.of(f"v-{number}", "resident"))


# --- casting


def test_given_a_vote_when_cast_then_the_ballot_goes_into_the_box_and_not_into_the_journal(voting):
    before = list(voting.events)
    (entry,) = voting.do(CastBallot(choices={"a": 1, "c": 1}), "anna")
    assert entry == BallotEntry(
        vote="vote", voter="anna", choices={"a": 1, "c": 1}, channel="online", replaces=False
    )
    assert voting.events == before


@pytest.mark.parametrize("who", ["anna", "officer"])
@pytest.mark.parametrize("channel", ["code", "paper", "booth", "hands", "urn"])
@pytest.mark.parametrize("kind", [CastBallot, ReplaceBallot, RevokeBallot])
def test_nobody_claims_a_channel_that_others_answer_for(voting, kind, channel, who):
    content = {} if kind is RevokeBallot else {"choices": {"a": 1}}
    before = voting.codes(kind(**content), who)
    assert set(voting.codes(kind(**content, channel=channel), who)) >= {
        *(set(before) - {"no_ballot_to_revoke", "not_voted_yet"}),
        "channel_not_own",
    }
    assert "channel_not_own" not in before


@pytest.mark.parametrize("channel", ["assembly", "mail", "", "Paper"])
@pytest.mark.parametrize("kind", [CastBallot, ReplaceBallot, RevokeBallot])
def test_a_channel_that_does_not_exist_cannot_be_named(kind, channel):
    content = {} if kind is RevokeBallot else {"choices": {"a": 1}}
    with pytest.raises(ValueError, match="channel"):
        kind(**content, channel=channel)


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


# --- taking it back


def test_given_a_ballot_when_revoked_then_it_is_gone_and_a_new_one_may_be_cast(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    before = list(voting.events)
    (gone,) = voting.do(RevokeBallot(), "anna")
    assert gone == BallotWithdrawal(vote="vote", voter="anna", channel="online")
    assert voting.boxes["vote"] == {}
    assert voting.events == before
    assert voting.codes(CastBallot(choices={"b": 1}), "anna") == []
    assert voting.codes(ReplaceBallot(choices={"b": 1}), "anna") == ["not_voted_yet"]


def test_given_no_ballot_when_revoked_then_refused(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    assert voting.codes(RevokeBallot(), "bernd") == ["no_ballot_to_revoke"]


def test_given_the_vote_is_over_when_revoked_then_refused(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    voting.advance("fund")
    assert voting.codes(RevokeBallot(), "anna") == ["stage_over"]


def test_given_a_secret_vote_is_over_when_reopened_then_refused(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    voting.advance("fund")
    assert voting.codes(ReopenStage(reason="Serverausfall"), "officer") == ["vote_sealed"]


def test_given_a_vote_opened_again_when_revoked_then_the_ballot_cast_before_goes(voting):
    settings = evolve(voting.pinned.settings, secrecy="pseudonymous")
    voting.pinned = evolve(voting.pinned, settings=settings)
    voting.do(CastBallot(choices={"a": 1}), "anna")
    voting.advance("fund")
    voting.do(ReopenStage(reason="Serverausfall am letzten Tag"), "officer")
    voting.do(RevokeBallot(), "anna")
    assert voting.boxes["vote"] == {}


def test_given_an_item_hidden_since_when_revoked_then_nothing_is_in_the_way(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    voting.do(HideItem(item="a", reason="spam"), "moderator")
    assert voting.codes(ReplaceBallot(choices={"a": 1}), "anna") == ["item_hidden"]
    assert voting.codes(RevokeBallot(), "anna") == []


def test_who_may_no_longer_vote_may_still_take_a_ballot_back(play):
    budget = play(settings={"min_age": 14})
    budget.put("a", state="shortlisted")
    budget.advance("vote")
    budget.do(CastBallot(choices={"a": 1}), "anna")
    unknown = Actor.of("anna", "resident")
    assert budget.codes(ReplaceBallot(choices={"a": 1}), unknown) == ["age_unknown"]
    assert budget.codes(RevokeBallot(), unknown) == []


def test_given_a_stage_without_a_vote_when_revoked_then_there_is_none(voting):
    voting.become(papers={})
    assert voting.codes(RevokeBallot(), "anna") == ["no_open_vote"]


# --- what was printed stays printed


@pytest.fixture
def printed(play):
    """Return a knapsack vote on a and b, at 100 and 200 euros, with a pot of 1,000."""
    budget = play(settings={"ballot_type": "knapsack", "max_per_area": 1})
    for ref, cost in {"a": 100, "b": 200}.items():
        budget.put(ref, state="shortlisted", cost=Money.euro(cost), area="N", category="park")
    budget.advance("vote")
    return budget


def test_price_and_place_on_the_paper_are_those_of_the_opening(printed):
    for ref in "ab":
        printed.put(ref, cost=Money.euro(9999), area=ref, category="school")
    paper = printed.context(OVERALL, "anna").paper("vote")
    assert dict(paper) == {"a": Money.euro(100), "b": Money.euro(200)}
    assert dict(paper.areas) == {"a": "N", "b": "N"}
    assert dict(paper.categories) == {"a": "park", "b": "park"}
    assert printed.codes(CastBallot(choices={"a": 1}), "anna") == []
    assert printed.codes(CastBallot(choices={"a": 1, "b": 1}), "anna") == ["too_many_in_area"]


def test_what_is_counted_and_proposed_is_the_price_on_the_paper(printed):
    printed.do(CastBallot(choices={"a": 1}), "anna")
    printed.put("a", cost=Money.euro(9999), category="school")
    printed.advance("fund")
    election = election_of("vote", printed.context(OVERALL, "officer"))
    first = election.projects[0]
    assert (first.cost, first.categories) == (10000, ("park",))
    printed.do(OVERALL, "officer")
    assert printed.procedure.proposed == {"a": Money.euro(100)}


def test_money_that_comes_back_during_a_vote_widens_nobodys_knapsack(play):
    budget = play(settings={"ballot_type": "knapsack", "pot": "300 EUR"})
    budget.put("before", state="awarded", cost=Money.euro(100))
    budget.commit("before", 100)
    for ref in "abc":
        budget.put(ref, state="shortlisted", cost=Money.euro(100))
    budget.advance("vote")
    budget.do(CastBallot(choices={"a": 1, "b": 1}), "anna")
    budget.world = evolve(budget.world, bookings=budget.world.bookings[:-1])
    assert budget.codes(CastBallot(choices={"a": 1, "b": 1, "c": 1}), "bernd") == [
        "over_the_total"
    ]


def test_a_walk_in_is_printed_with_its_area_and_category(assembly):
    assembly.put("c", state="feasible", area="N", category="park", cost=Money.euro(70))
    assembly.do(PutOnBallot(item="c"), "steward")
    paper = assembly.context(OVERALL, "steward").paper("assembly")
    assert (paper["c"], paper.areas["c"], paper.categories["c"]) == (Money.euro(70), "N", "park")


def test_an_amendment_before_the_first_ballot_changes_limits_and_leaves_the_paper(printed):
    amended = evolve(
        printed.definition, settings={**printed.definition.settings, "max_total": 15000}
    )
    printed.do(AmendProcedure(definition=amended, reason="Der Rat hat gekürzt."), "officer")
    printed.definition = amended
    printed.pinned = unpin(printed.host.registry, amended)
    paper = printed.context(OVERALL, "anna").paper("vote")
    assert dict(paper) == {"a": Money.euro(100), "b": Money.euro(200)}
    assert printed.codes(CastBallot(choices={"b": 1}), "anna") == ["over_the_total"]


# --- limits of each vote


def test_each_vote_of_a_procedure_may_have_limits_of_its_own(play):
    settings = {"max_choices": 1, "votes": {"vote": {"ballot_type": "cumulative"}}}
    budget = play(settings=settings)
    for ref in "ab":
        budget.put(ref, state="shortlisted")
    budget.advance("vote")
    budget.do(CastBallot(choices={"a": 3, "b": 2}), "anna")
    budget.advance("fund")
    tallies = election_of("vote", budget.context(OVERALL, "officer")).tallies()
    assert [one.points for one in tallies] == [3, 2]


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


def test_the_money_on_a_ballot_paper_stays_while_people_vote(voting, host):
    """What people were told they decide about is amended before the vote or after it."""

    def to(pot, **more):
        settings = {"pot": pot, "misfit": "skip", **more}
        wanted = pin(host.registry, "buergerhaushalt", settings=settings, rules={})
        return AmendProcedure(definition=wanted, reason="Nachtrag")

    assert voting.codes(to("5000 EUR"), "officer") == ["pot_on_ballot"]
    assert "pot_on_ballot" in voting.codes(to("1 EUR"), "officer")
    assert "pot_on_ballot" not in voting.codes(to("1000 EUR", max_choices=2), "officer")
    voting.advance("fund")
    assert voting.codes(to("5000 EUR"), "officer") == []
