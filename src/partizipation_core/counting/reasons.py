"""Reasons and findings: a code and its parameters, never a finished sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

__all__ = ["Finding", "Param", "Params", "Reason", "frozen"]

Param: TypeAlias = int | str | tuple[str, ...]
Params: TypeAlias = Mapping[str, Param]


def frozen(params: Mapping[str, Param]) -> Params:
    """Return a read-only copy of `params`.

    Args:
        params: any mapping; later changes to it are not seen.
    """
    return MappingProxyType(dict(params))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so; the catalogues hold one sentence for each code.

    Args:
        code: key of the sentence, such as ``fate.does_not_fit``.
        params: what the sentence fills in; money in minor units.
    """

    code: str
    params: Params = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", frozen(self.params))

    def to_data(self) -> dict[str, object]:
        """Return the reason as plain data."""
        return {"code": self.code, "params": {key: plain(v) for key, v in self.params.items()}}


@dataclass(frozen=True, slots=True)
class Finding(Reason):
    """Something odd in a file that does not stop the count.

    Args:
        line: line of the file from 1, 0 if the file as a whole is meant.
    """

    line: int = 0

    def to_data(self) -> dict[str, object]:
        """Return the finding as plain data."""
        return {**Reason.to_data(self), "line": self.line}


def plain(value: Param) -> int | str | list[str]:
    """Return `value` as JSON knows it.

    Args:
        value: a number, a text or several texts.
    """
    return list(value) if isinstance(value, tuple) else value


def params_from(data: Mapping[str, int | str | list[str]]) -> dict[str, Param]:
    """Undo `plain` for every parameter.

    Args:
        data: the parameters as JSON holds them.
    """
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
