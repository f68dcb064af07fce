"""A server that dies loses nothing that was acknowledged, and counts nobody twice.

Whatever is asked first once it is back is answered, though all connections were lost meanwhile.

Two crashes take seconds; ``python3 dev.py test -m long tests/platform/test_crashes.py`` has 100.
"""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Barrier

import psutil
import pytest

from partizipation_core.commands import AdvanceStage
from partizipation_core.errors import StorageError
from partizipation_core.platform import Platform
from partizipation_core.store import schema
from partizipation_core.store.keys import FileKeys


@pytest.fixture
def server(postgresql_server):
    """Start a server of one's own, which may be killed."""
    with postgresql_server() as (started, _):
        yield started


class Site:
    """A database on a server that is not shared."""

    def __init__(self, server, folder):
        self.url, self.file = server.get_uri(), folder / "town.db"


@pytest.fixture
def site(server, tmp_path):
    return Site(server, tmp_path)


def crash(server):
    """Kill the server as a power failure does, and start it again."""
    stop(server)
    start(server)


def stop(server):
    everybody = [server.get_postmaster_info().process]
    everybody += everybody[0].children(recursive=True)
    os.kill(everybody[0].pid, signal.SIGKILL)
    for one in everybody[1:]:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(everybody, timeout=20)


def start(server):
    for _ in range(50):
        try:
            server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not come back: " + Path(server.log).read_text(encoding="utf-8"))


@pytest.fixture
def rested(budget):
    """Have a few connections for everything rest; the threads that used them are done."""

    def rest():
        database = budget.handle._execution.database
        with ExitStack() as at_once:
            for _ in range(5):
                at_once.enter_context(database.reading())
                at_once.enter_context(database.lending())

    budget.to_the_vote(fountain=600, bench=500)
    budget.cast("early", "bench")
    return rest


FIRST = {
    "how it stands": lambda budget: budget.state().stage == "vote",
    "why not": lambda budget: budget.why(AdvanceStage(), actor=budget.officer) == (),
    "whether all is well": lambda budget: budget.faults() == [],
    "a ballot": lambda budget: budget.cast("anna", "bench"),
    "another ballot": lambda budget: budget.replace("early", "fountain"),
    "a tick": lambda budget: budget.tick() == [],
    "the close": lambda budget: budget.advance(),
}


@pytest.mark.postgresql
def test_the_first_thing_asked_after_a_restart_is_answered(server, budget, rested):
    for asked in FIRST.values():
        rested()
        crash(server)
        assert asked(budget)
    assert budget.turnout("vote") == {"online": 2}
    assert budget.faults() == []


@pytest.mark.postgresql
def test_all_who_ask_at_once_after_a_restart_are_answered(server, budget, rested):
    rested()
    crash(server)
    together = Barrier(12, timeout=20)

    def ask(number):
        together.wait()
        return budget.cast(f"v-{number}", "bench") if number % 2 else budget.state()

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, range(12)))
    assert budget.turnout("vote") == {"online": 7}


@pytest.mark.postgresql
def test_while_the_server_is_away_everybody_is_told_so(server, budget, rested):
    rested()
    stop(server)
    for asked in (budget.state, lambda: budget.cast("anna", "bench")):
        with pytest.raises(StorageError, match="connection"):
            asked()
    start(server)
    assert budget.cast("anna", "bench")


@pytest.mark.postgresql
@pytest.mark.parametrize("crashes", [2, pytest.param(100, marks=pytest.mark.long)])
def test_what_was_acknowledged_outlives_a_server_that_is_killed(
    server, site, workers, budget, crashes
):
    budget.to_the_vote(fountain=600, bench=500)
    team = workers(*[("stubborn", 1_000_000 * number) for number in range(4)])
    for _ in range(crashes):
        time.sleep(0.5)
        crash(server)
    time.sleep(0.5)
    for one in team:
        one.kill()
    for one in team:
        one.ended(status=-signal.SIGKILL)
    told = [line for one in team for line in one.said if line[0] == "ok" and len(line) == 3]
    with Platform(site.url, keys=FileKeys(Path(f"{site.file}.keys"))) as again:
        counted = again.municipality("12060052").procedure("budget-2027")
        with counted._unit() as unit:
            rows = unit._connection.execute(schema.box.select()).all()
        in_the_box = [row.commitment.hex() for row in rows]
        assert len(told) == len({line[1] for line in told}) > crashes
        assert {line[2] for line in told} <= set(in_the_box)
        assert len(in_the_box) - len(told) in range(len(team) + 1)  # killed before they could say
        assert [fault for check in counted.audit() for fault in check.faults] == []
