"""Withdrawals: a ballot leaves the box and its voter the roll, with all that was kept of them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import columns, within

__all__ = ["Withdrawals"]

_OUT_OF_BOX = delete(schema.box).where(within(schema.box, "vote", "tag", "channel"))
_ONE_OUT_OF_BOX = delete(schema.box).where(within(schema.box, "vote", "tag", "commitment"))
_CONTENT = select(*columns(schema.box, "nonce", "body")).where(
    within(schema.box, "vote", "tag", "commitment")
)
_OFF_THE_ROLL = delete(schema.roll).where(within(schema.roll, "vote", "tag"))
_UNRECOGNISED = delete(schema.identification).where(within(schema.identification, "vote", "tag"))


class Withdrawals(Placed):
    """Takes ballots back."""

    def take_out(self, vote: str, tag: bytes, channel: str) -> bool:
        """Take a ballot out of the box and its voter off the roll.

        Args:
            vote: names the vote.
            tag: the voter's keyed tag.
            channel: how the ballot came in; one that came in otherwise stays.

        Returns:
            whether there was such a ballot; where there was none, nothing is changed.
        """
        where = {**self._where, "vote_": vote, "tag_": tag}
        if self._connection.execute(_OUT_OF_BOX, {**where, "channel_": channel}).rowcount == 0:
            return False
        self._leave(where)
        return True

    def open(self, vote: str, tag: bytes, commitment: bytes) -> tuple[bytes, bytes] | None:
        """Take a ballot out of the box and its voter off the roll, and open the ballot.

        Args:
            vote: names the vote.
            tag: the voter's keyed tag.
            commitment: which ballot.

        Returns:
            its nonce and its body; None where that voter has no such ballot in the box, and then
            nothing is changed.
        """
        where = {**self._where, "vote_": vote, "tag_": tag}
        own = {**where, "commitment_": commitment}
        found = self._connection.execute(_CONTENT, own).one_or_none()
        if found is None or self._connection.execute(_ONE_OUT_OF_BOX, own).rowcount == 0:
            return None
        self._leave(where)
        return found.nonce, found.body

    def _leave(self, where: Mapping[str, object]) -> None:
        self._connection.execute(_OFF_THE_ROLL, where)
        self._connection.execute(_UNRECOGNISED, where)
