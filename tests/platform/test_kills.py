"""Writers that are killed lose nothing that was acknowledged, and count nobody twice.

Fifty kills run with every change; ``python3 dev.py soak tests/platform/test_kills.py`` has 1,000.
"""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core.store import schema
from partizipation_core.store.keys import FileKeys, voter_tag
from partizipation_core.store.merkle import root
from partizipation_core.values import ParticipantRef

HERE = Path(__file__).parent
History = run_path(str(HERE / "history.py"))["History"]


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


@pytest.fixture
def killed(site, clock, voting):
    """Let writers be killed: ``killed(kills, double)`` returns the history."""

    def run(kills, double="as_it_should_be"):
        place = (site.url, f"{site.file}.keys", str(clock.now()), "7", str(kills), double)
        done = subprocess.run(
            [sys.executable, str(HERE / "killing.py"), *place],
            capture_output=True,
            text=True,
            env={**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        steps = [json.loads(line) for line in done.stdout.splitlines()]
        return History(steps, in_the_box(site, voting, steps))

    return run


def in_the_box(site, voting, steps):
    """Open the box with the key, as only its holder can: voter → receipt and choice."""
    keys = FileKeys(Path(f"{site.file}.keys"))
    voters = {step["voter"] for step in steps if "voter" in step}
    scope = voting.handle._scope
    names = {voter_tag(keys, scope, "vote", ParticipantRef(one)): one for one in voters}
    with voting.handle._unit() as unit:
        rows = unit._connection.execute(schema.box.select()).all()
    return {
        names.get(row.tag, row.tag.hex()): (row.commitment.hex(), next(iter(json.loads(row.body))))
        for row in rows
    }


@pytest.mark.sized("kills")
def test_a_killed_writer_loses_nothing_and_counts_nobody_twice(killed, voting, size, tell):
    history = killed(size)
    assert list(history.faults()) == []
    assert voting.faults() == []
    assert len(history.ok) > size
    assert history.unknown, "nobody was killed while asking"
    voting.until("fund")
    assert voting.state().closed_votes == {"vote": len(history.box)}
    in_the_checkpoint(voting, history)
    tell(
        kills=size,
        acknowledged=len(history.ok),
        never_answered=len(history.unknown),
        lost=0,
        double=0,
    )


def in_the_checkpoint(voting, history):
    """Every receipt is one of the leaves of the checkpoint at the close."""
    leaves = sorted(bytes.fromhex(receipt) for receipt, _ in history.box.values())
    sworn = base64.b64encode(bytes.fromhex(root(leaves))).decode()
    assert f"box vote ballots {len(leaves)} root {sworn}" in voting.checkpoint().text
    assert {bytes.fromhex(one) for one in history.ok.values()} <= set(leaves)


@pytest.mark.sqlite
def test_an_answer_before_the_commit_is_caught(killed):
    caught(killed(20, "ack_before_commit"), "is not in the box", "were read where")


@pytest.mark.sqlite
def test_an_answer_out_of_a_queue_is_caught(killed):
    caught(killed(20, "ack_through_a_queue"), "is not in the box", "were read where")


def test_a_retry_that_is_taken_for_a_second_vote_is_caught(killed):
    caught(killed(40, "no_keys"), "asked again with the same key and was refused")


def test_a_retry_that_gets_another_receipt_is_caught(killed):
    caught(killed(40, "two_receipts"), "different receipts", "a receipt for something else")


def caught(history, *told):
    """The history must not pass for one without a fault."""
    faults = "\n".join(history.faults())
    assert any(one in faults for one in told), faults or "no fault was found"
