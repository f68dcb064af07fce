"""Every number of a report is counted in one place."""

import pytest

from partizipation_core.reports import Entry


def entry(**changes):
    return Entry(item="p-1", title="Brunnen", **changes)


BOUND = {
    "never awarded": ({"state": "not_awarded"}, 0),
    "awarded": ({"award": 500, "state": "awarded"}, 500),
    "partly spent": ({"award": 500, "spent": 200, "state": "in_progress"}, 500),
    "done for less": ({"award": 500, "spent": 300, "state": "done"}, 300),
    "done without a bill": ({"award": 500, "state": "done"}, 0),
    "given up half-way": ({"award": 500, "spent": 100, "state": "abandoned"}, 100),
}


@pytest.mark.parametrize(("changes", "expected"), BOUND.values(), ids=BOUND)
def test_money_is_bound_until_it_comes_back(changes, expected):
    assert entry(**changes).bound == expected


def test_the_pot_adds_up(report):
    assert report.awarded == 1_950_000
    assert report.spent == 480_000 + 652_050
    assert report.returned == 700_000 - 652_050
    assert report.bound + report.rest == report.pot
    assert report.awarded - report.returned + report.rest == report.pot


def test_each_entry_is_either_funded_or_not(report):
    assert [e.item for e in report.funded] == ["p-1", "p-2"]
    assert [e.item for e in report.not_funded] == ["p-3", "p-4", "p-5"]
