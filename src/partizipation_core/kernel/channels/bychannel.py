"""Votes by channel: the very count of the election, once for each way in which votes came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from partizipation_core.counting import Tally
from partizipation_core.kernel.ballot import election_of
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.context import Context
from partizipation_core.values import ItemRef

__all__ = ["votes_by_channel"]

Box = Mapping[str, Sequence[Mapping[str, int]]]
"""Channel → ballots."""

Part = tuple[Sequence[Mapping[str, int]], Register]


def votes_by_channel(vote: str, box: Box, context: Context) -> dict[str, Mapping[ItemRef, Tally]]:
    """Count each channel as if there were no other; the sums are those of the election.

    Args:
        vote: which vote.
        box: its ballots.
        context: with all items.
    """
    register = context.procedure.registers.get(vote, Register())
    parts: dict[str, Part] = {name: (ballots, Register()) for name, ballots in box.items()}
    if register.meeting is not None:
        parts["hands"] = ((), Register(meeting=register.meeting))
    if register.places:
        parts["urn"] = ((), Register(places=register.places))
    return {channel: _tallies(vote, part, context) for channel, part in parts.items()}


def _tallies(vote: str, part: Part, context: Context) -> Mapping[ItemRef, Tally]:
    ballots, register = part
    alone = evolve(context.procedure, registers={vote: register})
    world = evolve(context.world, procedure=alone)
    election = election_of(vote, evolve(context, world=world, ballots=ballots))
    paired = zip(election.projects, election.tallies(), strict=True)
    return {ItemRef(project.id): tally for project, tally in paired}
