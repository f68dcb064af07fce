"""The table for a mail merge (Serienbrief): the code of each letter beside name and address."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import NotFound
from partizipation_core.reports.tables import guard

if TYPE_CHECKING:
    from partizipation_buergerrat.desk import Desk
    from partizipation_core.values import RecordRef

__all__ = ["mailing_table"]

_CODE = "code"


def mailing_table(desk: Desk, letters: Iterable[RecordRef]) -> str:
    """Write who gets a letter, for the office alone: the first line names the fields.

    Opens in word processors and spreadsheets as they come: with a mark for the encoding and
    semicolons, and texts guarded that could pass for formulas.

    Args:
        desk: knows names and addresses.
        letters: codes of the letters; each is what its reader registers with.

    Raises:
        NotFound: the desk does not know a code, or has forgotten it.
    """
    listed = tuple(letters)
    unknown = sum(code not in desk.people for code in listed)
    if unknown:
        raise wrong(NotFound, "draw.codes_unknown", unknown=unknown, letters=len(listed))
    fields = sorted({name for code in listed for name in desk.people[code].contact})
    out = io.StringIO(newline="")
    out.write("\ufeff")
    rows = csv.writer(out, delimiter=";")
    rows.writerow([_CODE, *map(guard, fields)])
    for code in listed:
        contact = desk.people[code].contact
        rows.writerow([code, *(guard(contact.get(name, "")) for name in fields)])
    return out.getvalue()
