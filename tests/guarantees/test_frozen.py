"""Once somebody has voted, no setting, rule or stage of the procedure can be changed any more."""

from datetime import date
from pathlib import Path
from runpy import run_path

import pytest
from attrs import evolve

from partizipation_core.clock import FrozenClock
from partizipation_core.commands import AmendProcedure
from partizipation_core.errors import Refused
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost

PLATFORM = Path(__file__).resolve().parents[1] / "platform" / "conftest.py"
Budget = run_path(str(PLATFORM))["Budget"]
LATER = ("vote", "fund", "implement")


@pytest.fixture
def voted():
    clock = FrozenClock(Budget.when("review") - 1)
    with Platform(host=PluginHost.discover(), clock=clock) as platform:
        budget = Budget(platform.municipality("12060052"), clock)
        budget.to_the_vote(fountain=600, bench=500)
        yield budget


def other(value):
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value.replace(year=value.year + 1)
    return f"{value}x" if isinstance(value, str) else [value]


def changes(definition):
    """Name every way to change what was pinned: each setting, each slot, each other part."""
    settings, rules = dict(definition.settings), dict(definition.rules)
    for name, value in settings.items():
        if name not in {"pots", "pot"}:  # money is refused for itself as well
            yield f"setting {name}", evolve(definition, settings={**settings, name: other(value)})
    yield "setting pot", evolve(definition, settings={**settings, "pot": settings["pot"] + 100})
    for slot in rules:
        yield f"rules {slot}", evolve(definition, rules={**rules, slot: ("core/other@1",)})
    yield "title", evolve(definition, title="Anders")
    yield "stages", evolve(definition, stages=(*definition.stages[:-1], definition.stages[0]))
    yield "anytime", evolve(definition, anytime={"CastBallot": ["officer"]})
    yield "version", evolve(definition, version="9.9")


@pytest.mark.parametrize("stage", LATER)
def test_nothing_pinned_can_be_changed_once_somebody_has_voted(voted, stage, tell):
    voted.cast("anna", "fountain")
    if stage != "vote":
        voted.until(stage)
    pinned, tried = voted.definition(), 0
    for name, definition in changes(pinned):
        asked = AmendProcedure(definition=definition, reason="Anders ist besser.")
        codes = {one.code for one in voted.why(asked, actor=voted.officer)}
        assert "ballots_cast" in codes, name
        with pytest.raises(Refused):
            voted.execute(asked, actor=voted.officer)
        tried += 1
    assert voted.definition() == pinned
    assert voted.faults() == []
    tell(changes_tried=tried, taken=0)


def test_the_same_change_is_taken_before_anybody_has_voted(voted):
    """What the test above tries would change something."""
    settings = {**voted.definition().settings, "max_choices": 1}
    amended = evolve(voted.definition(), settings=settings)
    asked = AmendProcedure(definition=amended, reason="Eine Stimme genügt.")
    voted.execute(asked, actor=voted.officer)
    assert voted.settings().max_choices == 1
