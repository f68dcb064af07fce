"""The path of a grant (Zuwendungsfall), from the application to the last cent that came back.

An approved idea and a granted application are two records with two deciders: the item has its own
path (`formats.items`), and the grant that follows its award has this one.
"""

from __future__ import annotations

from partizipation_core.formats.lifecycle import Lifecycle

__all__ = ["ENDED", "GRANT_LIFECYCLE", "STANDING"]

GRANT_LIFECYCLE = Lifecycle(
    key="grant",
    initial="applied",
    moves={
        "applied": {
            "request_documents": "documents_requested",
            "draft": "drafted",
            "refuse": "refused",
            "withdraw": "withdrawn",
        },
        "documents_requested": {
            "supply": "applied",
            "refuse": "refused",
            "withdraw": "withdrawn",
        },
        "drafted": {
            "draft": "drafted",
            "request_documents": "documents_requested",
            "sign": "granted",
            "refuse": "refused",
            "withdraw": "withdrawn",
        },
        "granted": {
            "order": "ordered",
            "file_accounts": "accounts_filed",
            "revoke": "revoked",
            "withdraw": "withdrawn",
        },
        "ordered": {"cancel": "granted", "release": "released"},
        "released": {"pay": "running"},
        "running": {"file_accounts": "accounts_filed", "claim": "repayment_claimed"},
        "accounts_filed": {
            "query": "queried",
            "settle": "settled",
            "close": "closed",
            "claim": "repayment_claimed",
        },
        "queried": {"answer": "accounts_filed", "claim": "repayment_claimed"},
        "settled": {"order_rest": "rest_ordered"},
        "rest_ordered": {"cancel": "settled", "release": "rest_released"},
        "rest_released": {"pay": "closed"},
        "repayment_claimed": {"repay_in_part": "repayment_claimed", "repay": "closed"},
        "refused": {},
        "withdrawn": {},
        "revoked": {},
        "closed": {},
    },
)
"""Between ``granted`` and ``closed`` lie two ways: money in advance, then accounts; or accounts
first, and then what they come to (``order_rest``)."""

ENDED = frozenset({"refused", "withdrawn", "revoked", "closed"})
"""States after which nothing more happens to a grant."""

STANDING = frozenset(
    {"granted", "ordered", "released", "running", "accounts_filed", "queried", "settled"}
    | {"rest_ordered", "rest_released"}
)
"""States in which a notice is in force."""
