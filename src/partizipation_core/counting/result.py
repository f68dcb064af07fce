"""The one result: what is funded, why, why not, and what was missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from partizipation_core.counting.lot import Draw
from partizipation_core.counting.reasons import Finding, Reason, params_from
from partizipation_core.counting.rounds import Round

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Fate", "Margin", "Outcome", "Result", "Tie"]

Outcome: TypeAlias = Literal["funded", "advised", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How much more support would have been enough, all else unchanged.

    Args:
        missing: votes or points, None if no number would have been enough or none was needed.
        reason: the same as a sentence, with the unit.
    """

    missing: int | None
    reason: Reason

    def to_data(self) -> dict[str, object]:
        """Return the margin as plain data."""
        return {"missing": self.missing, "reason": self.reason.to_data()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the margin as JSON holds it.
        """
        return cls(missing=data["missing"], reason=reason_from(data["reason"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one project, and why.

    Args:
        id: the project.
        name: its title.
        cost: its cost, in minor units.
        votes: votes for it.
        points: points it received.
        contra: votes against it, only for pro/contra.
        score: what it was ranked by.
        rank: 1 for the best score; equal scores share a rank.
        turn: when the rule came to it, from 1.
        rest: money left when its turn came, in minor units.
        outcome: ``funded``, ``rejected``, or ``advised`` where a vote only advises.
        reason: why.
        margin: how much more support it would have needed.
    """

    id: str
    name: str
    cost: int
    votes: int
    points: int
    contra: int
    score: int | Fraction
    rank: int
    turn: int
    rest: int
    outcome: Outcome
    reason: Reason
    margin: Margin

    @property
    def amount(self) -> int:
        """What it is to get, in minor units: its cost, or what was left where that is less."""
        if self.outcome != "funded":
            return 0
        return self.rest if self.reason.code == "fate.partial" else self.cost

    def to_data(self) -> dict[str, object]:
        """Return the fate as plain data; a broken score is the text ``3/7``."""
        plain = {name: getattr(self, name) for name in _FATE_PLAIN}
        score = self.score if isinstance(self.score, int) else str(self.score)
        nested = {"reason": self.reason.to_data(), "margin": self.margin.to_data()}
        return {**plain, "score": score, **nested}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the fate as JSON holds it.
        """
        score = data["score"]
        return cls(
            **{name: data[name] for name in _FATE_PLAIN},
            score=Fraction(score) if isinstance(score, str) else score,
            reason=reason_from(data["reason"]),
            margin=Margin.from_data(data["margin"]),
        )


_FATE_PLAIN = (
    "id",
    "name",
    "cost",
    "votes",
    "points",
    "contra",
    "rank",
    "turn",
    "rest",
    "outcome",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Projects of equal score and how they were put in order.

    Args:
        members: their ids in the order in which they were treated.
        score: their score.
        decided_by: criteria that separated some of them; empty if none did.
        mattered: whether another order would have funded others.
    """

    members: tuple[str, ...]
    score: int | Fraction
    decided_by: tuple[str, ...]
    mattered: bool

    def to_data(self) -> dict[str, object]:
        """Return the tie as plain data."""
        return {
            "members": list(self.members),
            "score": self.score if isinstance(self.score, int) else str(self.score),
            "decided_by": list(self.decided_by),
            "mattered": self.mattered,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the tie as JSON holds it.
        """
        score = data["score"]
        return cls(
            members=tuple(data["members"]),
            score=Fraction(score) if isinstance(score, str) else score,
            decided_by=tuple(data["decided_by"]),
            mattered=data["mattered"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of a rule: a proposal with everything needed to check it.

    Args:
        rule: name of the rule.
        version: its version; a change of its outcome for any election raises it.
        parameters: its settings, as plain data.
        budget: money to award, in minor units.
        unit: minor units in one unit of the currency.
        currency: the currency as ISO 4217 names it.
        funded: ids of the funded projects in the order of funding.
        rest: money left, in minor units; negative if the last project overran the budget.
        fates: what became of each project, in the order of their turns.
        ties: every tie among projects that could be funded.
        lot: the lot that was used or stood by, over all projects.
        findings: oddities of the election that was counted.
        rounds: for rules in which voters pay, what was bought in which round and who paid.
        notes: what else happened, such as how far a completion went.
    """

    rule: str
    version: int
    parameters: Mapping[str, Any]
    budget: int
    unit: int
    currency: str
    funded: tuple[str, ...]
    rest: int
    fates: Mapping[str, Fate]
    ties: tuple[Tie, ...] = ()
    lot: Draw | None = None
    findings: tuple[Finding, ...] = ()
    rounds: tuple[Round, ...] = ()
    notes: tuple[Reason, ...] = ()

    @property
    def rejected(self) -> dict[str, Fate]:
        """The fates of the projects that are not funded."""
        return {id_: fate for id_, fate in self.fates.items() if fate.outcome == "rejected"}

    @property
    def steps(self) -> tuple[Fate, ...]:
        """The protocol: the fates in the order of their turns."""
        return tuple(self.fates.values())

    def margin(self, id_: str) -> Margin:
        """Return how much more support a project would have needed.

        Args:
            id_: the project.
        """
        return self.fates[id_].margin

    def to_data(self) -> dict[str, object]:
        """Return the result as dicts, lists, integers, texts and booleans; no floats."""
        return {
            "rule": self.rule,
            "version": self.version,
            "parameters": dict(self.parameters),
            "budget": self.budget,
            "unit": self.unit,
            "currency": self.currency,
            "funded": list(self.funded),
            "rest": self.rest,
            "fates": [fate.to_data() for fate in self.steps],
            "ties": [tie.to_data() for tie in self.ties],
            "lot": self.lot.to_data() if self.lot else None,
            "findings": [finding.to_data() for finding in self.findings],
            **({"rounds": [round_.to_data() for round_ in self.rounds]} if self.rounds else {}),
            **({"notes": [note.to_data() for note in self.notes]} if self.notes else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave.

        Args:
            data: the result as JSON holds it.
        """
        fates = map(Fate.from_data, data["fates"])
        return cls(
            **{name: data[name] for name in _RESULT_PLAIN},
            funded=tuple(data["funded"]),
            fates={fate.id: fate for fate in fates},
            ties=tuple(map(Tie.from_data, data["ties"])),
            lot=Draw.from_data(data["lot"]) if data["lot"] else None,
            findings=tuple(map(_finding_from, data["findings"])),
            rounds=tuple(map(Round.from_data, data.get("rounds", ()))),
            notes=tuple(map(reason_from, data.get("notes", ()))),
        )

    def to_json(self) -> str:
        """Return the result as JSON with sorted keys, the same bytes for the same result."""
        return json.dumps(self.to_data(), ensure_ascii=False, indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` gave.

        Args:
            text: the JSON.
        """
        return cls.from_data(json.loads(text))

    def rows(self) -> list[dict[str, int | str]]:
        """Return one flat row a project for tables, in the order of the turns."""
        return [_row(fate) for fate in self.steps]


_RESULT_PLAIN = ("rule", "version", "parameters", "budget", "unit", "currency", "rest")


def reason_from(data: Mapping[str, Any]) -> Reason:
    """Read what `Reason.to_data` gave.

    Args:
        data: the reason as JSON holds it.
    """
    return Reason(data["code"], params_from(data["params"]))


def _finding_from(data: Mapping[str, Any]) -> Finding:
    return Finding(data["code"], params_from(data["params"]), data["line"])


def _row(fate: Fate) -> dict[str, int | str]:
    missing = "" if fate.margin.missing is None else fate.margin.missing
    plain = {name: getattr(fate, name) for name in ("turn", "rank", *_FATE_PLAIN[:6])}
    score = fate.score if isinstance(fate.score, int) else str(fate.score)
    ending = {"rest": fate.rest, "outcome": fate.outcome, "reason": fate.reason.code}
    return {**plain, "score": score, **ending, "missing": missing}
