"""Naming: what goes wrong on the way is told with the command that was under way."""

from __future__ import annotations

from types import TracebackType

from partizipation_core.errors import PartizipationError, PluginError, Refused
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.watching import told
from partizipation_core.values import Objection

__all__ = ["blamed", "during", "writable"]


# Classes, since every ballot passes through them and a generator takes four times as long.
class _Telling:
    """Tell an error with the command that was under way."""

    __slots__ = ("_command",)

    def __init__(self, command: str) -> None:
        self._command = command

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._tell(error)

    def _tell(self, error: BaseException) -> None:
        raise NotImplementedError


class writable(_Telling):  # noqa: N801 - a word of a with statement
    """Refuse what cannot be kept: half a character, a number beyond every reader."""

    __slots__ = ()

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, ValueError):
            problem = Objection("not_writable", {"problem": str(error)})
            raise Refused(self._command, [problem]) from error


class during(_Telling):  # noqa: N801 - a word of a with statement
    """Let a failing rule name the command that was under way."""

    __slots__ = ()

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, PluginError) and not error.command:
            raise PluginError(
                error.distribution, error.version, error.hook, self._command, reason=error.reason
            ) from error


class blamed(_Telling):  # noqa: N801 - a word of a with statement
    """Let a plugin that decides a command be named when it fails at that.

    Args:
        command: what is under way.
        origin: whose command it is; None where it is the core's, whose errors are our own.
    """

    __slots__ = ("_origin",)

    def __init__(self, command: str, origin: Origin | None) -> None:
        super().__init__(command)
        self._origin = origin

    def _tell(self, error: BaseException) -> None:
        origin = self._origin
        if origin is None or isinstance(error, PartizipationError):
            return
        if isinstance(error, KeyboardInterrupt):
            error.add_note(f"while {origin} decided {self._command}")
            return
        reason = f"{type(error).__name__}: {told(error)}"
        who = (origin.distribution, origin.version)
        raise PluginError(*who, "decider", self._command, reason=reason) from error
