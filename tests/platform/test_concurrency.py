"""Many processes at once, and processes that are killed: nobody counts twice, nothing is lost.

The sizes here take seconds. The large ones (2,000 voters, 200 kills) run with
``pytest -m long tests/platform/test_concurrency.py``.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from partizipation_core.errors import Refused
from partizipation_core.store import schema

WORKER = Path(__file__).with_name("worker.py")


class Worker:
    """A process that works on the file; `said` is what it acknowledged."""

    def __init__(self, site, now, seed, wanted):
        task, amount, double = (*wanted, "as_it_should_be")[:3]
        numbers = map(str, (now, seed, amount))
        place = (site.url, f"{site.file}.keys")
        command = [sys.executable, str(WORKER), task, *place, *numbers, double]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
        )
        self.said = []

    def is_ready(self):
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def heard(self, lines):
        """Wait until it has said some more lines."""
        for _ in range(lines):
            self.said.append(self.process.stdout.readline().split())

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)

    def ended(self, status=0):
        """Wait for its end; returns everything it said."""
        self.said += [line.split() for line in self.process.stdout]
        err = self.process.stderr.read()
        assert self.process.wait(timeout=120) == status, err
        return self.said


@pytest.fixture
def workers(site, clock):
    """Start processes that begin at the same moment: ``workers(("storm", 40), ...)``."""
    started = []

    def start(*tasks):
        team = [
            Worker(site, clock.now(), len(started) + number, task)
            for number, task in enumerate(tasks)
        ]
        started.extend(team)
        for one in team:
            one.is_ready()
        for one in team:
            one.go()
        return team

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()
        one.process.communicate()


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


def said(team, word):
    return [line for one in team for line in one.said if line[0] == word]


@pytest.mark.parametrize(
    ("processes", "voters"), [(3, 60), pytest.param(4, 2000, marks=pytest.mark.long)]
)
def test_every_voter_is_counted_exactly_once(voting, workers, processes, voters):
    everybody_voted_once(voting, workers(*[("storm", voters)] * processes), voters)


def everybody_voted_once(voting, team, voters):
    for one in team:
        one.ended()
    accepted = [int(voter) for _, voter, _ in said(team, "ok")]
    assert sorted(accepted) == list(range(voters))
    assert {line[2] for line in said(team, "refused")} == {"already_voted"}
    assert len(said(team, "refused")) == voters * (len(team) - 1)
    assert voting.turnout("vote") == {"online": voters}
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
        rows = unit._connection.execute(schema.box.select())
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
    assert voting.faults() == []


@pytest.mark.parametrize(
    ("voters", "wait"), [(80, 20), pytest.param(2000, 500, marks=pytest.mark.long)]
)
def test_closing_is_a_barrier_for_everybody(voting, workers, voters, wait):
    team = workers(("storm", voters), ("storm", voters), ("close", wait), ("close", wait))
    nothing_came_after_the_close(voting, team, voters, wait)


def nothing_came_after_the_close(voting, team, voters, wait):
    for one in team:
        one.ended()
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
    team = workers(("storm", 400), ("close", 20, "count_then_close"))
    with pytest.raises(AssertionError, match=r"\{'vote': \d+\}\) == \{'vote': \d+\}"):
        nothing_came_after_the_close(voting, team, 400, 20)
    assert "the checkpoint says" in voting.faults()[0]


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


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.long)])
def test_what_was_acknowledged_outlives_a_process_that_is_killed(
    voting, workers, open_platform, kills
):
    chance, acknowledged, retried = random.Random(kills), {}, 20  # noqa: S311 - a drill
    for _ in range(kills):
        (victim,) = workers(("requests", max(0, len(acknowledged) - retried)))
        victim.heard(2 * retried + 2)
        time.sleep(chance.random() * 0.05)
        victim.kill()
        told = victim.ended(status=-signal.SIGKILL)
        answers = {int(line[1]): line[2] for line in told if line[0] == "ok" and len(line) == 3}
        for voter in answers.keys() & acknowledged.keys():
            assert answers[voter] == acknowledged[voter]  # a retry brings the same receipt
        acknowledged |= answers
        in_the_box = set(committed(voting))
        assert set(acknowledged.values()) <= in_the_box
        assert len(in_the_box) - len(acknowledged) in (0, 1)
    again = open_platform().municipality("12060052").procedure("budget-2027")
    assert [fault for check in again.audit() for fault in check.faults] == []
    voting.until("fund")
    assert voting.state().closed_votes["vote"] - len(acknowledged) in (0, 1)


def test_a_killed_process_leaves_no_lock_behind(voting, workers):
    (victim,) = workers(("requests", 0))
    victim.heard(20)
    victim.kill()
    victim.ended(status=-signal.SIGKILL)
    voting.cast("voter-new", "fountain")
    with pytest.raises(Refused, match="already_voted"):
        voting.cast("voter-new", "bench")
