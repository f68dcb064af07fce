"""The roll: who has voted, which only the holder of a vote's key can tell."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache, partial

from partizipation_core.errors import Refused
from partizipation_core.kernel.messages import BallotEntry, BallotOpening, BallotWithdrawal
from partizipation_core.store.keys import KeyRing, lost, voter_tag, voter_tagger
from partizipation_core.store.scope import Scope
from partizipation_core.store.unit import Unit
from partizipation_core.values import Objection, ParticipantRef

__all__ = ["has_voted", "open_ballot", "put", "put_all", "take_out"]

_LAST_WORD = {False: ("CastBallot", "already_voted"), True: ("ReplaceBallot", "not_voted_yet")}


def has_voted(unit: Unit, keys: KeyRing, scope: Scope, vote: str, voter: ParticipantRef) -> bool:
    """Tell whether somebody has voted; makes no key for a vote that has none yet.

    Raises:
        StorageError: the key was destroyed, or lost; with a new one everybody could vote again.
    """
    if keys.has(scope, vote):
        return unit.has_voted(vote, voter_tag(keys, scope, vote, voter))
    if unit.channels(vote) or unit.registers.any(vote):
        raise lost(keys, scope, vote)
    return False


def put(unit: Unit, keys: KeyRing, scope: Scope, entry: BallotEntry) -> str:
    """Put a ballot into the box and return its commitment in hexadecimal.

    Raises:
        Refused: the voter has voted already, or has nothing to replace. Objections have seen to
            it before; the unique key of the database has the last word.
    """
    commitment = unit.put(entry, voter_tag(keys, scope, entry.vote, entry.voter))
    if commitment is None:
        command, code = _LAST_WORD[entry.replaces]
        raise Refused(command, [Objection(code, {"vote": entry.vote})])
    return commitment


def take_out(unit: Unit, keys: KeyRing, scope: Scope, one: BallotWithdrawal) -> None:
    """Take a ballot out of the box and its voter off the roll.

    Raises:
        Refused: there is none that came in that way.
    """
    tag = voter_tag(keys, scope, one.vote, one.voter)
    if not unit.withdrawals.take_out(one.vote, tag, one.channel):
        raise Refused("RevokeBallot", [Objection("no_ballot_to_revoke", {"vote": one.vote})])


def open_ballot(
    unit: Unit, keys: KeyRing, scope: Scope, one: BallotOpening
) -> tuple[bytes, bytes]:
    """Take a ballot out of the box, its voter off the roll; returns its nonce and its body.

    Raises:
        Refused: the ballot in the box is another one, or there is none.
    """
    tag = voter_tag(keys, scope, one.vote, one.voter)
    with suppress(ValueError):  # what was typed is no commitment, so nothing has it
        if found := unit.withdrawals.open(one.vote, tag, bytes.fromhex(one.commitment)):
            return found
    raise Refused("ChallengeBallot", [Objection("no_ballot_to_challenge", {"vote": one.vote})])


def put_all(unit: Unit, keys: KeyRing, scope: Scope, entries: Iterable[BallotEntry]) -> None:
    """Put many new ballots in at once, all or none.

    Raises:
        Refused: some of their voters have voted already, or come twice.
    """
    # A million ballots ask for the key of their vote once.
    tagger = cache(partial(voter_tagger, keys, scope))
    tagged = ((one, tagger(one.vote)(one.voter)) for one in entries)
    if doubles := unit.put_all(tagged).doubles:
        raise Refused("CastBallot", [Objection("already_voted", {"ballots": doubles})])
