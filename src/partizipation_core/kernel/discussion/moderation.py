"""Moderation: residents report, staff look at it, hide, show again or leave it, with a reason.

Who reported is known to nobody: reports are kept like supports, under keyed tags. What staff do
about them stands in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import evolve, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.discussion.comment import (
    CommentCommand,
    comment_unknown,
    known_comment,
)
from partizipation_core.kernel.discussion.voice import (
    NOT_DISCUSSED,
    by_the_public,
    discussed,
    held,
)
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Comment, Item, World
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.values import NO_COMMENT, CommentRef, ItemRef, Objection

__all__ = [
    "DECIDERS",
    "REPORT_REASONS",
    "CommentHidden",
    "CommentShown",
    "DismissReports",
    "HideComment",
    "ReportComment",
    "ReportItem",
    "Reported",
    "ReportsDismissed",
    "UnhideComment",
    "waiting",
]

ReportReason = Literal["insult", "hate", "illegal", "personal_data", "spam", "off_topic", "other"]
REPORT_REASONS: tuple[ReportReason, ...] = (
    "insult",
    "hate",
    "illegal",
    "personal_data",
    "spam",
    "off_topic",
    "other",
)
"""The closed list of reasons for which something can be reported."""

TOO_MANY_REPORTS = "reports"
"""Stands in the place of a reason where a comment was hidden by its number of reports."""


@frozen(kw_only=True)
class ReportItem(ItemCommand):
    """Report an item to moderation (Meldung).

    Args:
        reason: one of `REPORT_REASONS`.
    """

    reason: ReportReason = field(validator=in_(REPORT_REASONS))


@frozen(kw_only=True)
class ReportComment(CommentCommand):
    """Report a comment to moderation.

    Args:
        reason: one of `REPORT_REASONS`.
    """

    reason: ReportReason = field(validator=in_(REPORT_REASONS))


@frozen(kw_only=True)
class HideComment(CommentCommand):
    """Hide a comment from the public; it can be shown again."""

    reason: str


@frozen(kw_only=True)
class UnhideComment(CommentCommand):
    """Show a hidden comment again."""

    reason: str


@frozen(kw_only=True)
class DismissReports(ItemCommand):
    """Leave an item or a comment as it is, whatever was reported.

    Args:
        comment: the comment; empty for the item itself.
        reason: why.
    """

    comment: CommentRef = NO_COMMENT
    reason: str


@frozen(kw_only=True)
class CommentHidden(Event):
    """A comment was hidden.

    Args:
        item: below which item.
        comment: which.
        reason: why.
        reports: number of reports that were dealt with by it.
        automatic: whether the number of reports hid it; moderation has yet to look at it.
    """

    item: ItemRef
    comment: CommentRef
    reason: str
    reports: int
    automatic: bool = False

    def apply(self, world: World, at: Instant) -> Iterable[Comment]:  # noqa: ARG002
        """Hide it; the text is kept, so that it can be shown again."""
        before = world.comments[self.comment]
        cleared = before.cleared if self.automatic else self.reports
        yield evolve(before, state="hidden", reason=self.reason, cleared=cleared)


@frozen(kw_only=True)
class CommentShown(Event):
    """A hidden comment was shown again."""

    item: ItemRef
    comment: CommentRef
    reason: str
    reports: int

    def apply(self, world: World, at: Instant) -> Iterable[Comment]:  # noqa: ARG002
        """Publish it again; the reports so far do not hide it a second time."""
        before = world.comments[self.comment]
        yield evolve(before, state="published", reason=self.reason, cleared=self.reports)


@frozen(kw_only=True)
class ReportsDismissed(Event):
    """Moderation saw no cause to do anything about some reports."""

    item: ItemRef
    comment: CommentRef
    reason: str
    reports: int

    def apply(self, world: World, at: Instant) -> Iterable[Item | Comment]:  # noqa: ARG002
        """Take them off the queue."""
        if self.comment:
            yield evolve(world.comments[self.comment], cleared=self.reports)
        else:
            yield evolve(world.items[self.item], cleared=self.reports)


@frozen(kw_only=True)
class Reported:
    """Something that waits for moderation.

    Args:
        item: the item.
        comment: the comment below it; empty for the item itself.
        state: the state of what was reported.
        text: what it says, also where it is hidden.
        reasons: reason → number of people who gave it.
        reports: number of reports since moderation last looked at it.
    """

    item: ItemRef
    comment: CommentRef
    state: str
    text: str
    reasons: Mapping[str, int]
    reports: int


def waiting(
    reported: Iterable[tuple[ItemRef, CommentRef, Mapping[str, int]]],
    items: Mapping[ItemRef, Item],
    comments: Mapping[CommentRef, Comment],
) -> tuple[Reported, ...]:
    """Return what waits for moderation, what was reported most first."""
    found = []
    for item, comment, reasons in reported:
        about = comments[comment] if comment else items[item]
        new = sum(reasons.values()) - about.cleared
        if new > 0 and about.state not in ("retracted", "withdrawn"):
            found.append(
                Reported(
                    item=item,
                    comment=comment,
                    state=about.state,
                    text=about.text,
                    reasons=reasons,
                    reports=new,
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.reports, one.item, one.comment)))


def _report_objections(
    command: ReportItem | ReportComment, context: Context
) -> Iterator[Objection]:
    yield from by_the_public(command, context)
    yield from discussed(context.item(command.item), context)
    if isinstance(command, ReportComment):
        comment = known_comment(command, context)
        if comment is None:
            yield comment_unknown(command)
        elif comment.state != "published":
            params = {"comment": comment.ref, "state": comment.state}
            yield Objection("comment_not_public", params)
    if held("report", command, context) is not None:
        yield Objection("already_reported", {"item": command.item})


def _report(command: ReportItem | ReportComment, context: Context) -> tuple[Fact, ...]:
    item, comment = context.item(command.item), None
    if isinstance(command, ReportComment):
        comment = context.world.comments[command.comment]
    entry = VoiceEntry(
        kind="report",
        person=context.actor.ref,
        item=item.ref,
        comment=comment.ref if comment else NO_COMMENT,
        revision=item.revision,
        area=item.area,
        reason=command.reason,
    )
    return (entry, *(_hidden_by_number(comment, context) if comment else ()))


def _hidden_by_number(comment: Comment, context: Context) -> Iterator[Event]:
    limit, reports = context.settings.hide_after_reports, context.reports + 1
    if limit is not None and reports - comment.cleared >= limit:
        yield CommentHidden(
            item=comment.item,
            comment=comment.ref,
            reason=TOO_MANY_REPORTS,
            reports=reports,
            automatic=True,
        )


def _reasoned(command: HideComment | UnhideComment | DismissReports) -> Iterator[Objection]:
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": type(command).__name__})


def _in_state(
    command: HideComment | UnhideComment, context: Context, state: str
) -> Iterator[Objection]:
    yield from _reasoned(command)
    comment = known_comment(command, context)
    if comment is None:
        yield comment_unknown(command)
    elif comment.state != state:
        params = {"comment": comment.ref, "state": comment.state}
        yield Objection("comment_state_forbids", {**params, "needed": state})


def _dismiss_objections(command: DismissReports, context: Context) -> Iterator[Objection]:
    yield from _reasoned(command)
    cleared = context.item(command.item).cleared
    if command.comment:
        comment = context.world.comments.get(command.comment)
        if comment is None or comment.item != command.item:
            params = {"item": command.item, "comment": command.comment}
            yield Objection("comment_unknown", params)
            return
        cleared = comment.cleared
    if context.reports <= cleared:
        yield Objection("nothing_reported", {"item": command.item})


def _hide(command: HideComment, context: Context) -> tuple[Event, ...]:
    return (
        CommentHidden(
            item=command.item,
            comment=command.comment,
            reason=command.reason,
            reports=context.reports,
        ),
    )


def _unhide(command: UnhideComment, context: Context) -> tuple[Event, ...]:
    return (
        CommentShown(
            item=command.item,
            comment=command.comment,
            reason=command.reason,
            reports=context.reports,
        ),
    )


def _dismiss(command: DismissReports, context: Context) -> tuple[Event, ...]:
    return (
        ReportsDismissed(
            item=command.item,
            comment=command.comment,
            reason=command.reason,
            reports=context.reports,
        ),
    )


DECIDERS = (
    Decider(
        command=ReportItem,
        decide=_report,
        objections=_report_objections,
        needs={Need.HELD},
        never_in=NOT_DISCUSSED,
        voice=True,
    ),
    Decider(
        command=ReportComment,
        decide=_report,
        objections=_report_objections,
        events=(CommentHidden,),
        needs={Need.HELD, Need.COMMENTS, Need.REPORTS},
        never_in=NOT_DISCUSSED,
        voice=True,
    ),
    Decider(
        command=HideComment,
        decide=_hide,
        objections=lambda command, context: _in_state(command, context, "published"),
        events=(CommentHidden,),
        needs={Need.COMMENTS, Need.REPORTS},
    ),
    Decider(
        command=UnhideComment,
        decide=_unhide,
        objections=lambda command, context: _in_state(command, context, "hidden"),
        events=(CommentShown,),
        needs={Need.COMMENTS, Need.REPORTS},
    ),
    Decider(
        command=DismissReports,
        decide=_dismiss,
        objections=_dismiss_objections,
        events=(ReportsDismissed,),
        needs={Need.COMMENTS, Need.REPORTS},
    ),
)
