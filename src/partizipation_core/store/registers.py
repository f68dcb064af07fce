"""Registers: codes, papers, and what became of votes that are not in the box."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update

from partizipation_core.kernel.channels.entries import HeldCode, PaperEntry, Reading, Typed
from partizipation_core.kernel.channels.policy import Fate, Standing
from partizipation_core.kernel.channels.reconciliation import Aside
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.merkle import leaf_hash
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import bound, columns, insert_once, upsert, within

__all__ = ["Registers"]

_TICK = insert_once(schema.roll)
_UNTICK = delete(schema.roll).where(within(schema.roll, "vote", "tag"))
_IN_THE_BOX = select(*columns(schema.box, "channel", "commitment")).where(
    within(schema.box, "vote", "tag")
)
_OUT_OF_THE_BOX = delete(schema.box).where(within(schema.box, "vote", "tag"))
_BY_CHANNEL = (
    select(*columns(schema.box, "channel", "body"))
    .where(within(schema.box, "vote"))
    .order_by(*columns(schema.box, "channel", "tag"))
)
_ASIDE = insert(schema.aside)
_FATES = select(*columns(schema.aside, "channel", "fate")).where(
    within(schema.aside, "vote", "tag")
)
_STOOD = (
    update(schema.aside)
    .where(within(schema.aside, "vote", "tag"), schema.aside.c.fate == Fate.STANDS.value)
    .values(fate=bindparam("fate"))
)
_KINDS = columns(schema.aside, "channel", "fate", "validity")
_NUMBERS = (
    select(*_KINDS, func.count().label("number"))
    .where(within(schema.aside, "vote"))
    .group_by(*_KINDS)
    .order_by(*_KINDS)
)
_ASIDE_TAGS = select(schema.aside.c.tag).where(within(schema.aside, "vote"))
_ASIDE_ROWS = select(
    *columns(schema.aside, "tag", "ref", "channel", "fate", "validity", "commitment")
).where(within(schema.aside, "vote"))
_ANY_ASIDE = _ASIDE_TAGS.limit(1)
_ISSUE = insert(schema.code)
_CODE = select(*columns(schema.code, "digest", "batch", "number", "test", "tag")).where(
    within(schema.code, "vote", "digest")
)
_ANY_CODE = select(schema.code.c.digest).where(within(schema.code, "vote")).limit(1)
_CODES = select(*columns(schema.code, "batch", "test", "tag")).where(within(schema.code, "vote"))
_PAPERS = select(*columns(schema.paper, "channel", "paper")).where(
    within(schema.paper, "vote"), schema.paper.c.state == "done"
)
_TYPED = select(*columns(schema.paper, "state", "first", "first_by", "second", "second_by")).where(
    within(schema.paper, "vote", "channel", "paper")
)
_TYPE = upsert(schema.paper)
_STRIKE = delete(schema.paper).where(within(schema.paper, "vote", "channel", "paper"))
_PENDING = (
    select(schema.paper.c.channel, func.count())
    .where(within(schema.paper, "vote"), schema.paper.c.state != "done")
    .group_by(schema.paper.c.channel)
)
_WAITING = (
    select(*columns(schema.paper, "paper", "state"))
    .where(within(schema.paper, "vote", "channel"), schema.paper.c.state != "done")
    .order_by(schema.paper.c.paper)
)


class Registers(Placed):
    """The registers of one procedure, within one transaction.

    Args:
        connection: the open transaction.
        place: municipality and procedure.
    """

    # --- whose vote stands

    def standing(self, vote: str, tag: bytes) -> Standing | None:
        """Return how the vote of one person stands."""
        if row := self._run(_IN_THE_BOX, vote_=vote, tag_=tag).one_or_none():
            return Standing(channel=row.channel)
        fates = {row.fate: row.channel for row in self._run(_FATES, vote_=vote, tag_=tag)}
        for fate in (Fate.STANDS, Fate.VOID, Fate.TEST):
            if fate in fates:
                return Standing(channel=fates[fate], fate=fate)
        return None

    def tick(self, vote: str, tag: bytes) -> bool:
        """Tick the roll; tell whether this was the first time."""
        return bool(self._run(_TICK, **self._place, vote=vote, tag=tag).rowcount)

    def put_aside(self, vote: str, tag: bytes, fate: Fate) -> None:
        """Take the vote that stands for a person out of the count, and its tick off the roll."""
        if row := self._run(_IN_THE_BOX, vote_=vote, tag_=tag).one_or_none():
            self._run(_OUT_OF_THE_BOX, vote_=vote, tag_=tag)
            self.note(vote, tag, row.channel, fate, commitment=row.commitment)
        self._run(_STOOD, vote_=vote, tag_=tag, fate=fate.value)
        self._run(_UNTICK, vote_=vote, tag_=tag)

    def note(  # noqa: PLR0913 - the columns of a row
        self,
        vote: str,
        tag: bytes,
        channel: str,
        fate: Fate,
        validity: str = "valid",
        *,
        commitment: bytes = b"",
    ) -> None:
        """Put down that somebody voted, where nothing of it is in the box."""
        self._run(
            _ASIDE,
            **self._place,
            vote=vote,
            tag=tag,
            ref=secrets.token_hex(16),
            channel=channel,
            fate=fate.value,
            validity=validity,
            commitment=commitment,
        )

    # --- numbers

    def aside(self, vote: str) -> tuple[Aside, ...]:
        """Count what is not in the box."""
        return tuple(Aside(**row) for row in self._run(_NUMBERS, vote_=vote).mappings())

    def aside_leaves(self, vote: str) -> list[bytes]:
        """Commit to every vote that is not in the box and to what became of it, sorted."""
        rows = self._run(_ASIDE_ROWS, vote_=vote)
        return sorted(
            leaf_hash(canonical([row.tag.hex(), *row[1:-1], row.commitment.hex()])) for row in rows
        )

    def pending(self, vote: str) -> dict[str, int]:
        """Count papers that wait for a second person, by channel."""
        return {row[0]: row[1] for row in self._run(_PENDING, vote_=vote)}

    def waiting(self, vote: str) -> dict[str, str]:
        """Name the papers that wait for a second person, with how far they have come."""
        rows = self._run(_WAITING, vote_=vote, channel_="paper")
        return {row.paper: row.state for row in rows}

    def by_channel(self, vote: str) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Open a box: channel and choices of every ballot."""
        for row in self._run(_BY_CHANNEL, vote_=vote):
            yield row.channel, parse(row.body)

    def any(self, vote: str) -> bool:
        """Tell whether there is anything that the key of the vote is needed for."""
        queries = (_ANY_ASIDE, _ANY_CODE)
        return any(self._run(query, vote_=vote).first() for query in queries)

    # --- codes

    def issue(
        self, vote: str, batch: str, codes: Sequence[tuple[bytes, bytes]], *, test: bool
    ) -> None:
        """Keep codes: the hash of each, and whose place on the roll it takes."""
        rows = [
            {"digest": digest, "number": number, "tag": tag}
            for number, (digest, tag) in enumerate(codes, 1)
        ]
        shared = {**self._place, "vote": vote, "batch": batch, "test": int(test)}
        self._connection.execute(_ISSUE, [{**shared, **row} for row in rows])

    def code(self, vote: str, digest: bytes) -> HeldCode | None:
        """Find a code by its keyed hash.

        The index is asked for a hash that nobody can choose without the key, and what it finds is
        compared once more in constant time.
        """
        row = self._run(_CODE, vote_=vote, digest_=digest).one_or_none()
        if row is None or not hmac.compare_digest(row.digest, digest):
            return None
        return HeldCode(
            vote=vote, batch=row.batch, number=row.number, test=bool(row.test), tag=row.tag
        )

    def codes(self, vote: str) -> Iterator[tuple[str, bool, bytes]]:
        """Yield batch, whether it is a test, and whose place it takes, for every code."""
        for row in self._run(_CODES, vote_=vote):
            yield row.batch, bool(row.test), row.tag

    # --- papers

    def papers(self, vote: str) -> Iterator[tuple[str, str]]:
        """Yield channel and number of every paper that is done."""
        for row in self._run(_PAPERS, vote_=vote):
            yield row.channel, row.paper

    def paper(self, vote: str, channel: str, paper: str) -> Typed | None:
        """Return how far a paper has come."""
        row = self._run(_TYPED, vote_=vote, channel_=channel, paper_=paper).one_or_none()
        if row is None:
            return None
        return Typed(
            state=row.state,
            first=self._reading(row.first),
            first_by=row.first_by,
            second=self._reading(row.second),
            second_by=row.second_by,
        )

    def keep(self, entry: PaperEntry) -> None:
        """Keep what somebody read on a paper; once it is done, forget what was read."""
        key = {"vote": entry.vote, "channel": entry.channel, "paper": entry.paper}
        if entry.state == "struck":
            self._run(_STRIKE, **bound(key))
            return
        before = self.paper(**key) or Typed(state="")
        first, second = before.first, before.second
        first_by, second_by = before.first_by, before.second_by
        if entry.state == "entered":
            first, first_by = entry.reading, entry.by
        else:
            second, second_by = entry.reading, second_by or entry.by
        done = entry.state == "done"
        self._run(
            _TYPE,
            **self._place,
            **key,
            state=entry.state,
            first=self._body(None if done else first),
            first_by=first_by,
            second=self._body(None if done else second),
            second_by=second_by,
        )

    def _body(self, reading: Reading | None) -> bytes:
        return b"" if reading is None else canonical(STORED.dump(reading))

    def _reading(self, body: bytes) -> Reading | None:
        return STORED.load(parse(body), Reading) if body else None
