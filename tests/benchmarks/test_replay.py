"""Replay and items at rest: what an event costs when it is read, and an item when it is kept.

The floor of replay is what no reader of a journal can do without: parsing the line and hashing
it. Both take turns in the same process; what counts is the ratio.
"""

import hashlib
import itertools
import json
import time
import tracemalloc
from statistics import median

import pytest
from attrs import evolve

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdvanceStage,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.execution.rebuilding import replay
from partizipation_core.kernel.state import Item
from partizipation_core.platform import Platform
from partizipation_core.store.journal import START
from partizipation_core.values import Actor, Money, Role

OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
AUTHOR = Actor.of("author", Role.RESIDENT)
ITEMS, ROUNDS, SLACK = 3_000, 7, 1.25
APPLYING = 220 / 80
"""80,000 events a second where the floor takes in 220,000 lines."""

FIRST = "2027-00001"


@pytest.fixture
def budget():
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform("sqlite:///:memory:", clock=clock) as platform:
        opened = platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "100000 EUR", "misfit": "skip"},
        )
        for command, actor in (
            (SubmitItem(item=FIRST, title="Trinkbrunnen", cost=Money.euro(5000)), AUTHOR),
            (AdvanceStage(), OFFICER),
            (TakeUpReview(item=FIRST), REVIEWER),
            (ReviewItem(item=FIRST, outcome="feasible"), REVIEWER),
            (ShortlistItem(item=FIRST), OFFICER),
        ):
            opened.execute(command, actor=actor)
        yield opened


@pytest.fixture
def codec(budget):
    return budget._execution.codec


@pytest.fixture
def recorded(budget, codec):
    """Tell the story of one item of thousands."""
    with budget._execution.reading(budget._scope) as unit:
        opening, *told = [codec.read(line) for line in unit.lines()]
    story = [one for one in told if hasattr(one.event, "item")]
    events = [
        evolve(one, event=evolve(one.event, item=f"2027-{number:05d}"))
        for number in range(ITEMS)
        for one in story
    ]
    return [evolve(one, seq=seq) for seq, one in enumerate([opening, *events], start=1)]


def cpu(work):
    """Return the processor seconds of a piece of work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def parse_and_hash(lines):
    for line in lines:
        json.loads(line.body)
        hashlib.sha256(line.body).digest()


def test_replay(recorded, codec, measured):
    """Goal: 80,000 events a second of processor time, as a ratio to the floor."""
    events = [one.event for one in recorded]
    lines = codec.write(events, after=(0, START), at=recorded[0].at, actor="somebody")
    rounds = [
        (
            cpu(lambda: parse_and_hash(lines)),
            cpu(lambda: [codec.read(line) for line in lines]),
            cpu(lambda: replay(recorded)),
        )
        for _ in range(ROUNDS)
    ]
    below, reading, applying = (len(events) / median(side) for side in zip(*rounds, strict=True))
    ratio = median(ours / bare for bare, _, ours in rounds)
    measured(
        applied_per_second=round(applying),
        read_per_second=round(reading),
        floor_per_second=round(below),
        applying_ratio=round(ratio, 2),
        reading_ratio=round(median(ours / bare for bare, ours, _ in rounds), 2),
    )
    assert ratio <= APPLYING * SLACK


def test_items_at_rest(measured):
    """Goals: at most 500 bytes an item besides its texts, and 100,000 of them within a second."""
    refs = [f"2027-{number:05d}" for number in range(100_000)]
    seconds, kept = [], []
    for _ in range(3):
        kept.clear()
        seconds.append(cpu(lambda: kept.extend(at_rest(refs))))
    tracemalloc.start()
    few = list(at_rest(itertools.islice(refs, 10_000)))
    taken = tracemalloc.get_traced_memory()[0] / len(few)
    tracemalloc.stop()
    measured(seconds=round(median(seconds), 2), items=len(kept), bytes_per_item=round(taken))
    assert taken <= 500 * SLACK


def at_rest(refs):
    for ref in refs:
        yield Item(ref=ref, author="author", title="Trinkbrunnen", state="submitted")
