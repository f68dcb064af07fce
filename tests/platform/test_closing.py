"""A platform that was closed opens nothing any more: whoever still asks is told so."""

import pytest

from partizipation_core.commands import AdvanceStage, CastBallot, SubmitItem
from partizipation_core.errors import StorageError

ASKED = {
    "a look": lambda budget: budget.state(),
    "a command": lambda budget: budget.execute(
        SubmitItem(item="bench", title="Bank"), actor=budget.resident("anna")
    ),
    "a ballot": lambda budget: budget.execute(
        CastBallot(choices={"bench": 1}), actor=budget.resident("anna")
    ),
    "a question": lambda budget: budget.why(AdvanceStage(), actor=budget.officer),
    "an audit": lambda budget: budget.audit(),
    "a move of time": lambda budget: budget.tick(),
    "what erases for good": lambda budget: budget._execution.database.scrub(),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_handle_of_a_closed_platform_opens_no_connection(platform, budget, ask, stored):
    before = stored()
    platform.close()
    with pytest.raises(StorageError, match="was closed"):
        ask(budget)
    assert budget._execution.database._engine.pool.checkedout() == 0
    assert stored() == before


def test_a_platform_may_be_closed_twice(platform, budget):
    platform.close()
    platform.close()
    with pytest.raises(StorageError, match="was closed"):
        platform.procedures()


def test_a_ballot_that_is_under_way_keeps_no_connection_of_a_closed_platform(platform, budget):
    database = budget._execution.database
    with database.lending() as lent:
        platform.close()
    assert not database._lender._at_hand
    assert not lent.pooled.is_valid
