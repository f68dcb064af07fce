"""What must hold for every election, and a slow obvious reference to compare with."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.counting import (
    Ballot,
    Election,
    Exclusive,
    Greedy,
    Lot,
    Project,
    Result,
    Tally,
    Threshold,
    Ties,
    UndecidedTie,
)

MISFITS = st.sampled_from(["skip", "stop", "partial", "assembly", "overrun(4/5)", "overrun(1/2)"])
SCORES = st.sampled_from(["votes", "points", "votes_per_cost"])
ORDERS = st.sampled_from([Ties("id"), Ties("cost", "-votes", "id"), Ties("cost", Lot("x"))])


@st.composite
def elections(draw, most=7):
    projects = tuple(
        Project(
            id=f"p{number}",
            cost=draw(st.integers(0, 12)),
            exclusive=draw(st.sampled_from(["", "", "north", "south"])),
            withdrawn=draw(st.sampled_from([False, False, False, True])),
        )
        for number in range(draw(st.integers(1, most)))
    )
    votes = st.integers(0, 5)
    return Election.from_tallies(
        projects=projects,
        budget=draw(st.integers(0, 30)),
        tallies={p.id: Tally(votes=draw(votes), points=draw(votes)) for p in projects},
    )


CONDITIONS = st.sampled_from([(), (Threshold(2),), (Exclusive(),), (Threshold(3), Exclusive())])


def reference(election, misfit, score, order, conditions):  # noqa: C901 - slow and obvious
    """Fund as a clerk with a list and a pocket calculator would."""
    minimum = max((c.minimum for c in conditions if isinstance(c, Threshold)), default=0)
    exclusive = any(isinstance(c, Exclusive) for c in conditions)
    totals = [
        (project, total) for project, total in zip(election.projects, election.totals, strict=True)
    ]

    def reached(project, total):
        if score == "points":
            return total.points
        return total.votes if score == "votes" else Fraction(total.votes, project.cost or 1)

    def place(entry):
        project, total = entry
        free = score == "votes_per_cost" and project.cost == 0 and total.votes > 0
        equal = {
            "id": int(project.id[1:]),
            "cost": project.cost,
            "-votes": -total.votes,
        }
        tie = [equal[c] if isinstance(c, str) else c.key(project.id) for c in order.criteria]
        return (not free, -reached(project, total), *tie)

    rest, funded, sites = election.budget, [], set()
    for project, total in sorted(totals, key=place):
        if project.withdrawn or total.votes == 0 or reached(project, total) < minimum:
            continue
        if exclusive and project.exclusive and project.exclusive in sites:
            continue
        over = project.cost > rest
        if over and misfit == "skip":
            continue
        if over and (misfit in {"stop", "assembly"} or (misfit == "partial" and not rest)):
            break
        if over and misfit == "partial":
            funded.append(project.id)
            rest = 0
            break
        if over and rest < project.cost * Fraction(misfit[8:-1]):
            break
        funded.append(project.id)
        sites.add(project.exclusive)
        rest -= project.cost
        if over:
            break
    return funded, rest


@given(elections(), MISFITS, SCORES, ORDERS, CONDITIONS)
def test_agrees_with_the_reference(election, misfit, score, order, conditions):
    result = Greedy(misfit=misfit, score=score, ties=order)(election, conditions)

    assert (list(result.funded), result.rest) == reference(
        election, misfit, score, order, conditions
    )


@given(elections(), SCORES, ORDERS, CONDITIONS, st.sampled_from(["skip", "stop"]))
def test_never_exceeds_the_budget(election, score, order, conditions, misfit):
    result = Greedy(misfit=misfit, score=score, ties=order)(election, conditions)

    spent = sum(result.fates[id_].cost for id_ in result.funded)
    assert 0 <= result.rest == election.budget - spent


@given(elections(), ORDERS)
def test_skipping_leaves_nothing_that_would_fit(election, order):
    result = Greedy(misfit="skip", ties=order)(election)
    votes = {p.id: t.votes for p, t in zip(election.projects, election.totals, strict=True)}

    for project in election.projects:
        if project.id not in result.funded and votes[project.id] and not project.withdrawn:
            assert project.cost > result.rest


@given(elections(), MISFITS, ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_the_projects_changes_nothing(election, misfit, order, random):
    pairs = list(zip(election.projects, election.totals, strict=True))
    random.shuffle(pairs)
    projects, totals = zip(*pairs, strict=True)
    shuffled = replace(election, projects=projects, totals=totals)
    rule = Greedy(misfit=misfit, ties=order)

    assert rule(shuffled) == rule(election)


@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_changes_nothing(choices, random):
    projects = [Project(id=id_, cost=cost) for id_, cost in zip("abcd", (4, 3, 3, 2), strict=True)]
    rule = Greedy(misfit="skip", ties=Ties("cost", Lot("x")))

    def count(ballots):
        return rule(Election.from_ballots(projects=projects, budget=8, ballots=ballots))

    ballots = [sorted(ballot) for ballot in choices]
    shuffled = random.sample(ballots, len(ballots))
    assert count(shuffled) == count(ballots)


@given(elections(), MISFITS, SCORES, ORDERS, CONDITIONS)
def test_the_margin_is_exactly_what_was_missing(election, misfit, score, order, conditions):
    rule = Greedy(misfit=misfit, score=score, ties=order)
    result = rule(election, conditions)

    def funded_with(place, added):
        project, total = election.projects[place], election.totals[place]
        votes = max(total.votes, 1) if score == "points" else total.votes + added
        more = Tally(votes=votes, points=total.points + added)
        totals = (*election.totals[:place], more, *election.totals[place + 1 :])
        return project.id in rule(replace(election, totals=totals), conditions).funded

    for place, project in enumerate(election.projects):
        missing = result.margin(project.id).missing
        if missing is not None:
            assert funded_with(place, missing)
            assert missing == 1 or not funded_with(place, missing - 1)
        elif project.id not in result.funded:
            assert not funded_with(place, 1_000)


@given(elections(most=4), MISFITS)
def test_a_tie_mattered_if_and_only_if_some_other_order_funds_others(election, misfit):
    equal = tuple(Tally(votes=1, points=1) for _ in election.projects)
    election = replace(election, totals=equal)
    outcomes = set()
    for order in permutations(range(len(election.projects))):
        ids = {p.id: f"{order[n]}" for n, p in enumerate(election.projects)}
        named = tuple(replace(p, id=ids[p.id]) for p in election.projects)
        back = {new: old for old, new in ids.items()}
        result = Greedy(misfit=misfit, ties=Ties("id"))(replace(election, projects=named))
        outcomes.add(frozenset((back[id_], result.fates[id_].amount) for id_ in result.funded))

    mattered = any(tie.mattered for tie in result.ties)
    assert mattered is (len(outcomes) > 1)
    if mattered:
        with pytest.raises(UndecidedTie):
            Greedy(misfit=misfit)(election)
    else:
        result = Greedy(misfit=misfit)(election)
        assert frozenset((id_, result.fates[id_].amount) for id_ in result.funded) in outcomes


@given(elections(), MISFITS, SCORES, ORDERS, CONDITIONS)
def test_a_result_survives_json(election, misfit, score, order, conditions):
    result = Greedy(misfit=misfit, score=score, ties=order)(election, conditions)

    assert Result.from_json(result.to_json()) == result


@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=20))
def test_equal_ballots_are_grouped_and_none_is_lost(choices):
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=1) for id_ in "abcd"],
        budget=1,
        ballots=[sorted(ballot) for ballot in choices],
    )
    distinct = {Ballot(ballot.choices) for ballot in election.ballots}

    assert len(distinct) == len(election.ballots) == len({frozenset(c) for c in choices})
    assert sum(ballot.weight for ballot in election.ballots) == len(choices)
    for place, id_ in enumerate("abcd"):
        assert election.tallies()[place].votes == sum(id_ in ballot for ballot in choices)
