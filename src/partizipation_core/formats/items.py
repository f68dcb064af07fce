"""The one path that ideas, proposals and projects take, in every format.

Formats share this graph and differ in guards: what one leaves out (a Kiezkasse without a formal
review) it refuses with a reason, so that a proposal can be handed over between formats and two
of them can be compared state by state.
"""

from __future__ import annotations

from types import MappingProxyType

from partizipation_core.formats.lifecycle import Lifecycle

__all__ = ["ITEM_LIFECYCLE", "RECORDED"]

RECORDED = MappingProxyType(
    {
        "save": "draft",
        "submit": "submitted",
        "publish": "published",
        "merge": "merged",
        "split": "split",
        "put_on_ballot": "on_ballot",
        "award": "awarded",
        "keep_in_reserve": "reserve",
        "decline": "not_awarded",
        "go_on": "shortlisted",
        "drop_out": "not_shortlisted",
        "finish": "done",
        "abandon": "abandoned",
        "adopt": "adopted",
        "note": "noted",
        "pass_on": "passed_on",
    }
)
"""Triggers whose events record the new state by themselves, so that it is always the same."""

ITEM_LIFECYCLE = Lifecycle(
    key="item",
    initial="draft",
    moves={
        "draft": {"save": "draft", "submit": "submitted", "withdraw": "withdrawn"},
        "submitted": {
            "publish": "published",
            "return": "returned",
            "refuse": "refused",
            "revise": "submitted",
            "refer": "forwarded",
            "withdraw": "withdrawn",
        },
        "returned": {"submit": "submitted", "revise": "returned", "withdraw": "withdrawn"},
        "refused": {},
        "published": {
            "take_up": "in_review",
            "admit": "feasible",
            "withdraw": "withdrawn",
            "merge": "merged",
            "split": "split",
            "revise": "published",
            "refer": "forwarded",
        },
        "in_review": {
            "approve": "feasible",
            "disapprove": "infeasible",
            "forward": "forwarded",
            "withdraw": "withdrawn",
            "merge": "merged",
            "split": "split",
            "revise": "in_review",
            "refer": "forwarded",
        },
        "feasible": {
            "shortlist": "shortlisted",
            "pass_over": "not_shortlisted",
            "put_on_ballot": "on_ballot",
            "withdraw": "withdrawn",
            "merge": "merged",
            "revise": "feasible",
            "refer": "forwarded",
        },
        "infeasible": {"object": "in_review"},
        "forwarded": {},
        "not_shortlisted": {"refer": "forwarded"},
        "shortlisted": {
            "put_on_ballot": "on_ballot",
            "pass_over": "not_shortlisted",
            "withdraw": "withdrawn",
            "revise": "shortlisted",
        },
        "on_ballot": {
            "award": "awarded",
            "keep_in_reserve": "reserve",
            "decline": "not_awarded",
            "go_on": "shortlisted",
            "drop_out": "not_shortlisted",
            "adopt": "adopted",
            "note": "noted",
            "pass_on": "passed_on",
        },
        "adopted": {"start": "in_progress"},
        "noted": {},
        "passed_on": {},
        "reserve": {"award": "awarded"},
        "not_awarded": {},
        "awarded": {"start": "in_progress", "abandon": "abandoned"},
        "in_progress": {"finish": "done", "change": "changed", "abandon": "abandoned"},
        "changed": {"finish": "done", "change": "changed", "abandon": "abandoned"},
        "done": {},
        "abandoned": {},
        "merged": {},
        "split": {},
        "withdrawn": {},
    },
)
