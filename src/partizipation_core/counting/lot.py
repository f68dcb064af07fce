"""A lot (Los) that anybody can draw again: no secret, no machine to trust, only SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

__all__ = ["Draw", "Lot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The record of a lot, for the minutes (Niederschrift).

    Args:
        list_sha256: hash of the list drawn from, to be published before the seed is known.
        seed: the seed, from a public source nobody controls (dice, lottery numbers).
        order: the identifiers in the drawn order, first one preferred.
    """

    list_sha256: str
    seed: str
    order: tuple[str, ...]

    def to_data(self) -> dict[str, object]:
        """Return the record as plain data."""
        return {"list_sha256": self.list_sha256, "seed": self.seed, "order": list(self.order)}

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the record as JSON holds it.
        """
        order = data["order"]
        if not isinstance(order, list):
            raise InputError("order of a lot must be a list")
        return cls(
            list_sha256=str(data["list_sha256"]), seed=str(data["seed"]), order=tuple(order)
        )


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot over identifiers: smallest ``SHA-256(seed, 0x00, id)`` first, all text as UTF-8.

    The place of an identifier does not depend on the others, so one seed, drawn once before
    counting starts, decides every tie of every round in the same way.

    Args:
        seed: the public seed; not empty.
    """

    seed: str

    def __post_init__(self) -> None:
        if not self.seed:
            raise InputError("a lot needs a seed that was drawn in public")

    def key(self, id_: str) -> str:
        """Return the number, in hexadecimal, that ranks `id_`; the smallest one wins.

        Args:
            id_: the identifier.
        """
        return sha256(f"{self.seed}\0{id_}".encode()).hexdigest()

    def draw(self, ids: Iterable[str]) -> Draw:
        """Draw an order of `ids`.

        Args:
            ids: what is drawn from; their order does not matter.

        Raises:
            InputError: an identifier occurs twice or holds a line break.
        """
        listed = sorted(ids)
        return Draw(
            list_sha256=commitment(listed),
            seed=self.seed,
            order=tuple(sorted(listed, key=self.key)),
        )


def commitment(ids: Sequence[str]) -> str:
    """Return the SHA-256 of a list: identifiers by code point, each followed by a line feed.

    Args:
        ids: the identifiers; their order does not matter.

    Raises:
        InputError: an identifier occurs twice or holds a line break.
    """
    if len(set(ids)) < len(ids):
        raise InputError("a lot is drawn from different identifiers")
    if any("\n" in id_ for id_ in ids):
        raise InputError("an identifier in a lot holds a line break")
    return sha256("".join(f"{id_}\n" for id_ in sorted(ids)).encode()).hexdigest()
