"""The election: projects, a budget and what was voted, as one immutable value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from partizipation_core.counting.ballots import (
    Ballot,
    BallotType,
    Choices,
    Voters,
    ballot_of,
    named,
    weighted,
)
from partizipation_core.counting.reasons import Finding, frozen
from partizipation_core.counting.tally import Tally, tally
from partizipation_core.errors import InputError, PartizipationError

__all__ = ["META_KEYS", "PROJECT_COLUMNS", "WITHDRAWN", "Election", "NeedsBallots", "Project"]

WITHDRAWN = 999_999_999
"""Pabulib's cost, in units of the currency, of a project withdrawn after the vote."""

PROJECT_COLUMNS = frozenset(
    (
        "project_id",
        "cost",
        "name",
        "category",
        "beneficiaries",
        "target",
        "exclusive_group",
        "withdrawn",
    )
)
META_KEYS = frozenset({"budget", "vote_type", "num_projects", "num_votes"})
_UNWRITABLE = re.compile(r"[,\r\n]|^\s|\s$|^$")


class NeedsBallots(PartizipationError):  # noqa: N818 - names the situation
    """A rule needs single ballots where only totals are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project (Vorhaben) that may be funded.

    Args:
        id: its identifier, unique in the election; no comma, no line break, no blank at the ends.
        cost: what it costs, in minor units of the election.
        name: its title.
        categories: subjects it belongs to.
        targets: whom it serves (Pabulib: ``beneficiaries``, formerly ``target``).
        exclusive: name of a group of which at most one project may be funded, empty for none.
        withdrawn: it was on the ballot but can no longer be funded.
        meta: further columns of its row, as text.
    """

    id: str
    cost: int
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exclusive: str = ""
    withdrawn: bool = False
    meta: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if _UNWRITABLE.search(self.id):
            message = f"project id {self.id!r} is empty or has a comma, line break or outer blank"
            raise InputError(message)
        if self.cost < 0:
            raise InputError(f"project {self.id} costs {self.cost}; costs are not negative")
        object.__setattr__(self, "meta", frozen(named(self.meta, PROJECT_COLUMNS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """A vote over projects and a budget; build it with one of the ``from_`` methods.

    Args:
        projects: the projects in the order of the ballot paper.
        budget: money to award, in minor units.
        ballot_type: what voters could write.
        ballots: the distinct ballots; empty if only totals are known.
        voters: who cast which; empty if only totals are known.
        totals: totals of each project, only if there are no ballots.
        unit: minor units in one unit of the currency (1, 10, 100 ...), so that all money is whole.
        meta: further facts as text, such as ``currency`` or ``rule``.
        findings: oddities found while reading; not part of equality.
    """

    projects: tuple[Project, ...]
    budget: int
    ballot_type: BallotType
    ballots: tuple[Ballot, ...] = ()
    voters: Voters = field(default_factory=Voters)
    totals: tuple[Tally, ...] = ()
    unit: int = 1
    meta: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        meta = {key: value.strip() for key, value in named(self.meta, META_KEYS).items()}
        object.__setattr__(self, "meta", frozen(meta))
        if str(self.unit).rstrip("0") != "1":
            raise InputError(f"unit is {self.unit}; it must be 1, 10, 100 ...")
        if not self.projects:
            raise InputError("an election needs at least one project")
        if self.budget < 0:
            raise InputError(f"the budget is {self.budget}; it must not be negative")
        if len({project.id for project in self.projects}) < len(self.projects):
            raise InputError("two projects have the same id")
        object.__setattr__(self, "projects", _levelled(self.projects))

    @property
    def currency(self) -> str:
        """The currency as ISO 4217 names it; euro if nothing is said."""
        return self.meta.get("currency", "EUR")

    @property
    def num_votes(self) -> int:
        """How many voters cast a ballot; 0 if only totals are known."""
        return len(self.voters.ids)

    def tallies(self) -> tuple[Tally, ...]:
        """Return the totals of each project, in the order of `projects`."""
        if self.ballot_type is BallotType.TOTALS:
            return self.totals
        return tally(
            self.ballots,
            len(self.projects),
            signed=self.ballot_type is BallotType.PRO_CONTRA,
            unlisted=int(self.meta.get("default_score") or 0),
        )

    def require(self, needs: str, rule: str) -> None:
        """Refuse a rule that needs more than is known.

        Args:
            needs: ``totals`` or ``ballots``, as the rule declares it.
            rule: name of the rule, for the message.

        Raises:
            NeedsBallots: only totals are known and the rule needs ballots.
        """
        if needs == "ballots" and self.ballot_type is BallotType.TOTALS:
            message = f"rule {rule} needs the single ballots; this election has only totals"
            raise NeedsBallots(message)

    @classmethod
    def from_ballots(  # noqa: PLR0913 - facts of one vote, all by name
        cls,
        *,
        projects: Iterable[Project],
        budget: int,
        ballots: Iterable[Choices],
        ballot_type: BallotType | str = BallotType.APPROVAL,
        voter_ids: Iterable[str] | None = None,
        unit: int = 1,
        meta: Mapping[str, str] | None = None,
    ) -> Election:
        """Build an election from single ballots; equal ones are grouped.

        Args:
            projects: what could be voted for.
            budget: money to award, in minor units.
            ballots: for each voter a sequence of project ids (approval, choose-1, ordinal with the
                best first) or a mapping of project id to points (1 and -1 for pro/contra).
            ballot_type: what voters could write.
            voter_ids: identifiers of the voters; counted from 1 if absent.
            unit: minor units in one unit of the currency.
            meta: further facts as text.

        Raises:
            InputError: a ballot names an unknown project or one project twice.
        """
        projects, meta, ballot_type = tuple(projects), meta or {}, BallotType(ballot_type)
        place = {project.id: position for position, project in enumerate(projects)}
        first = int(meta.get("max_length") or len(projects))
        cast = [
            _numbered(number, choices, place, ballot_type, first)
            for number, choices in enumerate(ballots, 1)
        ]
        distinct: dict[Ballot, int] = {}
        order = tuple(distinct.setdefault(ballot, len(distinct)) for ballot in cast)
        ids = tuple(map(str, range(1, len(cast) + 1)) if voter_ids is None else voter_ids)
        return cls(
            projects=projects,
            budget=budget,
            ballot_type=ballot_type,
            ballots=weighted(distinct, order),
            voters=Voters(ids=ids, ballots=order),
            unit=unit,
            meta=meta,
        )

    @classmethod
    def from_tallies(
        cls,
        *,
        projects: Iterable[Project],
        budget: int,
        tallies: Mapping[str, Tally | int],
        unit: int = 1,
        meta: Mapping[str, str] | None = None,
    ) -> Election:
        """Build an election of which only totals are known (tokens in vases, show of hands).

        Args:
            projects: what could be voted for.
            budget: money to award, in minor units.
            tallies: the total of each project; a bare number means that many votes.
            unit: minor units in one unit of the currency.
            meta: further facts as text.

        Raises:
            InputError: a total is missing or names an unknown project.
        """
        projects = tuple(projects)
        if odd := {project.id for project in projects} ^ set(tallies):
            raise InputError(f"projects and totals do not match: {', '.join(sorted(odd))}")
        return cls(
            projects=projects,
            budget=budget,
            ballot_type=BallotType.TOTALS,
            totals=tuple(_total(tallies[project.id]) for project in projects),
            unit=unit,
            meta=meta or {},
        )

    @classmethod
    def from_pb(cls, path: str | Path) -> Election:
        """Read a ``.pb`` file.

        Args:
            path: where it is.

        Raises:
            InputError: it is damaged; names file, line and column.
        """
        from partizipation_core.counting.pb import parse_pb_bytes  # it imports us

        return parse_pb_bytes(Path(path).read_bytes(), source=str(path))

    def to_pb(self) -> str:
        """Return the election as the text of a ``.pb`` file."""
        from partizipation_core.counting.pb import format_pb  # it imports us

        return format_pb(self)


def _levelled(projects: tuple[Project, ...]) -> tuple[Project, ...]:
    """Return projects that all have the same columns, as in a table."""
    columns = dict.fromkeys(name for project in projects for name in project.meta)
    return tuple(
        project
        if len(project.meta) == len(columns)
        else replace(project, meta={name: project.meta.get(name, "") for name in columns})
        for project in projects
    )


def _numbered(
    number: int, choices: Choices, place: Mapping[str, int], ballot_type: BallotType, first: int
) -> Ballot:
    try:
        return ballot_of(choices, place, ballot_type, first)
    except InputError as error:
        raise InputError(f"ballot {number}: {error.message}") from None


def _total(value: Tally | int) -> Tally:
    return Tally(votes=value, points=value) if isinstance(value, int) else value
