"""Drawing on pots: which money an award is paid from, and whether there is enough of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from partizipation_core.formats.pots import pots_of, usable
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.state import Item
from partizipation_core.money.books import Account, Act, Booking
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["Drawn", "draw", "funding", "left_for", "pot_objections"]


@frozen(kw_only=True)
class Drawn:
    """From which pots awards are paid.

    Args:
        parts: item → pot → amount.
        missing: what no pot is left for.
    """

    parts: Mapping[ItemRef, Mapping[str, Money]]
    missing: Money

    def bookings(self, act: Act, target: Account, reason: str) -> tuple[Booking, ...]:
        """Book it: from what is available to where awards are kept."""
        return tuple(
            Booking(
                pot=pot,
                act=act,
                source=Account.AVAILABLE,
                target=target,
                amount=amount,
                item=ref,
                reason=reason,
            )
            for ref, parts in self.parts.items()
            for pot, amount in parts.items()
        )


def draw(amounts: Mapping[ItemRef, Money], context: Context) -> Drawn:
    """Say from which pots amounts are paid.

    Items that few pots are open to come first, and each takes money that is kept for something
    before money that is free for everything.

    Args:
        amounts: item → amount; items that were not loaded draw on the main pot.
        context: with all bookings.
    """
    items, ledger, pots = context.world.items, context.ledger, pots_of(context.settings)
    left = {pot: ledger.available(pot) for pot in pots}
    open_to = {
        ref: [key for key, pot in pots.items() if usable(pot, _one(items.get(ref)))]
        for ref in amounts
    }
    parts: dict[ItemRef, dict[str, Money]] = {}
    missing = Money(0)
    for ref in sorted(amounts, key=lambda ref: (len(open_to[ref]), ref)):
        wanted = amounts[ref]
        for pot in open_to[ref]:
            part = min(left[pot], wanted)
            if part.cents > 0:
                parts.setdefault(ref, {})[pot] = part
                left[pot], wanted = left[pot] - part, wanted - part
        if wanted.cents > 0:
            missing += wanted
    return Drawn(parts={ref: parts[ref] for ref in amounts if ref in parts}, missing=missing)


def pot_objections(amounts: Mapping[ItemRef, Money], context: Context) -> Iterator[Objection]:
    """Say where amounts go beyond what the pots hold for them."""
    if not pots_of(context.settings):
        return
    if missing := draw(amounts, context).missing:
        wanted = Money.total(amount for amount in amounts.values() if amount.cents > 0)
        yield Objection("over_the_pot", {"wanted": wanted.cents, "left": (wanted - missing).cents})


def funding(vote: str, context: Context) -> Money:
    """Return what a count may propose to spend: what is left for anything on the ballot paper.

    Once a vote was counted, that stays what it was then, however much is awarded later.
    """
    standing = context.procedure.standings.get(vote)
    if standing is not None and standing.budget is not None:
        return standing.budget
    items = context.world.items
    return left_for([items[ref] for ref in context.procedure.papers[vote]], context)


def left_for(listed: Iterable[Item], context: Context) -> Money:
    """Return what is left for anything among some items."""
    ledger, pots, items = context.ledger, pots_of(context.settings), tuple(listed)
    return Money.total(ledger.available(key) for key, pot in pots.items() if usable(pot, items))


@frozen
class _Nowhere:
    """Stands for an item that was not loaded: no money is kept for it."""

    area: str = ""
    category: str = ""


def _one(item: Item | None) -> tuple[Item | _Nowhere]:
    return (item or _Nowhere(),)
