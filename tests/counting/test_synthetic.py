"""Invented elections and tidy tables."""

from statistics import mean

import pytest

from partizipation_core.counting import EqualShares, Greedy, Ties
from partizipation_core.counting.synthetic import Chance, synthetic
from partizipation_core.counting.tidy import comparison, rounds, satisfaction, summary
from partizipation_core.errors import InputError

CULTURES = ["impartial", "euclidean", "districts"]


@pytest.mark.parametrize("culture", CULTURES)
def test_the_same_seed_gives_the_same_election_and_another_one_another(culture):
    one = synthetic("7", culture=culture, voters=50)

    assert one == synthetic("7", culture=culture, voters=50)
    assert one != synthetic("8", culture=culture, voters=50)


def test_the_numbers_are_the_same_on_every_machine():
    chance = Chance("Musterstadt")

    assert [chance.below(1000) for _ in range(4)] == [215, 525, 441, 513]


@pytest.mark.parametrize("culture", CULTURES)
def test_it_has_the_size_that_was_asked_for(culture):
    election = synthetic("x", voters=200, projects=12, approvals=4, culture=culture)

    assert (election.num_votes, len(election.projects)) == (200, 12)
    lengths = [len(ballot.choices) for ballot in election.ballots for _ in range(ballot.weight)]
    assert 3.4 < mean(lengths) < 4.6


def test_numbers_are_drawn_evenly():
    chance = Chance("even")
    drawn = [chance.below(6) for _ in range(6000)]

    assert all(900 < drawn.count(number) < 1100 for number in range(6))
    assert sorted(chance.sample(range(10), 10)) == list(range(10))


@pytest.mark.parametrize("wrong", [{"voters": 0}, {"culture": "polish"}])
def test_what_cannot_be_invented_is_refused(wrong):
    with pytest.raises(InputError):
        synthetic("x", **wrong)


def test_tables_are_tidy():
    election = synthetic("t", voters=60, projects=8, culture="districts")
    results = {
        "greedy": Greedy(misfit="skip", ties=Ties("id"))(election),
        "shares": EqualShares(ties=Ties("id"))(election),
    }

    table = comparison(election, results)
    assert [row["rule"] for row in table] == ["greedy", "shares"]
    assert table[0]["also"] == table[0]["funded"] == len(results["greedy"].funded)
    assert {len(row) for row in table} == {len(table[0])}

    bought = rounds(results["shares"])
    assert [row["project"] for row in bought] == list(results["shares"].funded)

    people = satisfaction(election, results)
    assert sum(row["voters"] for row in people if row["rule"] == "shares") == 60
    served = sum(r["voters"] for r in people if r["rule"] == "shares" and r["funded"])
    row = summary(election, results["shares"])
    assert served == row["voters_with_a_funded_project"]
