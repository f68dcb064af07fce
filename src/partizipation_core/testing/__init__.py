"""The kit for tests of formats, rules and applications; needs pytest.

Contracts say what every format, rule, command, event and file reader keeps to; `simulate` lets a
made-up town play a procedure; `partizipation_core.testing.plugin` brings fixtures.
"""

from partizipation_core.testing.contracts import DeciderContract, FormatContract, RuleContract
from partizipation_core.testing.keeping import (
    ExchangeContract,
    ProjectionContract,
    RecordContract,
)
from partizipation_core.testing.people import Population
from partizipation_core.testing.simulation import Play, simulate
from partizipation_core.testing.story import Story

__all__ = [
    "DeciderContract",
    "ExchangeContract",
    "FormatContract",
    "Play",
    "Population",
    "ProjectionContract",
    "RecordContract",
    "RuleContract",
    "Story",
    "simulate",
]
