"""Facts: what is known of one payment, whatever the order in which it was learned.

A provider tells late, twice and out of order. So nothing is a step here: what was learned is a
set of facts, and the state is what the furthest of them says. Any order and any repetition of the
same facts gives the same state, which no machine of steps could promise.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from attrs import field, frozen

from partizipation_core.freezing import as_set
from partizipation_core.values import Money

__all__ = ["Call", "Fact", "Notice", "Order", "State", "Want", "contradictory", "due", "state_of"]


class Fact(StrEnum):
    """Something a provider has done."""

    AUTHORISED = "authorised"
    """The money is held for us (autorisiert); nobody has it yet."""
    REFUSED = "refused"
    """It will not be held."""
    VOIDED = "voided"
    """It is not held any more, and never will be for this payment."""
    LOST = "lost"
    """It was held and could not be drawn."""
    CAPTURED = "captured"
    """It was drawn (eingezogen)."""
    REFUNDED = "refunded"
    """It was drawn and given back (erstattet)."""
    CHARGED_BACK = "charged_back"
    """It was drawn, and the backer's bank took it back (Rücklastschrift)."""


class State(StrEnum):
    """Where a payment stands."""

    WAITING = "waiting"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    ENDED = "ended"
    """Refused, voided, lost or given back: nobody holds anything."""


_F = Fact
_FURTHEST = (
    (_F.CHARGED_BACK, State.ENDED),
    (_F.REFUNDED, State.ENDED),
    (_F.CAPTURED, State.CAPTURED),
    (_F.LOST, State.ENDED),
    (_F.VOIDED, State.ENDED),
    (_F.REFUSED, State.ENDED),
    (_F.AUTHORISED, State.AUTHORISED),
)
_NEVER_BOTH = (
    {_F.REFUSED, _F.CAPTURED},
    {_F.VOIDED, _F.CAPTURED},
    {_F.LOST, _F.CAPTURED},
    {_F.REFUSED, _F.AUTHORISED},
)


def state_of(facts: Iterable[str]) -> State:
    """Return what the furthest of some facts says."""
    known = set(facts)
    return next((state for fact, state in _FURTHEST if fact in known), State.WAITING)


def contradictory(facts: Iterable[str]) -> bool:
    """Tell whether a provider has told of things that cannot both be true."""
    known = set(facts)
    return any(pair <= known for pair in _NEVER_BOTH)


class Want(StrEnum):
    """What the books want to become of a payment."""

    HOLD = "hold"
    DRAW = "draw"
    UNDO = "undo"


class Call(StrEnum):
    """What a provider is asked to do."""

    AUTHORISE = "authorise"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


@frozen(kw_only=True)
class Order:
    """One payment as the books know it.

    Args:
        payment: its reference, the same on both sides.
        amount: how much.
        want: what shall become of it.
        facts: what is known of it.
    """

    payment: str
    amount: Money
    want: Want = field(converter=Want)
    facts: frozenset[str] = field(factory=frozenset, converter=as_set)

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(self.facts)


@frozen(kw_only=True)
class Notice:
    """What a provider tells of one payment.

    Args:
        payment: of which.
        fact: what was done.
        amount: about how much.
    """

    payment: str
    fact: Fact = field(converter=Fact)
    amount: Money


def due(order: Order) -> Call | None:
    """Return what a provider is to be asked for next; None where nothing is.

    A payment that shall be undone is voided even if nothing is known of it: a request may have
    arrived whose answer never came back.
    """
    return {
        (Want.HOLD, State.WAITING): Call.AUTHORISE,
        (Want.DRAW, State.WAITING): Call.AUTHORISE,
        (Want.DRAW, State.AUTHORISED): Call.CAPTURE,
        (Want.UNDO, State.WAITING): Call.VOID,
        (Want.UNDO, State.AUTHORISED): Call.VOID,
        (Want.UNDO, State.CAPTURED): Call.REFUND,
    }.get((order.want, order.state))
