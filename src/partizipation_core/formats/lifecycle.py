"""Lifecycles: the states of one item and the triggers that move it.

The only module that knows the library ``transitions``. A machine is built once per lifecycle to
validate it and is then flattened into a table, because a vote or a replay needs nothing but a
look-up. Guards are not the machine's: they live in rules that return reasons.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Self

from attrs import field, frozen
from transitions import Machine, MachineError

from partizipation_core.errors import DefinitionError

__all__ = ["Lifecycle"]

# Ten log calls a step would otherwise cost more than the step.
logging.getLogger("transitions").setLevel(logging.WARNING)

Moves = Mapping[str, Mapping[str, str]]


class _Cursor:
    """A throw-away model; the machine never keeps it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _frozen_moves(moves: Moves) -> Moves:
    return MappingProxyType({state: MappingProxyType(dict(out)) for state, out in moves.items()})


@frozen(kw_only=True)
class Lifecycle:
    """States and the moves between them, checked when it is made.

    Args:
        key: its name.
        initial: the state a new item is in.
        moves: for each state the triggers possible there and where each leads. A state without
            moves is an end.

    Raises:
        DefinitionError: a move leads to an unknown state, or a state cannot be reached.
    """

    key: str
    initial: str
    moves: Moves = field(converter=_frozen_moves)
    _table: Mapping[tuple[str, str], str] = field(init=False, eq=False, repr=False)
    _machine: Machine = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._refuse_unknown_states()
        machine = self._compile()
        table = {
            (step.source, name): step.dest
            for name in machine.events
            for step in machine.get_transitions(name)
        }
        object.__setattr__(self, "_machine", machine)
        object.__setattr__(self, "_table", MappingProxyType(table))
        self._refuse_unreachable_states()

    @property
    def states(self) -> tuple[str, ...]:
        """All states in the order they were written."""
        return tuple(self.moves)

    @property
    def triggers(self) -> tuple[str, ...]:
        """All triggers, each once, in the order they were written."""
        return tuple(dict.fromkeys(trigger for out in self.moves.values() for trigger in out))

    def next(self, state: str, trigger: str) -> str | None:
        """Tell where a trigger leads from a state, or None where it is not possible."""
        return self._table.get((state, trigger))

    def sources(self, trigger: str) -> tuple[str, ...]:
        """List the states from which a trigger is possible."""
        return tuple(state for state, out in self.moves.items() if trigger in out)

    def passed(self, state: str) -> tuple[str, ...]:
        """List the triggers that every item in a state has pulled, whichever way it came."""
        return tuple(one for one in self.triggers if state not in self._reachable(without=one))

    def fire(self, state: str, trigger: str) -> str | None:
        """Do what `next` does with the machine itself: the oracle that proves the table."""
        cursor = _Cursor(state)
        try:
            self._machine.events[trigger].trigger(cursor)
        except (KeyError, MachineError):
            return None
        return cursor.state

    def extend(self, *, key: str, moves: Moves) -> Self:
        """Make a lifecycle with further states and moves."""
        states = dict.fromkeys((*self.moves, *moves))
        merged = {s: {**self.moves.get(s, {}), **moves.get(s, {})} for s in states}
        return type(self)(key=key, initial=self.initial, moves=merged)

    def _edges(self) -> Iterator[tuple[str, str, str]]:
        for source, out in self.moves.items():
            for name, dest in out.items():
                yield source, name, dest

    def _compile(self) -> Machine:
        return Machine(
            model=None,
            states=list(self.moves),
            initial=self.initial,
            transitions=[[name, source, dest] for source, name, dest in self._edges()],
            auto_transitions=False,
            queued=False,
        )

    def _refuse_unknown_states(self) -> None:
        known = set(self.moves)
        problems = [
            f"lifecycle {self.key}.{source}.{name}: leads to unknown state {dest!r}"
            for source, name, dest in self._edges()
            if dest not in known
        ]
        if self.initial not in known:
            problems.append(f"lifecycle {self.key}: unknown initial state {self.initial!r}")
        if problems:
            raise DefinitionError(*problems)

    def _reachable(self, *, without: str = "") -> set[str]:
        """Find the states that can be reached, where need be without one of the triggers."""
        seen, waiting = {self.initial}, [self.initial]
        while waiting:
            out = self.moves[waiting.pop()]
            new = {dest for name, dest in out.items() if name != without} - seen
            seen |= new
            waiting += new
        return seen

    def _refuse_unreachable_states(self) -> None:
        seen = self._reachable()
        if lost := [state for state in self.moves if state not in seen]:
            raise DefinitionError(
                *(f"lifecycle {self.key}.{state}: no move leads here" for state in lost)
            )
