"""Small formats to build on."""

import pytest

from partizipation_core import ProcedureFormat, Stage
from partizipation_core.commands import CastBallot, CountBallots, SubmitItem


@pytest.fixture
def stages():
    """Return the fewest stages of a vote: ideas, vote, fund."""
    return [
        Stage("ideas", kind="idea", allows={SubmitItem: ["resident"]}),
        Stage(
            "vote", kind="vote", puts_on_ballot="shortlisted", allows={CastBallot: ["resident"]}
        ),
        Stage("fund", kind="fund", allows={CountBallots: ["officer"]}),
    ]


@pytest.fixture
def small(stages):
    """Make a small format that differs where it is told to."""

    def make(**differences):
        given = {"key": "small", "title": "Klein", "stages": stages, **differences}
        return ProcedureFormat(**given)

    return make
