"""What is wrong in a table, at which cell, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partizipation_buergerrat.texts import say
from partizipation_core.errors import InputError

__all__ = ["BadTable", "Fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in a table.

    Args:
        code: names the sentence.
        params: fills it.
        source: name of the file.
        row: number of the row as a spreadsheet shows it, from 1; 0 for the whole file.
        column: number of the column, from 1; 0 for the whole row.
    """

    code: str
    params: Mapping[str, Any]
    source: str
    row: int = 0
    column: int = 0

    def told(self, lang: str = "de") -> str:
        """Say where it is and what is wrong.

        Args:
            lang: the reader's language.
        """
        place = ":".join(str(part) for part in (self.source, self.row, self.column) if part)
        return f"{place}: {say(self.code, self.params, lang)}"


class BadTable(InputError):  # noqa: N818 - names the situation
    """A table cannot be used; holds everything that is wrong with it.

    Args:
        faults: in the order of the file.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.told())

    def told(self, lang: str = "de") -> str:
        """Say all that is wrong, one line each.

        Args:
            lang: the reader's language.
        """
        return "\n".join(fault.told(lang) for fault in self.faults)
