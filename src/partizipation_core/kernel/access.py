"""Access: what speaks against a person's taking part.

Where the electorate was frozen when the vote opened, the electoral roll answers and no rule is
asked again. Everywhere else the eligibility rules are.
"""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.identity import Strength
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command
from partizipation_core.values import STAFF, Objection, Role

__all__ = [
    "by_roll",
    "channel_strength",
    "home",
    "least_strength",
    "nowhere",
    "objections",
    "territory",
]


def objections(decider: Decider, command: Command, context: Context) -> Iterator[Objection]:
    """Collect what speaks against the person: strength, franchise, territory."""
    yield from _strength(decider.name, context)
    if not decider.personal or _as_staff(decider, context):
        return
    if by_roll(context) and Need.MARK in decider.needs:
        yield from _roll(context)
    elif rules := context.rules.all("eligibility", context.procedure.stage):
        view = context.view(command)
        for rule in rules:
            yield from rule(context.actor, view)
    if decider.voice and not decider.takes_back:
        yield from territory(command, context)


def home(context: Context) -> str:
    """Tell in which area the actor lives: as the electoral roll has it, or as is asserted."""
    mine = context.franchise.mine
    return mine.area if mine else str(context.actor.attributes.get("area", ""))


def _as_staff(decider: Decider, context: Context) -> bool:
    """Tell whether it is one of the staff who may give the command as such."""
    roles = context.definition.roles(context.procedure.stage, decider.name) or frozenset()
    return bool(roles & context.actor.roles & STAFF)


def by_roll(context: Context) -> bool:
    """Tell whether a vote is held in this stage by an electoral roll."""
    register = context.settings.electorate == "register"
    return register and context.procedure.vote in context.procedure.papers


def least_strength(name: str, stage: str, settings: ProcedureSettings) -> Strength:
    """Return how strongly somebody must have been recognised who gives a command in a stage."""
    asked = settings.least_strength
    return asked.get(f"{stage}.{name}", asked.get(name, Strength.NONE))


def channel_strength(
    channel: str, context: Context, *, named: bool, stage: str = ""
) -> Iterator[Objection]:
    """Object where a channel recognises people less strongly than a ballot asks for.

    Args:
        channel: how a vote comes in that is not cast by an account.
        context: what the decision sees.
        named: whether the vote names a person.
        stage: where it is cast; the present stage if empty.
    """
    settings = context.settings
    least = least_strength("CastBallot", stage or context.procedure.stage, settings)
    given = settings.strength_of(channel) if named else Strength.NONE
    if not given.reaches(least):
        params = {"channel": channel, "least": least.value, "strength": given.value}
        yield Objection("channel_too_weak", params)


def _strength(name: str, context: Context) -> Iterator[Objection]:
    least, actor = least_strength(name, context.procedure.stage, context.settings), context.actor
    if actor.strength.reaches(least) or actor.roles == {Role.CODE_HOLDER}:
        return  # what a code proves its channel says
    params = {"command": name, "least": least.value, "strength": actor.strength.value}
    yield Objection("identity_too_weak", params)


def _roll(context: Context) -> Iterator[Objection]:
    vote = context.procedure.vote
    if vote not in context.procedure.electorates:
        yield Objection("electorate_missing", {"vote": vote})
    elif context.franchise.mine is None:
        yield Objection("not_on_electoral_roll", {"vote": vote})


def territory(command: object, context: Context) -> Iterator[Objection]:
    """Object to areas that the voter may not choose, as the rules about territory have it."""
    if rules := context.rules.all("territory", context.procedure.stage):
        view, lives_in = context.view(command), home(context)
        for rule in rules:
            yield from rule(lives_in, context.franchise.areas, view)


def nowhere(channel: str, context: Context, stage: str = "") -> Iterator[Objection]:
    """Object where people may speak in their own area only, and a channel tells no area.

    Args:
        channel: how a vote comes in that is not cast by an account.
        context: what the decision sees.
        stage: where it is cast; the present stage if empty.
    """
    asked = context.rules.all("territory", stage or context.procedure.stage)
    if asked and context.settings.electorate != "register":
        yield Objection("no_area_by_channel", {"channel": channel})
