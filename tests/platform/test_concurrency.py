"""Many processes at once, and processes that are killed: nobody counts twice, nothing is lost.

The sizes here take seconds. The large ones (8 processes, 2,000 voters, 1,000 kills, 1,000 closes)
run with ``python3 dev.py test -m long tests/platform``.
"""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from partizipation_core.errors import Refused
from partizipation_core.store import schema


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


def all_ended(team):
    """Listen to all processes at once, so that none waits to be heard while others vote."""
    with ThreadPoolExecutor(len(team)) as pool:
        list(pool.map(lambda one: one.ended(), team))


def said(team, word):
    return [line for one in team for line in one.said if line[0] == word]


@pytest.mark.parametrize(
    ("processes", "voters"), [(3, 40), pytest.param(8, 2000, marks=pytest.mark.long)]
)
def test_every_voter_is_counted_exactly_once(voting, workers, processes, voters):
    """Each process asks twice for each voter; test_channels_storm has the same over channels."""
    everybody_voted_once(voting, workers(*[("storm", voters)] * processes), voters)


def everybody_voted_once(voting, team, voters):
    all_ended(team)
    accepted = [int(voter) for _, voter, _ in said(team, "ok")]
    assert sorted(accepted) == list(range(voters))
    assert {line[2] for line in said(team, "refused")} == {"already_voted"}
    assert len(said(team, "refused")) == voters * (2 * len(team) - 1)
    assert sum(voting.turnout("vote").values()) == voters
    assert committed(voting) == sorted(commitment for _, _, commitment in said(team, "ok"))
    assert voting.faults() == []


def test_the_storm_finds_the_bug(voting, workers):
    """Revert test: with the known bug put back in, the test above must fail."""
    team = workers(*[("storm", 150, "check_then_insert")] * 3)
    with pytest.raises(AssertionError, match=r"assert \[0, .*"):
        everybody_voted_once(voting, team, 150)


@pytest.mark.sqlite
def test_the_storm_finds_a_transaction_that_becomes_a_writer_too_late(voting, workers):
    team = workers(*[("storm", 150, "deferred_begin")] * 3)
    with pytest.raises(AssertionError, match="database is locked"):
        everybody_voted_once(voting, team, 150)


def committed(voting):
    with voting.handle._unit() as unit:
        mine = schema.box.c.procedure == voting.ref
        rows = unit._connection.execute(schema.box.select().where(mine))
        return sorted(row.commitment.hex() for row in rows)


def test_a_voter_who_changes_her_mind_everywhere_has_one_whole_ballot(voting, workers):
    voting.cast("voter-0", "fountain")
    team = workers(*[("revote", 25)] * 3)
    for one in team:
        one.ended()
    assert voting.turnout("vote") == {"online": 1}
    with voting.handle._unit() as unit:
        (ballot,) = unit.ballots("vote")
    assert ballot in ({"fountain": 1}, {"bench": 1}, {"fountain": 1, "bench": 1})


def test_fifty_at_once_exchange_one_ballot_and_one_of_theirs_is_there_whole(voting, tell):
    refs = ("fountain", "bench")
    voting.cast("anna", "fountain")
    wishes = [refs[: 1 + number % 2] if number % 3 else refs[1:] for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        told = [one.commitment for one in pool.map(lambda w: voting.replace("anna", *w), wishes)]
    assert len(set(told)) == 50
    (there,) = committed(voting)
    with voting.handle._unit() as unit:
        (ballot,) = unit.ballots("vote")
    assert tuple(sorted(ballot)) == tuple(sorted(wishes[told.index(there)]))
    assert voting.turnout("vote") == {"online": 1}
    assert voting.faults() == []
    tell(exchanges=50, ballots=1)


def test_whoever_wavers_everywhere_has_one_ballot_or_none_and_no_mark_without_it(voting, workers):
    team = workers(*[("waver", 25)] * 3)
    for one in team:
        one.ended()
    done = [line[1] for line in said(team, "ok")]
    left = done.count("CastBallot") - done.count("RevokeBallot")
    assert left in (0, 1)
    assert sum(voting.turnout("vote").values()) == left
    assert voting.faults() == []
    assert voting.faults() == []


@pytest.mark.parametrize(
    ("voters", "wait"), [(80, 20), pytest.param(2000, 500, marks=pytest.mark.long)]
)
def test_closing_is_a_barrier_for_everybody(voting, workers, voters, wait):
    team = workers(("once", voters), ("once", voters), ("close", wait), ("close", wait))
    nothing_came_after_the_close(voting, team, voters, wait)


def nothing_came_after_the_close(voting, team, voters, wait):
    all_ended(team)
    assert len(said(team, "closed")) == 1 or voting.state().stage == "implement"
    acknowledged = sorted(line[2] for line in said(team, "ok"))
    assert wait <= len(acknowledged) <= voters
    assert voting.state().closed_votes == {"vote": len(acknowledged)}
    assert committed(voting) == acknowledged
    refused = {line[-1] for line in said(team, "refused")}
    assert refused <= {"already_voted", "stage_over", "no_such_edge"}
    assert voting.faults() == []


def test_the_barrier_test_finds_the_bug(voting, workers):
    """Revert test: a close that counts before it closes loses the ballots in between."""
    team = workers(("once", 400), ("close", 20, "count_then_close"))
    with pytest.raises(AssertionError, match=r"\{'vote': \d+\}\) == \{'vote': \d+\}"):
        nothing_came_after_the_close(voting, team, 400, 20)
    assert "the checkpoint says" in voting.faults()[0]


def test_the_barrier_test_finds_a_booth_that_does_not_look_at_the_head(voting, workers):
    """Revert test: what was decided a moment ago is let in although the vote is closed."""
    team = workers(("once", 2000, "no_guard"), ("once", 2000, "no_guard"), ("close", 20))
    with pytest.raises(AssertionError, match=r"== \{'vote': \d+\}|<= "):
        nothing_came_after_the_close(voting, team, 2000, 20)


def test_two_processes_that_ask_for_anything_keep_one_chain(budget, workers, stored):
    team = workers(("anything", 60), ("anything", 60))
    for one in team:
        one.ended()
    assert all(said([one], "ok") for one in team)
    lines = [one.seq for one in budget.journal()]
    assert lines == list(range(1, len(lines) + 1))
    assert budget.faults() == []
    before = stored()
    budget.rebuild()
    assert stored() == before


def test_a_killed_process_leaves_no_lock_behind(voting, workers):
    (victim,) = workers(("requests", 0))
    victim.heard(20)
    victim.kill()
    victim.ended(status=-signal.SIGKILL)
    voting.cast("voter-new", "fountain")
    with pytest.raises(Refused, match="already_voted"):
        voting.cast("voter-new", "bench")


@pytest.mark.parametrize("closes", [10, pytest.param(1000, marks=pytest.mark.long)])
def test_no_ballot_comes_after_the_count(town, new_budget, workers, closes):
    """Two processes vote in one procedure after the other until it closes under their hands.

    By account and on paper, since the two go in by different ways.
    """
    budgets = []
    for number in range(closes):
        budget = new_budget(town, f"race-{number}", schedule={})
        budget.idea("fountain", 600)
        budget.advance().shortlist("fountain")
        budgets.append(budget.advance())
    team = workers(("race", closes), ("race", closes), ("close_all", closes))
    all_ended(team)
    for number, budget in enumerate(budgets):
        receipts = [line[2] for line in said(team, "ok") if line[1] == str(number)]
        assert budget.state().closed_votes == {"vote": len(receipts)}
        assert committed(budget) == sorted(receipts)
        assert sum(budget.turnout("vote").values()) == len(receipts)
    assert len(said(team, "refused")) == 2 * closes
    assert len(said(team, "ok")) >= closes
