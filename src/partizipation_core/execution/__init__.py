"""Execution: loads what a command needs, lets the kernel decide, writes what follows.

One command is one transaction, and takes turns with the others; a ballot goes a shorter way.
Nothing here knows a format, a rule or a table.
"""

from partizipation_core.execution.execution import Execution
from partizipation_core.execution.request import Receipt
from partizipation_core.execution.ticking import Ticked, tick_all

__all__ = ["Execution", "Receipt", "Ticked", "tick_all"]
