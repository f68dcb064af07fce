"""Pots: filled when a procedure opens, by sponsors later, cut, and emptied at the end of a year.

Sums come in and go out here; what happens to money in between is booked where it is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from partizipation_core.formats.pots import pots_of
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.event import PotBooked
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.steps import reasoned
from partizipation_core.money.books import MAIN, Account, Act, Booking
from partizipation_core.values import Money, Objection

__all__ = [
    "DECIDERS",
    "CloseYear",
    "FundPot",
    "ReducePot",
    "ReleaseReturned",
    "pots_amended",
    "pots_opened",
]

_Plain = Mapping[str, Any]


@frozen(kw_only=True)
class FundPot(Command):
    """Put money into a pot: from a sponsor, or carried over from the year before.

    Args:
        pot: key of the pot; ``main`` for the one that every procedure with money has.
        amount: more than nothing.
        reason: where it comes from, for the public.
    """

    pot: str = MAIN
    amount: Money
    reason: str


@frozen(kw_only=True)
class ReducePot(Command):
    """Take money out of a pot that nobody has been promised (Haushaltssperre).

    Args:
        pot: key of the pot.
        amount: more than nothing, at most what is available.
        reason: why, for the public.
    """

    pot: str = MAIN
    amount: Money
    reason: str


@frozen(kw_only=True)
class CloseYear(Command):
    """Take out of every pot what is still available at the end of the year (Jahresabschluss).

    Where the settings allow it, it is carried over; otherwise it lapses. What is reserved,
    committed or paid stays; what comes back later can be closed by another such act.

    Args:
        reason: which year is closed, or what else the public is told.
    """

    reason: str


@frozen(kw_only=True)
class ReleaseReturned(Command):
    """Make money that came back available again, for a remainder round (Restmittelrunde).

    Args:
        reason: what it will be used for, or what else the public is told.
    """

    reason: str


def pots_opened(settings: _Plain) -> tuple[Booking, ...]:
    """Fill the pots as the settings say; money is plain data there, in cents."""
    return tuple(_into(pot, Money(cents), "") for pot, cents in _filled(settings).items() if cents)


def pots_amended(before: _Plain, after: _Plain, reason: str) -> tuple[Booking, ...]:
    """Book by how much pots are filled otherwise after an amendment."""
    old, new = _filled(before), _filled(after)
    more = {pot: new.get(pot, 0) - old.get(pot, 0) for pot in {**old, **new}}
    return tuple(
        _into(pot, Money(cents), reason)
        if cents > 0
        else _out_of(pot, "reduce", Money(-cents), reason)
        for pot, cents in more.items()
        if cents
    )


def _filled(settings: _Plain) -> dict[str, int]:
    main = settings.get("pot")
    return {
        **({} if main is None else {MAIN: main}),
        **{pot["key"]: pot["amount"] for pot in settings.get("pots", ())},
    }


def _into(pot: str, amount: Money, reason: str) -> Booking:
    return Booking(
        pot=pot,
        act="fund",
        source=Account.OUTSIDE,
        target=Account.AVAILABLE,
        amount=amount,
        reason=reason,
    )


def _out_of(pot: str, act: Act, amount: Money, reason: str) -> Booking:
    return Booking(
        pot=pot,
        act=act,
        source=Account.AVAILABLE,
        target=Account.OUTSIDE,
        amount=amount,
        reason=reason,
    )


def _pot_objections(command: FundPot | ReducePot, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if command.pot not in (pots := pots_of(context.settings)):
        yield Objection("pot_unknown", {"pot": command.pot, "pots": ", ".join(pots)})
    if command.amount.cents <= 0:
        yield Objection("pot_amount_not_positive", {"amount": command.amount.cents})


def _fund(command: FundPot, _context: Context) -> tuple[Event, ...]:
    return (PotBooked(bookings=[_into(command.pot, command.amount, command.reason)]),)


def _reduce_objections(command: ReducePot, context: Context) -> Iterator[Objection]:
    yield from _pot_objections(command, context)
    left = context.ledger.available(command.pot)
    if command.amount > left:
        params = {"pot": command.pot, "amount": command.amount.cents, "left": left.cents}
        yield Objection("pot_holds_less", params)


def _reduce(command: ReducePot, _context: Context) -> tuple[Event, ...]:
    return (PotBooked(bookings=[_out_of(command.pot, "reduce", command.amount, command.reason)]),)


def _close_objections(command: CloseYear, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if not _left(context):
        yield Objection("nothing_to_close")


def _left(context: Context) -> dict[str, Money]:
    ledger = context.ledger
    found = {pot: ledger.available(pot) for pot in pots_of(context.settings)}
    return {pot: amount for pot, amount in found.items() if amount}


def _close(command: CloseYear, context: Context) -> tuple[Event, ...]:
    pots = pots_of(context.settings)
    acts: dict[str, Act] = {
        key: "carry_over" if (pot or context.settings).carry_over else "lapse"
        for key, pot in pots.items()
    }
    return (
        PotBooked(
            bookings=[
                _out_of(pot, acts[pot], amount, command.reason)
                for pot, amount in _left(context).items()
            ]
        ),
    )


def _returned(context: Context) -> Iterator[Booking]:
    ledger = context.ledger
    for item in dict.fromkeys(one.item for one in ledger.bookings if one.act == "give_back"):
        yield from ledger.move("free", Account.RETURNED, Account.AVAILABLE, item)


def _free_objections(command: ReleaseReturned, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if not any(_returned(context)):
        yield Objection("nothing_returned")


def _free(command: ReleaseReturned, context: Context) -> tuple[Event, ...]:
    reason = command.reason
    return (PotBooked(bookings=[evolve(one, reason=reason) for one in _returned(context)]),)


DECIDERS = (
    Decider(command=FundPot, decide=_fund, objections=_pot_objections, events=(PotBooked,)),
    Decider(
        command=ReducePot,
        decide=_reduce,
        objections=_reduce_objections,
        events=(PotBooked,),
        needs={Need.LEDGER},
    ),
    Decider(
        command=CloseYear,
        decide=_close,
        objections=_close_objections,
        events=(PotBooked,),
        needs={Need.LEDGER},
    ),
    Decider(
        command=ReleaseReturned,
        decide=_free,
        objections=_free_objections,
        events=(PotBooked,),
        needs={Need.LEDGER},
    ),
)
