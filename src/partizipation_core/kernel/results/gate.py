"""The gate: whether the numbers of a vote may be seen; every reader passes here.

Running numbers lead those who vote later, and numbers that nobody has certified are rumours. So
there are none before the vote is closed and its result published: in no page, no table, no
export, no hook and no error.
"""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.state import Procedure
from partizipation_core.values import Objection

__all__ = ["not_yet_known"]


def not_yet_known(vote: str, procedure: Procedure, definition: Definition) -> Iterator[Objection]:
    """Say why the numbers of a vote cannot be seen yet, and from when at the earliest.

    Args:
        vote: which vote.
        procedure: the procedure as it is.
        definition: what it pinned.
    """
    if vote in procedure.counted:
        return
    if vote not in procedure.closed_votes:
        stage = vote.partition(".")[0]
        own = procedure.schedule.get(stage, Window())
        following = procedure.schedule.get(definition.following(stage), Window())
        yield Objection("result_not_before_close", {"vote": vote}, own.end or following.start)
    elif vote not in procedure.standings:
        yield Objection("result_not_counted", {"vote": vote})
    else:
        status = procedure.standings[vote].status
        yield Objection("result_not_published", {"vote": vote, "result_status": status})
