"""The final report: what came of each campaign, and of the contest, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.state import Item
from partizipation_core.values import ItemRef, Money, RecordRef
from partizipation_crowdfunding.contest.lifecycle import DRAWN_STATES
from partizipation_crowdfunding.contest.records import SECURED, Campaign, Pledge
from partizipation_crowdfunding.public.figures import Progress, progress

__all__ = ["CampaignReport", "ContestReport", "report"]


@frozen(kw_only=True)
class CampaignReport:
    """What came of one campaign.

    Args:
        title: its title.
        state: where it stands.
        figures: how far it came.
        prize: what it won.
        paid_out: what was paid to it; None where nothing was.
        overdue: whether it should have been carried out by now.
        report: what it reported.
    """

    title: str
    state: str
    figures: Progress
    prize: Money
    paid_out: Money | None
    overdue: bool
    report: str


@frozen(kw_only=True)
class ContestReport:
    """What came of a contest.

    Args:
        entries: applications.
        campaigns: those that were chosen, in the order of their references.
        heads: distinct people whose pledge was secured in the end.
        pledged: what they pledged to campaigns that succeeded.
        added: what the town's pots added to these.
    """

    entries: int
    campaigns: tuple[CampaignReport, ...] = field(converter=as_tuple)
    heads: int
    pledged: Money
    added: Money

    @property
    def successful(self) -> int:
        """How many succeeded."""
        return sum(one.state in DRAWN_STATES for one in self.campaigns)

    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """Return one row for each campaign, money in cents, for CSV or JSON."""
        return tuple(
            {
                "campaign": one.figures.campaign,
                "title": one.title,
                "state": one.state,
                "goal": one.figures.goal.cents,
                "pledged": one.figures.pledged.cents,
                "added": one.figures.added.cents,
                "heads": one.figures.heads,
                "prize": one.prize.cents,
                "paid_out": one.paid_out.cents if one.paid_out else 0,
                "overdue": one.overdue,
            }
            for one in self.campaigns
        )


def report(
    items: Mapping[ItemRef, Item],
    campaigns: Mapping[RecordRef, Campaign],
    pledges: Mapping[RecordRef, Pledge],
    now: Instant,
) -> ContestReport:
    """Write the report of a contest as it stands.

    Args:
        items: applications.
        campaigns: those that were prepared.
        pledges: all of them.
        now: decides what is overdue.
    """
    row = [
        _of_one(items[ItemRef(ref)], one, progress(one, pledges.values()), now)
        for ref, one in sorted(campaigns.items())
    ]
    won = [one for one in row if one.state in DRAWN_STATES]
    secured = (one for one in pledges.values() if one.status in SECURED)
    return ContestReport(
        entries=len(items),
        campaigns=row,
        heads=len({one.backer for one in secured}),
        pledged=Money.total(one.figures.pledged for one in won),
        added=Money.total(one.figures.added for one in won),
    )


def _of_one(item: Item, campaign: Campaign, figures: Progress, now: Instant) -> CampaignReport:
    late = campaign.due is not None and now >= campaign.due and item.state != "delivered"
    return CampaignReport(
        title=item.title,
        state=item.state,
        figures=figures,
        prize=campaign.prize,
        paid_out=campaign.paid_out,
        overdue=late,
        report=campaign.report,
    )
