"""Loading register and electoral roll: as much of them as a decision needs, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partizipation_core.execution.request import Request
from partizipation_core.kernel.decider import Need
from partizipation_core.kernel.franchise import Enrolled, Franchise, Registered
from partizipation_core.kernel.messages import Command, ItemCommand
from partizipation_core.kernel.override import asked
from partizipation_core.kernel.state import Procedure
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import recognising, speaking
from partizipation_core.store.keys import KeyRing, voter_tag
from partizipation_core.values import ItemRef, ParticipantRef

__all__ = ["franchise"]


def franchise(
    request: Request, keys: KeyRing, present: Procedure, pinned: Pinned, needs: Iterable[Need]
) -> Franchise:
    """Read what a decision may see of register and electoral roll."""
    unit, scope, vote = request.unit, request.scope, present.vote
    by_register = pinned.settings.electorate == "register" and vote in present.papers
    whole = Need.ELECTORATE in needs and by_register
    register: Sequence[Registered] = unit.electorate.register() if Need.RESIDENTS in needs else ()
    person, asked_for = _person(request), {Need.MARK, Need.ENTITLED} & frozenset(needs)
    return Franchise(
        register=recognising.tagged(keys, scope, vote, register) if whole else register,
        roll=unit.electorate.roll(vote) if whole else {},
        named=voter_tag(keys, scope, vote, person) if whole and person else b"",
        mine=_mine(request, keys, vote) if asked_for and by_register else None,
        areas=_areas(request, keys, present, pinned) if request.decider.voice else frozenset(),
    )


def _person(request: Request) -> ParticipantRef:
    """Return whom a command names besides its actor; empty where it names nobody."""
    command = asked(request.command)
    return ParticipantRef(getattr(command, "person", "") or getattr(command, "voter", ""))


def _mine(request: Request, keys: KeyRing, vote: str) -> Enrolled | None:
    if not keys.has(request.scope, vote):
        return None
    voter = _person(request) or request.actor.ref
    tag = voter_tag(keys, request.scope, vote, voter)
    return request.unit.electorate.enrolled(vote, tag)


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
