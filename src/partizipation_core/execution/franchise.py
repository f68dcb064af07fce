"""Loading register and electoral roll: as much of them as a decision needs, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partizipation_core.execution.request import Request
from partizipation_core.kernel.channels.booth import ImportBooth
from partizipation_core.kernel.channels.bycode import CastByCode
from partizipation_core.kernel.channels.codes import IssueCodes
from partizipation_core.kernel.channels.entries import NOBODY, RegisterView
from partizipation_core.kernel.channels.hands import AdmitVoters
from partizipation_core.kernel.decider import Need
from partizipation_core.kernel.franchise import Enrolled, Franchise
from partizipation_core.kernel.messages import Command, ItemCommand
from partizipation_core.kernel.override import asked
from partizipation_core.kernel.state import Procedure
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import speaking
from partizipation_core.store.keys import KeyRing, voter_tag, voter_tagger
from partizipation_core.values import ItemRef, ParticipantRef

__all__ = ["franchise"]


def franchise(  # noqa: PLR0913 - all that the loader knows by then
    request: Request,
    keys: KeyRing,
    present: Procedure,
    pinned: Pinned,
    needs: Iterable[Need],
    *,
    shown: RegisterView,
) -> Franchise:
    """Read what a decision may see of register and electoral roll.

    Args:
        request: what is asked.
        keys: keys for the roll.
        present: the procedure as it stands.
        pinned: what it pinned.
        needs: what must be loaded.
        shown: what was found of a code.
    """
    unit, scope, vote = request.unit, request.scope, present.vote
    known = vote in present.papers and vote not in present.keyless
    by_register = pinned.settings.electorate == "register" and known
    whole = Need.ELECTORATE in needs and by_register
    person, asked_for = _person(request), {Need.MARK, Need.ENTITLED} & frozenset(needs)
    return Franchise(
        register=unit.electorate.register(voter_tagger(keys, scope, vote) if whole else None)
        if Need.RESIDENTS in needs
        else (),
        roll=unit.electorate.roll(vote) if whole else {},
        named=voter_tag(keys, scope, vote, person) if whole and person else b"",
        mine=_mine(request, keys, vote, shown) if asked_for and by_register else None,
        entitled=_entitled(request, keys, present)
        if Need.ENTITLED in needs and pinned.settings.electorate == "register"
        else {},
        areas=_areas(request, keys, present, pinned) if request.decider.voice else frozenset(),
    )


def _person(request: Request) -> ParticipantRef:
    """Return whom a command names besides its actor; empty where it names nobody."""
    command = asked(request.command)
    return ParticipantRef(getattr(command, "person", "") or getattr(command, "voter", ""))


def _mine(request: Request, keys: KeyRing, vote: str, shown: RegisterView) -> Enrolled | None:
    if not keys.has(request.scope, vote):
        return None
    if isinstance(asked(request.command), CastByCode):
        # A code that does not exist costs the same look-up as one that does.
        whose = shown.code.tag if shown.code else _NOBODYS
        return request.unit.electorate.enrolled(vote, whose)
    voter = _person(request) or request.actor.ref
    tag = voter_tag(keys, request.scope, vote, voter)
    return request.unit.electorate.enrolled(vote, tag)


_NOBODYS = bytes(32)


def _entitled(
    request: Request, keys: KeyRing, present: Procedure
) -> Mapping[ParticipantRef, Enrolled]:
    """Return those on the roll among the people a command names; before it is made, the register.

    Whoever is in the register is not always on the roll later: that a vote asks once more.
    """
    command, electorate = asked(request.command), request.unit.electorate
    vote, people = getattr(command, "vote", present.vote), _people(command)
    if vote in present.keyless:
        return {}
    if vote not in present.electorates:
        known = electorate.known(people)
        return dict.fromkeys(known, Enrolled())
    tags = {voter_tag(keys, request.scope, vote, one): one for one in people}
    found = electorate.enrolled_among(vote, tags)
    return {tags[tag]: one for tag, one in found.items()}


def _people(command: Command) -> frozenset[ParticipantRef]:
    if isinstance(command, IssueCodes):
        return frozenset(command.voters)
    if isinstance(command, AdmitVoters):
        return frozenset(command.people) - {NOBODY}
    if isinstance(command, ImportBooth):
        return frozenset(one.reading.voter for one in command.ballots) - {NOBODY}
    return frozenset()


def _areas(request: Request, keys: KeyRing, present: Procedure, pinned: Pinned) -> frozenset[str]:
    """Return the areas somebody speaks in, where a rule asks; what belongs everywhere has none."""
    if not pinned.rules.all("territory", present.stage):
        return frozenset()
    command = asked(request.command)
    found = (request.unit.item(ref) for ref in _named(command))
    areas = {item.area for item in found if item is not None}
    if isinstance(command, ItemCommand):
        held = speaking.held(request.unit, keys, request.scope, request.actor.ref)
        kind = _KINDS.get(request.decider.name)
        areas |= {one.area for one in held if one.kind == kind}
    return frozenset(areas - {""})


_KINDS = {"SupportItem": "support", "ConfirmSupport": "support", "RateItem": "rating"}
"""Command → the kind of voice whose areas add up."""


def _named(command: Command) -> Sequence[ItemRef]:
    if isinstance(command, ItemCommand):
        return (command.item,)
    return tuple(getattr(command, "choices", ()))
