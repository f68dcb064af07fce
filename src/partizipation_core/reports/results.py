"""Tables of a result: the same numbers for CSV and JSON, none of them worked out here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from partizipation_core.kernel.results.figures import Absence, Figure
from partizipation_core.kernel.results.vote_result import VoteResult
from partizipation_core.reports.tables import Cell, to_csv

__all__ = ["money_csv", "result_columns", "result_csv", "result_rows", "turnout_csv"]

_FIRST = ("item", "title", "cost", "votes", "share")
_LAST = ("points", "contra", "abstain", "score", "rank", "outcome", "missing")
_TURNOUT = ("channel", "cast", "valid", "blank", "invalid", "identity")
_MONEY = ("printed", "budget", "rest")


def result_columns(result: VoteResult) -> tuple[str, ...]:
    """Return the columns of a result: ``share`` in tenths of a percent, votes by channel."""
    return (*_FIRST, *(f"votes.{name}" for name in result.channels), *_LAST)


def result_rows(result: VoteResult) -> list[dict[str, Cell]]:
    """Return one row an item; where there is no number, the reason stands as a word."""
    return [_cells(row) for row in result.rows()]


def result_csv(result: VoteResult, audience: Literal["machine", "people"] = "machine") -> str:
    """Write what each item came to as CSV.

    Args:
        result: the result.
        audience: who will open it.
    """
    return to_csv(result_rows(result), result_columns(result), audience)


def turnout_csv(result: VoteResult, audience: Literal["machine", "people"] = "machine") -> str:
    """Write who took part by which channel as CSV; arguments as for `result_csv`."""
    return to_csv([_cells(row) for row in result.turnout.rows()], _TURNOUT, audience)


def money_csv(result: VoteResult, audience: Literal["machine", "people"] = "machine") -> str:
    """Write the money of a vote in minor units as CSV: printed, to award, left.

    Arguments as for `result_csv`.
    """
    rows = [_cells({"sum": name, "cents": getattr(result, name)}) for name in _MONEY]
    return to_csv(rows, ("sum", "cents"), audience)


def _cells(row: Mapping[str, Figure | str]) -> dict[str, Cell]:
    return {name: str(v) if isinstance(v, Absence) else v for name, v in row.items()}
