"""Findings: what is odd in a file but does not stop a count."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import Ballot, BallotType
from partizipation_core.counting.cells import whole
from partizipation_core.counting.election import Election
from partizipation_core.counting.reasons import Finding, Param

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from partizipation_core.counting.pb.records import Record

__all__ = ["Checks"]

_SELECTED = {"", "0", "1", "2", "3"}


class Checks:
    """Compares what a file declares with what it holds.

    Args:
        election: what was read.
        facts: the rows of META by key.
        projects: the rows of PROJECTS.
        votes: the line of each row of VOTES.
    """

    def __init__(
        self,
        election: Election,
        facts: Mapping[str, Record],
        projects: list[Record],
        votes: Sequence[int],
    ) -> None:
        self._election, self._facts = election, facts
        self._projects, self._votes = projects, votes

    def findings(self) -> Iterator[Finding]:
        """Yield the findings, section by section."""
        yield from self._sizes()
        yield from self._totals()
        yield from self._outcomes()
        yield from self._duplicates()
        yield from self._limits()
        yield from self._leftover()

    def _leftover(self) -> Iterator[Finding]:
        row = self._facts.get("leftover_budget")
        if row and row.cells[1].strip():
            yield Finding("pb.leftover_budget", {"told": row.cells[1].strip()}, row.line)

    def _sizes(self) -> Iterator[Finding]:
        sizes = {"num_projects": len(self._projects), "num_votes": len(self._votes)}
        for key, found in sizes.items():
            row = self._facts.get(key)
            if row and whole(row.cells[1]) not in {"", str(found)}:
                declared = row.cells[1].strip()
                yield Finding(f"pb.{key}", {"declared": declared, "found": found}, row.line)

    def _totals(self) -> Iterator[Finding]:
        stated = {"votes", "score"} & set(self._election.projects[0].meta)
        if self._election.ballot_type is BallotType.TOTALS or not stated:
            return
        counted = zip(
            self._election.projects, self._election.tallies(), self._projects, strict=True
        )
        for project, tally, row in counted:
            for column, found in (("votes", tally.votes), ("score", tally.points)):
                declared = whole(project.meta.get(column, ""))
                if declared and declared != str(found):
                    numbers: dict[str, Param] = {"declared": declared, "found": found}
                    params = {"project": project.id, **numbers}
                    yield Finding(f"pb.{column}", params, row.line)

    def _outcomes(self) -> Iterator[Finding]:
        for project, row in zip(self._election.projects, self._projects, strict=True):
            selected = whole(project.meta.get("selected", ""))
            params = {"project": project.id, "selected": selected}
            if project.withdrawn:
                yield Finding("pb.withdrawn", {"project": project.id}, row.line)
            if selected in {"2", "3"}:
                yield Finding("pb.funded_otherwise", params, row.line)
            if selected not in _SELECTED:
                yield Finding("pb.selected", params, row.line)

    def _duplicates(self) -> Iterator[Finding]:
        ballots, voters = self._election.ballots, self._election.voters
        twice = {
            n: _twice(b) for n, b in enumerate(ballots) if len(set(b.choices)) < len(b.choices)
        }
        if not twice:
            return
        for id_, ballot, line in zip(voters.ids, voters.ballots, self._votes, strict=True):
            for place in twice.get(ballot, ()):
                params = {"voter": id_, "project": self._election.projects[place].id}
                yield Finding("pb.duplicate_in_vote", params, line)

    def _limits(self) -> Iterator[Finding]:
        for key, measure, upper in self._bounds():
            limit = self._limit(key)
            if limit is None:
                continue
            broken = {
                n
                for n, ballot in enumerate(self._election.ballots)
                for value in measure(ballot)
                if (value > limit if upper else value < limit)
            }
            cast = zip(self._votes, self._election.voters.ballots, strict=True)
            lines = [line for line, ballot in cast if ballot in broken] if broken else []
            if lines:
                numbers = {"limit": self._shown(key, limit), "count": len(lines)}
                yield Finding("pb.outside_limit", {"key": key, **numbers}, lines[0])

    def _bounds(self) -> Iterator[tuple[str, Callable[[Ballot], tuple[int, ...]], bool]]:
        for bound in ("min", "max"):
            yield f"{bound}_length", lambda ballot: (len(ballot.choices),), bound == "max"
            yield f"{bound}_points", lambda ballot: ballot.points, bound == "max"
            yield f"{bound}_sum_points", lambda ballot: (sum(ballot.points),), bound == "max"
            yield f"{bound}_sum_cost", self._cost, bound == "max"

    def _cost(self, ballot: Ballot) -> tuple[int, ...]:
        return (sum(self._election.projects[place].cost for place in ballot.choices),)

    def _limit(self, key: str) -> int | None:
        text = self._election.meta.get(key, "")
        if key == "max_length" and self._election.ballot_type is BallotType.CHOOSE_1:
            return 1
        unit = self._election.unit if key.endswith("cost") else 1
        whole, _, decimals = text.partition(".")
        if not whole.isdecimal() or decimals.strip("0"):
            return None
        return int(whole) * unit

    def _shown(self, key: str, limit: int) -> int:
        return limit // self._election.unit if key.endswith("cost") else limit


def _twice(ballot: Ballot) -> list[int]:
    return [one for one, other in pairwise(sorted(ballot.choices)) if one == other]
