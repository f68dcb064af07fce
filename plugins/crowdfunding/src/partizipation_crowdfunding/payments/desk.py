"""The desk: asks a provider for what is due, and keeps what it answers.

It remembers nothing. What is due follows from the books alone, so a desk that was killed at any
point is replaced by a new one, which asks again with the same keys and so changes nothing twice.
"""

from __future__ import annotations

from attrs import frozen

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Call, Notice, Order, due
from partizipation_crowdfunding.payments.port import Books, Provider, Unreachable

__all__ = ["Round", "ask", "key_of", "work"]


@frozen(kw_only=True)
class Round:
    """What one round of work came to.

    Args:
        asked: requests made.
        told: facts that were new.
        unanswered: requests without an answer, to be made again.
    """

    asked: int
    told: int
    unanswered: int


def key_of(order: Order, call: Call) -> str:
    """Return the idempotency key of a request: the same whenever it is made."""
    return f"{order.payment}/{call}"


def ask(provider: Provider, order: Order, call: Call) -> Notice | None:
    """Make one request.

    Raises:
        Unreachable: no answer.
    """
    requests = {
        Call.AUTHORISE: provider.authorise,
        Call.CAPTURE: provider.capture,
        Call.VOID: provider.void,
        Call.REFUND: provider.refund,
    }
    return requests[call](order.payment, order.amount, key=key_of(order, call))


def work(books: Books, provider: Provider) -> Round:
    """Ask for everything that is due now, once each."""
    asked = told = unanswered = 0
    for order in tuple(books.orders()):
        if (call := due(order)) is None:
            continue
        asked += 1
        try:
            answer = ask(provider, order, call)
        except Unreachable:
            unanswered += 1
            continue
        told += answer is not None and _keep(books, answer, order.amount)
    return Round(asked=asked, told=told, unanswered=unanswered)


def _keep(books: Books, notice: Notice, amount: Money) -> bool:
    """Keep an answer; one about another amount is left to the reconciliation, which lists it."""
    return notice.amount == amount and books.note(notice)
