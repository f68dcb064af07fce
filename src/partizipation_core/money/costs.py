"""Cost types (Kostenarten): a code list that financing plans and receipts are made of."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.values import Money

__all__ = ["COST_TYPES", "EXCLUDED", "CostLine"]

EXCLUDED: tuple[str, ...] = (
    "food_and_catering",
    "voluntary_insurance",
    "state_fees",
    "tax_advice",
    "membership_fees",
    "fines",
    "default_interest",
    "deposits",
    "basic_phone_fees",
    "voluntary_intern_pay",
)
"""What the Kiezkassen of Treptow-Köpenick do not pay (Merkblatt): food and catering, voluntary
insurance, fees of the Land, tax advice, membership fees, fines, default interest, deposits, basic
phone fees, voluntary pay for interns. Source: berlin.de/ba-treptow-koepenick, artikel.969577."""

COST_TYPES: tuple[str, ...] = (
    "material",
    "equipment",
    "services",
    "artists_and_speakers",
    "rent",
    "travel",
    "print_and_publicity",
    "small_repairs",
    "other",
    *EXCLUDED,
)
"""Every cost type that a line may name."""


def _positive(_: object, __: object, value: Money) -> None:
    if value.cents <= 0:
        msg = f"a cost above zero, not {value}"
        raise ValueError(msg)


@frozen(kw_only=True)
class CostLine:
    """One line of a financing plan, or one receipt (Beleg).

    Args:
        type: one of `COST_TYPES`.
        amount: more than nothing.
        label: what it is for; no names of persons.
    """

    type: str = field(validator=in_(COST_TYPES))
    amount: Money = field(validator=_positive)
    label: str = ""
