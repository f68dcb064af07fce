"""Stages: the calendar of a procedure, and what each allows to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import field, frozen

from partizipation_core.clock import Instant, Moment

__all__ = ["Allowed", "Edge", "Mover", "Stage", "StageKind", "Timing", "Window", "allowed"]

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


class Mover(StrEnum):
    """What may move a procedure along an edge; every edge says so, nothing is implied by dates."""

    COMMAND = "command"
    TIME = "time"
    CONDITION = "condition"


def _movers(given: Iterable[str]) -> frozenset[Mover]:
    return frozenset(map(Mover, given))


@frozen
class Edge:
    """A way from one stage to another.

    Args:
        to: key of the stage it leads to.
        by: what may take it: a command, the time in the schedule, or a condition of the format
            that has come true.
    """

    to: str
    by: frozenset[Mover] = field(
        default=frozenset({Mover.COMMAND, Mover.TIME}),
        converter=_movers,
    )


@frozen
class Window:
    """When a stage is on: half-open, its ``start`` belongs to it, its ``end`` does not.

    Args:
        start: the instant at which the stage is entered by itself; None for by hand.
        end: the instant at which it ends by itself; None for until the next stage begins.
    """

    start: Instant | None = None
    end: Instant | None = field(default=None)

    @end.validator
    def _after_start(self, _: object, value: Instant | None) -> None:
        if value is not None and self.start is not None and value <= self.start:
            msg = "a window ends after it starts"
            raise ValueError(msg)


Timing: TypeAlias = Moment | Instant | Window | Mapping[str, Moment]
"""When a stage is on, as people say it: a day or time at which it begins, or ``from`` and
``until``, where a day named as the last one is meant whole."""


def _edges(given: Mapping[str, Any]) -> Mapping[str, Edge]:
    ways = {name: Edge(way) if isinstance(way, str) else way for name, way in given.items()}
    return MappingProxyType(ways)


@frozen
class Stage:
    """A node of the calendar graph: what is allowed now, and where it may go from here.

    Args:
        key: its name within the format.
        kind: which of the canonical five it is.
        title: its name for people.
        allows: commands (classes or names) with the roles that may give them.
        edges: further ways on, by name (``repeat``, ``remainder_round``), as `Edge` or as the key
            of a stage; the way ``advance`` to the stage that follows in the format is there by
            itself unless given here.
        puts_on_ballot: the item state whose items stand on the ballot when the stage is entered;
            empty where there is no ballot.
    """

    key: str
    kind: StageKind = field(converter=StageKind, kw_only=True)
    title: str = field(default="", kw_only=True)
    allows: Allowed = field(factory=dict, converter=allowed, kw_only=True)
    edges: Mapping[str, Edge] = field(factory=dict, converter=_edges, kw_only=True)
    puts_on_ballot: str = field(default="", kw_only=True)
