"""Items: everything that can be done with them, gathered from the rooms that do it.

Submission, revision, co-authors, screening, selection, lineage, links, forwarding, hiding.
"""

from __future__ import annotations

from partizipation_core.kernel import (
    coauthors,
    forwarding,
    hiding,
    lineage,
    linking,
    presenting,
    revision,
    screening,
    selection,
    submission,
)
from partizipation_core.kernel.screening import AdmitItem, PublishItem, RefuseItem, ReturnItem
from partizipation_core.kernel.selection import (
    ItemPutOnBallot,
    PassOverItem,
    PutOnBallot,
    ShortlistItem,
)
from partizipation_core.kernel.steps import ItemMoved, moved, reasoned, step
from partizipation_core.kernel.submission import (
    EnterItem,
    ItemSubmitted,
    SaveDraft,
    SubmitItem,
    WithdrawItem,
)

__all__ = [
    "DECIDERS",
    "AdmitItem",
    "EnterItem",
    "ItemMoved",
    "ItemPutOnBallot",
    "ItemSubmitted",
    "PassOverItem",
    "PublishItem",
    "PutOnBallot",
    "RefuseItem",
    "ReturnItem",
    "SaveDraft",
    "ShortlistItem",
    "SubmitItem",
    "WithdrawItem",
    "moved",
    "reasoned",
    "step",
]

DECIDERS = (
    *submission.DECIDERS,
    *revision.DECIDERS,
    *coauthors.DECIDERS,
    *presenting.DECIDERS,
    *screening.DECIDERS,
    *selection.DECIDERS,
    *lineage.DECIDERS,
    *linking.DECIDERS,
    *forwarding.DECIDERS,
    *hiding.DECIDERS,
)
