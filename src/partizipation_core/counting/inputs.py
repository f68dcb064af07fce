"""Elections made from elections: votes of channels weighed, sponsors' money, parts of a ballot.

Each takes an election and returns another one, so it composes with every rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import Ballot, BallotType, Voters
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election

__all__ = ["balanced", "restricted", "sponsored", "weighted"]


def weighted(election: Election, *, by: str, weights: Mapping[str, int]) -> Election:
    """Return an election in which the ballots of some channels count several times.

    Args:
        election: what was voted, ballot by ballot.
        by: column of the voters that names the channel, such as ``voting_method``.
        weights: how often a ballot of each channel counts; others count once.

    Raises:
        NeedsBallots: only totals are known.
        InputError: there is no such column, or a weight is negative.
    """
    election.require("ballots", "weighted")
    if by not in election.voters.columns:
        raise InputError(f"the voters have no column {by!r}")
    if min([1, *weights.values()]) < 0:
        raise InputError("a weight is negative")
    counts = [0] * len(election.ballots)
    channels = election.voters.columns[by]
    for place, channel in zip(election.voters.ballots, channels, strict=True):
        counts[place] += weights.get(channel.strip(), 1)
    paired = zip(election.ballots, counts, strict=True)
    return replace(election, ballots=tuple(replace(b, weight=count) for b, count in paired))


def balanced(election: Election, *, by: str, shares: Mapping[str, int]) -> Election:
    """Return an election in which each channel has a fixed share of all votes.

    Amsterdam: internet and paper half each, ``shares={"internet": 1, "paper": 1}``.

    Args:
        election: what was voted, ballot by ballot.
        by: column of the voters that names the channel.
        shares: the share of each channel; channels without one do not count.

    Raises:
        NeedsBallots: only totals are known.
        InputError: there is no such column, or nobody used a channel that has a share.
    """
    election.require("ballots", "balanced")
    channels = [name.strip() for name in election.voters.columns.get(by, ())]
    cast = {name: channels.count(name) for name in {*channels, *shares}}
    if missing := [name for name in shares if not cast[name]]:
        raise InputError(f"nobody voted by {missing[0]}")
    exact = {name: Fraction(share, cast[name]) for name, share in shares.items()}
    whole = lcm(*(weight.denominator for weight in exact.values()))
    weights = {name: int(exact.get(name, Fraction(0)) * whole) for name in cast}
    return weighted(election, by=by, weights=weights)


def sponsored(election: Election, money: Mapping[str, int], *, pot: int = 0) -> Election:
    """Return an election in which sponsors pay a part (Drittmittel).

    Args:
        election: what was voted.
        money: what sponsors pay for single projects; the budget pays the rest of their cost.
        pot: what sponsors add to the budget for any project.

    Raises:
        InputError: a project is unknown, or an amount is negative.
    """
    known = {project.id for project in election.projects}
    if wrong := sorted(set(money) - known):
        raise InputError(f"the sponsored project {wrong[0]} is not known")
    if min([pot, *money.values()]) < 0:
        raise InputError("a sponsor's contribution is negative")
    projects = tuple(
        replace(project, cost=max(project.cost - money.get(project.id, 0), 0))
        for project in election.projects
    )
    return replace(election, projects=projects, budget=election.budget + pot)


def restricted(election: Election, ids: Collection[str], budget: int) -> Election:
    """Return the part of an election that is about some of its projects.

    Voters who support none of them take no part in it.

    Args:
        election: what was voted.
        ids: the projects.
        budget: money for them, in minor units.
    """
    kept = [n for n, project in enumerate(election.projects) if project.id in ids]
    projects = tuple(election.projects[number] for number in kept)
    if election.ballot_type is BallotType.TOTALS:
        totals = tuple(election.totals[number] for number in kept)
        return replace(election, projects=projects, budget=budget, totals=totals)
    place = {number: position for position, number in enumerate(kept)}
    reduced = [_reduced(ballot, place) for ballot in election.ballots]
    distinct: dict[Ballot, int] = {}
    for ballot, source in zip(reduced, election.ballots, strict=True):
        if ballot.choices:
            distinct[ballot] = distinct.get(ballot, 0) + source.weight
    positions = {ballot: position for position, ballot in enumerate(distinct)}
    return replace(
        election,
        projects=projects,
        budget=budget,
        ballots=tuple(replace(ballot, weight=weight) for ballot, weight in distinct.items()),
        voters=_kept(election.voters, reduced, positions),
    )


def _reduced(ballot: Ballot, place: Mapping[int, int]) -> Ballot:
    pairs = [(place[number], points) for number, points in ballot if number in place]
    points = tuple(points for _, points in pairs) if ballot.points else ()
    return Ballot(tuple(number for number, _ in pairs), points)


def _kept(voters: Voters, reduced: list[Ballot], positions: Mapping[Ballot, int]) -> Voters:
    those = [n for n, ballot in enumerate(voters.ballots) if reduced[ballot].choices]
    return Voters(
        ids=tuple(voters.ids[n] for n in those),
        ballots=tuple(positions[reduced[voters.ballots[n]]] for n in those),
        columns={name: tuple(column[n] for n in those) for name, column in voters.columns.items()},
    )
