"""What other platforms' users complained about, as far as it concerns draws; one test a rule."""

import json
from hashlib import sha256
from itertools import count

import pytest

pytest.importorskip("highspy", reason="needs the distribution partizipation-buergerrat")
from partizipation_buergerrat.public import ceremony, verifier
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.public.publication import publish
from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import InputError, NotFound

BEFORE, EVENT, AFTER = (f"2026-11-22T{hour}:00:00Z" for hour in (10, 12, 13))
SOURCE = {"kind": "dice", "count": 20, "event": "Ratssaal", "at": EVENT}
THROWS = "12345612345612345612"


@pytest.fixture(scope="module")
def published():
    held = hold_lottery(
        invent(Recipe(people=30, seats=6, features=(2, 3), seed=2)),
        panels=20,
        stream=Stream("deal", "x"),
    )
    numbers = count()
    vault = Vault.new(held.counts, source=lambda _n: sha256(b"%d" % next(numbers)).hexdigest())
    return publish(held, vault)


@pytest.fixture
def committed(published):
    return ceremony.commit(
        Protocol(), published, procedure="rat", now=BEFORE, source=SOURCE, tool={}
    )


def drawn(committed, published, raw=THROWS, now=AFTER):
    panels = json.loads(published.panels)
    return ceremony.draw(committed, panels, raw=raw, now=now, witnesses=[])


def test_r6_a_draw_always_has_a_recorded_seed(committed, published):
    """A draw always has a recorded seed."""
    _, entry = drawn(committed, published).last("draw")
    assert entry["value"] == THROWS
    with pytest.raises(InputError):
        drawn(committed, published, raw="")


def test_g22_lots_can_be_checked_by_anyone(committed, published):
    """Re-run equal in the verifier; a seed from before the commitment is refused."""
    protocol = drawn(committed, published)
    files = [published.panels, canonical(published.pool)]
    assert "Quoten, Haushalte und Beweis geprüft" in verifier.Check(protocol.text(), files).did
    with pytest.raises(InputError):
        ceremony.commit(Protocol(), published, procedure="rat", now=AFTER, source=SOURCE, tool={})


def test_2_3_a_draw_can_be_repeated_with_inputs_hash_and_algorithm_version(published):
    """Store seed, inputs hash and algorithm version: without them a draw cannot be contested."""
    protocol = ceremony.commit(
        Protocol(),
        published,
        procedure="rat",
        now=BEFORE,
        source=SOURCE,
        tool={"partizipation-buergerrat": "0.1.0"},
    )
    _, entry = protocol.last("commitment")
    assert entry["tool"] == {"partizipation-buergerrat": "0.1.0"}
    assert {"panels_sha256", "pool_sha256", "objective", "quotas", "source"} <= entry.keys()


def test_l_the_list_is_committed_before_the_seed_is_public(committed, published):
    """Commit the list, then take the public seed: known early, it lets an insider steer."""
    with pytest.raises(InputError):
        drawn(committed, published, now=BEFORE)


def test_2_3_one_shot_that_may_be_cancelled(committed, published):
    """Exactly one draw for each commitment; a cancelled one stays, with its reason."""
    with pytest.raises(NotFound):
        drawn(drawn(committed, published), published)
    cancelled = ceremony.cancel(committed, reason="falsche Quoten", now=BEFORE)
    with pytest.raises(NotFound):
        drawn(cancelled, published)
    assert cancelled.last("cancelled")[1]["reason"] == "falsche Quoten"
