"""From an election to the text of a ``.pb`` file; reading it again gives an equal election."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import BallotType
from partizipation_core.counting.pb.records import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from partizipation_core.counting.ballots import Ballot
    from partizipation_core.counting.election import Election, Project

__all__ = ["format_pb"]

_LEADING = ("description", "country", "unit", "district", "subunit", "instance")


def format_pb(election: Election) -> str:
    """Return the text of a ``.pb`` file: UTF-8, LF, every cell quoted that needs it.

    Args:
        election: what to write.
    """
    sections = (_meta(election), _projects(election), _votes(election))
    lines: list[str] = []
    for title, rows in zip(TITLES, sections, strict=True):
        lines.append(title)
        lines += [";".join(map(_cell, row)) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    if text in TITLES or any(mark in text for mark in ';"\r\n') or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _meta(election: Election) -> Iterator[tuple[str, str]]:
    meta = election.meta
    yield "key", "value"
    yield from ((key, meta[key]) for key in _LEADING if key in meta)
    yield "num_projects", str(len(election.projects))
    yield "num_votes", str(election.num_votes)
    yield "budget", _money(election.budget, election.unit)
    yield "vote_type", str(election.ballot_type)
    yield from ((key, value) for key, value in meta.items() if key not in _LEADING)


def _money(amount: int, unit: int) -> str:
    if unit == 1:
        return str(amount)
    whole, part = divmod(amount, unit)
    return f"{whole}.{part:0{len(str(unit)) - 1}}"


def _projects(election: Election) -> Iterator[list[str]]:
    own = [column for column in _own(election) if any(column[1])]
    taken = [name for name, _ in own]
    columns = [name for name in election.projects[0].meta if name not in taken]
    yield taken + columns
    for place, project in enumerate(election.projects):
        yield [texts[place] for _, texts in own] + [project.meta[name] for name in columns]


def _own(election: Election) -> Iterator[tuple[str, list[str]]]:
    projects = election.projects
    yield "project_id", [project.id for project in projects]
    yield "cost", [_money(project.cost, election.unit) for project in projects]
    yield from _totals(election)
    yield "name", [project.name for project in projects]
    yield "category", [",".join(project.categories) for project in projects]
    yield "beneficiaries", [",".join(project.targets) for project in projects]
    yield "exclusive_group", [project.exclusive for project in projects]
    yield "withdrawn", ["1" if project.withdrawn else "" for project in projects]


def _totals(election: Election) -> Iterator[tuple[str, list[str]]]:
    if election.ballot_type is BallotType.TOTALS:
        yield "votes", [str(total.votes) for total in election.totals]
        yield "score", [str(total.points) for total in election.totals]
        yield "contra", [str(total.contra) for total in election.totals]


def _votes(election: Election) -> Iterator[Iterable[str]]:
    voters, pointed = election.voters, election.ballot_type.pointed
    points = ("points",) if pointed else ()
    yield ["voter_id", "vote", *points, *voters.columns]
    cells = [_ballot(ballot, election.projects, pointed=pointed) for ballot in election.ballots]
    extra = voters.columns.values()
    for id_, ballot, *more in zip(voters.ids, voters.ballots, *extra, strict=True):
        yield (id_, *cells[ballot], *more)


def _ballot(ballot: Ballot, projects: tuple[Project, ...], *, pointed: bool) -> tuple[str, ...]:
    vote = ",".join(projects[place].id for place in ballot.choices)
    return (vote, ",".join(map(str, ballot.points))) if pointed else (vote,)
