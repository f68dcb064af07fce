"""The order among equals: an input of the procedure and part of the protocol."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from partizipation_core.counting.lot import Lot
from partizipation_core.errors import InputError, PartizipationError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate

__all__ = ["Criterion", "Drawn", "Resolved", "Ties", "UndecidedTie", "natural"]

Key: TypeAlias = tuple[object, ...]
_DIGITS = re.compile(r"(\d+)")


class UndecidedTie(PartizipationError):  # noqa: N818 - names the situation
    """Equal projects compete for money and the tie order does not separate them.

    Args:
        members: ids of the projects.
    """

    def __init__(self, members: Sequence[str]) -> None:
        self.members = tuple(members)
        named = ", ".join(members)
        super().__init__(f"the tie order does not decide between {named}; add a Lot(seed)")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An order decided outside: slips from a hat, the chair's decision, an official outcome.

    Args:
        order: ids, the preferred one first; whoever is missing comes after all named.
    """

    order: tuple[str, ...]

    def key(self, id_: str) -> int:
        """Return the place of `id_`.

        Args:
            id_: id of a project.
        """
        return self.order.index(id_) if id_ in self.order else len(self.order)


Criterion: TypeAlias = str | Lot | Drawn


def natural(id_: str) -> Key:
    """Return a key that puts ``P2`` before ``P10``.

    Args:
        id_: id of a project.
    """
    parts = _DIGITS.split(id_)
    return (*((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p), (2, 0, id_))


_NAMED: dict[str, Callable[[Candidate], object]] = {
    "cost": lambda candidate: candidate.project.cost,
    "-votes": lambda candidate: -candidate.tally.votes,
    "-pro": lambda candidate: -candidate.tally.votes,
    "-points": lambda candidate: -candidate.tally.points,
    "id": lambda candidate: natural(candidate.project.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Equal projects in order.

    Args:
        order: the projects, the preferred one first.
        decided_by: the criteria that separated some of them.
        open_: groups that no criterion separated.
    """

    order: tuple[Candidate, ...]
    decided_by: tuple[str, ...]
    open_: tuple[tuple[Candidate, ...], ...]


@dataclass(frozen=True, slots=True, init=False)
class Ties:
    """Criteria for equal scores (Stichentscheid), the first one that differs decides.

    ``cost`` lower cost first · ``-votes`` more votes · ``-pro`` more pro votes (Köln) ·
    ``-points`` more points · ``id`` smaller id, only to reproduce files · `Lot` · `Drawn`.

    Args:
        criteria: in the order of their weight.

    Raises:
        InputError: a criterion is not known.
    """

    criteria: tuple[Criterion, ...]

    def __init__(self, *criteria: Criterion) -> None:
        for criterion in criteria:
            if isinstance(criterion, str) and criterion not in _NAMED:
                raise InputError(f"tie criterion {criterion!r} is none of {', '.join(_NAMED)}")
        object.__setattr__(self, "criteria", criteria)

    def to_data(self) -> list[object]:
        """Return the criteria as plain data."""
        return [_data(criterion) for criterion in self.criteria]

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria as protocols name them."""
        return tuple(map(_name, self.criteria))

    @property
    def lot(self) -> Lot | None:
        """The lot among the criteria, if there is one."""
        return next((c for c in self.criteria if isinstance(c, Lot)), None)

    def key(self, candidate: Candidate) -> Key:
        """Return what orders equal projects, the smallest first.

        Args:
            candidate: the project with its totals.
        """
        return tuple(_value(criterion, candidate) for criterion in self.criteria)

    def resolve(self, equals: Iterable[Candidate]) -> Resolved:
        """Order projects of equal score.

        Args:
            equals: the projects; their order does not matter.
        """
        keys = {candidate.project.id: self.key(candidate) for candidate in equals}
        order = sorted(equals, key=lambda c: (keys[c.project.id], natural(c.project.id)))
        blocks: dict[Key, list[Candidate]] = {}
        for candidate in order:
            blocks.setdefault(keys[candidate.project.id], []).append(candidate)
        return Resolved(
            order=tuple(order),
            decided_by=self._separating(set(keys.values())),
            open_=tuple(tuple(block) for block in blocks.values() if len(block) > 1),
        )

    def _separating(self, keys: set[Key]) -> tuple[str, ...]:
        kinds = [len({key[:depth] for key in keys}) for depth in range(len(self.criteria) + 1)]
        pairs = zip(self.names, kinds, kinds[1:], strict=False)
        return tuple(name for name, before, after in pairs if after > before)


def _name(criterion: Criterion) -> str:
    if isinstance(criterion, Lot):
        return "lot"
    return criterion if isinstance(criterion, str) else "drawn"


def _value(criterion: Criterion, candidate: Candidate) -> object:
    if isinstance(criterion, str):
        return _NAMED[criterion](candidate)
    return criterion.key(candidate.project.id)


def _data(criterion: Criterion) -> object:
    if isinstance(criterion, Lot):
        return {"lot": criterion.seed}
    return criterion if isinstance(criterion, str) else {"drawn": list(criterion.order)}
