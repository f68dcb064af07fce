"""Casting: whose place on the roll a vote takes, which only the holder of its key can tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from partizipation_core.errors import Refused
from partizipation_core.identity import Strength
from partizipation_core.kernel.channels.entries import (
    BatchEntry,
    CastEntry,
    HeldCode,
    PaperEntry,
    Voter,
)
from partizipation_core.kernel.channels.policy import Fate, Standing
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store.keys import (
    KeyRing,
    bearer_tag,
    lost,
    paper_tag,
    voter_tag,
    voter_tagger,
)
from partizipation_core.store.unit import Scope, Unit
from partizipation_core.values import Objection, ParticipantRef

__all__ = ["find_code", "put", "standing_of", "unnamed"]

Entry = CastEntry | PaperEntry | BatchEntry


def put(unit: Unit, keys: KeyRing, scope: Scope, entry: Entry) -> str:
    """Write an entry into the register; returns the commitment of a ballot in the box, or nothing.

    Raises:
        Refused: the roll was ticked already. Objections have seen to it before; the unique key of
            the database has the last word.
    """
    if isinstance(entry, CastEntry):
        return _cast(unit, keys, scope, entry)
    if isinstance(entry, PaperEntry):
        unit.registers.keep(entry)
        return ""
    _issue(unit, keys, scope, entry)
    return ""


def _cast(unit: Unit, keys: KeyRing, scope: Scope, entry: CastEntry) -> str:
    vote, tag = entry.vote, _tag(keys, scope, entry.vote, entry.voter)
    if entry.puts_aside is not None:
        unit.registers.put_aside(vote, tag, entry.puts_aside)
        unit.electorate.unrecognise(vote, tag)
    if entry.fate is None:
        commitment = unit.put(_ballot(entry), tag)
        if commitment is None:
            raise _met_the_key(entry)
        if entry.strength is not Strength.NONE or entry.replaces:
            unit.electorate.recognise(vote, tag, entry.strength.value)
        return commitment
    first = unit.registers.tick(vote, tag)
    if entry.fate in (Fate.STANDS, Fate.TEST) and not first:
        raise _met_the_key(entry)
    unit.registers.note(vote, tag, entry.channel, entry.fate, entry.validity)
    return ""


def _ballot(entry: CastEntry) -> BallotEntry:
    return BallotEntry(
        vote=entry.vote,
        voter=entry.voter.person,
        choices=entry.choices,
        channel=entry.channel,
        replaces=entry.replaces,
    )


def _met_the_key(entry: CastEntry) -> Refused:
    if entry.channel == "code":
        return Refused("CastByCode", [Objection("code_not_accepted")])
    return Refused("CastBallot", [Objection("already_voted", {"vote": entry.vote})])


def _tag(keys: KeyRing, scope: Scope, vote: str, voter: Voter) -> bytes:
    if voter.tag:
        return voter.tag
    if voter.paper:
        return paper_tag(keys, scope, vote, voter.paper)
    return voter_tag(keys, scope, vote, voter.person)


def _issue(unit: Unit, keys: KeyRing, scope: Scope, entry: BatchEntry) -> None:
    digests = [bytes.fromhex(digest) for digest in entry.digests]
    tags = (
        list(map(voter_tagger(keys, scope, entry.vote), entry.voters))
        if entry.voters and not entry.test
        else [bearer_tag(keys, scope, entry.vote, digest) for digest in digests]
    )
    codes = list(zip(digests, tags, strict=True))
    unit.registers.issue(entry.vote, entry.batch, codes, test=entry.test)


def standing_of(
    unit: Unit, keys: KeyRing, scope: Scope, vote: str, person: ParticipantRef
) -> Standing | None:
    """Return how somebody's vote stands; makes no key for a vote that has none yet."""
    if not _has_key(unit, keys, scope, vote):
        return None
    return unit.registers.standing(vote, voter_tag(keys, scope, vote, person))


def unnamed(
    unit: Unit, keys: KeyRing, scope: Scope, vote: str, addressed: Collection[str]
) -> Iterator[bytes]:
    """Yield the tags under which votes that name nobody may stand on the roll.

    Args:
        unit: the open transaction.
        keys: keys for the roll.
        scope: the procedure.
        vote: which vote.
        addressed: batches whose codes belong to people.
    """
    for batch, test, tag in unit.registers.codes(vote):
        if test or batch not in addressed:
            yield tag
    if keys.has(scope, vote):
        for channel, paper in unit.registers.papers(vote):
            yield paper_tag(keys, scope, vote, f"{channel}/{paper}")


def find_code(
    unit: Unit, keys: KeyRing, scope: Scope, vote: str, digest: str
) -> tuple[HeldCode | None, Standing | None]:
    """Find a code and how the vote of its place on the roll stands.

    A code that does not exist costs the same two look-ups as one that does.
    """
    if not _has_key(unit, keys, scope, vote):
        return None, None
    try:
        found = bytes.fromhex(digest)
    except ValueError:
        return None, None  # whoever made it up did not ask for its digest first
    code = unit.registers.code(vote, found)
    return code, unit.registers.standing(vote, code.tag if code else found)


def _has_key(unit: Unit, keys: KeyRing, scope: Scope, vote: str) -> bool:
    """Tell whether the key of a vote was made.

    Raises:
        StorageError: it was destroyed, or lost; with a new one everybody could vote again.
    """
    if keys.has(scope, vote):
        return True
    if unit.channels(vote) or unit.registers.any(vote):
        raise lost(keys, scope, vote)
    return False
