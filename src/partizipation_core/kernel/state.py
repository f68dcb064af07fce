"""The present state of a procedure and its items: what the events add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.ballots import BallotPaper
from partizipation_core.formats.stages import Window
from partizipation_core.freezing import as_mapping, as_mappings, as_tuple, read_only
from partizipation_core.kernel.ballots.sheet import Sheet
from partizipation_core.kernel.case import Grant
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.dossier import (
    NOBODY,
    Attachment,
    Channel,
    Lineage,
    Link,
    Presenter,
)
from partizipation_core.kernel.finding import Assignment, Outcome, Recommendation, Review
from partizipation_core.kernel.progress import Delivery
from partizipation_core.kernel.record import NO_RECORDS, Record, Records
from partizipation_core.kernel.secrecy.seal import Seal
from partizipation_core.kernel.sitting import Body, Resolution, Sitting
from partizipation_core.kernel.standing import Standing
from partizipation_core.kernel.voices import Sealed
from partizipation_core.money.books import Booking, Ledger
from partizipation_core.values import (
    NO_COMMENT,
    CommentRef,
    ItemRef,
    Money,
    ParticipantRef,
    ProcedureRef,
)

__all__ = ["Comment", "Delivery", "Hands", "Item", "Procedure", "Review", "World", "stage_of"]


@frozen(kw_only=True)
class Hands:
    """A show of hands in an assembly."""

    yes: int
    no: int
    abstain: int = 0


@frozen(kw_only=True)
class Item:
    """One idea on its way: proposal, project, measure.

    Args:
        ref: its reference.
        author: pseudonym of who handed it in.
        title: its title.
        text: its text.
        cost: what it is expected to cost; the office's figure once reviewed.
        area: where it belongs, empty for everywhere.
        category: what kind it is, empty for none.
        state: where it stands in the lifecycle.
        reason: why it got there, if that was told.
        review: what the review came to, as far as the public was told.
        reviews: office → what it stated in the present review.
        assignments: office → that its statement is waited for.
        pending: what the review came to and is not published yet.
        objected: when the author objected to the outcome; None if that never happened.
        recommendation: the step that is recommended next.
        hands: how the assembly voted on it.
        award: what it was awarded.
        grant: the application for its money and what became of it.
        delivery: how far it has come.
        number: its reference number (Aktenzeichen) ``YYYY-00000``; empty for a draft.
        revision: number of its present text, from 1; 0 for a draft.
        coauthors: who may revise it besides its author.
        invited: who was asked to be a co-author and has not answered.
        channel: how it came in.
        submitted_by: pseudonym of who put it down, the author or an office.
        attachments: files that belong to it.
        links: what it has to do with other items.
        lineage: what it was made of and what was made of it.
        published: whether it was ever published.
        hidden: why the public may not see it; empty where it may.
        conflicts: codes of what it no longer meets since it was classified anew.
        feedback: what the administration says to it in public.
        cleared: number of reports about it that moderation has dealt with.
        resolution: what the council decided on it.
        presenter: who presents it in the place of its author; None where nobody was named.
    """

    ref: ItemRef
    author: ParticipantRef
    title: str
    text: str = ""
    cost: Money | None = None
    area: str = ""
    category: str = ""
    state: str
    reason: str = ""
    review: Review | None = None
    reviews: Mapping[str, Review] = field(factory=dict, converter=as_mapping)
    assignments: Mapping[str, Assignment] = field(factory=dict, converter=as_mapping)
    pending: Outcome | None = None
    objected: Instant | None = None
    recommendation: Recommendation | None = None
    hands: Hands | None = None
    award: Money | None = None
    grant: Grant | None = None
    delivery: Delivery | None = None
    number: str = ""
    revision: int = 0
    coauthors: tuple[ParticipantRef, ...] = ()
    invited: tuple[ParticipantRef, ...] = ()
    channel: Channel = "online"
    submitted_by: ParticipantRef = NOBODY
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    lineage: Lineage = field(factory=Lineage)
    published: bool = False
    hidden: str = ""
    conflicts: tuple[str, ...] = ()
    feedback: str = ""
    cleared: int = 0
    resolution: Resolution | None = None
    presenter: Presenter | None = None


@frozen(kw_only=True)
class Comment:
    """What somebody wrote below an item (Kommentar).

    Args:
        ref: its reference.
        item: what it is about.
        author: pseudonym of who wrote it; who that is stands nowhere here.
        at: when it was written.
        text: plain text; gone when it was retracted.
        parent: the comment it answers, empty at the top.
        depth: 0 at the top, one more for each comment above it.
        official: whether the administration speaks, not the public.
        state: whether it can be read.
        reason: why it is hidden, or shown again.
        cleared: number of reports about it that moderation has dealt with.
    """

    ref: CommentRef
    item: ItemRef
    author: ParticipantRef
    at: Instant
    text: str
    parent: CommentRef = NO_COMMENT
    depth: int = 0
    official: bool = False
    state: Literal["published", "hidden", "retracted"] = "published"
    reason: str = ""
    cleared: int = 0


def stage_of(vote: str) -> str:
    """Return the stage in which a vote is held; a repeated one is numbered."""
    return vote.partition(".")[0]


@frozen(kw_only=True)
class Procedure:
    """The procedure itself.

    Args:
        ref: its reference.
        status: open or closed.
        stage: key of the stage it is in.
        entered_at: when it was entered or opened again.
        ended: whether the present stage is over and the next one has not begun.
        previous: the stage before the present one.
        visits: how often each stage was entered.
        schedule: stage → window in which it is on.
        papers: vote → ballot paper: item → price when the ballot opened.
        closed_votes: vote → number of ballots in the box when it closed.
        counted: votes whose result is known.
        present: people present at the assembly, if one was held.
        proposed: what the count or the assembly arrived at: item → amount.
        revisions: vote → item → revision of its text on the ballot paper.
        numbers: year → last reference number given in it.
        hidden: items that are hidden at present, in no particular order.
        voices: kind → number and root of the supports or ratings that were last sworn to.
        sheets: vote → what its ballot paper says besides prices.
        electorates: vote → number and root of those on its electoral roll.
        registers: vote → what came in by channels other than an account.
        standings: vote → how far its result has come.
        hands: vote → item → hands shown in an assembly that decides together with ballots.
        attendance: vote → people entitled to vote who were in that assembly.
        body: the body that decides by its members' votes; None where none was seated.
        sitting: its present or last sitting.
        sworn: vote → number of ballots that its last checkpoint while it was open told of.
        seals: vote → how far the sealing of its box has come; only where there is one.
        keyless: votes whose key is destroyed, so that nobody can be looked up in them.
    """

    ref: ProcedureRef
    status: Literal["open", "closed"] = "open"
    stage: str
    entered_at: Instant
    ended: bool = False
    previous: str = ""
    visits: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    schedule: Mapping[str, Window] = field(factory=dict, converter=as_mapping)
    papers: Mapping[str, Mapping[ItemRef, Money | None]] = field(
        factory=dict, converter=as_mappings
    )
    closed_votes: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    counted: tuple[str, ...] = ()
    present: int | None = None
    proposed: Mapping[ItemRef, Money] = field(factory=dict, converter=as_mapping)
    revisions: Mapping[str, Mapping[ItemRef, int]] = field(factory=dict, converter=as_mappings)
    numbers: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    hidden: tuple[ItemRef, ...] = ()
    voices: Mapping[str, Sealed] = field(factory=dict, converter=as_mapping)
    sheets: Mapping[str, Sheet] = field(factory=dict, converter=as_mapping)
    electorates: Mapping[str, Sealed] = field(factory=dict, converter=as_mapping)
    registers: Mapping[str, Register] = field(factory=dict, converter=as_mapping)
    standings: Mapping[str, Standing] = field(factory=dict, converter=as_mapping)
    hands: Mapping[str, Mapping[ItemRef, Hands]] = field(factory=dict, converter=as_mappings)
    attendance: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    body: Body | None = None
    sitting: Sitting | None = None
    sworn: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    seals: Mapping[str, Seal] = field(factory=dict, converter=as_mapping)
    keyless: tuple[str, ...] = field(default=(), converter=as_tuple)

    def is_counted(self, vote: str) -> bool:
        """Tell whether a vote was counted, whether or not anybody may see its numbers."""
        waiting = vote in self.standings and self.standings[vote].status != "published"
        return waiting or vote in self.counted

    @cached_property
    def vote(self) -> str:
        """Name of the vote held in this stage: the stage's key, numbered when repeated."""
        visit = self.visits.get(self.stage, 1)
        return self.stage if visit == 1 else f"{self.stage}.{visit}"

    def paper(self, vote: str) -> BallotPaper | None:
        """Return the ballot paper of a vote as it was printed; None where there is none."""
        return self._printed.get(vote)

    @cached_property
    def _printed(self) -> Mapping[str, BallotPaper]:
        """All ballot papers; ballots are held against them by the thousand."""
        sheets = self.sheets
        return {vote: _print(prices, sheets.get(vote)) for vote, prices in self.papers.items()}


def _print(prices: Mapping[ItemRef, Money | None], sheet: Sheet | None) -> BallotPaper:
    sheet = sheet or Sheet()
    return BallotPaper(
        prices=prices, areas=sheet.areas, categories=sheet.categories, budget=sheet.budget
    )


@frozen(kw_only=True)
class World:
    """As much of the present state as a decision needs.

    Args:
        procedure: the procedure; None before it is opened.
        items: the items that were loaded.
        comments: the comments that were loaded.
        bookings: every booking of the procedure, where they were loaded.
        records: what the format keeps besides, as far as it was loaded.
    """

    procedure: Procedure | None = None
    items: Mapping[ItemRef, Item] = field(factory=dict, converter=read_only)
    comments: Mapping[CommentRef, Comment] = field(factory=dict, converter=read_only)
    bookings: Sequence[Booking] = ()
    records: Records = NO_RECORDS

    @property
    def opened(self) -> Procedure:
        """The procedure, where it is known to exist."""
        assert self.procedure is not None  # noqa: S101 - narrowing, checked by the pipeline
        return self.procedure

    @property
    def ledger(self) -> Ledger:
        """What the bookings add up to."""
        return Ledger(self.bookings)

    def with_changes(
        self, changes: Iterable[Procedure | Item | Comment | Booking | Record]
    ) -> World:
        """Return the world after some changes."""
        procedure, items, comments = self.procedure, dict(self.items), dict(self.comments)
        bookings = list(self.bookings)
        records: list[Record] = []
        for change in changes:
            if isinstance(change, Procedure):
                procedure = change
            elif isinstance(change, Item):
                items[change.ref] = change
            elif isinstance(change, Booking):
                bookings.append(change)
            elif isinstance(change, Record):
                records.append(change)
            else:
                comments[change.ref] = change
        return evolve(
            self,
            procedure=procedure,
            items=items,
            comments=comments,
            bookings=tuple(bookings),
            records=self.records.with_changes(records),
        )
