"""What rules may see of items, and conditions of how far a procedure has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from attrs import field, frozen

from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["ItemView", "Progress", "RecordsView"]


class ItemView(Protocol):
    """What a rule may see of an item."""

    @property
    def ref(self) -> ItemRef: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def author(self) -> ParticipantRef: ...  # noqa: D102
    @property
    def coauthors(self) -> tuple[ParticipantRef, ...]: ...  # noqa: D102
    @property
    def cost(self) -> Money | None: ...  # noqa: D102
    @property
    def area(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102


class RecordsView(Protocol):
    """What a condition may see of the records of a plugin."""

    def all(self, kind: Any, /) -> Mapping[Any, Any]:
        """Return the records of a kind by their references."""
        ...


class _Nothing:
    """No records, as for conditions that ask for none."""

    def all(self, _kind: Any, /) -> Mapping[Any, Any]:
        return MappingProxyType({})


@frozen(kw_only=True)
class Progress:
    """What a condition may see of the procedure.

    Args:
        items: all items.
        ballots: ballots in the box of the present vote, 0 where none is held.
        available: what is left in the main pot to be awarded; None where there is no pot.
        records: the records of those kinds that a condition of the stage says it reads.
    """

    items: Sequence[ItemView]
    ballots: int
    available: Money | None = None
    records: RecordsView = field(factory=_Nothing)
