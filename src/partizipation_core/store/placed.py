"""Placed: what all who read and write the rows of one procedure have in common.

Every statement that they run carries the municipality and the procedure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from partizipation_core.store.statements import bound

__all__ = ["Placed"]


class Placed:
    """Some rows of one procedure, within one transaction.

    Args:
        connection: the open transaction.
        place: municipality and procedure.
    """

    def __init__(self, connection: Connection, place: Mapping[str, Any]) -> None:
        self._connection = connection
        self._place = place
        self._where = bound(place)

    def _run(self, statement: Any, **values: Any) -> Any:
        """Run a statement here; values are named as `within` binds them."""
        return self._connection.execute(statement, {**self._where, **values})
