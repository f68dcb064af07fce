"""Screening: an office looks at what was handed in before it goes any further."""

from __future__ import annotations

from attrs import frozen

from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.steps import reasoned, step

__all__ = ["DECIDERS", "AdmitItem", "PublishItem", "RefuseItem", "ReturnItem"]


@frozen(kw_only=True)
class PublishItem(ItemCommand):
    """Let the public see a screened idea."""


@frozen(kw_only=True)
class ReturnItem(ItemCommand):
    """Give an idea back for completion; handed in again, it keeps number and revisions."""

    reason: str


@frozen(kw_only=True)
class RefuseItem(ItemCommand):
    """Refuse an idea that breaks the rules of the platform."""

    reason: str


@frozen(kw_only=True)
class AdmitItem(ItemCommand):
    """Take an idea as feasible without a formal review, where the format has none."""


DECIDERS = (
    step(PublishItem, "publish"),
    step(ReturnItem, "return", reasoned),
    step(RefuseItem, "refuse", reasoned),
    step(AdmitItem, "admit"),
)
