"""Payees: personal data of those who are paid, in a table of their own that can be emptied."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from partizipation_core.errors import StorageError
from partizipation_core.kernel.payee import Payee, PayeeEntry, committed
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import columns, within

__all__ = ["Payees"]

_table = schema.payee
_PUT = insert(_table)
_ONE = select(*columns(_table, "nonce", "name", "address", "iban")).where(within(_table, "ref"))
_ERASE = delete(_table).where(within(_table, "ref"))


class Payees(Placed):
    """The payees of one procedure, within one transaction."""

    def put(self, entry: PayeeEntry) -> None:
        """Keep a payee."""
        payee = entry.payee
        said = {"name": payee.name, "address": payee.address, "iban": payee.iban}
        row = {**self._place, "ref": entry.ref, "nonce": entry.nonce, **said}
        self._connection.execute(_PUT, row)

    def get(self, ref: str) -> Payee | None:
        """Read a payee; None where it was erased.

        Raises:
            StorageError: the data are not those that were committed to.
        """
        row = self._run(_ONE, ref_=ref).one_or_none()
        if row is None:
            return None
        payee = Payee(name=row.name, address=row.address, iban=row.iban)
        if committed(payee, row.nonce) != ref:
            msg = f"the payee {ref[:16]}… is not the one that was committed to"
            raise StorageError(msg)
        return payee

    def erase(self, ref: str) -> None:
        """Erase a payee."""
        self._run(_ERASE, ref_=ref)
