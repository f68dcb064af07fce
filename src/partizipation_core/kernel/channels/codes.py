"""Codes (Abstimmungscodes): how they are written, issued and withdrawn.

A code has 17 characters drawn at random from 31 that nobody mistakes for each other, 84 bits, and
one that checks them. Here are neither chance nor codes: whoever draws them hands in keyed hashes,
and that is all that is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel import access
from partizipation_core.kernel.channels.checks import closed_channel, register_of, unwritable
from partizipation_core.kernel.channels.entries import BatchEntry
from partizipation_core.kernel.channels.register import Batch, Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import Objection, ParticipantRef

__all__ = [
    "ALPHABET",
    "DECIDERS",
    "LENGTH",
    "CodesIssued",
    "CodesVoided",
    "IssueCodes",
    "VoidCodes",
    "check_character",
    "spelled",
    "well_formed",
]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O. Their number, 31, is prime, which the check relies on."""

LENGTH = 17
"""Characters drawn at random: 17 x log2(31) = 84.2 bits."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEPARATORS = re.compile(r"[\s\-–.]+")


def check_character(body: str) -> str:
    """Return the character that checks the others.

    Each place has a weight of its own modulo a prime, so that one wrong character and any two
    exchanged ones are always found.
    """
    weighted = (place * ALPHABET.index(one) for place, one in enumerate(body, 1))
    return ALPHABET[sum(weighted) % len(ALPHABET)]


def spelled(code: str) -> str:
    """Write a code in groups of six, as it is printed."""
    return "-".join(code[place : place + 6] for place in range(0, len(code), 6))


def well_formed(text: str) -> str | None:
    """Return the code that somebody typed, or None where it cannot be one.

    Small letters, blanks and hyphens do not matter. Whether there is such a code is not asked.
    """
    code = _SEPARATORS.sub("", text).upper()
    body, check = code[:LENGTH], code[LENGTH:]
    possible = len(body) == LENGTH and set(body) <= set(ALPHABET)
    return code if possible and check == check_character(body) else None


@frozen(kw_only=True)
class IssueCodes(Command):
    """Issue a batch of codes for a vote; `ProcedureHandle.issue_codes` draws them.

    Args:
        vote: which vote: the key of its stage, numbered where the stage is repeated.
        batch: name of the batch.
        digests: keyed hashes of the codes, in hexadecimal.
        purpose: what they are for.
        test: whether ballots cast with them never count.
        voters: people on the register whose codes these are, in the same order; empty where
            whoever holds one may use it.
    """

    vote: str
    batch: str
    digests: tuple[str, ...] = field(converter=as_tuple, repr=False)
    purpose: str = ""
    test: bool = False
    voters: tuple[ParticipantRef, ...] = field(default=(), converter=as_tuple, repr=False)


@frozen(kw_only=True)
class VoidCodes(Command):
    """Withdraw codes that were lost, damaged or stolen; ballots cast with them before stay.

    Args:
        vote: which vote.
        batch: name of the batch.
        numbers: single codes by their number; empty for the whole batch.
        reason: why.
    """

    vote: str
    batch: str
    numbers: tuple[int, ...] = field(default=(), converter=as_tuple)
    reason: str


@frozen(kw_only=True)
class CodesIssued(Event):
    """Codes were issued; which ones is known to nobody but those who got them."""

    vote: str
    batch: str
    count: int
    purpose: str
    test: bool
    addressed: bool

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember the batch."""
        batch = Batch(
            count=self.count, purpose=self.purpose, test=self.test, addressed=self.addressed
        )
        yield _with_batch(world.opened, self.vote, self.batch, batch)


@frozen(kw_only=True)
class CodesVoided(Event):
    """Codes were withdrawn; no number means the whole batch."""

    vote: str
    batch: str
    numbers: tuple[int, ...] = field(converter=as_tuple)
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember which ones are not good any more."""
        before = world.opened.registers[self.vote].batches[self.batch]
        gone = tuple(sorted({*before.void_numbers, *self.numbers}))
        after = evolve(before, void=before.void or not self.numbers, void_numbers=gone)
        yield _with_batch(world.opened, self.vote, self.batch, after)


def _with_batch(before: Procedure, vote: str, name: str, batch: Batch) -> Procedure:
    register = before.registers.get(vote, Register())
    register = evolve(register, batches={**register.batches, name: batch})
    return evolve(before, registers={**before.registers, vote: register})


def _issue_objections(command: IssueCodes, context: Context) -> Iterator[Objection]:
    yield from closed_channel("code", context, command.vote)
    yield from unwritable("batch", command.batch)
    yield from _held(command.vote, context)
    if command.batch in register_of(command.vote, context).batches:
        yield Objection("batch_exists", {"batch": command.batch})
    sound = all(map(_DIGEST.fullmatch, command.digests))
    if not (command.digests and sound and len(set(command.digests)) == len(command.digests)):
        yield Objection("codes_unsound", {"batch": command.batch})
    yield from _strangers(command, context)
    if not command.test:
        stage, named = command.vote.partition(".")[0], bool(command.voters)
        yield from access.channel_strength("code", context, named=named, stage=stage)
        yield from access.nowhere("code", context, stage)
    people = command.voters
    if people and (len(people) != len(command.digests) or len(set(people)) != len(people)):
        params = {"codes": len(command.digests), "people": len(set(people))}
        yield Objection("codes_and_people_differ", params)


def _strangers(command: IssueCodes, context: Context) -> Iterator[Objection]:
    """Object where an electoral roll says who may vote, and codes are for somebody else."""
    if context.settings.electorate != "register" or command.test:
        return
    if not command.voters:
        if "code" not in context.settings.unnamed:
            yield Objection("codes_unnamed", {"batch": command.batch})
        return
    entitled = context.franchise.entitled
    places = [place for place, one in enumerate(command.voters, 1) if one not in entitled]
    if places:
        params = {"vote": command.vote, "people": len(places), "places": _row(places)}
        yield Objection("codes_for_strangers", params)


def _held(vote: str, context: Context) -> Iterator[Objection]:
    """Object where no ballot can ever be cast in a vote again, or where it is none."""
    stage = vote.partition(".")[0]
    votes = {one.key for one in context.definition.stages if one.puts_on_ballot}
    if stage not in votes:
        yield Objection("vote_unknown", {"vote": vote})
    elif vote in context.procedure.closed_votes:
        yield Objection("vote_closed", {"vote": vote})


def _issue(command: IssueCodes, _context: Context) -> tuple[Event | BatchEntry, ...]:
    return (
        CodesIssued(
            vote=command.vote,
            batch=command.batch,
            count=len(command.digests),
            purpose=command.purpose,
            test=command.test,
            addressed=bool(command.voters),
        ),
        BatchEntry(
            vote=command.vote,
            batch=command.batch,
            digests=command.digests,
            test=command.test,
            voters=command.voters,
        ),
    )


def _void_objections(command: VoidCodes, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    batch = register_of(command.vote, context).batches.get(command.batch)
    if batch is None:
        yield Objection("batch_unknown", {"batch": command.batch, "vote": command.vote})
        return
    if batch.void:
        yield Objection("batch_void", {"batch": command.batch})
    strange = [one for one in command.numbers if not 1 <= one <= batch.count]
    if strange:
        params = {"batch": command.batch, "numbers": _row(strange), "count": batch.count}
        yield Objection("code_number_unknown", params)
    if gone := sorted(set(command.numbers) & set(batch.void_numbers)):
        yield Objection("codes_void", {"batch": command.batch, "numbers": _row(gone)})


def _row(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _void(command: VoidCodes, _context: Context) -> tuple[Event, ...]:
    return (
        CodesVoided(
            vote=command.vote,
            batch=command.batch,
            numbers=tuple(sorted(set(command.numbers))),
            reason=command.reason,
        ),
    )


DECIDERS = (
    Decider(
        command=IssueCodes,
        decide=_issue,
        objections=_issue_objections,
        events=(CodesIssued,),
        needs={Need.ENTITLED},
    ),
    Decider(command=VoidCodes, decide=_void, objections=_void_objections, events=(CodesVoided,)),
)
