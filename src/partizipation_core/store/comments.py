"""Comments: their present state, loaded a few at a time or item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import delete, select

from partizipation_core.kernel.state import Comment
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import upsert, within
from partizipation_core.values import CommentRef, ItemRef

__all__ = ["Comments"]

_ONE = select(schema.comment.c.body).where(within(schema.comment, "comment"))
_ORDER = (schema.comment.c.at, schema.comment.c.comment)
_BELOW = select(schema.comment.c.body).where(within(schema.comment, "item")).order_by(*_ORDER)
_ALL = select(schema.comment.c.body).where(within(schema.comment)).order_by(*_ORDER)
_STORED = select(schema.comment).where(within(schema.comment))
_CLEAR = delete(schema.comment).where(within(schema.comment))
_SAVE = upsert(schema.comment)


class Comments(Placed):
    """The comments of one procedure, within one transaction.

    Args:
        connection: the open transaction.
        place: municipality and procedure.
    """

    def some(self, refs: Iterable[CommentRef]) -> dict[CommentRef, Comment]:
        """Read those that exist of some comments."""
        found = (comment for ref in refs for comment in self._read(_ONE, comment_=ref))
        return {comment.ref: comment for comment in found}

    def below(self, item: ItemRef) -> Iterator[Comment]:
        """Read the comments on an item, the oldest first."""
        return self._read(_BELOW, item_=item)

    def all(self) -> Iterator[Comment]:
        """Read all comments, the oldest first."""
        return self._read(_ALL)

    def save(self, comments: Iterable[Comment]) -> None:
        """Write the present state of comments."""
        if rows := [{**self._place, **self._row(comment)} for comment in comments]:
            self._connection.execute(_SAVE, rows)

    def clear(self) -> None:
        """Drop them; the journal can bring them back."""
        self._run(_CLEAR)

    def rows(self, comments: Iterable[Comment]) -> dict[str, dict[str, Any]]:
        """Lay out comments as they are stored, each under a name for people."""
        return {_name(comment.ref): self._row(comment) for comment in comments}

    def stored(self) -> dict[str, dict[str, Any]]:
        """Return what is stored, laid out in the same way."""
        rows = self._run(_STORED).mappings()
        return {
            _name(row["comment"]): {key: row[key] for key in row if key not in self._place}
            for row in rows
        }

    def _read(self, statement: Any, **values: str) -> Iterator[Comment]:
        for row in self._run(statement, **values):
            yield STORED.load(parse(row.body), Comment)

    def _row(self, comment: Comment) -> dict[str, Any]:
        return {
            "comment": comment.ref,
            "item": comment.item,
            "at": comment.at,
            "state": comment.state,
            "body": canonical(STORED.dump(comment)),
        }


def _name(ref: str) -> str:
    return f"comment {ref}"
