"""Both sides agree in the end: whatever is late, lost, repeated or mixed up, and whoever dies."""

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.desk import work
from partizipation_crowdfunding.payments.facts import (
    Call,
    Fact,
    Notice,
    Order,
    State,
    Want,
    contradictory,
    due,
    state_of,
)
from partizipation_crowdfunding.payments.port import Line
from partizipation_crowdfunding.payments.reconciliation import (
    catch_up,
    read_statement,
    reconcile,
    write_statement,
)
from partizipation_crowdfunding.payments.simulated import SimulatedProvider, Trouble
from partizipation_crowdfunding.payments.sqlite import SqliteBooks
from partizipation_crowdfunding.payments.webhook import TOLERANCE, Untrusted, pack, read, sign

SECRET = b"sixteen bytes or more"
TEN = Money.euro(10)
NASTY = Trouble(unanswered=0.2, delayed=0.3, refused=0.1, lost=0.05, repeated=0.3, dropped=0.2)
FACTS = st.sampled_from(list(Fact))


@given(st.lists(FACTS, max_size=8), st.randoms())
def test_any_order_and_repetition_of_facts_gives_one_state(facts, mixed):
    again = facts + facts[:3]
    mixed.shuffle(again)
    assert state_of(again) is state_of(facts)


@pytest.mark.parametrize("want", Want)
def test_what_is_due_never_repeats_what_is_known(want):
    for state, known in {
        State.WAITING: [],
        State.AUTHORISED: ["authorised"],
        State.CAPTURED: ["captured"],
        State.ENDED: ["refunded"],
    }.items():
        order = Order(payment="p", amount=TEN, want=want, facts=known)
        assert order.state is state
        assert not (state is State.ENDED and due(order))
        assert not (due(order) is Call.REFUND and want is not Want.UNDO)
        assert not (due(order) is Call.CAPTURE and want is not Want.DRAW)


class Killed(BaseException):
    """The process is gone: nothing behind this line runs."""


class Dying:
    """Passes everything on until a step at which it dies, before or after what was asked."""

    def __init__(self, thing, steps):
        self._thing, self._steps = thing, steps

    def __getattr__(self, name):
        act = getattr(self._thing, name)
        if name not in {"authorise", "capture", "void", "refund", "note"}:
            return act

        def tried(*args, **kwargs):
            self._step()
            answer = act(*args, **kwargs)
            self._step()
            return answer

        return tried

    def _step(self):
        self._steps[0] -= 1
        if self._steps[0] == 0:
            raise Killed


def deliver(books, provider, now=1_800_000_000):
    seen = set()
    for sent in provider.messages(now):
        message = read(sent.header, sent.body, secrets=[SECRET], now=now + 5, seen=seen)
        books.note(message.notice)


def one_round(books, provider):
    work(books, provider)
    deliver(books, provider)


def played(books, provider, pledges, kills, seed):
    """Take pledges, cancel some, draw or undo the others, and die now and then."""
    random = Random(seed)  # noqa: S311 - a rehearsal that must come out the same
    with books.together():
        for number in range(pledges):
            books.order(f"p{number}", Money(100 + number))
            if random.random() < 1 / 10:
                books.want(f"p{number}", Want.UNDO)
    steps = sorted(random.sample(range(1, pledges * 3), kills))
    deaths = [later - earlier for earlier, later in pairwise([0, *steps])]
    for rest in (kills // 2, 0):
        while len(deaths) > rest:
            dies(books, provider, deaths.pop(0))
        with books.together():
            for number in range(pledges):
                books.want(f"p{number}", Want.DRAW if number % 4 else Want.UNDO)


def dies(books, provider, steps):
    """Work until the given step, however many rounds that takes, and be gone."""
    left = [steps]
    try:
        for _ in range(steps):
            one_round(Dying(books, left), Dying(provider, left))
    except Killed:
        return


def settled(books, provider):
    for _ in range(60):
        one_round(books, provider)
        catch_up(books, read_statement(write_statement(provider.statement())))
        if not reconcile(books.orders(), provider.statement()):
            return True
    return False


def judged(books, provider, pledges):
    """Count what was lost, doubled or left between states."""
    found = Counter()
    lines = {one.payment: one for one in provider.statement()}
    for order in books.orders():
        found["pledges"] += 1
        found["between"] += due(order) is not None
        found["differs"] += state_of(lines[order.payment].facts) is not order.state
        found["contradicts"] += contradictory(order.facts)
        for fact in Fact:
            found["double"] += provider.moved(order.payment, fact) > 1
    drawn = [one for one in lines.values() if state_of(one.facts) is State.CAPTURED]
    found["lost"] = pledges - found.pop("pledges")
    return +found, sum(one.amount.cents for one in drawn)


@pytest.mark.parametrize(
    ("pledges", "kills"),
    [(120, 20), pytest.param(10_000, 100, marks=pytest.mark.long)],
    ids=["120 pledges, killed 20 times", "10,000 pledges, killed 100 times"],
)
def test_after_reconciliation_nothing_is_lost_doubled_or_between_states(tmp_path, pledges, kills):
    books = SqliteBooks(tmp_path / "books.db")
    provider = SimulatedProvider(SECRET, seed=4, trouble=NASTY)
    played(books, provider, pledges, kills, seed=4)
    assert settled(books, provider)
    wrong, drawn = judged(books, provider, pledges)
    assert not wrong
    ours = [one for one in books.orders() if one.state is State.CAPTURED]
    assert sum(one.amount.cents for one in ours) == drawn > 0
    books.close()


@given(seed=st.integers(0, 10_000), bad=st.floats(0, 0.6))
def test_any_interleaving_ends_in_one_consistent_state(seed, bad):
    books, random = Memory(), Random(seed)  # noqa: S311 - as above
    trouble = Trouble(
        unanswered=bad, delayed=bad, refused=bad / 2, lost=bad / 2, repeated=bad, dropped=bad
    )
    provider = SimulatedProvider(SECRET, seed=seed, trouble=trouble)
    for number in range(8):
        books.kept[f"p{number}"] = Order(payment=f"p{number}", amount=TEN, want=Want.HOLD)
    for _ in range(25):
        books.wants(f"p{random.randrange(8)}", random.choice([Want.DRAW, Want.UNDO]))
        random.choice([deliver, work])(books, provider)
    assert settled(books, provider)
    assert not judged(books, provider, 8)[0]


class Memory:
    """Books without a disk."""

    def __init__(self):
        self.kept = {}

    def orders(self):
        return tuple(self.kept.values())

    def wants(self, payment, want):
        old = self.kept[payment]
        if old.want is not Want.UNDO:
            self._put(old, want=want)

    def note(self, notice):
        old = self.kept[notice.payment]
        self._put(old, facts=old.facts | {notice.fact})
        return notice.fact not in old.facts

    def _put(self, old, *, want=None, facts=None):
        self.kept[old.payment] = Order(
            payment=old.payment,
            amount=old.amount,
            want=want or old.want,
            facts=old.facts if facts is None else facts,
        )


CHILD = """
import os, sys
from pathlib import Path
from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Fact, Notice
from partizipation_crowdfunding.payments.sqlite import SqliteBooks
books = SqliteBooks(Path(sys.argv[1]))
for number in range(40):
    books.order(f"p{number}", Money(100))
    books.note(Notice(payment=f"p{number}", fact=Fact.AUTHORISED, amount=Money(100)))
    print(number, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_what_was_confirmed_outlives_a_process_that_is_killed(tmp_path):
    path = tmp_path / "books.db"
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, check=False, text=True
    )
    assert child.returncode == -9, child.stderr
    books = SqliteBooks(path)
    held = [one for one in books.orders() if one.state is State.AUTHORISED]
    assert len(held) == len(child.stdout.split()) == 40
    books.close()


def test_books_know_a_payment_once_and_take_no_other_amount(tmp_path):
    books = SqliteBooks(tmp_path / "books.db")
    books.order("p", TEN)
    books.order("p", Money(1))
    notice = Notice(payment="p", fact=Fact.AUTHORISED, amount=TEN)
    assert [books.note(notice), books.note(notice)] == [True, False]
    with pytest.raises(ValueError, match="another amount"):
        books.note(Notice(payment="p", fact=Fact.CAPTURED, amount=Money(1)))
    with pytest.raises(LookupError, match="no payment"):
        books.note(Notice(payment="q", fact=Fact.CAPTURED, amount=TEN))
    assert [one.amount for one in books.orders()] == [TEN]
    books.close()


def test_the_nightly_reconciliation_lists_every_kind_of_difference():
    def order(payment, *facts, want=Want.HOLD):
        return Order(payment=payment, amount=TEN, want=want, facts=facts)

    def line(payment, *facts, amount=TEN):
        return Line(payment=payment, amount=amount, facts=facts)

    ours = [
        order("agreed", "authorised"),
        order("ahead", "authorised", "captured", want=Want.DRAW),
        order("amount", "authorised"),
        order("behind"),
        order("both", "captured"),
        order("missing", "authorised"),
        order("undrawn", "authorised", want=Want.DRAW),
        order("twice", "authorised"),
    ]
    theirs = [
        line("agreed", "authorised"),
        line("ahead", "authorised"),
        line("amount", "authorised", amount=Money(1)),
        line("behind", "authorised"),
        line("both", "captured", "voided"),
        line("stranger", "captured"),
        line("undrawn", "authorised"),
        *[line("twice", "authorised")] * 2,
    ]
    assert [(one.payment, one.kind) for one in reconcile(ours, theirs)] == [
        ("ahead", "ahead"),
        ("amount", "amount"),
        ("behind", "behind"),
        ("both", "behind"),
        ("both", "contradiction"),
        ("missing", "missing"),
        ("stranger", "unknown"),
        ("twice", "doubled"),
        ("undrawn", "open"),
    ]


def test_a_reconciliation_file_that_is_none_says_where():
    lines = [Line(payment="p", amount=TEN, facts=["captured", "authorised"])]
    assert read_statement(write_statement(lines)) == tuple(lines)
    with pytest.raises(ValueError, match="line 1"):
        read_statement("payment;cents\n")
    with pytest.raises(ValueError, match=r"line 2.*nonsense"):
        read_statement("payment,cents,facts\np,10,nonsense\n")


BODY = pack("m1", Notice(payment="p", fact=Fact.CAPTURED, amount=TEN))
NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("header", "body", "why"),
    [
        (sign(b"another secret....", BODY, NOW), BODY, "does not fit"),
        (sign(SECRET, BODY, NOW), BODY.replace(b"1000", b"9000"), "does not fit"),
        (sign(SECRET, BODY, NOW).replace(str(NOW), str(NOW + 1)), BODY, "does not fit"),
        (sign(SECRET, BODY, NOW - TOLERANCE - 1), BODY, "too old"),
        (sign(SECRET, BODY, NOW + TOLERANCE + 1), BODY, "future"),
        (sign(SECRET, b"[]", NOW), b"[]", "cannot be read"),
        ("v1=abc", BODY, "no signature"),
    ],
    ids=["stranger", "changed", "other time", "old", "ahead", "nonsense", "unsigned"],
)
def test_a_message_is_not_believed(header, body, why):
    seen = set()
    with pytest.raises(Untrusted, match=why):
        read(header, body, secrets=[SECRET], now=NOW, seen=seen)
    assert not seen


def test_a_message_is_believed_once_also_while_secrets_change():
    seen = set()
    header = sign(b"the old secret.....", BODY, NOW)
    secrets = [SECRET, b"the old secret....."]
    first, second = (read(header, BODY, secrets=secrets, now=NOW, seen=seen) for _ in range(2))
    assert (first.repeated, second.repeated) == (False, True)
    assert first.notice == Notice(payment="p", fact=Fact.CAPTURED, amount=TEN)
