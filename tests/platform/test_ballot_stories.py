"""Votes as German towns hold them, on a real database, with their golden rules."""

import pytest

from partizipation_core import Actor, Money, Refused, Role
from partizipation_core.commands import (
    AmendProcedure,
    CastBallot,
    HideItem,
    ReplaceBallot,
    RevokeBallot,
    SubmitItem,
)
from partizipation_core.errors import NotFound
from partizipation_core.plugins.pinning import pin

MODERATOR = Actor.of("moderator-1", Role.MODERATOR)


@pytest.fixture
def hold(town, new_budget):
    """Open a vote on items, given as euros or as euros, area and category."""

    def open_(items, *, rules=None, **settings):
        budget = new_budget(town, rules=rules, **settings)
        for ref, facts in items.items():
            euros, area, category = facts if isinstance(facts, tuple) else (facts, "", "")
            idea = SubmitItem(
                item=ref, title=ref, cost=Money.euro(euros), area=area, category=category
            )
            budget.execute(idea, actor=budget.resident("author"))
        budget.until("review").shortlist(*items)
        return budget.until("vote")

    return open_


def voter(name, **attributes):
    return Actor.of(name, Role.RESIDENT, **attributes)


def cast(budget, who, choices, **attributes):
    return budget.execute(CastBallot(choices=choices), actor=voter(who, **attributes))


def why(budget, choices, **attributes):
    """Name what speaks against a ballot of somebody who has not voted."""
    found = budget.why(CastBallot(choices=choices), actor=voter("nobody-yet", **attributes))
    return [str(one) for one in found]


def test_potsdam_gives_five_points_and_takes_no_sixth(hold):
    # given five points each, fifteen of which an idea needs to go on (Potsdam 2011)
    budget = hold(
        {"path": 300, "bridge": 200},
        ballot_type="cumulative",
        max_points=5,
        rank_by="points",
        threshold=15,
    )

    # when somebody gives six, they are told so, and nothing is kept of it
    assert why(budget, {"path": 6}) == ["points_over(given=6, max=5)"]
    assert why(budget, {"path": 3, "bridge": 3}) == ["points_over(given=6, max=5)"]
    with pytest.raises(Refused, match="points_over"):
        cast(budget, "a", {"path": 5, "bridge": 1})
    assert budget.turnout("vote") == {}

    # and points may be heaped or spread
    cast(budget, "a", {"path": 5})
    cast(budget, "b", {"path": 5})
    cast(budget, "c", {"path": 4, "bridge": 1})
    cast(budget, "d", {"bridge": 5})
    cast(budget, "e", {"bridge": 3, "path": 1})

    # then fifteen points are enough, and nine are not
    result = budget.until("fund").count()
    assert result.funded == ("path",)
    assert result.fates["path"].score == 15
    assert result.fates["bridge"].reason.code == "fate.below_threshold_points"


def test_unterschleissheim_lets_one_idea_overshoot_and_blocks_the_second(hold):
    # given a pot of 100,000 euros and ballots within it, the last idea may go beyond (2020)
    budget = hold(
        {"pool": 90_000, "skating": 80_000, "trees": 30_000, "bench": 10_000},
        pot="100000 EUR",
        ballot_type="knapsack",
        overshoot="once",
    )
    assert why(budget, {"pool": 1, "bench": 1}) == []
    assert why(budget, {"pool": 1, "skating": 1}) == []
    assert why(budget, {"pool": 1, "skating": 1, "trees": 1}) == [
        "overshot_twice(given=20000000, max=10000000, over=10000000)"
    ]

    # when somebody changes their mind to the end
    cast(budget, "a", {"pool": 1, "skating": 1})
    anna = voter("a")
    with pytest.raises(Refused, match="overshot_twice"):
        budget.execute(ReplaceBallot(choices={"pool": 1, "skating": 1, "trees": 1}), actor=anna)
    budget.execute(ReplaceBallot(choices={"skating": 1, "trees": 1}), actor=anna)
    cast(budget, "b", {"skating": 1})

    # then the list is gone down until the pot is used (2022)
    result = budget.until("fund").count()
    assert result.funded == ("skating",)
    assert budget.turnout("vote") == {"online": 2}


def test_koeln_ranks_by_pro_minus_contra_and_then_by_more_pro(hold):
    # given as many for as against, but more of both for the one
    budget = hold(
        {"quiet": 500, "loud": 500},
        ballot_type="pro_contra",
        rank_by="pro_minus_contra",
        rules={"tie": ["core/more_votes", "core/lot"]},
        pot="500 EUR",
    )
    cast(budget, "a", {"loud": 1, "quiet": 1})
    cast(budget, "b", {"loud": 1})
    cast(budget, "c", {"loud": -1})
    assert why(budget, {"loud": 0}) == ["choice_not_plain(item=loud)"]
    assert why(budget, {"loud": 2}) == ["choice_not_plain(item=loud)"]

    # then the one with more pro is first, and the tie is on record
    result = budget.until("fund").count()
    assert {ref: fate.score for ref, fate in result.fates.items()} == {"loud": 1, "quiet": 1}
    assert result.funded == ("loud",)


def test_marzahn_hellersdorf_has_one_list_for_each_category(hold):
    # given small projects that are binding (A) and large ones that advise the council (B)
    budget = hold(
        {
            "bench": (900, "Biesdorf", "A"),
            "swing": (800, "Mahlsdorf", "A"),
            "trees": (700, "Marzahn", "A"),
            "pool": (90_000, "Marzahn", "B"),
            "bridge": (80_000, "Biesdorf", "B"),
        },
        pot="200000 EUR",
        category_quotas={"A": {"max": 2}, "B": {"max": 1}},
    )

    # when a ballot is filled in, each list has limits of its own, and all faults come at once
    assert why(budget, dict.fromkeys(("bench", "swing", "trees", "pool", "bridge"), 1)) == [
        "too_many_in_category(category=A, given=3, max=2)",
        "too_many_in_category(category=B, given=2, max=1)",
    ]
    cast(budget, "a", {"bench": 1, "swing": 1, "pool": 1})
    cast(budget, "b", {"swing": 1, "pool": 1})
    cast(budget, "c", {"swing": 1, "bridge": 1, "trees": 1})
    cast(budget, "d", {"bench": 1, "pool": 1})

    # then one count gives two lists
    result, paper = budget.until("fund").count(), budget.paper("vote")
    ranked = sorted(result.fates, key=lambda ref: -result.fates[ref].score)
    lists = {kind: [ref for ref in ranked if paper.categories[ref] == kind] for kind in "AB"}
    assert lists == {"A": ["swing", "bench", "trees"], "B": ["pool", "bridge"]}


def test_wuppertal_takes_at_most_five_votes_for_five_different_projects(hold):
    budget = hold(dict.fromkeys("abcdef", 100), max_choices=5)
    assert why(budget, dict.fromkeys("abcdef", 1)) == ["too_many_choices(given=6, max=5)"]
    assert why(budget, {"a": 2, "b": 3}) == [
        "choice_not_plain(item=a)",
        "choice_not_plain(item=b)",
    ]
    cast(budget, "a", dict.fromkeys("abcde", 1))
    cast(budget, "b", {"f": 1})
    assert budget.turnout("vote") == {"online": 2}


def test_a_ranking_gives_the_first_place_most_points(hold):
    budget = hold({"a": 100, "b": 100, "c": 100}, ballot_type="ranking", rank_by="points")
    cast(budget, "v", {"b": 1, "a": 2, "c": 3})
    cast(budget, "w", {"b": 1, "c": 2})
    assert why(budget, {"a": 1, "b": 1}) == ["place_shared(items=a, b, place=1)"]
    result = budget.until("fund").count()
    assert {ref: fate.score for ref, fate in result.fates.items()} == {"b": 6, "a": 2, "c": 3}


def test_who_takes_a_ballot_back_is_nowhere_counted(hold, stored):
    budget = hold({"fountain": 600, "bench": 500})
    cast(budget, "a", {"fountain": 1})
    cast(budget, "b", {"bench": 1})
    assert budget.execute(RevokeBallot(), actor=voter("a")).commitment == ""
    assert budget.turnout("vote") == {"online": 1}
    assert budget.participation().kinds["ballots.vote"].people == 1
    assert len(stored()["roll"]) == len(stored()["box"]) == 1
    assert budget.faults() == []

    # and may vote again, on the same roll
    cast(budget, "a", {"bench": 1})
    result = budget.until("fund").count()
    assert result.funded == ("bench",)
    assert budget.turnout("vote") == {"online": 2}
    assert budget.faults() == []


def test_a_ballot_is_taken_back_once_and_only_while_the_vote_is_on(hold):
    budget = hold({"fountain": 600})
    cast(budget, "a", {"fountain": 1})
    cast(budget, "b", {"fountain": 1})
    first = budget.execute(RevokeBallot(), actor=voter("a"), key="take-back-1")
    assert budget.execute(RevokeBallot(), actor=voter("a"), key="take-back-1") == first
    with pytest.raises(Refused, match="no_ballot_to_revoke"):
        budget.execute(RevokeBallot(), actor=voter("a"))
    budget.until("fund")
    with pytest.raises(Refused, match="stage_over"):
        budget.execute(RevokeBallot(), actor=voter("b"))
    assert budget.turnout("vote") == {"online": 1}


def test_blank_ballots_count_as_ballots_and_for_nothing(hold):
    budget = hold({"fountain": 600, "bench": 500}, ballot_type="yes_no", blank_ballots=True)
    cast(budget, "a", {})
    cast(budget, "b", {"fountain": 0, "bench": 1})
    cast(budget, "c", {"fountain": 1})
    budget.until("fund").count()
    counted = next(one.event for one in budget.journal() if hasattr(one.event, "blank"))
    assert (counted.ballots, counted.blank, dict(counted.abstained)) == (3, 1, {"fountain": 1})
    assert budget.faults() == []


def test_what_applications_show_of_a_ballot_is_what_is_checked(hold):
    budget = hold({"fountain": (600, "N", "water")}, pot="900 EUR", max_choices=3)
    paper, limits = budget.paper("vote"), budget.limits("vote")
    assert dict(paper) == {"fountain": Money.euro(600)}
    assert (paper.areas["fountain"], paper.categories["fountain"]) == ("N", "water")
    assert (paper.budget, limits.max_choices) == (Money.euro(900), 3)
    with pytest.raises(NotFound, match=r"paper of vote 'vote\.2'"):
        budget.paper("vote.2")


def test_hidden_items_can_be_left_out_of_a_ballot_cast_before(hold):
    budget = hold({"fountain": 600, "bench": 500})
    cast(budget, "a", {"fountain": 1, "bench": 1})
    budget.execute(HideItem(item="bench", reason="spam"), actor=MODERATOR)
    budget.execute(ReplaceBallot(choices={"fountain": 1}), actor=voter("a"))
    assert budget.turnout("vote") == {"online": 1}


def test_limits_change_until_the_first_ballot_and_then_no_more(hold, host):
    budget = hold({"a": 100, "b": 100, "c": 100}, max_choices=1)

    def amended(most):
        wanted = {"pot": "1000 EUR", "misfit": "skip", "max_choices": most}
        definition = pin(host.registry, "buergerhaushalt", settings=wanted, rules={})
        return AmendProcedure(definition=definition, reason="Der Rat hat es so beschlossen.")

    budget.execute(amended(2), actor=budget.officer)
    cast(budget, "a", {"a": 1, "b": 1})
    with pytest.raises(Refused, match="ballots_cast"):
        budget.execute(amended(3), actor=budget.officer)
    assert why(budget, {"a": 1, "b": 1, "c": 1}) == ["too_many_choices(given=3, max=2)"]
