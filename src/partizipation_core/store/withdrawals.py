"""Withdrawals: a ballot is taken out of the box and its voter off the roll, both or neither."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete

from partizipation_core.store import schema
from partizipation_core.store.statements import within

__all__ = ["Withdrawals"]

_OUT_OF_BOX, _OFF_THE_ROLL = (
    delete(table).where(within(table, "vote", "tag")) for table in (schema.box, schema.roll)
)


class Withdrawals:
    """Takes ballots back.

    Args:
        connection: an open transaction.
        place: municipality and procedure.
    """

    def __init__(self, connection: Connection, place: Mapping[str, object]) -> None:
        self._connection = connection
        self._where = {f"{name}_": value for name, value in place.items()}

    def take_out(self, vote: str, tag: bytes) -> bool:
        """Take a ballot out of the box and its voter off the roll.

        Returns:
            whether there was a ballot; its content is gone for good.
        """
        where = {**self._where, "vote_": vote, "tag_": tag}
        found = self._connection.execute(_OUT_OF_BOX, where).rowcount
        self._connection.execute(_OFF_THE_ROLL, where)
        return found > 0
