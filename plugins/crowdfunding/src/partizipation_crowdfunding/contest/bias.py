"""Bias (Befangenheit): nobody decides as a member of a jury about a campaign of their own."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.selection import PassOverItem, ShortlistItem
from partizipation_core.values import ItemRef, Objection
from partizipation_crowdfunding.contest.awarding import AwardPrizes
from partizipation_crowdfunding.contest.settings import CrowdfundingSettings

__all__ = ["bias"]


def bias(command: Command, context: Context) -> Iterator[Objection]:
    """Object to a choice or a prize for a campaign that the actor started or writes.

    Args:
        command: what is asked; only the acts of a jury are looked at.
        context: what the decision may see.
    """
    if not isinstance(context.settings, CrowdfundingSettings):
        return
    for ref in _chosen(command):
        item = context.world.items.get(ref)
        if item is not None and context.actor.ref in (item.author, *item.coauthors):
            yield Objection("own_campaign", {"item": ref})


def _chosen(command: Command) -> tuple[ItemRef, ...]:
    if isinstance(command, ShortlistItem | PassOverItem):
        return (command.item,)
    return tuple(sorted(command.named)) if isinstance(command, AwardPrizes) else ()
