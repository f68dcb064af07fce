"""``partizipation sortition`` draws by lot; ``partizipation buergerrat`` looks after the rest."""

from partizipation_buergerrat.cli.drawing import (
    cancel,
    commit,
    draw,
    erase,
    lottery,
    replace,
    verify,
)
from partizipation_buergerrat.cli.examining import check, target
from partizipation_buergerrat.cli.group import sortition
from partizipation_buergerrat.cli.helping import invent, letters, tables
from partizipation_buergerrat.cli.running import buergerrat

for command in (
    cancel, check, commit, draw, erase, invent, letters, lottery, replace, tables, target, verify,
):  # fmt: skip
    sortition.add_command(command)

__all__ = ["buergerrat", "sortition"]
