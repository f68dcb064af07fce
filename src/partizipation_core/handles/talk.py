"""Talk: supports, ratings, comments, and who is to be told."""

from __future__ import annotations

from partizipation_core.execution.discussing import (
    comments_on,
    counted,
    took_part,
    waiting_for_moderation,
)
from partizipation_core.execution.telling import told
from partizipation_core.handles.base import Base
from partizipation_core.kernel.discussion.counts import Counts
from partizipation_core.kernel.discussion.moderation import Reported
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.discussion.participation import Participation
from partizipation_core.kernel.state import Comment
from partizipation_core.values import (
    ItemRef,
)

__all__ = ["Talk"]


class Talk(Base):
    """The part of a handle that is about the discussion."""

    def supports(self, ref: str) -> Counts:
        """Count the supports of an item.

        Raises:
            NotFound: there is no such item.
            Refused: the numbers are not public before the stage is over.
        """
        return counted(self._execution, self._scope, "support", ItemRef(ref))

    def ratings(self, ref: str) -> Counts:
        """Count the ratings for and against an item; raises as `supports` does."""
        return counted(self._execution, self._scope, "rating", ItemRef(ref))

    def comments(self, ref: str) -> tuple[Comment, ...]:
        """Return the comments on an item, the oldest first; hidden ones without their text.

        Raises:
            NotFound: there is no such item.
        """
        return comments_on(self._execution, self._scope, ItemRef(ref))

    def moderation(self) -> tuple[Reported, ...]:
        """Return what was reported and waits for moderation, with its text: for staff only."""
        return waiting_for_moderation(self._execution, self._scope)

    def participation(self) -> Participation:
        """Count who took part, whatever they did: the one source of such numbers."""
        return took_part(self._execution, self._scope)

    def notices(self, after: int = 0) -> tuple[Notice, ...]:
        """Say who is to be told of what happened since a journal line.

        Args:
            after: number of the last line that was dealt with; keep the ``seq`` of the last
                notice sent, and nothing is lost however long you were away.
        """
        recorded = [one for one in self.journal() if one.seq > after]
        with self._unit() as unit:
            return told(unit, recorded)
