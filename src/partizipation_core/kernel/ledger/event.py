"""Events that move money carry their bookings: whoever reads the journal can add them up."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Booking

__all__ = ["MoneyEvent", "PotBooked"]


@frozen(kw_only=True)
class MoneyEvent(Event):
    """Something that was decided and moves money.

    Args:
        bookings: what is moved, in its order; none where a procedure has no pot.
    """

    bookings: tuple[Booking, ...] = field(default=(), converter=as_tuple)

    def apply(
        self,
        world: World,  # noqa: ARG002 - bookings follow from nothing but themselves
        at: Instant,  # noqa: ARG002
    ) -> Iterable[Procedure | Item | Comment | Booking]:
        """Book."""
        yield from self.bookings


@frozen(kw_only=True)
class PotBooked(MoneyEvent):
    """A pot was filled, cut or emptied."""
