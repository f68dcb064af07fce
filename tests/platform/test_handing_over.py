"""What one procedure hands over to another arrives once, also when somebody is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from partizipation_core.commands import ForwardItem
from partizipation_core.errors import StorageError
from partizipation_core.execution import Execution
from partizipation_core.store.deliveries import LEASE
from partizipation_core.values import Actor, Role

HANDED = Path(__file__).with_name("handed.py")
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)


@pytest.fixture
def two(town, new_budget):
    """Two budgets; an idea of the first belongs to the second."""
    first, second = new_budget(town), new_budget(town, "budget-2028")
    first.idea("fountain")
    return first, second


def forward(budget, item="fountain"):
    moved = ForwardItem(item=item, procedure="budget-2028", reason="Gehört dorthin")
    budget.execute(moved, actor=MODERATOR)


def cursors(budget):
    with budget.handle._unit() as unit:
        return {name: one.seq for name, one in unit.deliveries.cursors().items()}


@pytest.fixture
def killed(site, clock):
    def kill(moment):
        place = [site.url, f"{site.file}.keys", str(clock.now()), moment]
        done = subprocess.run(
            [sys.executable, str(HANDED), *place],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
        )
        assert done.returncode == -signal.SIGKILL, done.stderr

    return kill


MOMENTS = {
    "before it is told": 0,
    "before it is given": 0,
    "before it is noted": 1,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_is_killed_while_handing_over_is_made_up_for_by_the_tick(
    two, killed, platform, clock, moment
):
    first, second = two
    killed(moment)
    assert first.states() == {"fountain": "forwarded"}
    assert len(second.states()) == MOMENTS[moment]
    clock.set(clock.now() + LEASE)
    platform.tick()
    assert list(second.states().values()) == ["published"]
    before = second.journal()
    platform.tick()
    assert second.journal() == before
    assert first.failures() == second.failures() == []
    assert second.faults() == first.faults() == []


def test_a_cursor_that_is_set_before_is_caught(two, killed, platform, clock):
    """The known bug: what was marked as handed over and was not is lost for good."""
    first, second = two
    killed("after it was marked")
    clock.set(clock.now() + LEASE)
    platform.tick()
    assert first.states() == {"fountain": "forwarded"}
    assert second.states() == {}


def test_what_hands_nothing_over_writes_no_more_than_before(two, site):
    first, _ = two
    first.tick()
    before = site.rows()["delivery"]
    first.idea("bench")
    assert site.rows()["delivery"] == before
    first.tick()
    assert cursors(first)["handover core"] == len(first.journal())


def test_what_fails_for_a_while_is_handed_over_later(two, clock, monkeypatch):
    first, second = two

    def busy(*_):
        raise StorageError("the database is busy")

    with monkeypatch.context() as patch:
        patch.setattr(first.handle._execution.outbox._handing, "_give", busy)
        forward(first)
    assert second.states() == {}
    assert first.failures() == ["the database is busy"]
    clock.advance(minutes=1)
    first.tick()
    assert list(second.states().values()) == ["published"]


def test_what_is_refused_is_told_once_and_not_asked_for_again(two, platform, clock):
    first, _ = two
    first.idea("bench")
    moved = ForwardItem(item="bench", procedure="budget-1999", reason="Gehört dorthin")
    first.execute(moved, actor=MODERATOR)
    for _ in range(3):
        clock.advance(days=1)
        platform.tick()
    (told,) = first.failures()
    assert "budget-1999" in told


def test_what_was_owed_before_comes_first(two, monkeypatch):
    first, second = two
    first.idea("bench")
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "tell", lambda *_: None)  # as if killed after the commit
        forward(first)
    forward(first, "bench")
    titles = [one.event.origin.item for one in second.journal() if hasattr(one.event, "origin")]
    assert titles == ["fountain", "bench"]
