"""The path of proposals where a town has optional stages, such as two checks or a rating."""

from __future__ import annotations

from partizipation_core.formats.items import ITEM_LIFECYCLE

__all__ = ["PATH"]

_COUNCIL = {
    "adopt": "adopted",
    "award": "awarded",
    "note": "noted",
    "pass_on": "passed_on",
    "decline": "not_awarded",
}

PATH = ITEM_LIFECYCLE.extend(
    key="buergerhaushalt",
    moves={
        # Everything that was handed in is rated, before any office has looked at it.
        "published": {
            "put_on_ballot": "on_ballot",
            # A dialogue or a panel puts it on the list, or does not, without a check by offices.
            "shortlist": "shortlisted",
            "pass_over": "not_shortlisted",
        },
        # A detailed check (Feinprüfung) follows the preselection.
        "shortlisted": {"take_up": "in_review", **_COUNCIL},
        # A council decides on what offices have only given their opinion of.
        "feasible": _COUNCIL,
        "infeasible": _COUNCIL,
    },
)
"""The common path with further moves; every town takes those that its stages allow."""
