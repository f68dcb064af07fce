"""Match money (Kofinanzierung): what a pot adds to what people pledge, in order of arrival.

A share is worked out when a pledge arrives, from nothing but the rule, what was shared out before
and what the pot still holds. So the order of arrival is the order in which pledges were recorded,
the same pledges give the same shares again, and the pot never gives what it has not got.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import Attribute, evolve, field, frozen
from attrs.validators import ge, optional

from partizipation_core.money.books import MAIN
from partizipation_core.values import Money

__all__ = ["Arrival", "MatchRule", "Shared", "Sharing", "lump_due", "share", "share_out"]

NOTHING = Money(0)


def _not_below_zero(_: object, at: Attribute[Money], value: Money | None) -> None:
    if value is not None and value.cents < 0:
        msg = f"{at.name} is nothing or more, not {value}"
        raise ValueError(msg)


@frozen(kw_only=True)
class MatchRule:
    """How a pot adds to pledges.

    Args:
        by: ``per_pledge`` adds `amount` to each pledge, ``ratio`` a part of it, ``per_head``
            `amount` to the first pledge that a person makes to a campaign, ``threshold``
            `amount` once to each campaign that has reached `heads` or `raised`; ``none`` nothing.
        pot: key of the pot it comes from.
        minimum: a smaller pledge gets nothing.
        amount: what is added, other than by ratio.
        percent: what part of a pledge is added by ratio, in hundredths, rounded down to the cent.
        heads: number of backers at which the lump is due; None where heads do not matter.
        raised: sum of pledges at which it is due; None where sums do not matter.
        per_pledge: the most that one pledge gets.
        per_campaign: the most that one campaign gets.
        per_person: the most that is added to what one person pledges to all campaigns.
    """

    by: Literal["none", "per_pledge", "ratio", "per_head", "threshold"] = "none"
    pot: str = MAIN
    minimum: Money = field(default=NOTHING, validator=_not_below_zero)
    amount: Money = field(default=NOTHING, validator=_not_below_zero)
    percent: int = field(default=100, validator=ge(0))
    heads: int | None = field(default=None, validator=optional(ge(1)))
    raised: Money | None = field(default=None, validator=_not_below_zero)
    per_pledge: Money | None = field(default=None, validator=_not_below_zero)
    per_campaign: Money | None = field(default=None, validator=_not_below_zero)
    per_person: Money | None = field(default=None, validator=_not_below_zero)

    def __attrs_post_init__(self) -> None:
        if self.by == "threshold" and self.heads is None and self.raised is None:
            msg = "a lump at a threshold says at how many heads or at which sum it is due"
            raise ValueError(msg)


@frozen(kw_only=True)
class Shared:
    """What was shared out before a pledge arrives.

    Args:
        left: what the pot still holds.
        campaign: what the campaign has got so far.
        person: what was added to this person's pledges so far, whichever the campaign.
        first: whether the person has no other pledge to this campaign.
    """

    left: Money
    campaign: Money = NOTHING
    person: Money = NOTHING
    first: bool = True


def share(rule: MatchRule, amount: Money, before: Shared) -> Money:
    """Return what is added to a pledge that arrives now.

    The last share of a pot, or below a cap, is what is left of it.

    Args:
        rule: how the pot adds.
        amount: what is pledged.
        before: what was shared out before.
    """
    if amount < rule.minimum:
        return NOTHING
    wanted = {
        "per_pledge": rule.amount,
        "ratio": Money(amount.cents * rule.percent // 100),
        "per_head": rule.amount if before.first else NOTHING,
    }.get(rule.by, NOTHING)
    caps = (
        before.left,
        rule.per_pledge,
        _rest(rule.per_campaign, before.campaign),
        _rest(rule.per_person, before.person),
    )
    return _capped(wanted, caps)


def lump_due(rule: MatchRule, heads: int, raised: Money, before: Shared) -> Money:
    """Return the lump that is due to a campaign; nothing below the threshold.

    Args:
        rule: how the pot adds.
        heads: distinct people who back the campaign.
        raised: what they pledged.
        before: what was shared out before, the lump itself not among it.
    """
    by_heads = rule.heads is not None and heads >= rule.heads
    by_sum = rule.raised is not None and raised >= rule.raised
    if rule.by != "threshold" or not (by_heads or by_sum):
        return NOTHING
    return _capped(rule.amount, (before.left, _rest(rule.per_campaign, before.campaign)))


def _rest(cap: Money | None, used: Money) -> Money | None:
    return None if cap is None else cap - used


def _capped(wanted: Money, caps: Iterable[Money | None]) -> Money:
    return max(NOTHING, min([wanted, *(cap for cap in caps if cap is not None)]))


@frozen(kw_only=True)
class Arrival:
    """A pledge as match money sees it.

    Args:
        pledge: its reference.
        campaign: what it is for.
        person: pseudonym of who made it.
        amount: how much.
    """

    pledge: str
    campaign: str
    person: str
    amount: Money


@frozen(kw_only=True)
class Sharing:
    """What a pot gave to a row of pledges.

    Args:
        pledges: pledge → its share.
        lumps: campaign → the lump it got.
        left: what the pot still holds.
    """

    pledges: Mapping[str, Money] = field(factory=dict)
    lumps: Mapping[str, Money] = field(factory=dict)
    left: Money

    @property
    def total(self) -> Money:
        """Everything that was given."""
        return Money.total([*self.pledges.values(), *self.lumps.values()])


def share_out(rule: MatchRule, pot: Money, arrivals: Iterable[Arrival]) -> Sharing:
    """Share a pot out among pledges, one after the other.

    This is how a recount checks what was booked pledge by pledge, and how a forecast is made.

    Args:
        rule: how the pot adds.
        pot: what it holds at first.
        arrivals: in order of arrival; none was cancelled.
    """
    told = Sharing(left=pot)
    row: list[Arrival] = []
    for one in arrivals:
        so_far = _so_far(row, told, one)
        given = share(rule, one.amount, so_far)
        row.append(one)
        told = evolve(told, pledges={**told.pledges, one.pledge: given}, left=told.left - given)
        told = _with_lump(rule, told, row, one.campaign)
    return told


def _so_far(row: list[Arrival], told: Sharing, new: Arrival) -> Shared:
    mine = [one for one in row if one.person == new.person]
    here = [one for one in row if one.campaign == new.campaign]
    return Shared(
        left=told.left,
        campaign=Money.total(told.pledges[one.pledge] for one in here),
        person=Money.total(told.pledges[one.pledge] for one in mine),
        first=all(one.campaign != new.campaign for one in mine),
    )


def _with_lump(rule: MatchRule, told: Sharing, row: list[Arrival], campaign: str) -> Sharing:
    if campaign in told.lumps:
        return told
    here = [one for one in row if one.campaign == campaign]
    raised = Money.total(one.amount for one in here)
    lump = lump_due(rule, len({one.person for one in here}), raised, Shared(left=told.left))
    if not lump:
        return told
    return evolve(told, lumps={**told.lumps, campaign: lump}, left=told.left - lump)
