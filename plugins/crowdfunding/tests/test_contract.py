"""The contest keeps to what every format must keep to."""

from pathlib import Path

from partizipation_core.testing import FormatContract


class TestCrowdfunding(FormatContract):
    key = "crowdfunding"
    reviewed = Path(__file__).with_name("rights.csv")
    settings = {"pot": "2500 EUR", "match": {"by": "per_pledge", "amount": "10 EUR"}}  # noqa: RUF012
