"""Stages: the calendar of a procedure, and what each allows to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from partizipation_core.freezing import as_mapping

__all__ = ["Allowed", "Stage", "StageKind", "allowed"]

Allowed = Mapping[str, frozenset[str]]
"""Name of a command → roles that may give it."""


class StageKind(StrEnum):
    """The canonical five; every stage is one of them, whatever its own name."""

    IDEA = "idea"
    REVIEW = "review"
    VOTE = "vote"
    FUND = "fund"
    IMPLEMENT = "implement"


def allowed(entries: Mapping[Any, Iterable[str]]) -> Allowed:
    """Freeze what an author wrote: commands by class or name, each with its roles."""
    return MappingProxyType(
        {
            command if isinstance(command, str) else command.__name__: frozenset(map(str, roles))
            for command, roles in entries.items()
        }
    )


@frozen
class Stage:
    """A node of the calendar graph: what is allowed now, and where it may go from here.

    Args:
        key: its name within the format.
        kind: which of the canonical five it is.
        title: its name for people.
        allows: commands (classes or names) with the roles that may give them.
        edges: further ways on, by name (``repeat``, ``remainder_round``); the way ``advance``
            to the stage that follows in the format is there by itself unless given here.
        puts_on_ballot: the item state whose items stand on the ballot when the stage is entered;
            empty where there is no ballot.
    """

    key: str
    kind: StageKind = field(converter=StageKind, kw_only=True)
    title: str = field(default="", kw_only=True)
    allows: Allowed = field(factory=dict, converter=allowed, kw_only=True)
    edges: Mapping[str, str] = field(factory=dict, converter=as_mapping, kw_only=True)
    puts_on_ballot: str = field(default="", kw_only=True)
