"""The path of a campaign: that of every item up to the jury's choice, and its own from there."""

from __future__ import annotations

from partizipation_core.formats.items import ITEM_LIFECYCLE

__all__ = ["CAMPAIGN_LIFECYCLE", "DRAWN_STATES", "UNDONE_STATES"]

CAMPAIGN_LIFECYCLE = ITEM_LIFECYCLE.extend(
    key="campaign",
    moves={
        "published": {"shortlist": "shortlisted", "pass_over": "not_shortlisted"},
        "shortlisted": {"make_ready": "ready"},
        "ready": {"go_live": "live", "withdraw": "withdrawn"},
        "live": {
            "next_round": "live",
            "succeed": "successful",
            "fail": "failed",
            "cancel": "failed",
        },
        "successful": {"charge": "charged"},
        "charged": {"pay_out": "paid_out"},
        "paid_out": {"deliver": "delivered"},
        "delivered": {},
        "failed": {"refund": "refunded"},
        "refunded": {},
    },
)
"""The four ways of funding share it; `funding.terms` says what each asks before a step."""

DRAWN_STATES = frozenset({"successful", "charged", "paid_out", "delivered"})
"""What was pledged to a campaign in these states is drawn."""

UNDONE_STATES = frozenset({"failed", "refunded"})
"""What was pledged to a campaign in these states goes back."""
