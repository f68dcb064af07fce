"""Chance that anybody can compute again: numbers from SHA-256, without remainders or floats.

Block ``i`` is ``SHA-256("partizipation/sortition/1" 00 purpose 00 seed 00 i)``, texts in UTF-8,
``i`` as eight bytes, the most significant first. A number below ``n`` is made of the first bits of
a block, as many as ``n - 1`` has; if it is not below ``n``, the block is thrown away and the next
one is looked at. So all numbers are equally likely, and every purpose has a stream of its own.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Stream"]

_T = TypeVar("_T")
_NAME = b"partizipation/sortition/1"
_BITS = 256


class Stream:
    """A stream of chance for one purpose.

    Args:
        purpose: what is drawn, and for which procedure; another purpose, another stream.
        seed: what nobody could know or choose.

    Raises:
        InputError: there is no seed.
    """

    def __init__(self, purpose: str, seed: str) -> None:
        if not seed:
            raise InputError("a lot needs a seed that was drawn in public")
        self._head = b"\0".join((_NAME, purpose.encode(), seed.encode(), b""))
        self._next = 0

    def below(self, count: int) -> int:
        """Return a number from 0 to below `count`, each equally likely.

        Args:
            count: how many numbers there are, from 1 to 2 to the power of 256.

        Raises:
            InputError: there is nothing to choose from.
        """
        if not 1 <= count <= 1 << _BITS:
            raise InputError(f"a number below {count} cannot be drawn")
        bits = (count - 1).bit_length()
        while True:
            block = sha256(self._head + self._next.to_bytes(8, "big")).digest()
            self._next += 1
            number = int.from_bytes(block, "big") >> (_BITS - bits)
            if number < count:
                return number

    def shuffled(self, items: Iterable[_T]) -> list[_T]:
        """Return items in random order: from the last place on, each swaps with one up to it.

        Args:
            items: in an order that nobody chose, such as sorted.
        """
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
