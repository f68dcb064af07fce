"""Limits, pots, sponsors and channels: each with every rule."""

from dataclasses import replace

import pytest

from partizipation_core.counting import Election, Greedy, Project, Ties
from partizipation_core.counting.inputs import balanced, restricted, sponsored, weighted
from partizipation_core.counting.knapsack import Knapsack
from partizipation_core.counting.limits import Budgets, Cap, Laminar
from partizipation_core.counting.phragmen import Phragmen
from partizipation_core.counting.pots import Pot, Pots
from partizipation_core.counting.shares import EqualShares, Utilitarian
from partizipation_core.errors import InputError

RULES = {
    "greedy": Greedy(misfit="skip", ties=Ties("id")),
    "stop": Greedy(misfit="stop", ties=Ties("id")),
    "per_cost": Greedy(misfit="skip", score="votes_per_cost", ties=Ties("id")),
    "shares": EqualShares(completion=Utilitarian(), ties=Ties("id")),
    "phragmen": Phragmen(misfit="skip", ties=Ties("id")),
    "knapsack": Knapsack(ties=Ties("id")),
}


@pytest.fixture(params=RULES)
def rule(request):
    return RULES[request.param]


@pytest.fixture
def election():
    """Build a vote on two parks and two schools; everybody wants everything, parks most."""
    projects = [
        Project(id=id_, cost=cost, categories=(kind,), meta={"district": district})
        for id_, cost, kind, district in (
            ("1", 30, "park", "north"),
            ("2", 20, "park", "south"),
            ("3", 20, "school", "north"),
            ("4", 20, "school", "south"),
        )
    ]
    return Election.from_ballots(
        projects=projects, budget=100, ballots=[["1", "2", "3", "4"]] * 3 + [["1", "2"]]
    )


def test_without_limits_all_are_funded(rule, election):
    assert set(rule(election).funded) == {"1", "2", "3", "4"}


def test_no_project_above_the_cap(rule, election):
    result = rule(election, [Cap(25)])

    assert set(result.funded) == {"2", "3", "4"}
    assert result.fates["1"].reason.code == "fate.above_cap"


def test_a_subject_spends_no_more_than_its_share(rule, election):
    result = rule(election, [Budgets(by="category", amounts={"park": 30})])

    assert len({"1", "2"} & set(result.funded)) == 1
    assert {"3", "4"} <= set(result.funded)
    (left_out,) = {"1", "2"} - set(result.funded)
    assert result.fates[left_out].reason.code == "fate.pot_used_up"
    assert result.fates[left_out].reason.params["pot"] == "park"


def test_a_district_is_a_column_of_the_projects(rule, election):
    result = rule(election, [Budgets(by="district", amounts={}, otherwise=40)])

    assert {"2", "4"} <= set(result.funded)
    assert len({"1", "3"} & set(result.funded)) == 1


def test_nested_limits_hold_together(rule, election):
    nested = Laminar({"city": (["1", "2", "3", "4"], 60), "schools": (["3", "4"], 20)})

    spent = [election.projects[int(id_) - 1].cost for id_ in rule(election, [nested]).funded]
    assert sum(spent) <= 60
    assert len({"3", "4"} & set(rule(election, [nested]).funded)) <= 1


def test_limits_that_cross_are_refused():
    with pytest.raises(InputError, match="overlap"):
        Laminar({"a": (["1", "2"], 5), "b": (["2", "3"], 5)})


def test_money_set_aside_goes_to_small_projects_first(rule, election):
    small = Pots(pots=[Pot(name="klein", amount=20, most=20)], rule=rule, rest="alle")
    result = small(replace(election, budget=50))

    assert len(result.funded) == 2
    assert result.fates[result.funded[0]].cost == 20
    assert [note.params["pot"] for note in result.notes] == ["klein", "alle"]


def test_each_district_decides_on_its_own_money(rule, election):
    pots = [
        Pot(name=name, amount=30, by="district", groups=(name,)) for name in ("north", "south")
    ]
    result = Pots(pots=pots, rule=rule)(election)

    districts = {p.id: p.meta["district"] for p in election.projects}
    for name in ("north", "south"):
        assert sum(result.fates[i].cost for i in result.funded if districts[i] == name) <= 30


def test_what_is_left_may_go_on(election):
    pots = [Pot(name=n, amount=25, by="district", groups=(n,)) for n in ("south", "north")]
    rule = RULES["greedy"]

    assert Pots(pots=pots, rule=rule)(election).funded == ("2", "3")
    carried = Pots(pots=pots, rule=rule, carry=True)(election)
    assert carried.funded == ("2", "1")


def test_a_project_in_no_pot_is_told_so(election):
    result = Pots(
        pots=[Pot(name="north", amount=60, by="district", groups=("north",))], rule=RULES["stop"]
    )(election)

    assert result.fates["2"].reason.code == "fate.in_no_pot"


def test_pots_cannot_hold_more_than_there_is(election):
    with pytest.raises(InputError, match="more than the budget"):
        Pots(pots=[Pot(name="x", amount=101)], rule=RULES["stop"])(election)


def test_sponsors_pay_a_part(rule, election):
    poor = replace(election, budget=70)

    assert set(rule(sponsored(poor, {"1": 20})).funded) == {"1", "2", "3", "4"}
    assert set(rule(sponsored(poor, {}, pot=20)).funded) == {"1", "2", "3", "4"}


CHANNELS = """META
key;value
budget;10
vote_type;approval
PROJECTS
project_id;cost
a;10
b;10
VOTES
voter_id;vote;voting_method
1;a;internet
2;a;internet
3;a;internet
4;b;paper
"""


@pytest.fixture
def channels():
    from partizipation_core.counting.pb import parse_pb

    return parse_pb(CHANNELS)


def test_a_channel_may_count_more(rule, channels):
    by_paper = weighted(channels, by="voting_method", weights={"paper": 4})

    assert by_paper.tallies()[1].votes == 4
    assert RULES["greedy"](by_paper).funded == ("b",)
    assert sum(ballot.weight for ballot in by_paper.ballots) == 7


def test_channels_may_have_equal_shares(channels):
    half = balanced(channels, by="voting_method", shares={"internet": 1, "paper": 1})

    assert [tally.votes for tally in half.tallies()] == [3, 3]


def test_a_channel_nobody_used_cannot_have_a_share(channels):
    with pytest.raises(InputError, match="nobody voted by"):
        balanced(channels, by="voting_method", shares={"post": 1})


def test_a_part_of_an_election_keeps_who_voted_for_it(channels):
    part = restricted(channels, {"b"}, 10)

    assert part.voters.ids == ("4",)
    assert [ballot.weight for ballot in part.ballots] == [1]


def test_what_a_pot_gives_in_part_stays_in_the_rest_of_the_others():
    """A project that gets only what is left has not taken its whole cost out of the budget."""
    town = Election.from_ballots(
        projects=[
            Project(id="n", cost=30, meta={"district": "north"}),
            Project(id="s", cost=20, meta={"district": "south"}),
            Project(id="b", cost=5),
            Project(id="a", cost=5),
        ],
        budget=60,
        ballots=[["n", "s", "a", "b"], ["n"]],
    )
    pots = [Pot(name=n, amount=25, by="district", groups=(n,)) for n in ("north", "south")]

    result = Pots(pots=pots, rule=Greedy(misfit="partial", ties=Ties("id")))(town)
    assert {id_: fate.amount for id_, fate in result.fates.items()} == {
        "n": 25,
        "s": 20,
        "a": 0,
        "b": 0,
    }
    assert result.rest == 60 - 25 - 20
    assert [fate.id for fate in result.steps] == ["n", "s", "a", "b"]
