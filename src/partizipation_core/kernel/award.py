"""Awards: a body decides which items get how much; no cent more than there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.drawing import draw, pot_objections
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Account, Booking
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "AwardItems", "ItemsAwarded", "bookings_for", "money_objections"]


@frozen(kw_only=True)
class AwardItems(Command):
    """Decide the awards of a vote, or award reserve items from money that came back.

    Items on the ballot that are neither awarded nor kept in reserve are declined.

    Args:
        amounts: item → amount.
        reserve: items to be awarded later if money is left.
        reason: why, where the body departs from what was counted or fixed.
    """

    amounts: Mapping[ItemRef, Money]
    reserve: tuple[ItemRef, ...] = field(default=(), converter=as_tuple)
    reason: str = ""


@frozen(kw_only=True)
class ItemsAwarded(MoneyEvent):
    """A body decided the awards: one event, however many items."""

    amounts: Mapping[ItemRef, Money]
    reserve: tuple[ItemRef, ...]
    declined: tuple[ItemRef, ...]
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item | Comment | Booking]:
        """Book the money and move every item."""
        yield from super().apply(world, at)
        for ref, amount in self.amounts.items():
            yield evolve(world.items[ref], state="awarded", award=amount, reason=self.reason)
        for ref in self.reserve:
            yield evolve(world.items[ref], state="reserve")
        for ref in self.declined:
            yield evolve(world.items[ref], state="not_awarded")


def money_objections(amounts: Mapping[ItemRef, Money], context: Context) -> Iterator[Objection]:
    """Say where amounts break the pots or the cap: the core rule that no plugin lifts."""
    cap = context.settings.cap
    for ref, amount in amounts.items():
        if amount.cents <= 0:
            yield Objection("amount_not_positive", {"item": ref})
        if cap is not None and amount > cap:
            params = {"item": ref, "amount": amount.cents, "cap": cap.cents}
            yield Objection("over_the_cap", params)
    yield from pot_objections(amounts, context)


def _objections(command: AwardItems, context: Context) -> Iterator[Objection]:
    items = context.world.items
    for ref in (*command.amounts, *command.reserve):
        if ref not in items:
            yield Objection("item_unknown", {"item": ref})
    for ref in command.amounts:
        if ref in items:
            yield from step_objections("award", items[ref], command, context)
    for ref in command.reserve:
        if ref in items:
            yield from step_objections("keep_in_reserve", items[ref], command, context)
    if both := sorted(set(command.amounts) & set(command.reserve)):
        yield Objection("awarded_and_reserve", {"items": ", ".join(both)})
    waiting = sorted(_uncounted(context))
    if waiting or not context.procedure.counted:
        yield Objection("nothing_counted", {"items": ", ".join(waiting)})
    yield from money_objections(command.amounts, context)
    for rule in context.rules.all("award"):
        view = context.view(command)
        yield from rule(command.amounts, _open_proposal(context), command.reason, view)


def _uncounted(context: Context) -> set[ItemRef]:
    """Return undecided items of a vote that nobody has counted."""
    papers, counted = context.procedure.papers, context.procedure.counted
    open_ = {ref for vote, paper in papers.items() if vote not in counted for ref in paper}
    return _undecided(context) & open_


def _undecided(context: Context) -> set[ItemRef]:
    return {ref for ref, item in context.world.items.items() if item.state == "on_ballot"}


def _open_proposal(context: Context) -> Mapping[ItemRef, Money]:
    """Return what was proposed for items that nobody has decided on yet."""
    undecided = _undecided(context)
    return {ref: sum_ for ref, sum_ in context.procedure.proposed.items() if ref in undecided}


def _decide(command: AwardItems, context: Context) -> tuple[Event, ...]:
    decided = {*command.amounts, *command.reserve}
    declined = sorted(_undecided(context) - decided)
    return (
        ItemsAwarded(
            amounts=command.amounts,
            reserve=command.reserve,
            declined=tuple(declined),
            reason=command.reason,
            bookings=bookings_for(command.amounts, command.reason, context),
        ),
    )


def bookings_for(
    amounts: Mapping[ItemRef, Money], reason: str, context: Context
) -> tuple[Booking, ...]:
    """Commit the money of awards, or only reserve it where a grant notice has to follow."""
    drawn = draw(amounts, context)
    if context.settings.grants.required:
        return drawn.bookings("reserve", Account.RESERVED, reason)
    return drawn.bookings("commit", Account.COMMITTED, reason)


DECIDERS = (
    Decider(
        command=AwardItems,
        decide=_decide,
        objections=_objections,
        events=(ItemsAwarded,),
        needs={Need.ITEMS, Need.LEDGER},
        triggers=("award", "keep_in_reserve"),
        follows=("decline",),
        about=lambda command: (*command.amounts, *command.reserve),
    ),
)
