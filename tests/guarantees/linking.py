"""Attacks that link voters with their ballots, by somebody who holds a copy of the database.

Each returns whom it takes for the voter of which ballot: the number of a voter, in the order in
which they voted, for each receipt. Some need the key of the vote, some only a list of who voted
when, as somebody may have kept who watched.
"""

import math
import sqlite3
from contextlib import closing

from partizipation_core.store.keys import voter_tag
from partizipation_core.store.scope import Scope
from partizipation_core.values import ParticipantRef

SCOPE = Scope("12060052", "budget-2027")
UNLIKELY = 0.001


class Copy:
    """A database as it is now, with the key and with what watchers know.

    Args:
        site: where it is.
        keys: the stolen keys.
        voters: people in the order in which they voted.
    """

    def __init__(self, site, keys, voters):
        self.site, self.voters = site, voters
        self.tags = {voter_tag(keys, SCOPE, "vote", ParticipantRef(one)): n
                     for n, one in enumerate(voters)}  # fmt: skip

    def ask(self, statement):
        with self.site.connect() as connection:
            return [tuple(map(plain, row)) for row in connection.execute(statement).fetchall()]

    def watched(self, receipts):
        """Take ballots that came one after the other for those of people who did."""
        return dict(zip(range(len(self.voters)), receipts, strict=False))


def plain(value):
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def by_tag(copy):
    """Compute the tags of people, and look them up in the box."""
    rows = copy.ask("SELECT tag, commitment FROM box")
    return {copy.tags[tag]: receipt for tag, receipt in rows if tag in copy.tags}


def by_order(copy):
    """Lay roll and box side by side, each as the database returns it."""
    people = [copy.tags[tag] for (tag,) in copy.ask("SELECT tag FROM roll")]
    ballots = [receipt for (receipt,) in copy.ask("SELECT commitment FROM box")]
    return dict(zip(people, ballots, strict=True))


def by_order_of_the_box(copy):
    """Take the ballots as the database returns them for the order in which they came in."""
    return copy.watched([receipt for (receipt,) in copy.ask("SELECT commitment FROM box")])


def by_answers(copy):
    """Read the answers that were kept for those who ask again, in the order they lie in."""
    rows = copy.ask("SELECT key, receipt FROM request")
    found = [bytes.fromhex(part) for _, receipt in rows
             for part in receipt.decode().split('"') if len(part) == 64]  # fmt: skip
    return copy.watched(found)


def by_place_in_the_files(copy):
    """Take the bytes of all files: ballots that lie one after the other came so."""
    content = copy.site.bytes()
    receipts = [receipt for (receipt,) in copy.ask("SELECT commitment FROM box")]
    places = {content.find(receipt): receipt for receipt in receipts}
    places.pop(-1, None)
    return copy.watched([places[place] for place in sorted(places)])


def by_rowid(copy):
    """Read the hidden number that SQLite gives to rows."""
    try:
        rows = copy.ask("SELECT commitment FROM box ORDER BY rowid")
    except sqlite3.OperationalError:
        return {}
    return copy.watched([receipt for (receipt,) in rows])


def by_log(copy):
    """Read SQLite's log: a ballot is in it first where it was put in."""
    log = copy.site.file.with_name(copy.site.file.name + "-wal")
    content = log.read_bytes() if log.exists() else b""
    with closing(sqlite3.connect(copy.site.file)) as connection:
        found = [receipt for (receipt,) in connection.execute("SELECT commitment FROM box")]
    places = {content.find(receipt): receipt for receipt in found}
    places.pop(-1, None)
    last = [places[place] for place in sorted(places)]
    return {len(copy.voters) - len(last) + n: receipt for n, receipt in enumerate(last)}


def by_ctid(copy):
    """Lay roll and box side by side by the place of their rows on PostgreSQL."""
    people = [copy.tags[tag] for (tag,) in copy.ask("SELECT tag FROM roll ORDER BY ctid")]
    rows = copy.ask("SELECT commitment FROM box ORDER BY ctid")
    return dict(zip(people, (receipt for (receipt,) in rows), strict=True))


def by_xmin(copy):
    """Take a mark and a ballot of one transaction for one person's; then by order."""
    number = "xmin::text::bigint"
    people = dict(copy.ask(f"SELECT {number}, tag FROM roll"))  # noqa: S608
    rows = copy.ask(f"SELECT {number}, commitment FROM box")  # noqa: S608
    return {copy.tags[people[one]]: receipt for one, receipt in rows if one in people}


def by_order_of_xmin(copy):
    """Take the ballots in the order of the transactions that wrote them."""
    rows = copy.ask("SELECT commitment FROM box ORDER BY xmin::text::bigint, ctid")
    return copy.watched([receipt for (receipt,) in rows])


EVERYWHERE = (by_tag, by_order, by_order_of_the_box, by_answers, by_place_in_the_files)
ATTACKS = {
    "sqlite": (*EVERYWHERE, by_rowid, by_log),
    "postgresql": (*EVERYWHERE, by_ctid, by_xmin, by_order_of_xmin),
}


# --- what an attack is worth


def chance(guessed, true):
    """Say how likely guessing alone would have done as well, both in hits and in order.

    Args:
        guessed: number of a voter → receipt.
        true: receipt → number of its voter.
    """
    pairs = [(n, true[receipt]) for n, receipt in guessed.items() if receipt in true]
    return min(_by_hits(pairs), _by_order(pairs))


def _by_hits(pairs):
    """Guess a whole order, and the number of hits is spread as the law of Poisson says."""
    hits = sum(one == other for one, other in pairs)
    fewer = sum(1 / math.factorial(n) for n in range(hits)) / math.e
    return max(0.0, 1 - fewer)


def _by_order(pairs):
    """Say how likely two orders made by chance agree so well (Spearman)."""
    if len(pairs) < 10:  # too few to say
        return 1.0
    left, right = (_ranks(side) for side in zip(*pairs, strict=True))
    middle = (len(pairs) - 1) / 2
    spread = sum((one - middle) ** 2 for one in left)
    agree = sum((a - middle) * (b - middle) for a, b in zip(left, right, strict=True)) / spread
    return math.erfc(abs(agree) * math.sqrt((len(pairs) - 1) / 2))


def _ranks(values):
    places = {value: rank for rank, value in enumerate(sorted(values))}
    return [places[value] for value in values]
