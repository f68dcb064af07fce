"""After the seal no attack on a copy of the database links voters with ballots better than chance.

Keys and nonces are made of fixed seeds here, so that what has a chance of one in a thousand does
not happen now and then.
"""

import hashlib
import itertools
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.store import schema, sealing
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.store.seals import Seals, sealed_tag
from partizipation_core.values import Actor, Money, Role

linking = SimpleNamespace(**run_path(str(Path(__file__).with_name("linking.py"))))
OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
NOON = Instant(1_800_000_000_000_000)


class SeededKeys(MemoryKeys):
    """Keys that are the same in every run."""

    def key(self, scope, vote):
        self._keys.setdefault((scope, vote), hashlib.sha256(vote.encode()).digest())
        return super().key(scope, vote)


@pytest.fixture(autouse=True)
def seeded(monkeypatch):
    numbers = itertools.count()
    seeds = SimpleNamespace(
        token_bytes=lambda amount: hashlib.sha256(b"%d" % next(numbers)).digest()[:amount]
    )
    monkeypatch.setattr(sealing, "secrets", seeds)


class Voted:
    """A vote with receipts, still open."""

    def __init__(self, site, handle, keys, electors):
        self.handle = handle
        order = sorted(range(electors), key=lambda n: hashlib.sha256(b"%d" % n).digest())
        people = [f"voter-{n}" for n in order]
        self.true = {}
        for number, person in enumerate(people):
            ballot, who = CastBallot(choices={"bench": 1}), Actor.of(person, Role.RESIDENT)
            receipt = handle.execute(ballot, actor=who, key=f"phone-of-{person}")
            self.true[bytes.fromhex(receipt.commitment)] = number
        self.copy = linking.Copy(site, keys, people)

    def seal(self):
        self.handle.execute(AdvanceStage(), actor=OFFICER)
        self.handle.seal("vote")

    def chance(self, attack):
        return linking.chance(attack(self.copy), self.true)


@pytest.fixture
def voted(site, system):
    """Let people vote: ``voted(500)``."""
    with_bytes(site, system)
    opened = []

    def run(electors):
        keys = SeededKeys()
        opened.append(Platform(site.url, clock=FrozenClock(NOON), keys=keys))
        handle = (
            opened[-1]
            .municipality("12060052")
            .open(
                "budget-2027",
                "buergerhaushalt",
                actor=OFFICER,
                settings={"pot": "1000 EUR", "misfit": "skip"},
            )
        )
        idea = SubmitItem(item="bench", title="Bank", cost=Money.euro(500))
        handle.execute(idea, actor=Actor.of("author", Role.RESIDENT))
        handle.execute(AdvanceStage(), actor=OFFICER)
        handle.execute(TakeUpReview(item="bench"), actor=REVIEWER)
        handle.execute(ReviewItem(item="bench", outcome="feasible"), actor=REVIEWER)
        handle.execute(ShortlistItem(item="bench"), actor=OFFICER)
        handle.execute(AdvanceStage(), actor=OFFICER)
        return Voted(site, handle, keys, electors)

    yield run
    for one in opened:
        one.close()


def with_bytes(site, system):
    """Give a site its `bytes`: those of all files the database lies in."""
    if system == "sqlite":
        site.bytes = lambda: b"".join(
            file.read_bytes() for file in sorted(site.file.parent.glob("town.db*"))
        )
        return

    def on_the_server():
        with site._admin() as connection:
            connection.execute("CHECKPOINT")
            (folder,) = connection.execute("SHOW data_directory").fetchone()
            names = connection.execute(
                "SELECT pg_relation_filepath(c.oid) FROM pg_class c JOIN pg_namespace n "
                "ON c.relnamespace = n.oid WHERE n.nspname = %s AND c.relkind IN ('r', 'i', 't') "
                "ORDER BY c.relname",
                [site.name],
            ).fetchall()
        files = [Path(folder) / name for (name,) in names if name]
        return b"".join(file.read_bytes() for file in files if file.exists())

    site.bytes = on_the_server


@pytest.mark.sized("electors")
def test_no_attack_does_better_than_chance_after_the_seal(voted, system, size, tell):
    vote = voted(size)
    vote.seal()
    found = {attack.__name__: vote.chance(attack) for attack in linking.ATTACKS[system]}
    assert {name: value for name, value in found.items() if value <= linking.UNLIKELY} == {}
    assert [fault for check in vote.handle.audit() for fault in check.faults] == []
    tell(electors=size, **{name: f"p = {value:.2f}" for name, value in found.items()})


SUCCEED = {
    "sqlite": ("by_tag", "by_answers", "by_log"),
    "postgresql": (
        "by_tag",
        "by_order",
        "by_order_of_the_box",
        "by_answers",
        "by_place_in_the_files",
        "by_ctid",
        "by_xmin",
        "by_order_of_xmin",
    ),
}


def test_the_same_attacks_succeed_while_the_vote_is_on(voted, system):
    vote = voted(120)
    found = {attack.__name__: vote.chance(attack) for attack in linking.ATTACKS[system]}
    assert {name for name, value in found.items() if value < 1e-9} >= set(SUCCEED[system])


def exchange_in_place(self, entry):
    """Seal by giving each ballot another tag where it lies."""
    vote = getattr(entry, "vote", entry)
    rows = self._connection.execute(schema.box.select()).all()
    for row in rows:
        new = schema.box.update().where(schema.box.c.tag == row.tag)
        self._connection.execute(new.values(tag=sealed_tag(row.commitment)))
    assert vote == "vote"
    self._forget_answers()
    return len(rows)


@pytest.mark.parametrize("hidden", [True, False], ids=["numbered rows", "as they are"])
def test_a_seal_that_leaves_ballots_where_they_lie_is_caught(voted, system, monkeypatch, hidden):
    """Revert test: the tags are gone, and the order of the day is still there."""
    if system == "sqlite":
        monkeypatch.setitem(schema.box.dialect_options["sqlite"], "with_rowid", hidden)
    monkeypatch.setattr(Seals, "seal", exchange_in_place)
    vote = voted(120)
    vote.seal()
    links = any(vote.chance(attack) < 1e-9 for attack in linking.ATTACKS[system])
    assert links is (hidden or system == "postgresql")


def test_answers_that_are_kept_after_the_seal_are_caught(voted, monkeypatch):
    """Revert test."""
    monkeypatch.setattr(Seals, "_forget_answers", lambda _self: None)
    vote = voted(120)
    vote.seal()
    assert vote.chance(linking.by_answers) < 1e-9
