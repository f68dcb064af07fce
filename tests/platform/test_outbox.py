"""Observers are told of every journal line, at least once, in order, each from where it is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from partizipation_core.errors import Conflict
from partizipation_core.execution.outbox import ATTEMPTS
from partizipation_core.store.deliveries import LEASE

TOLD = Path(__file__).with_name("told.py")


class Listener:
    """Writes down what it is told; fails as often as it is told to."""

    def __init__(self, failures=0, only=None):
        self.calls, self.failures, self.only = [], failures, only

    def __call__(self, _municipality, _procedure, recorded, _notices):
        numbers = [one.seq for one in recorded]
        if self.failures and (self.only is None or self.only in numbers):
            self.failures -= 1
            raise OSError("the mail server is down")
        self.calls.append(numbers)

    @property
    def told(self):
        return [number for call in self.calls for number in call]


def lines(budget):
    return [one.seq for one in budget.journal()]


@pytest.fixture
def listening(platform):
    """Subscribe: ``listening("mail", Listener())`` gives the listener back."""

    def subscribe(name, listener=None):
        listener = listener or Listener()
        platform.subscribe(name, listener)
        return listener

    return subscribe


def test_everybody_is_told_everything_once_and_in_order(listening, town, new_budget):
    first, second = listening("mail"), listening("search")
    budget = new_budget(town).to_the_vote(fountain=600)
    assert first.told == second.told == lines(budget)
    budget.tick()
    assert first.told == lines(budget)


def test_a_ballot_is_no_reason_to_be_told(listening, town, new_budget, site):
    listener = listening("mail")
    budget = new_budget(town).to_the_vote(fountain=600)
    calls, cursors = len(listener.calls), site.rows()["delivery"]
    budget.cast("anna", "fountain")
    budget.tick()
    assert len(listener.calls) == calls
    assert site.rows()["delivery"] == cursors


def test_who_subscribes_later_is_told_from_then_on(listening, town, new_budget):
    early = listening("early")
    budget = new_budget(town)
    before = lines(budget)
    late = listening("late")
    budget.tick()
    assert late.told == []
    budget.idea("fountain")
    assert late.told == lines(budget)[len(before) :]
    assert early.told == lines(budget)


def test_each_goes_on_from_its_own_cursor_after_a_restart(
    listening, town, new_budget, open_platform
):
    listening("mail")
    budget = new_budget(town)
    known = lines(budget)
    again = open_platform()
    mail, search = Listener(), Listener()
    again.subscribe("mail", mail)
    again.subscribe("search", search)
    other = again.municipality("12060052").procedure("budget-2027")
    budget.idea("fountain")  # the first house tells mail, and knows of no search
    budget.handle = other
    budget.idea("bench")
    assert mail.told == search.told == [lines(budget)[-2], lines(budget)[-1]]
    assert len(known) < mail.told[0]


def test_one_that_fails_holds_up_nobody_and_is_told_the_next_time(listening, town, new_budget):
    down, well = listening("mail", Listener(failures=1)), listening("search")
    budget = new_budget(town)
    assert well.told == lines(budget)
    assert down.told == []
    assert budget.failures() == ["subscription 'mail': OSError: the mail server is down"]
    budget.tick()
    assert down.told == lines(budget)


def test_one_bad_line_is_given_up_in_the_end_and_the_others_come(
    listening, town, new_budget, clock
):
    listener = listening("mail", Listener(failures=10**6, only=2))
    budget = new_budget(town)
    budget.idea("fountain")
    for _ in range(ATTEMPTS):
        clock.advance(days=2)
        budget.tick()
    assert listener.told == [one for one in lines(budget) if one != 2]
    failures = budget.failures()
    assert len(failures) == ATTEMPTS
    assert failures[-1].endswith(f"line 2 was given up after {ATTEMPTS} attempts")


def test_the_pauses_between_two_attempts_grow(listening, town, new_budget, clock):
    listening("mail", Listener(failures=10**6))
    budget = new_budget(town)
    budget.tick()  # the second attempt comes at once, the third after a minute
    budget.tick()
    assert len(budget.failures()) == 2
    clock.advance(minutes=1)
    budget.tick()
    clock.advance(minutes=2)
    budget.tick()
    assert len(budget.failures()) == 3


def test_an_observer_may_give_a_command_itself(platform, town, new_budget):
    told = []

    def answer(_municipality, _procedure, recorded, _notices):
        told.extend(one.seq for one in recorded)
        if 2 in told and len(budget.items()) == 1:
            budget.idea("echo")

    budget = new_budget(town)
    platform.subscribe("echo", answer)
    budget.idea("fountain")
    assert budget.states() == {"fountain": "published", "echo": "published"}
    assert told == lines(budget)[1:]


def test_a_name_is_taken_once(platform):
    platform.subscribe("mail", Listener())
    with pytest.raises(Conflict, match="'mail'"):
        platform.subscribe("mail", Listener())
    with pytest.raises(ValueError, match="plugin mail"):
        platform.subscribe("plugin mail", Listener())


@pytest.fixture
def killed(site, clock, tmp_path):
    """Have a process killed with SIGKILL at a moment; gives the lines that it told before."""

    def kill(moment):
        heard = tmp_path / "heard"
        place = [site.url, f"{site.file}.keys", str(clock.now()), moment, str(heard)]
        done = subprocess.run(
            [sys.executable, str(TOLD), *place],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        return [int(line) for line in heard.read_text(encoding="utf-8").split()]

    return kill


@pytest.fixture
def told_afterwards(open_platform, clock):
    """Tell what is owed, and nothing twice; gives what was told and all that was committed."""

    def tell():
        platform, listener = open_platform(), Listener()
        platform.subscribe("mail", listener)
        platform.tick()
        assert listener.told == []  # whoever was killed might still be telling
        clock.set(clock.now() + LEASE)
        platform.tick()
        platform.tick()
        return listener.told, lines(platform.municipality("12060052").procedure("budget-2027"))

    return tell


def test_who_is_killed_before_it_tells_owes_the_lines(killed, told_afterwards):
    assert killed("before") == [1]
    assert told_afterwards() == ([2, 3], [1, 2, 3])


def test_who_is_killed_before_the_cursor_is_set_tells_the_lines_again(killed, told_afterwards):
    assert killed("between") == [1, 2, 3]
    assert told_afterwards() == ([2, 3], [1, 2, 3])


def test_a_cursor_that_is_set_before_is_caught(killed, told_afterwards):
    """The known bug: whoever sets the cursor first loses lines in a crash."""
    assert killed("marked_first") == [1]
    assert told_afterwards() == ([], [1, 2, 3])
