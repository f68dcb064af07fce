"""Prizes (Preise): to those with the most backers, by a jury, or the same for everybody.

Ranks go by distinct heads and not by sums, so that many small pledges outweigh one large one.
Whatever happens to equals has a name, and is told with each prize that depended on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal

from attrs import Attribute, field, frozen

from partizipation_core.freezing import as_tuple
from partizipation_core.money.books import MAIN
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["Contender", "Prize", "PrizeRule", "Tie", "fixed_prizes", "jury_faults", "ranked"]

Tie = Literal["raised", "applied_first", "lot", "shared"]
"""What decides between equals: the larger ``raised`` sum, who ``applied_first``, a public
``lot``; or they have the prizes of the places they take ``shared`` among them."""

_FINAL: tuple[Tie, ...] = ("applied_first", "lot", "shared")


def _decides(_: object, __: Attribute[tuple[Tie, ...]], value: tuple[Tie, ...]) -> None:
    if not value or value[-1] not in _FINAL:
        msg = f"equals are decided in the end by one of {', '.join(_FINAL)}"
        raise ValueError(msg)


def _positive(_: object, __: Attribute[tuple[Money, ...]], value: tuple[Money, ...]) -> None:
    if any(one.cents <= 0 for one in value):
        msg = "a prize is worth more than nothing"
        raise ValueError(msg)
    if list(value) != sorted(value, reverse=True):
        msg = "prizes are named from the first place down, none larger than the one before"
        raise ValueError(msg)


@frozen(kw_only=True)
class PrizeRule:
    """Which prizes there are and who gets them; a campaign that failed wins none.

    Args:
        by: ``heads``, the most backers; ``jury``, whom a jury names; ``fixed``, every successful
            campaign; ``none``.
        pot: key of the pot they come from.
        prizes: by heads, the prize of each place; by jury, the prizes that it has to give; fixed,
            the one prize that everybody gets.
        ties: what decides between equals by heads, one after the other.
    """

    by: Literal["none", "heads", "jury", "fixed"] = "none"
    pot: str = MAIN
    prizes: tuple[Money, ...] = field(default=(), converter=as_tuple, validator=_positive)
    ties: tuple[Tie, ...] = field(
        default=("raised", "shared"), converter=as_tuple, validator=_decides
    )

    def __attrs_post_init__(self) -> None:
        if self.by == "fixed" and len(self.prizes) != 1:
            msg = "a fixed prize is one amount that everybody gets"
            raise ValueError(msg)

    @property
    def needs_seed(self) -> bool:
        """Whether a public number must be drawn before equals can be told apart."""
        return self.by == "heads" and "lot" in self.ties


@frozen(kw_only=True)
class Contender:
    """A campaign that may win something.

    Args:
        campaign: its reference.
        heads: distinct people who back it.
        raised: what they pledged.
        applied: its number in the order of applications.
    """

    campaign: str
    heads: int
    raised: Money
    applied: int


@frozen(kw_only=True)
class Prize:
    """A prize that was won.

    Args:
        campaign: by which campaign.
        amount: how much it is worth.
        place: from 1; campaigns that share take the same.
        heads: how many backers it had.
        decided_by: the rule that told it from equals; empty where it had none.
    """

    campaign: str
    amount: Money
    place: int
    heads: int = 0
    decided_by: str = ""


def ranked(rule: PrizeRule, contenders: Iterable[Contender], seed: str = "") -> tuple[Prize, ...]:
    """Give the prizes to those with the most backers.

    A campaign without a backer wins nothing. Prizes of which nobody is left to win stay in the
    pot.

    Args:
        rule: prizes and tie rule.
        contenders: in any order.
        seed: number drawn in public, where the tie rule asks for a lot.

    Raises:
        ValueError: the tie rule asks for a lot and there is no seed.
    """
    if rule.needs_seed and not seed:
        msg = "equals are told apart by lot here, and no number was drawn"
        raise ValueError(msg)
    row = sorted((one for one in contenders if one.heads > 0), key=_by_heads)
    found: list[Prize] = []
    for _, group in groupby(row, key=_by_heads):
        found += _placed(rule, list(group), len(found), seed)
    return tuple(prize for prize in found if prize.amount)


def _by_heads(one: Contender) -> int:
    return -one.heads


def _placed(rule: PrizeRule, equals: list[Contender], above: int, seed: str) -> Iterator[Prize]:
    """Give places to campaigns with one number of heads."""
    worth = _worth(rule, above, len(equals))
    if len(set(worth)) == 1:  # equals that win the same need nothing decided
        yield from (_prize(one, worth[0], above + 1, "") for one in sorted(equals, key=_number))
        return
    yield from _split(rule, rule.ties, equals, above, seed)


def _split(
    rule: PrizeRule, ties: Sequence[Tie], equals: list[Contender], above: int, seed: str
) -> Iterator[Prize]:
    tie, *others = ties
    if tie == "shared":
        yield from _pooled(rule, equals, above)
        return
    order = sorted(equals, key=lambda one: _key(tie, one, seed))
    for _, group in groupby(order, key=lambda one: _key(tie, one, seed)):
        same = list(group)
        worth = _worth(rule, above, len(same))
        if len(set(worth)) == 1:
            yield from (_prize(one, worth[0], above + 1, tie) for one in sorted(same, key=_number))
        else:
            yield from _split(rule, others, same, above, seed)
        above += len(same)


def _pooled(rule: PrizeRule, equals: list[Contender], above: int) -> Iterator[Prize]:
    """Share the prizes of the places taken; odd cents go to those who applied first."""
    pool = Money.total(_worth(rule, above, len(equals))).cents
    each, odd = divmod(pool, len(equals))
    for number, one in enumerate(sorted(equals, key=_number)):
        yield _prize(one, Money(each + (number < odd)), above + 1, "shared")


def _key(tie: Tie, one: Contender, seed: str) -> tuple[int, str]:
    match tie:
        case "raised":
            return -one.raised.cents, ""
        case "lot":
            return 0, hashlib.sha256(f"{seed}\0{one.campaign}".encode()).hexdigest()
        case _:
            return one.applied, ""


def _number(one: Contender) -> tuple[int, str]:
    return one.applied, one.campaign


def _worth(rule: PrizeRule, above: int, places: int) -> list[Money]:
    row = rule.prizes[above : above + places]
    return [*row, *[Money(0)] * (places - len(row))]


def _prize(one: Contender, amount: Money, place: int, decided_by: str) -> Prize:
    return Prize(
        campaign=one.campaign, amount=amount, place=place, heads=one.heads, decided_by=decided_by
    )


def fixed_prizes(rule: PrizeRule, campaigns: Iterable[str]) -> tuple[Prize, ...]:
    """Give the same to everybody.

    Args:
        rule: with the one prize.
        campaigns: those that succeeded.
    """
    (amount,) = rule.prizes
    return tuple(Prize(campaign=one, amount=amount, place=1) for one in campaigns)


def jury_faults(
    rule: PrizeRule, named: Mapping[ItemRef, Money], eligible: Iterable[str]
) -> Iterator[Objection]:
    """Say what is wrong with what a jury decided.

    Args:
        rule: with the prizes that the jury has to give.
        named: campaign → prize.
        eligible: campaigns that may win.
    """
    if lost := sorted(set(named) - set(eligible)):
        yield Objection("prize_not_eligible", {"items": ", ".join(lost)})
    left = list(rule.prizes)
    for campaign, amount in sorted(named.items()):
        if amount in left:
            left.remove(amount)
        else:
            yield Objection("prize_not_offered", {"item": campaign, "amount": amount.cents})
