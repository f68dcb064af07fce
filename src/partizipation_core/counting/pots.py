"""Money set aside (Sondertöpfe): several pots, each awarded by a rule among its own projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from partizipation_core.counting.fates import (
    EXCLUDED,
    by_rank,
    candidates_of,
    fate_of,
    result_of,
    turns,
)
from partizipation_core.counting.inputs import restricted
from partizipation_core.counting.limits import groups_of
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Fate, Result
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Constraint
    from partizipation_core.counting.election import Election, Project

__all__ = ["Countable", "Pot", "Pots"]


class Countable(Protocol):
    """A rule that awards money."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def parameters(self) -> dict[str, object]:
        """Its settings as plain data."""

    @property
    def ties(self) -> Ties:
        """Its order among equals."""

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """Money for some projects.

    Args:
        name: how the pot is called.
        amount: money in it, in minor units.
        by: column of the projects that must name one of `groups`; empty for all projects.
        groups: names of areas or subjects.
        most: projects that cost more do not belong to it, None for no such limit.
    """

    name: str
    amount: int
    by: str = ""
    groups: tuple[str, ...] = ()
    most: int | None = None

    def holds(self, project: Project) -> bool:
        """Return whether a project may be funded from it.

        Args:
            project: the project.
        """
        if self.most is not None and project.cost > self.most:
            return False
        return not self.by or bool(set(groups_of(project, self.by)) & set(self.groups))

    def to_data(self) -> dict[str, object]:
        """Return the pot as plain data."""
        return {
            "name": self.name,
            "amount": self.amount,
            "by": self.by,
            "groups": list(self.groups),
            "most": self.most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pots:
    """Award pots one after the other; what is left over goes on to the next one if it says so.

    Wuppertal 2021: 20,000 euros first for projects of at most 2,000, then the rest for all.
    District budgets: one pot for each value of ``district``, nothing carried over.

    Args:
        pots: the pots in their order; a project funded from one takes no part in later ones.
        rule: applied to each.
        carry: add what is left in a pot to the next one.
        rest: name of a last pot with all money that is in no other, for all projects; empty for
            none.
    """

    name: ClassVar[str] = "pots"
    version: ClassVar[int] = 1

    pots: Sequence[Pot]
    rule: Countable
    carry: bool = False
    rest: str = ""
    needs: str = field(default="totals", init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", getattr(self.rule, "needs", "totals"))
        object.__setattr__(self, "pots", tuple(self.pots))

    @property
    def ties(self) -> Ties:
        """The order among equals, that of the rule."""
        return self.rule.ties

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        return {
            "pots": [pot.to_data() for pot in self.pots],
            "rule": {"name": self.rule.name, **self.rule.parameters},
            "carry": self.carry,
            "rest": self.rest,
            "score": self.rule.parameters.get("score"),
        }

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule to each pot.

        Args:
            election: what was voted.
            constraints: what may not be funded; asked in each pot by itself.

        Raises:
            InputError: the pots hold more than the budget.
        """
        election.require(self.needs, self.name)
        parts: list[tuple[Pot, Result]] = []
        over = 0
        for pot in self._all(election):
            taken = {id_ for _, part in parts for id_ in part.funded}
            ids = {p.id for p in election.projects if p.id not in taken and pot.holds(p)}
            money = pot.amount + over
            if ids:
                part = self.rule(restricted(election, ids, money), constraints)
                parts.append((pot, part))
                over = part.rest if self.carry else 0
            else:
                over = money if self.carry else 0
        return _merged(self, election, constraints, parts)

    def _all(self, election: Election) -> list[Pot]:
        left = election.budget - sum(pot.amount for pot in self.pots)
        if left < 0:
            raise InputError("the pots hold more than the budget")
        return [*self.pots, *([Pot(name=self.rest, amount=left)] if self.rest else [])]


def _merged(
    pots: Pots,
    election: Election,
    constraints: Sequence[Constraint],
    parts: Sequence[tuple[Pot, Result]],
) -> Result:
    return result_of(
        pots,
        election,
        constraints,
        _fates(election, parts, Score(str(pots.parameters["score"] or Score.VOTES))),
        funded=tuple(id_ for _, part in parts for id_ in part.funded),
        ties=_flat(parts, lambda part: part.ties),
        rounds=_flat(parts, lambda part: part.rounds),
        notes=tuple(_note(pot, part) for pot, part in parts),
    )


def _flat(
    parts: Iterable[tuple[Pot, Result]], of: Callable[[Result], Iterable[object]]
) -> tuple[object, ...]:
    return tuple(each for _, part in parts for each in of(part))


def _note(pot: Pot, part: Result) -> Reason:
    params: dict[str, int | str] = {
        "pot": pot.name,
        "funded": len(part.funded),
        "amount": part.budget,
        "rest": part.rest,
    }
    return Reason("pots.awarded", params)


def _fates(
    election: Election, parts: Sequence[tuple[Pot, Result]], score: Score
) -> Mapping[str, Fate]:
    """Take each fate from the last pot that a project took part in; who was in none comes last."""
    fates: dict[str, Fate] = {}
    for _, part in parts:
        for id_, fate in part.fates.items():
            fates.pop(id_, None)
            fates[id_] = fate
    candidates = candidates_of(election, score)
    for candidate in by_rank(candidates):
        if candidate.project.id not in fates:
            fate = fate_of(candidate, 0, Reason("fate.in_no_pot"), EXCLUDED)
            fates[candidate.project.id] = fate
    return turns(fates.values(), candidates)
