"""One purchase of a rule in which voters pay: what it cost each of them, and who paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Round"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of the protocol (Zuteilungsrunde).

    Args:
        project: id of the project that was bought.
        price: the most that one voter pays for it (for each point, where points are utility), in
            minor units; for Phragmén the time, that is the money every voter has earned so far.
        rate: price for one unit of utility (``rho``); the lowest one is bought.
        effective: cost by price: as many voters would pay for it if all could pay the full price.
        payers: voters who pay something for it.
        spent_up: those of them who cannot pay the full price and give all they have left.
        cost: what it costs, in minor units.
    """

    project: str
    price: Fraction
    rate: Fraction
    effective: Fraction
    payers: int
    spent_up: int
    cost: int

    def to_data(self) -> dict[str, object]:
        """Return the round as plain data; fractions are texts such as ``3/7``."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {**plain, **{name: str(getattr(self, name)) for name in _FRACTIONS}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the round as JSON holds it.
        """
        fields: dict[str, Any] = {name: data[name] for name in _PLAIN}
        fields |= {name: Fraction(data[name]) for name in _FRACTIONS}
        return cls(**fields)


_PLAIN = ("project", "payers", "spent_up", "cost")
_FRACTIONS = ("price", "rate", "effective")
