"""Voting with a code: whoever holds one votes, with no account (T28).

A code that does not exist, was withdrawn or was used gets one and the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, field, frozen

from partizipation_core.formats.channels import Channel
from partizipation_core.identity import Strength
from partizipation_core.kernel import access
from partizipation_core.kernel.ballot import CastBallot
from partizipation_core.kernel.channels.casting import entry
from partizipation_core.kernel.channels.checks import (
    closed_channel,
    content_problems,
    no_open_vote,
    register_of,
)
from partizipation_core.kernel.channels.entries import CastEntry, HeldCode, Voter
from partizipation_core.kernel.channels.policy import Fate, Ruling, rule_on
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "CastByCode", "ReplaceByCode"]


@frozen(kw_only=True)
class CastByCode(CastBallot):
    """Cast a ballot with a code; `ProcedureHandle.cast_by_code` hashes it.

    Args:
        choices: as in `CastBallot`.
        code: keyed hash of the code, in hexadecimal.
    """

    code: str = field(repr=False)
    channel: Channel = field(default="code", init=False)


@frozen(kw_only=True)
class ReplaceByCode(CastByCode):
    """Put another ballot in the place of the one cast with the same code."""


def _objections(command: CastByCode, context: Context) -> Iterator[Objection]:
    yield from closed_channel("code", context)
    if context.procedure.vote not in context.procedure.papers:
        yield from no_open_vote(command, context)
        return
    yield from content_problems(command.choices, context)
    if not _good(command, context):
        yield Objection("code_not_accepted")
        return
    personal = _is_personal(context)
    if not _is_test(context):
        yield from access.channel_strength("code", context, named=personal)
    if personal:
        yield from _entitled(command, context)


def _is_test(context: Context) -> bool:
    return context.register.code is not None and context.register.code.test


def _is_personal(context: Context) -> bool:
    """Tell whether the code was issued to somebody on the register; test codes never are."""
    code = context.register.code
    if code is None or code.test:
        return False
    return register_of(code.vote, context).batches[code.batch].addressed


def _entitled(command: CastByCode, context: Context) -> Iterator[Objection]:
    """Ask of the person whose code it is what an account is asked."""
    if not access.by_roll(context):
        return
    if context.franchise.mine is None:
        yield Objection("not_on_electoral_roll", {"vote": context.procedure.vote})
    else:
        yield from access.territory(command, context)


def _good(command: CastByCode, context: Context) -> bool:
    code, stands = context.register.code, context.register.standing
    if code is None or code.vote != context.procedure.vote or _withdrawn(code, context):
        return False
    if isinstance(command, ReplaceByCode):
        return stands is not None and stands.channel == "code" and stands.fate is None
    return rule_on(context.settings.same_voter, stands, "code") is not Ruling.REFUSED


def _withdrawn(code: HeldCode, context: Context) -> bool:
    batch = register_of(code.vote, context).batches.get(code.batch)
    return batch is None or batch.is_void(code.number)


def _cast(command: CastByCode, context: Context) -> tuple[CastEntry, ...]:
    code = context.register.code
    assert code is not None  # noqa: S101 - narrowing, objected to before
    cast = CastEntry(
        vote=context.procedure.vote,
        voter=Voter(tag=code.tag),
        channel="code",
        choices=command.choices,
        replaces=isinstance(command, ReplaceByCode),
        strength=context.settings.strength_of("code") if _is_personal(context) else Strength.NONE,
    )
    if code.test:
        return (evolve(cast, choices={}, fate=Fate.TEST),)
    return (entry(cast, context.register.standing, context),)


DECIDERS = tuple(
    Decider(
        command=command,
        decide=_cast,
        objections=_objections,
        needs={Need.REGISTER, Need.ENTITLED},
        voice=True,
    )
    for command in (CastByCode, ReplaceByCode)
)
