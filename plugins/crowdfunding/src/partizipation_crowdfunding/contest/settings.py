"""What a town sets for its contest."""

from __future__ import annotations

from typing import cast

from attrs import field, frozen
from attrs.validators import deep_iterable, ge, in_, le, optional

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.values import Money
from partizipation_crowdfunding.funding.match import MatchRule
from partizipation_crowdfunding.funding.prizes import PrizeRule
from partizipation_crowdfunding.funding.terms import MODES, Mode

__all__ = ["CrowdfundingSettings", "settings_of"]


@frozen(kw_only=True)
class CrowdfundingSettings(ProcedureSettings):
    """What a contest is run by.

    Args:
        modes: the ways of funding that campaigns may choose from.
        match: what a pot adds to pledges.
        match_counts: whether what it adds counts towards the goal.
        prizes: which prizes there are and who gets them.
        smallest_pledge: the least that one pledge is.
        max_pledges: how many pledges one person may have with one campaign at a time.
        max_per_backer: the most that one person may pledge to one campaign.
        largest_goal: the most that a campaign may ask for.
        least_start_level: the least that a start level or minimum may be.
        fee_permille: what the payment provider keeps of what it draws, in thousandths, rounded
            down to the cent.
        months: within how many months after payout a campaign is carried out.
    """

    modes: tuple[Mode, ...] = field(
        default=("all_or_nothing",),
        converter=as_tuple,
        validator=deep_iterable(in_(MODES)),
    )
    match: MatchRule = field(factory=MatchRule)
    match_counts: bool = True
    prizes: PrizeRule = field(factory=PrizeRule)
    smallest_pledge: Money = Money(100)
    max_pledges: int | None = field(default=None, validator=optional(ge(1)))
    max_per_backer: Money | None = None
    largest_goal: Money | None = None
    least_start_level: Money = Money(10_000)
    fee_permille: int = field(default=0, validator=[ge(0), le(1000)])
    months: int = field(default=24, validator=ge(1))


def settings_of(context: Context) -> CrowdfundingSettings:
    """Return the settings of a contest: its deciders are asked by no other format."""
    return cast("CrowdfundingSettings", context.settings)
