"""Mixing: an assembly and ballots decide together (gemischte Entscheidung).

The town declares beforehand how: hands and votes are added up, one person one vote; or each side
has a weight, whoever comes in larger numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from partizipation_core.counting import Election, Tally
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.state import Hands
from partizipation_core.values import ItemRef

__all__ = ["NO_HANDS", "mix", "mixed", "weighted"]

NO_HANDS = Hands(yes=0, no=0)

_WHOLE = 100


def mixed(vote: str, election: Election, context: Context) -> Election:
    """Return an election with the hands of the assembly that decides together with the ballots."""
    settings, procedure = context.settings, context.procedure
    if settings.mixed_votes == "no":
        return election
    return mix(
        election,
        procedure.hands.get(vote, {}),
        procedure.attendance.get(vote, 0),
        settings.assembly_percent if settings.mixed_votes == "weights" else None,
    )


def mix(
    election: Election, hands: Mapping[ItemRef, Hands], present: int, percent: int | None = None
) -> Election:
    """Bring hands and ballots together in one election of totals.

    Args:
        election: what the ballots say.
        hands: item → hands shown; none for an item that was not put to the vote.
        present: people entitled to vote who were in the assembly.
        percent: weight of the assembly in percent; None to add up.
    """
    totals = {}
    for project, tally in zip(election.projects, election.tallies(), strict=True):
        shown = hands.get(ItemRef(project.id), NO_HANDS)
        points = tally.points + shown.yes
        if percent is not None:
            points = weighted(shown.yes, present, tally.votes, election.num_votes, percent)
        totals[project.id] = Tally(
            votes=tally.votes + shown.yes, points=points, contra=tally.contra + shown.no
        )
    return Election.from_tallies(
        projects=election.projects,
        budget=election.budget,
        tallies=totals,
        unit=election.unit,
        meta=election.meta,
    )


def weighted(yes: int, present: int, votes: int, ballots: int, percent: int) -> int:
    """Return the weighted share of an item as a whole number that can be compared exactly.

    It is ``percent · yes/present + (100 - percent) · votes/ballots`` times both numbers of
    people, so that nothing is rounded; a side in which nobody took part has no say.

    Args:
        yes: hands for it.
        present: people in the assembly.
        votes: ballots for it.
        ballots: all ballots.
        percent: weight of the assembly in percent.
    """
    there, sent = max(present, 1), max(ballots, 1)
    return percent * yes * sent + (_WHOLE - percent) * votes * there
