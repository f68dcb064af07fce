"""Contents: what an export takes out of the registers of a vote, as it was committed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import func, select

from partizipation_core.serialization import canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.merkle import leaf_hash
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import STREAMED, columns, within

__all__ = ["Contents"]

_BOX = (
    select(*columns(schema.box, "channel", "body", "nonce", "commitment"))
    .where(within(schema.box, "vote"))
    .order_by(schema.box.c.commitment)
    .execution_options(**STREAMED)
)
_CHOICES = (
    select(schema.box.c.body)
    .where(within(schema.box, "vote"))
    .order_by(schema.box.c.tag)
    .execution_options(**STREAMED)
)
_ASIDE = select(
    *columns(schema.aside, "tag", "ref", "channel", "fate", "validity", "commitment")
).where(within(schema.aside, "vote"))
_ROLL = select(func.count()).select_from(schema.roll).where(within(schema.roll, "vote"))
_TAGS = select(schema.roll.c.tag).where(within(schema.roll, "vote")).order_by(schema.roll.c.tag)
_BOOKED = (
    select(schema.booking)
    .where(within(schema.booking))
    .order_by(schema.booking.c.pot, schema.booking.c.number)
)


class Contents(Placed):
    """What one procedure's registers hold, within one transaction."""

    def choices(self, vote: str) -> Iterator[Mapping[str, int]]:
        """Read the choices of all ballots, in an order that tells nothing.

        Ballots that say the same are one object, so that a million of them fit into memory.
        """
        known: dict[bytes, Mapping[str, int]] = {}
        for row in self._run(_CHOICES, vote_=vote):
            if (choices := known.get(row.body)) is None:
                choices = known[row.body] = MappingProxyType(parse(row.body))
            yield choices

    def ballots(self, vote: str) -> Iterator[bytes]:
        """Write every ballot with what opens its commitment, in the order of the commitments."""
        for row in self._run(_BOX, vote_=vote):
            yield canonical(
                {
                    "body": row.body.decode(),
                    "channel": row.channel,
                    "commitment": row.commitment.hex(),
                    "nonce": row.nonce.hex(),
                }
            )

    def commitments(self, vote: str) -> Iterator[bytes]:
        """Write the commitment of every ballot, sorted."""
        for row in self._run(_BOX, vote_=vote):
            yield row.commitment.hex().encode()

    def aside(self, vote: str) -> list[bytes]:
        """Write every vote beside the box as it was committed to, in the order of the leaves."""
        rows = self._run(_ASIDE, vote_=vote)
        entries = [canonical([row.tag.hex(), *row[1:-1], row.commitment.hex()]) for row in rows]
        return sorted(entries, key=leaf_hash)

    def marks(self, vote: str) -> Iterator[bytes]:
        """Write the tag of everybody who is ticked off on the roll, sorted."""
        for row in self._run(_TAGS, vote_=vote):
            yield row.tag.hex().encode()

    def on_the_roll(self, vote: str) -> int:
        """Count who is ticked off on the roll."""
        found: int = self._run(_ROLL, vote_=vote).scalar_one()
        return found

    def bookings(self) -> Iterator[bytes]:
        """Write the books as they are kept, with the balances after each booking."""
        for row in self._run(_BOOKED).mappings():
            told = {key: row[key] for key in row if key not in self._place}
            yield canonical({key: value for key, value in told.items() if "_before" not in key})
