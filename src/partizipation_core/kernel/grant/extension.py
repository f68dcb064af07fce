"""Extensions (Fristverlängerung), and which grants have let a period pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.cases import STANDING
from partizipation_core.kernel.case import Grant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.grant.step import (
    NOT_FUNDED,
    GrantEvent,
    grant_of,
    step_objections,
)
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "ExtendGrant", "GrantExtended", "MissedPeriod", "missed_periods"]


@frozen(kw_only=True)
class ExtendGrant(ItemCommand):
    """Give more time for using the money, or for the accounts.

    Args:
        period: ``use`` or ``accounts``.
        until: the new end; for a last day, `clock.end_of_day`.
        reason: why.
    """

    period: Literal["use", "accounts"]
    until: Instant
    reason: str


@frozen(kw_only=True)
class GrantExtended(GrantEvent):
    """There is more time."""

    period: Literal["use", "accounts"]
    until: Instant
    reason: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Set the new end."""
        return {"use_by" if self.period == "use" else "accounts_due": self.until}


@frozen
class MissedPeriod:
    """A period that has passed: whose, which, and since when."""

    item: ItemRef
    period: Literal["use", "accounts"]
    since: Instant


def missed_periods(items: Iterable[Item], now: Instant) -> tuple[MissedPeriod, ...]:
    """List the grants that are late, the longest first: work for the office, not a verdict.

    Args:
        items: the items of a procedure.
        now: the instant that is asked about.
    """
    found = [
        MissedPeriod(item.ref, period, end)
        for item in items
        if item.grant is not None and item.grant.state in STANDING
        if item.grant.accounts is None
        for period, end in _ends(item.grant)
        if end <= now
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.item, one.period)))


def _ends(grant: Grant) -> Iterator[tuple[Literal["use", "accounts"], Instant]]:
    if grant.use_by is not None:
        yield "use", grant.use_by
    if grant.accounts_due is not None:
        yield "accounts", grant.accounts_due


def _objections(command: ExtendGrant, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["file_accounts", "answer"], command, context)
    grant = context.item(command.item).grant
    if grant is None:
        return
    was = dict(_ends(grant)).get(command.period)
    if was is None:
        yield Objection("no_such_period", {"item": command.item})
    elif command.until <= was:
        yield Objection("not_later", {"was": was - 1, "until": command.until - 1})


def _decide(command: ExtendGrant, context: Context) -> tuple[Event, ...]:
    return (
        GrantExtended(
            item=command.item,
            state=grant_of(command, context).state,
            period=command.period,
            until=command.until,
            reason=command.reason,
        ),
    )


DECIDERS = (
    Decider(
        command=ExtendGrant,
        decide=_decide,
        objections=_objections,
        events=(GrantExtended,),
        never_in=NOT_FUNDED,
    ),
)
