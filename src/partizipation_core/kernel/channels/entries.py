"""Entries: what goes into the register of a vote without a line in the journal.

As with ballots, nothing here is an event: the journal tells what offices did, never what a person
voted. Tags are opaque to the kernel; only the holder of the vote's key can make one.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_core.freezing import as_mapping, as_tuple, read_only
from partizipation_core.identity import Strength
from partizipation_core.kernel.channels.channel import Validity
from partizipation_core.kernel.channels.policy import Fate, Standing
from partizipation_core.values import ItemRef, ParticipantRef

__all__ = [
    "NOBODY",
    "BatchEntry",
    "CastEntry",
    "HeldCode",
    "PaperEntry",
    "PaperState",
    "Reading",
    "RegisterView",
    "Typed",
    "Voter",
]

NOBODY = ParticipantRef("")


@frozen(kw_only=True)
class Voter:
    """Whose place on the register a vote takes; one of three.

    Args:
        person: pseudonym of somebody on the register.
        paper: number of a paper whose voter nobody knows.
        tag: a tag that is known already, as with codes.
    """

    person: ParticipantRef = field(default=NOBODY, repr=False)
    paper: str = ""
    tag: bytes = field(default=b"", repr=False)


@frozen(kw_only=True)
class Reading:
    """What somebody read on a ballot paper.

    Args:
        choices: item → points, as in `CastBallot`.
        validity: whether it is valid, blank or invalid.
        voter: whose it is, where the envelope says so; a keyed tag once it is stored.
    """

    choices: Mapping[ItemRef, int] = field(factory=dict, converter=as_mapping, repr=False)
    validity: Validity = "valid"
    voter: ParticipantRef = field(default=NOBODY, repr=False)


@frozen(kw_only=True)
class CastEntry:
    """A vote on its way into the register.

    Args:
        vote: names the vote.
        voter: whose place it takes.
        channel: how it came in.
        choices: what it says; forgotten where it does not go into the box.
        validity: whether it is valid, blank or invalid.
        fate: what becomes of it; None where it goes into the box.
        puts_aside: what becomes of the vote that stood for the same person; None where it stays.
        replaces: whether it takes the place of a ballot of the same channel.
        strength: how strongly the voter was recognised.
    """

    vote: str
    voter: Voter = field(repr=False)
    channel: str
    choices: Mapping[ItemRef, int] = field(factory=dict, converter=as_mapping, repr=False)
    validity: Validity = "valid"
    fate: Fate | None = None
    puts_aside: Fate | None = None
    replaces: bool = False
    strength: Strength = Strength.NONE


@frozen(kw_only=True)
class BatchEntry:
    """Codes on their way into the register, hashed; what they were is known to nobody here.

    Args:
        vote: names the vote.
        batch: their name.
        digests: keyed hashes in hexadecimal; the place of each is its number, from 1.
        test: whether ballots cast with them never count.
        voters: whose they are, one each; empty where whoever holds one may use it.
    """

    vote: str
    batch: str
    digests: tuple[str, ...] = field(converter=as_tuple, repr=False)
    test: bool = False
    voters: tuple[ParticipantRef, ...] = field(default=(), converter=as_tuple, repr=False)


@frozen(kw_only=True)
class PaperEntry:
    """A ballot paper that was typed in once or twice.

    Args:
        vote: names the vote.
        paper: its number.
        channel: ``paper`` or ``booth``.
        state: how far it has come.
        reading: what was read this time; gone once the paper is done.
        by: who read it.
    """

    vote: str
    paper: str
    channel: str
    state: PaperState
    reading: Reading = field(factory=Reading)
    by: ParticipantRef = NOBODY


PaperState = str
"""``entered`` once, ``differs`` after the second time, ``done``, or ``struck`` and gone."""


@frozen(kw_only=True)
class Typed:
    """A ballot paper as far as it has come.

    Args:
        state: ``entered`` once, ``differs`` after the second time, or ``done``.
        first: what was read the first time; None once it is done.
        first_by: by whom.
        second: what was read the second time.
        second_by: by whom.
    """

    state: PaperState
    first: Reading | None = None
    first_by: ParticipantRef = NOBODY
    second: Reading | None = None
    second_by: ParticipantRef = NOBODY


@frozen(kw_only=True)
class HeldCode:
    """A code that was found.

    Args:
        vote: which vote it is for.
        batch: its batch.
        number: its number in it.
        test: whether its ballot never counts.
        tag: whose place on the register it takes.
    """

    vote: str
    batch: str
    number: int
    test: bool
    tag: bytes = field(repr=False)


@frozen(kw_only=True)
class RegisterView:
    """What a decision about a vote may see of its register.

    Args:
        standing: the vote of the actor, of the holder of the code, or of the paper's voter.
        voter: keyed tag of the paper's voter in hexadecimal, empty where none is named.
        code: the code that was shown, if there is such a code.
        paper: the paper that the command names, if it was entered.
        papers: those numbers of an imported file that are known.
        standings: people named by the command who have voted → how their vote stands.
    """

    standing: Standing | None = None
    voter: str = field(default="", repr=False)
    code: HeldCode | None = None
    paper: Typed | None = None
    papers: frozenset[str] = frozenset()
    standings: Mapping[ParticipantRef, Standing] = field(
        factory=dict, converter=read_only, repr=False
    )
