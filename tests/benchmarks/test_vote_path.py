"""The way of a ballot on both databases, against the bare driver in the same process.

The floor is what an application would write without us: BEGIN, two INSERTs, COMMIT, durable,
without a guard, a rule or a receipt. Both take turns, so that what else the machine does falls on
both; what counts is the ratio.
"""

import itertools
import random
import secrets
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import median, quantiles

import pytest

from partizipation_core.commands import CastBallot
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store import Unit
from partizipation_core.store.together import Together
from partizipation_core.values import Actor, Role

ITEMS = [f"2027-{number:05d}" for number in range(30)]
CHOICES = dict.fromkeys(ITEMS[:5], 1)
BODY = b"{" + b",".join(b'"%s":1' % ref.encode() for ref in ITEMS[:5]) + b"}"
SLACK = 1.25
_numbers = itertools.count()


def voter():
    return Actor.of(f"voter-{next(_numbers)}", Role.RESIDENT)


_KEY = (
    "municipality text NOT NULL, procedure text NOT NULL, vote text NOT NULL, "
    "tag bytea NOT NULL, PRIMARY KEY (municipality, procedure, vote, tag)"
)
_CONTENT = "channel text NOT NULL, body bytea NOT NULL, nonce bytea NOT NULL"
FLOOR = (
    f"CREATE TABLE floor_roll ({_KEY})",
    f"CREATE TABLE floor_box ({_CONTENT}, commitment bytea NOT NULL, {_KEY})",
)
PLACE = ("12060052", "budget-2027", "vote")


@pytest.fixture
def floor(site, voting):
    """Lend connections of the bare driver: ``floor()``, as many as are asked for."""
    if site.url.startswith("postgresql"):
        for statement in FLOOR:
            site.run(statement)
    opened = []

    def connect():
        import psycopg

        opened.append(psycopg.connect(site.url, autocommit=True))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def cast_on_the_floor(connection):
    tag = secrets.token_bytes(32)
    row = ("online", BODY, tag, tag, *PLACE, tag)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO floor_roll VALUES (%s, %s, %s, %s)", (*PLACE, tag))
    connection.execute("INSERT INTO floor_box VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", row)
    connection.execute("COMMIT")


def timed(work, times):
    """Return wall and processor microseconds of one piece of work."""
    wall, used = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    spent = (time.perf_counter() - wall, time.process_time() - used)
    return [seconds / times * 1e6 for seconds in spent]


@pytest.mark.postgresql
def test_one_caller_on_postgresql(voting, floor, measured):
    """Goals: at most 1.1 times the floor by the clock, 1.25 times in processor time."""
    bare, rounds = floor(), []
    for _ in range(15):
        below = timed(lambda: cast_on_the_floor(bare), 60)
        ours = timed(lambda: voting.execute(CastBallot(choices=CHOICES), actor=voter()), 60)
        rounds.append((below, ours))
    wall = median(ours[0] / below[0] for below, ours in rounds)
    cpu = median(ours[1] / below[1] for below, ours in rounds)
    measured(
        wall_ratio=round(wall, 2),
        cpu_ratio=round(cpu, 2),
        ballots_per_second=round(1e6 / median(ours[0] for _, ours in rounds)),
        floor_per_second=round(1e6 / median(below[0] for below, _ in rounds)),
        cpu_us_per_ballot=round(median(ours[1] for _, ours in rounds)),
        floor_cpu_us_per_ballot=round(median(below[1] for below, _ in rounds)),
    )
    assert wall <= 1.1 * SLACK
    assert cpu <= 1.25 * SLACK


def together(callers, work):
    """Let many call at once; returns calls per second and the 99th percentile in milliseconds."""

    def many(caller):
        spent = []
        for _ in range(25):
            began = time.perf_counter()
            work(caller)
            spent.append(time.perf_counter() - began)
        return spent

    began = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        spent = [one for each in pool.map(many, range(callers)) for one in each]
    wall = time.perf_counter() - began
    return len(spent) / wall, quantiles(spent, n=100)[98] * 1000


@pytest.mark.postgresql
@pytest.mark.parametrize("callers", [8, 32])
def test_many_callers_in_one_procedure_on_postgresql(voting, floor, measured, callers):
    """Goals: at least 0.8 of the bare driver, and at most twice its 99th percentile."""
    bare = [floor() for _ in range(callers)]
    rounds = []
    for _ in range(5):
        below = together(callers, lambda caller: cast_on_the_floor(bare[caller]))
        ours = together(
            callers, lambda _: voting.execute(CastBallot(choices=CHOICES), actor=voter())
        )
        rounds.append((below, ours))
    rate = median(ours[0] / below[0] for below, ours in rounds)
    p99 = median(ours[1] / below[1] for below, ours in rounds)
    measured(
        callers=callers,
        rate_ratio=round(rate, 2),
        p99_ratio=round(p99, 2),
        ballots_per_second=round(median(ours[0] for _, ours in rounds)),
        floor_per_second=round(median(below[0] for below, _ in rounds)),
        p99_ms=round(median(ours[1] for _, ours in rounds), 1),
    )
    assert rate >= 0.8 / SLACK
    assert p99 <= 2 * SLACK


def test_importing_many_ballots(site, voting, floor, measured, system):
    """Goal: at most 2.5 times what the bare driver takes for the same rows."""
    if system == "sqlite":
        bare = sqlite3.connect(site.file.with_name("floor.db"), isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        for statement in FLOOR:
            bare.execute(statement.replace("bytea", "blob") + " STRICT, WITHOUT ROWID")
    else:
        bare = floor()
    with closing(bare):
        rounds = [import_both(voting, bare, system) for _ in range(5)]
    ratio = median(ours / below for below, ours in rounds)
    measured(
        system=system,
        ratio=round(ratio, 2),
        ballots_per_second=round(10_000 / median(ours for _, ours in rounds)),
        floor_per_second=round(10_000 / median(below for below, _ in rounds)),
    )
    assert ratio <= 2.5 * SLACK


def import_both(voting, bare, system, amount=10_000):
    begin, mark = ("BEGIN IMMEDIATE", "?") if system == "sqlite" else ("BEGIN", "%s")
    tags = [secrets.token_bytes(32) for _ in range(amount)]
    cursor, began = bare.cursor(), time.perf_counter()
    cursor.execute(begin)
    for table, rows in (
        ("floor_roll", [(*PLACE, tag) for tag in tags]),
        ("floor_box", [("online", BODY, tag, tag, *PLACE, tag) for tag in tags]),
    ):
        places = ", ".join([mark] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
    cursor.execute("COMMIT")
    below, scope = time.perf_counter() - began, voting._scope
    tags = [secrets.token_bytes(32) for _ in range(amount)]
    entry = BallotEntry(
        vote="vote", voter="nobody", choices=CHOICES, channel="paper", replaces=False
    )
    began = time.perf_counter()
    with voting._execution.database.writing(scope) as connection:
        unit = Unit(connection, scope)
        assert unit.put_all((entry, tag) for tag in tags).doubles == 0
    return below, time.perf_counter() - began


def alone(self, slip):
    """Write one's own, as if there were nobody else."""
    self._write([slip])
    return slip.taken


@pytest.mark.sqlite
@pytest.mark.parametrize("callers", [1, 8, 32])
def test_many_callers_in_one_procedure_on_sqlite(voting, measured, monkeypatch, callers):
    """Goals for 32 callers: 1.5 times as many as each for himself, and a fairer share of time."""
    rounds = []

    def cast(_caller):
        voting.execute(CastBallot(choices=CHOICES), actor=voter())

    for _ in range(5):
        with monkeypatch.context() as patched:
            patched.setattr(Together, "put", alone)
            below = together(callers, cast)
        rounds.append((below, together(callers, cast)))
    rate = median(ours[0] / below[0] for below, ours in rounds)
    p99 = median(ours[1] / below[1] for below, ours in rounds)
    measured(
        callers=callers,
        rate_ratio=round(rate, 2),
        p99_ratio=round(p99, 3),
        ballots_per_second=round(median(ours[0] for _, ours in rounds)),
        alone_per_second=round(median(below[0] for below, _ in rounds)),
        p99_ms=round(median(ours[1] for _, ours in rounds), 1),
    )
    assert rate >= (1.5 if callers == 32 else 0.9) / SLACK


BALLOTS = 20_000
_TALLY = "SELECT item, sum(points) FROM floor_choice GROUP BY item"


def fill_boxes(voting, bare, system):
    """Put the same made-up ballots into a box, and choice by choice into a table of the floor.

    A quarter of the ballots are distinct, as in real elections.
    """
    chance = random.Random(1)  # noqa: S311 - made-up people
    distinct = [dict.fromkeys(chance.sample(ITEMS, 5), 1) for _ in range(BALLOTS // 4)]
    said = chance.choices(distinct, k=BALLOTS)
    bare.execute("CREATE TABLE floor_choice (item text NOT NULL, points bigint NOT NULL)")
    place = "?, ?" if system == "sqlite" else "%s, %s"
    bare.execute("BEGIN")
    rows = [one for choices in said for one in choices.items()]
    bare.cursor().executemany(f"INSERT INTO floor_choice VALUES ({place})", rows)  # noqa: S608
    bare.execute("COMMIT")
    entries = (
        BallotEntry(vote="vote", voter="nobody", choices=one, channel="paper", replaces=False)
        for one in said
    )
    with voting._execution.database.writing(voting._scope) as connection:
        unit = Unit(connection, voting._scope)
        assert unit.put_all((one, secrets.token_bytes(32)) for one in entries).doubles == 0


def test_a_final_tally(site, voting, floor, measured, system):
    """Goal: at most 1.5 times a bare GROUP BY over a table with a row for every choice.

    It is reached on SQLite. A server counts on its own what has to be read here, ballot by ballot.
    """
    bare = floor() if system == "postgresql" else sqlite3.connect(site.file.with_name("bare.db"))
    with closing(bare):
        bare.isolation_level = None
        fill_boxes(voting, bare, system)
        if system == "postgresql":
            site.run("ANALYZE")  # a server does so by itself, within a minute of so many new rows
        rounds = [both_tallies(voting, bare) for _ in range(7)]
    ratio = median(ours / below for below, ours in rounds)
    measured(
        system=system,
        ballots=BALLOTS,
        ratio=round(ratio, 2),
        milliseconds=round(median(ours for _, ours in rounds) * 1000, 1),
        floor_milliseconds=round(median(below for below, _ in rounds) * 1000, 1),
    )
    assert ratio <= (1.5 if system == "sqlite" else 3.0) * SLACK


def both_tallies(voting, bare):
    began = time.perf_counter()
    expected = dict(bare.execute(_TALLY).fetchall())
    below, began = time.perf_counter() - began, time.perf_counter()
    found = dict.fromkeys(ITEMS, 0)
    with voting._execution.reading(voting._scope) as unit:
        for choices, ballots in unit.counts.equals("vote"):
            for item, points in choices.items():
                found[item] += points * ballots
    ours = time.perf_counter() - began
    first = {item: points + expected[item] for item, points in CHOICES.items()}
    assert found == {**expected, **first}  # one ballot made the key of the vote
    return below, ours
