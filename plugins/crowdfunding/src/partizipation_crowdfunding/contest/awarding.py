"""Award (Preisverleihung): prizes by heads, by a jury, or the same for everybody, in one act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import World
from partizipation_core.money.books import Booking
from partizipation_core.values import ItemRef, Money, Objection
from partizipation_crowdfunding.contest.lifecycle import DRAWN_STATES
from partizipation_crowdfunding.contest.matching import from_pot
from partizipation_crowdfunding.contest.records import Campaign
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.funding.prizes import (
    Contender,
    Prize,
    fixed_prizes,
    jury_faults,
    ranked,
)

__all__ = ["DECIDERS", "AwardPrizes", "PrizesAwarded"]


@frozen(kw_only=True)
class AwardPrizes(Command):
    """Give the prizes.

    Args:
        named: campaign → prize, where a jury decides; empty otherwise.
        seed: number drawn in public, where equals are told apart by lot.
    """

    named: Mapping[ItemRef, Money] = field(factory=dict)
    seed: str = ""


@frozen(kw_only=True)
class PrizesAwarded(MoneyEvent):
    """Prizes were given.

    Args:
        prizes: with place, heads, and the rule that told equals apart.
        seed: the public number, empty where none was needed.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"prizes": NOTHING}

    prizes: tuple[Prize, ...] = field(converter=as_tuple)
    seed: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Record | Booking]:  # type: ignore[override] # noqa: ARG002
        """Book, and keep each with its campaign."""
        yield from self.bookings
        for prize in self.prizes:
            yield evolve(world.records.one(Campaign, prize.campaign), prize=prize.amount)


def _eligible(context: Context) -> dict[ItemRef, Campaign]:
    records, items = context.world.records.all(Campaign), context.world.items
    return {
        ItemRef(ref): one
        for ref, one in records.items()
        if items[ItemRef(ref)].state in DRAWN_STATES
    }


def _contenders(context: Context) -> Iterator[Contender]:
    order = {ref: number for number, ref in enumerate(_applied(context))}
    for ref, campaign in _eligible(context).items():
        yield Contender(
            campaign=ref, heads=campaign.heads, raised=campaign.secured, applied=order[ref]
        )


def _applied(context: Context) -> list[ItemRef]:
    items = context.world.items
    return sorted(items, key=lambda ref: (items[ref].number, ref))


def _prizes(command: AwardPrizes, context: Context) -> tuple[Prize, ...]:
    rule = settings_of(context).prizes
    match rule.by:
        case "heads":
            return ranked(rule, _contenders(context), command.seed)
        case "fixed":
            return fixed_prizes(rule, sorted(_eligible(context)))
        case _:
            return tuple(
                Prize(campaign=ref, amount=amount, place=1)
                for ref, amount in sorted(command.named.items())
            )


def _objections(command: AwardPrizes, context: Context) -> Iterator[Objection]:
    rule, records = settings_of(context).prizes, context.world.records.all(Campaign)
    if rule.by == "none":
        yield Objection("no_prizes")
        return
    if any(one.prize for one in records.values()):
        yield Objection("prizes_given")
    live = [ref for ref, item in context.world.items.items() if item.state == "live"]
    if live:
        yield Objection("campaigns_still_live", {"items": ", ".join(sorted(live))})
    yield from _own(command, context)
    if rule.by == "jury":
        yield from jury_faults(rule, command.named, _eligible(context))
    elif command.named:
        yield Objection("prizes_by_rule")
    if rule.needs_seed and not command.seed:
        yield Objection("prize_seed_missing")
        return
    yield from _money_objections(_prizes(command, context), context)


def _own(command: AwardPrizes, context: Context) -> Iterator[Objection]:
    """Object to a prize for a campaign that the actor started or writes (Befangenheit)."""
    for ref in sorted(command.named):
        item = context.world.items.get(ref)
        if item is not None and context.actor.ref in (item.author, *item.coauthors):
            yield Objection("own_campaign", {"item": ref})


def _money_objections(prizes: Iterable[Prize], context: Context) -> Iterator[Objection]:
    wanted = Money.total(one.amount for one in prizes)
    left = context.ledger.available(settings_of(context).prizes.pot)
    if not wanted:
        yield Objection("no_prize_won")
    if wanted > left:
        yield Objection("over_the_pot", {"wanted": wanted.cents, "left": left.cents})


def _award(command: AwardPrizes, context: Context) -> tuple[Event, ...]:
    prizes, pot = _prizes(command, context), settings_of(context).prizes.pot
    bookings = [
        booking
        for one in prizes
        for booking in from_pot(pot, "commit", ItemRef(one.campaign), one.amount)
    ]
    return (PrizesAwarded(prizes=prizes, seed=command.seed, bookings=bookings),)


DECIDERS = (
    Decider(
        command=AwardPrizes,
        decide=_award,
        objections=_objections,
        events=(PrizesAwarded,),
        needs={Need.ITEMS, Need.LEDGER},
        records=(Every(Campaign),),
    ),
)
