"""Equal shares: what a town may rely on, and a slow obvious reference to compare with."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shares_elections import UTILITIES, elections, place
from shares_reference import equal_shares

from partizipation_core.counting import (
    Election,
    Exclusive,
    Lot,
    NeedsBallots,
    Project,
    Result,
    Ties,
    UndecidedTie,
)
from partizipation_core.counting.shares import (
    Add1,
    Add1U,
    Comparison,
    Endowments,
    EqualShares,
    Utilitarian,
)


def bought(result):
    return [(round_.project, round_.price) for round_ in result.rounds]


@given(elections(), UTILITIES)
def test_agrees_with_the_reference(election, utility):
    result = EqualShares(utility=utility, ties=Ties("id"), engine="plain")(election)

    expected = equal_shares(election, utility, place)
    assert bought(result) == [(election.projects[n].id, price) for n, price in expected]


@given(elections(), UTILITIES)
def test_agrees_with_the_reference_where_one_site_takes_one_project(election, utility):
    def forbidden(project, bought):
        taken = {election.projects[number].exclusive for number, _ in bought}
        return bool(project.exclusive) and project.exclusive in taken

    result = EqualShares(utility=utility, ties=Ties("id"))(election, [Exclusive()])

    expected = equal_shares(election, utility, place, forbidden=forbidden)
    assert bought(result) == [(election.projects[n].id, price) for n, price in expected]


def reference_add1(election, utility, stop):
    """Return the ids that Add1 funds, by counting anew for every step."""

    def ids(purchases):
        return [election.projects[number].id for number, _ in purchases]

    def exhaustive(purchases):
        rest = election.budget - sum(election.projects[n].cost for n, _ in purchases)
        return not any(p.cost <= rest for p in able if p.id not in ids(purchases))

    named = {n for b in election.ballots for n, points in b if points > 0}
    able = [p for n, p in enumerate(election.projects) if n in named and not p.withdrawn]
    added, current = 0, equal_shares(election, utility, place)
    while len(current) < len(able) and not (stop == "exhaustive" and exhaustive(current)):
        added += 1
        more = equal_shares(election, utility, place, added=added)
        if sum(election.projects[n].cost for n, _ in more) > election.budget:
            break
        current = more
    return ids(current)


@given(elections(most=5), UTILITIES, st.sampled_from(["exhaustive", "overrun"]))
def test_add1_agrees_with_the_reference(election, utility, stop):
    rule = EqualShares(utility=utility, completion=Add1(stop=stop), ties=Ties("id"))

    assert list(rule(election).funded) == reference_add1(election, utility, stop)


@given(elections(), UTILITIES)
def test_the_margin_is_exactly_what_was_missing(election, utility):
    """Further voters with the same money who support nothing else."""
    rule = EqualShares(utility=utility, ties=Ties("id"))
    result = rule(election)
    if not election.num_votes or not election.budget:
        return

    for number, project in enumerate(election.projects):
        missing = result.margin(project.id).missing
        if missing is None or missing > 40:
            continue
        assert project.id in funded_with(election, utility, number, missing)
        assert missing == 1 or project.id not in funded_with(
            election, utility, number, missing - 1
        )


def funded_with(election, utility, number, more):
    """Count again with more voters; each has what the others had, so the budget grows."""
    start = Fraction(election.budget, election.num_votes)
    voters = [
        [(election.projects[n].id, points) for n, points in election.ballots[place]]
        for place in election.voters.ballots
    ]
    added = [[(election.projects[number].id, 1)]] * more
    total = start * (len(voters) + more)
    scaled = [replace(p, cost=p.cost * total.denominator) for p in election.projects]
    richer = Election.from_ballots(
        projects=scaled,
        budget=total.numerator,
        ballots=map(dict, voters + added),
        ballot_type="cumulative",
    )
    return EqualShares(utility=utility, ties=Ties("id"))(richer).funded


@given(elections(), UTILITIES)
def test_a_result_survives_json(election, utility):
    result = EqualShares(utility=utility, completion=Add1U(stop="overrun"), ties=Ties("id"))(
        election
    )

    assert Result.from_json(result.to_json()) == result


@given(elections(), UTILITIES, st.sampled_from(["exhaustive", "overrun"]))
def test_never_exceeds_the_budget_and_filling_up_leaves_nothing_that_fits(election, utility, stop):
    result = EqualShares(utility=utility, completion=Add1U(stop=stop), ties=Ties("id"))(election)

    spent = sum(result.fates[id_].cost for id_ in result.funded)
    assert 0 <= result.rest == election.budget - spent
    for fate in result.rejected.values():
        if fate.votes and fate.reason.code != "fate.withdrawn":
            assert fate.votes == 0 or fate.cost > result.rest or fate.points <= 0


@pytest.fixture
def town():
    """Two thirds live in the north and like only its projects, one third in the south."""
    north = [["n1", "n2", "n3"]] * 8
    south = [["s1"]] * 4
    return Election.from_ballots(
        projects=[Project(id=id_, cost=40, name=id_.upper()) for id_ in ("n1", "n2", "n3", "s1")],
        budget=120,
        ballots=north + south,
    )


class TestATown:
    def test_a_third_of_the_voters_decides_on_a_third_of_the_money(self, town):
        result = EqualShares(ties=Ties("id"))(town)

        assert result.funded == ("n1", "n2", "s1")
        assert result.rest == 0

    def test_each_purchase_is_told_with_its_price_and_payers(self, town):
        first, _, last = EqualShares(ties=Ties("id"))(town).rounds

        assert (first.price, first.payers, first.spent_up, first.effective) == (5, 8, 0, 8)
        assert (last.price, last.payers) == (10, 4)

    def test_who_is_not_funded_reads_what_was_missing(self, town):
        fate = EqualShares(ties=Ties("id"))(town).rejected["n3"]

        assert fate.reason.code == "fate.supporters_short"
        assert fate.reason.params == {"cost": 40, "has": 0, "missing": 40}
        assert fate.margin.missing == 1

    def test_equals_are_told_even_if_the_order_matters(self, town):
        (tie,) = EqualShares(ties=Ties("id"))(town).ties

        assert tie.members == ("n1", "n2", "n3")
        assert tie.mattered

    def test_without_an_order_among_equals_it_refuses_to_choose(self, town):
        with pytest.raises(UndecidedTie):
            EqualShares(ties=Ties("cost"))(town)

    def test_a_lot_is_told(self, town):
        assert EqualShares(ties=Ties(Lot("6 aus 49")))(town).lot.seed == "6 aus 49"

    def test_a_tie_of_strangers_does_not_matter(self):
        apart = Election.from_ballots(
            projects=[Project(id=id_, cost=5) for id_ in "ab"], budget=10, ballots=["a", "b"]
        )
        result = EqualShares()(apart)

        assert set(result.funded) == {"a", "b"}
        assert not result.ties[0].mattered

    def test_totals_are_refused(self):
        totals = Election.from_tallies(
            projects=[Project(id="a", cost=1)], budget=1, tallies={"a": 1}
        )
        with pytest.raises(NeedsBallots, match="equal_shares needs the single ballots"):
            EqualShares()(totals)


class TestCompletions:
    @pytest.fixture
    def split(self):
        """Nobody's share is enough for anything but the cheap one."""
        return Election.from_ballots(
            projects=[
                Project(id=id_, cost=cost) for id_, cost in (("a", 60), ("b", 30), ("c", 10))
            ],
            budget=100,
            ballots=[["a"], ["a"], ["b"], ["b", "c"], ["c"]],
        )

    def test_equal_shares_alone_leaves_money(self, split):
        assert EqualShares(ties=Ties("id"))(split).funded == ("b", "c")

    @pytest.mark.parametrize("stop", ["exhaustive", "overrun"])
    def test_add1_spends_it_and_tells_how_far_it_went(self, split, stop):
        result = EqualShares(completion=Add1(stop=stop), ties=Ties("id"))(split)

        assert set(result.funded) == {"a", "b", "c"}
        assert result.notes[0].params == {"steps": 10, "added": 10}

    def test_filling_up_goes_by_votes(self, split):
        result = EqualShares(completion=Utilitarian(), ties=Ties("id"))(split)

        assert result.funded == ("b", "c", "a")
        assert result.fates["a"].reason.code == "fate.filled"

    def test_the_comparison_keeps_equal_shares_unless_more_prefer_the_other(self, town):
        result = EqualShares(completion=Comparison(), ties=Ties("id"))(town)

        assert result.funded == ("n1", "n2", "n3")
        assert result.notes[-1].code == "shares.comparison_lost"
        assert result.notes[-1].params == {"ours": 4, "theirs": 8}

    def test_counting_the_excluded_changes_the_comparison(self, town):
        result = EqualShares(completion=Comparison(by="exclusion"), ties=Ties("id"))(town)

        assert result.funded == ("n1", "n2", "s1")

    def test_add1_without_a_stop_is_no_rule(self):
        with pytest.raises(TypeError):
            Add1()


def test_voters_may_have_different_money():
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=30) for id_ in "ab"],
        budget=60,
        ballots=["a", "b", "b"],
        voter_ids=["resident", "guest1", "guest2"],
    )
    rule = EqualShares(endowments=Endowments(amounts={"resident": 30}, otherwise=10))

    assert rule(election).funded == ("a",)


@given(elections(), UTILITIES)
@example(
    election=Election.from_ballots(
        projects=[Project(id=f"p{n}", cost=c) for n, c in enumerate((3, 3))],
        budget=6,
        ballots=[{"p0": 1, "p1": 1}, {"p0": 1}],
        ballot_type="cumulative",
    ),
    utility="cost",
)
@settings(deadline=None)  # the first example imports numpy
def test_numpy_gives_the_same_result_bit_for_bit(election, utility):
    pytest.importorskip("numpy", reason="needs numpy (extra fast)")
    rule = EqualShares(utility=utility, completion=Add1(stop="overrun"), ties=Ties("id"))

    plain = replace(rule, engine="plain")(election)
    fast = replace(rule, engine="fast")(election)
    assert plain.to_json() == fast.to_json()


@pytest.mark.parametrize("engine", ["plain", "fast"])
@settings(deadline=None)
@given(election=elections(), utility=UTILITIES, added=st.integers(0, 9))
def test_a_glance_says_what_the_exact_run_says_or_nothing(engine, election, utility, added):
    if engine == "fast":
        pytest.importorskip("numpy", reason="needs numpy (extra fast)")
    count = EqualShares(utility=utility, ties=Ties("id"), engine=engine).count(election)
    seen, run = count.glance(Fraction(added)), count.run(Fraction(added))

    if seen is not None:
        assert seen.bought == tuple(run.bought)
        assert set(seen.short) == set(run.short)
    else:
        assert run.ties or any(purchase.quote.spent for purchase in run.purchases) or run.short


def test_a_glance_is_enough_for_a_real_election(shared_data):
    election = Election.from_pb(shared_data / "pabulib" / "Poland_Warszawa_2023_Wesola.pb")
    count = EqualShares(ties=Ties("id")).count(election)

    seen = [count.glance(Fraction(added)) for added in range(0, 300, 30)]
    assert all(seen)
    assert seen[5].bought == tuple(count.run(Fraction(150)).bought)
