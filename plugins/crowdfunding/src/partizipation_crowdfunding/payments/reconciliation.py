"""Reconciliation (Abgleich): every difference between the books and a provider, each night.

What the provider knows and the books do not is learned by it. What must not be is listed for
people to look at; nothing is put right silently.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import frozen

from partizipation_core.rows import csv_text
from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import (
    Fact,
    Notice,
    Order,
    State,
    contradictory,
    due,
    state_of,
)
from partizipation_crowdfunding.payments.port import Books, Line

__all__ = ["Difference", "catch_up", "read_statement", "reconcile", "write_statement"]

Kind = Literal[
    "behind", "ahead", "missing", "unknown", "doubled", "amount", "contradiction", "open"
]

_COLUMNS = ("payment", "cents", "facts")


@frozen(kw_only=True)
class Difference:
    """Something on which the books and the provider do not agree, or that is not done yet.

    Args:
        kind: ``behind``, the books have not learned a fact; ``ahead``, they hold one that the
            provider does not know; ``missing``, the provider does not know the payment;
            ``unknown``, the books do not; ``doubled``, the provider lists it more than once;
            ``amount``, the sums differ; ``contradiction``, the facts exclude each other;
            ``open``, both agree and something is still to be asked for.
        payment: which payment.
        ours: what the books say.
        theirs: what the provider says.
    """

    kind: Kind
    payment: str
    ours: str = ""
    theirs: str = ""


def reconcile(orders: Iterable[Order], lines: Iterable[Line]) -> tuple[Difference, ...]:
    """List every difference, sorted by payment.

    Args:
        orders: what the books know.
        lines: the provider's reconciliation file.
    """
    row = tuple(lines)
    ours, theirs = {one.payment: one for one in orders}, {one.payment: one for one in row}
    counted = Counter(one.payment for one in row)
    found: list[Difference] = [
        Difference(kind="doubled", payment=payment, theirs=str(times))
        for payment, times in counted.items()
        if times > 1
    ]
    for payment in ours.keys() | theirs.keys():
        found += _compared(payment, ours.get(payment), theirs.get(payment))
    return tuple(sorted(found, key=lambda one: (one.payment, one.kind)))


def _compared(payment: str, order: Order | None, line: Line | None) -> Iterator[Difference]:
    if order is None:
        told = "" if line is None else f"{line.amount} {_said(line.facts)}"
        yield Difference(kind="unknown", payment=payment, theirs=told)
        return
    if line is None and order.state is not State.WAITING:
        yield Difference(kind="missing", payment=payment, ours=_said(order.facts))
    if line is not None and line.amount != order.amount:
        sums = {"ours": str(order.amount), "theirs": str(line.amount)}
        yield Difference(kind="amount", payment=payment, **sums)
    if line is not None:
        yield from _facts(order, line)
    if due(order) is not None and (line is None or line.facts <= order.facts):
        yield Difference(kind="open", payment=payment, ours=f"{order.want} {order.state}")


def _facts(order: Order, line: Line) -> Iterator[Difference]:
    sides = {"ours": _said(order.facts), "theirs": _said(line.facts)}
    if line.facts - order.facts:
        yield Difference(kind="behind", payment=order.payment, **sides)
    if order.facts - line.facts:
        yield Difference(kind="ahead", payment=order.payment, **sides)
    if contradictory(order.facts | line.facts):
        yield Difference(kind="contradiction", payment=order.payment, **sides)


def _said(facts: Iterable[str]) -> str:
    known = frozenset(facts)
    return f"{state_of(known)} ({' '.join(sorted(known))})" if known else str(State.WAITING)


def catch_up(books: Books, lines: Iterable[Line]) -> int:
    """Let the books learn what the provider knows of payments that fit; returns how many facts.

    Payments that are unknown, or about another amount, are left as they are and stay listed.
    """
    ours = {one.payment: one for one in books.orders()}
    learned = 0
    for line in lines:
        order = ours.get(line.payment)
        if order is None or order.amount != line.amount:
            continue
        for fact in sorted(line.facts - order.facts):
            notice = Notice(payment=line.payment, fact=Fact(fact), amount=line.amount)
            learned += books.note(notice)
    return learned


def write_statement(lines: Iterable[Line]) -> str:
    """Write a reconciliation file as CSV: reference, cents, facts in alphabetical order."""
    rows = [(one.payment, one.amount.cents, " ".join(sorted(one.facts))) for one in lines]
    return csv_text([_COLUMNS, *rows])


def read_statement(text: str) -> tuple[Line, ...]:
    """Read a reconciliation file.

    Raises:
        ValueError: it is none, with the line.
    """
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != _COLUMNS:
        msg = f"line 1: a reconciliation file begins with {','.join(_COLUMNS)}"
        raise ValueError(msg)
    return tuple(_line(number, row) for number, row in enumerate(rows, start=2))


def _line(number: int, row: list[str]) -> Line:
    try:
        payment, cents, facts = row
        return Line(payment=payment, amount=Money(int(cents)), facts=map(Fact, facts.split()))
    except ValueError as error:
        msg = f"line {number}: {error}"
        raise ValueError(msg) from error
