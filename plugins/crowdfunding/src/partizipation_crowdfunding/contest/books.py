"""The procedure as the books of the payment desk: what its journal says is what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Item
from partizipation_core.values import Actor, ItemRef, RecordRef
from partizipation_crowdfunding.contest.pledging import NotePayment
from partizipation_crowdfunding.contest.records import Pledge
from partizipation_crowdfunding.payments.facts import Notice, Order

__all__ = ["CASHIER", "ContestBooks"]

CASHIER = Actor.of("cashier", "cashier")
"""The program that tells a procedure what the provider has done."""

Pledges = Mapping[RecordRef, Pledge]


class ContestBooks:
    """Orders are the pledges of a contest; facts become commands, and so part of its journal.

    Args:
        pledges: returns them as they are now.
        pledge: returns one of them as it is now; None where there is none of that reference.
        items: returns the campaigns' items as they are now.
        give: gives a command.
        actor: in whose name.
    """

    def __init__(
        self,
        pledges: Callable[[], Pledges],
        pledge: Callable[[RecordRef], Pledge | None],
        items: Callable[[], Mapping[ItemRef, Item]],
        give: Callable[[Command, Actor], object],
        actor: Actor = CASHIER,
    ) -> None:
        self._pledges, self._pledge, self._items = pledges, pledge, items
        self._give, self._actor = give, actor

    @classmethod
    def of(cls, handle: ProcedureHandle, actor: Actor = CASHIER) -> Self:
        """Keep books in a procedure."""

        def give(command: Command, who: Actor) -> Any:
            return handle.execute(command, actor=who)

        return cls(
            lambda: handle.records(Pledge),
            lambda ref: handle.record(Pledge, ref),
            lambda: {one.ref: one for one in handle.items()},
            give,
            actor,
        )

    def orders(self) -> Iterable[Order]:
        """Return every pledge as an order, in order of arrival."""
        items = self._items()
        row = sorted(self._pledges().values(), key=lambda one: (one.at, one.campaign, one.number))
        return tuple(one.order(items[one.campaign].state) for one in row)

    def note(self, notice: Notice) -> bool:
        """Keep a fact in the journal; returns whether it was new.

        Raises:
            LookupError: there is no such pledge.
            ValueError: it is about another amount.
        """
        pledge = self._pledge(RecordRef(notice.payment))
        if pledge is None:
            msg = f"no pledge {notice.payment!r}"
            raise LookupError(msg)
        if pledge.amount != notice.amount:
            msg = f"pledge {notice.payment!r} is about another amount"
            raise ValueError(msg)
        if notice.fact in pledge.facts:
            return False
        self._give(
            NotePayment(
                item=pledge.campaign,
                pledge=pledge.ref,
                backer=pledge.backer,
                fact=notice.fact,
                amount=notice.amount,
            ),
            self._actor,
        )
        return True
