"""The payment order list as a table: what the treasury is handed, and nothing moves by itself."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from partizipation_core.execution.paying import PaymentOrder
from partizipation_core.money.iban import printed_iban
from partizipation_core.reports.tables import Cell

__all__ = ["PAYMENT_COLUMNS", "payment_rows"]

PAYMENT_COLUMNS = ("reference", "name", "iban", "amount", "ordered_by", "released_by")
"""What the list holds, in its order."""


def payment_rows(orders: Iterable[PaymentOrder]) -> list[dict[str, Cell]]:
    """Return payment orders as rows, amounts in units of the currency with two decimals.

    Args:
        orders: as `ProcedureHandle.payment_orders` lists them.
    """
    return [
        {
            "reference": one.reference,
            "name": one.name,
            "iban": printed_iban(one.iban),
            "amount": Decimal(one.amount.cents).scaleb(-2),
            "ordered_by": one.ordered_by,
            "released_by": one.released_by,
        }
        for one in orders
    ]
