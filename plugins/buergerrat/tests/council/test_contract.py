"""The Bürgerrat keeps the contract that every format keeps."""

from pathlib import Path

from partizipation_core.testing.contracts import FormatContract


class TestBuergerrat(FormatContract):
    key = "buergerrat"
    reviewed = Path(__file__).with_name("permissions.csv")
    settings = {"seats": 3, "panels": 10, "other_seats": {"factions": 2}}  # noqa: RUF012
