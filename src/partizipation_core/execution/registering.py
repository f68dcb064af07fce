"""Registering: what a decision may see of the register, read for just those its command names."""

from __future__ import annotations

from partizipation_core.execution.request import Request
from partizipation_core.kernel.channels.booth import ImportBooth
from partizipation_core.kernel.channels.bycode import CastByCode
from partizipation_core.kernel.channels.entries import NOBODY, RegisterView
from partizipation_core.kernel.channels.hands import AdmitVoters
from partizipation_core.kernel.channels.paper import EnterPaperBallot, StrikePaperBallot
from partizipation_core.store import Scope, Unit, casting
from partizipation_core.store.keys import KeyRing, voter_tag
from partizipation_core.values import ParticipantRef

__all__ = ["register_view"]


def register_view(unit: Unit, keys: KeyRing, request: Request, vote: str) -> RegisterView:
    """Read what the register of the present vote says of a code, a paper, or people."""
    command, scope = request.command, request.scope
    if isinstance(command, CastByCode):
        code, stands = casting.find_code(unit, keys, scope, vote, command.code)
        return RegisterView(code=code, standing=stands)
    if isinstance(command, EnterPaperBallot):
        return _of_a_paper(unit, keys, scope, vote, command)
    if isinstance(command, StrikePaperBallot):
        return RegisterView(paper=unit.registers.paper(vote, "paper", command.paper))
    if isinstance(command, AdmitVoters | ImportBooth):
        return _of_many(unit, keys, scope, vote, command)
    stands = casting.standing_of(unit, keys, scope, vote, request.actor.ref)
    return RegisterView(standing=stands)


def _of_a_paper(
    unit: Unit, keys: KeyRing, scope: Scope, vote: str, command: EnterPaperBallot
) -> RegisterView:
    voter, known = command.voter, unit.registers.paper(vote, "paper", command.paper)
    if voter == NOBODY:
        return RegisterView(paper=known)
    return RegisterView(
        paper=known,
        standing=casting.standing_of(unit, keys, scope, vote, voter),
        voter=voter_tag(keys, scope, vote, voter).hex(),
    )


def _of_many(
    unit: Unit, keys: KeyRing, scope: Scope, vote: str, command: AdmitVoters | ImportBooth
) -> RegisterView:
    numbers: tuple[str, ...] = ()
    people: set[ParticipantRef] = set()
    if isinstance(command, ImportBooth):
        numbers = command.numbers
        people = {one.reading.voter for one in command.ballots} - {NOBODY}
    else:
        people = set(command.people)
    found = ((one, casting.standing_of(unit, keys, scope, vote, one)) for one in people)
    return RegisterView(
        papers=frozenset(one for one in numbers if unit.registers.paper(vote, "booth", one)),
        standings={person: stands for person, stands in found if stands is not None},
    )
