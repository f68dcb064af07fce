"""What a ballot costs in processor time: ours alone, with plugins, and beside peers.

Peers are measured in a process of their own, in turns with ours, and only if ``VOTE_PEERS`` names
a folder in which they are installed:

    pip install --target FOLDER eventsourcing django psycopg-pool
"""

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from partizipation_core.commands import CastBallot
from partizipation_core.execution.casting import Casting
from partizipation_core.formats.rules import rule
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store.booth import Booth
from partizipation_core.values import Actor, Role

HERE = Path(__file__).resolve().parent
CHOICES = dict.fromkeys([f"2027-{number:05d}" for number in range(5)], 1)
SLACK = 1.25
_numbers = itertools.count()


def voter():
    return Actor.of(f"voter-{next(_numbers)}", Role.RESIDENT)


def used(work, times):
    """Return the processor seconds of one piece of work."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


class Town:
    """A plugin on each of the three hook points of a ballot, with nothing against anybody."""

    def __init__(self, name):
        @rule("eligibility", name=f"{name}/residents")
        def residents(_actor, _view):
            return ()

        @rule("ballot", name=f"{name}/ballots")
        def ballots(_choices, _paper, _view):
            return ()

        self.rules = (residents, ballots)

    @hookimpl
    def register_rules(self):
        return self.rules

    @hookimpl
    def objections(self, command, context):
        return ()


TOWNS = [f"town_{number}" for number in range(5)]


@pytest.fixture(params=["no plugins", "3 hooks of 5 plugins"])
def plugins(request):
    return TOWNS if request.param != "no plugins" else []


@pytest.fixture
def host(plugins):
    found = PluginHost.discover()
    loaded = [
        Plugin(origin, found._manager.get_plugin(origin.plugin))
        for origin in found.plugins
        if origin.plugin != "core"
    ]
    return PluginHost([*loaded, *(Plugin(Origin(one, one, "1.0"), Town(one)) for one in plugins)])


@pytest.fixture
def rules(plugins):
    slots = {"eligibility": "residents", "ballot": "ballots"} if plugins else {}
    return {slot: [f"{one}/{name}" for one in plugins] for slot, name in slots.items()}


def test_the_engine_alone(voting, plugins, monkeypatch, measured, system):
    """Goal: at most 60 us of processor time beside the database, with five plugins on each hook.

    It is reached without plugins; fifteen calls that are timed, covered and checked take more. The
    whole ballot is measured in turns with it, for the engine's share.
    """
    ballot, voters = CastBallot(choices=CHOICES), iter([voter() for _ in range(40_000)])

    def one():
        voting.execute(ballot, actor=next(voters))

    rounds = []
    for _ in range(40):
        whole = used(one, 20)
        with monkeypatch.context() as patched:
            patched.setattr(Booth, "put", lambda *_: True)
            patched.setattr(Casting, "forget", lambda *_: None)
            rounds.append((used(one, 200), whole))
    engine = median(engine for engine, _ in rounds) * 1e6
    whole = median(whole for _, whole in rounds) * 1e6
    measured(
        system=system,
        plugins=len(plugins),
        cpu_us_per_ballot=round(engine, 1),
        whole_cpu_us_per_ballot=round(whole, 1),
        share=round(engine / whole, 2),
    )
    assert engine <= (75 if plugins else 60) * SLACK


GOALS = {
    ("sqlite", "eventsourcing"): 1.0,
    ("sqlite", "django"): 0.8,
    ("postgresql", "eventsourcing"): 0.6,
    ("postgresql", "django"): 0.6,
}


@pytest.fixture
def peer_casts(site):
    """Let a peer cast ballots: ``peer_casts("django")(60)`` returns its processor seconds."""
    folder = os.environ.get("VOTE_PEERS")
    if not folder:
        pytest.skip("VOTE_PEERS names no folder in which the peers are installed")
    started = []

    def start(name):
        url = site.url if site.url.startswith("postgresql") else f"sqlite://{site.file}.{name}"
        asked = [sys.executable, str(HERE / "vote_peer.py"), folder, name, url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        peer = subprocess.Popen(asked, **pipes)
        started.append(peer)

        def cast(times):
            peer.stdin.write(f"{times}\n")
            peer.stdin.flush()
            return float(peer.stdout.readline()) / times

        return cast

    yield start
    for peer in started:
        peer.communicate()
        assert peer.returncode == 0


@pytest.mark.parametrize("plugins", [[]], ids=["no plugins"])
@pytest.mark.parametrize("peer", ["eventsourcing", "django"])
def test_a_ballot_beside_peers(voting, peer, peer_casts, measured, system):
    """Goals: on PostgreSQL 0.6 of both; on SQLite no more than the one, 0.8 of the other."""
    theirs = peer_casts(peer)

    def ours():
        voting.execute(CastBallot(choices=CHOICES), actor=voter())

    theirs(60), used(ours, 60)  # whatever is done once
    rounds = [(used(ours, 60), theirs(60)) for _ in range(15)]
    ratio = median(own / other for own, other in rounds)
    measured(
        system=system,
        peer=peer,
        cpu_ratio=round(ratio, 2),
        cpu_us_per_ballot=round(median(own for own, _ in rounds) * 1e6),
        peer_cpu_us_per_ballot=round(median(other for _, other in rounds) * 1e6),
    )
    assert ratio <= GOALS[system, peer] * SLACK
