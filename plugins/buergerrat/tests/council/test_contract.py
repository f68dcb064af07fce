"""The Bürgerrat keeps the contract that every format keeps."""

from partizipation_core.testing.contracts import FormatContract


class TestBuergerrat(FormatContract):
    key = "buergerrat"
    settings = {"seats": 3, "panels": 10, "other_seats": {"factions": 2}}  # noqa: RUF012
