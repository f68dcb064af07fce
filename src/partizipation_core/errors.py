"""Every error this package raises, one root and few leaves.

Errors are for people: they say what happened and where. Refusals carry codes and parameters,
never finished sentences, so that they can be told in the reader's language and level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partizipation_core.values import Objection

__all__ = [
    "Conflict",
    "DefinitionError",
    "InputError",
    "NotFound",
    "PartizipationError",
    "PluginError",
    "Refused",
    "RuleUnavailable",
    "StorageError",
]


class PartizipationError(Exception):
    """Root of all errors raised by this package."""


class Refused(PartizipationError):  # noqa: N818 - a refusal is an answer, not a defect
    """A command was understood and not allowed; all reasons at once.

    Args:
        command: name of the command's class.
        objections: every reason found, never only the first.
    """

    def __init__(self, command: str, objections: Sequence[Objection]) -> None:
        self.command = command
        self.objections = tuple(objections)
        super().__init__(command, self.objections)

    def __str__(self) -> str:
        return f"{self.command} refused: " + "; ".join(map(str, self.objections))


class Conflict(PartizipationError):  # noqa: N818 - names the situation
    """Two writers met, or an idempotency key came back with another payload."""


class NotFound(PartizipationError):  # noqa: N818 - names the situation
    """Something was named that does not exist here."""


class DefinitionError(PartizipationError):
    """A format, its rules or its settings contradict themselves.

    Args:
        problems: one sentence each, led by the path of the place (``settings.pot: ...``).
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class InputError(PartizipationError):
    """A file that people hand in cannot be read; names file, line and column.

    Args:
        message: what is wrong and what would be right.
        source: name of the file, empty if unknown.
        line: line number from 1, 0 if the file as a whole is meant.
        column: column number from 1, 0 if the line as a whole is meant.
    """

    def __init__(self, message: str, *, source: str = "", line: int = 0, column: int = 0) -> None:
        self.message, self.source, self.line, self.column = message, source, line, column
        place = ":".join(str(part) for part in (source, line, column) if part)
        super().__init__(f"{place}: {message}" if place else message)


class PluginError(PartizipationError):
    """A plugin failed; names who, where and during what.

    Args:
        distribution: the installed distribution the plugin came from.
        version: its version.
        hook: the hook or rule that was called.
        command: the command that was under way, empty while loading.
    """

    def __init__(
        self, distribution: str, version: str, hook: str, command: str = "", *, reason: str = ""
    ) -> None:
        self.distribution, self.version = distribution, version
        self.hook, self.command, self.reason = hook, command, reason
        during = f" during {command}" if command else ""
        super().__init__(f"plugin {distribution} {version} failed in {hook}{during}: {reason}")


class RuleUnavailable(PartizipationError):  # noqa: N818 - names the situation
    """A rule pinned by a procedure is not installed; the procedure is read-only meanwhile."""


class StorageError(PartizipationError):
    """The database is not in the state or configuration that our promises need."""
