"""Notices: who is to be told of what happened (Benachrichtigungen).

They are derived from recorded events only, so that nobody is ever told of something that was
announced and did not happen. How they are delivered is the business of whoever embeds the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.assignment import ReviewUnassigned
from partizipation_core.kernel.award import ItemsAwarded
from partizipation_core.kernel.calendar import BallotOpened
from partizipation_core.kernel.delivery import (
    DeliveryAbandoned,
    DeliveryFinished,
    ProgressReported,
)
from partizipation_core.kernel.discussion.comment import CommentAdded
from partizipation_core.kernel.discussion.feedback import FeedbackGiven
from partizipation_core.kernel.discussion.moderation import CommentHidden, CommentShown
from partizipation_core.kernel.finding import Outcome
from partizipation_core.kernel.forwarding import ItemForwarded
from partizipation_core.kernel.hiding import ItemHidden, ItemShown
from partizipation_core.kernel.lineage import ItemsMerged, ItemSplit
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.objecting import ReviewObjected
from partizipation_core.kernel.publication import ReviewsPublished
from partizipation_core.kernel.recommendation import RecommendationsFollowed
from partizipation_core.kernel.review import ItemReviewed
from partizipation_core.kernel.revision import ItemRevised
from partizipation_core.kernel.selection import ItemPutOnBallot
from partizipation_core.kernel.shortlisting import VoteShortlisted
from partizipation_core.kernel.state import Comment, Item
from partizipation_core.kernel.steps import ItemMoved
from partizipation_core.values import NO_COMMENT, CommentRef, ItemRef, ParticipantRef

__all__ = ["Notice", "RecordedEvent", "concerned", "notices"]


class RecordedEvent(Protocol):
    """What is needed to know of a journal line."""

    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> Instant: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def event(self) -> Event: ...  # noqa: D102


@frozen(kw_only=True)
class Notice:
    """Something that somebody is to be told.

    Args:
        to: pseudonym of the person; empty for those whom nobody here can name.
        group: why they are told: as author, co-author, commenter, or as one of all who support
            the item.
        item: what it is about.
        code: names the sentence: ``notice.<code>`` in the catalogues.
        params: fills the sentence.
        seq: the journal line it comes from.
        at: when that was.
    """

    to: ParticipantRef
    group: Literal["author", "coauthor", "commenter", "supporters"]
    item: ItemRef
    code: str
    params: Mapping[str, object] = field(factory=dict, converter=as_mapping)
    seq: int
    at: Instant


@frozen
class News:
    """What an event has to tell about one item, before it is clear to whom."""

    item: ItemRef
    code: str
    params: Mapping[str, object] = field(factory=dict)
    comment: CommentRef = NO_COMMENT


def notices(
    recorded: Iterable[RecordedEvent],
    items: Mapping[ItemRef, Item],
    comments: Mapping[CommentRef, Comment] = MappingProxyType({}),
) -> tuple[Notice, ...]:
    """Say who is to be told of what was recorded.

    Nobody is told of what they did themselves. Supporters are told as a whole, since who they are
    is kept apart from everything else.

    Args:
        recorded: journal lines, in their order.
        items: the items they speak of; news of others is left out.
        comments: the comments they speak of.
    """
    return tuple(
        Notice(
            to=to,
            group=group,
            item=news.item,
            code=news.code,
            params={"item": news.item, **news.params},
            seq=one.seq,
            at=one.at,
        )
        for one in recorded
        for news in _news(one.event)
        if news.item in items
        for to, group in _readers(news, items[news.item], comments)
        if to != one.actor or group == "supporters"
    )


def concerned(events: Iterable[Event]) -> tuple[set[ItemRef], set[CommentRef]]:
    """Name the items and comments that must be known to say who is told of some events."""
    found = [news for event in events for news in _news(event)]
    return {news.item for news in found}, {news.comment for news in found if news.comment}


def _news(event: Event) -> Iterable[News]:
    tell = _TOLD.get(type(event))
    return tell(event) if tell else ()


def _readers(
    news: News, item: Item, comments: Mapping[CommentRef, Comment]
) -> Iterator[tuple[ParticipantRef, Literal["author", "coauthor", "commenter", "supporters"]]]:
    if news.code in _TO_COMMENTER:
        if news.comment in comments:
            yield comments[news.comment].author, "commenter"
        return
    yield item.author, "author"
    yield from ((one, "coauthor") for one in item.coauthors)
    if news.code in _TO_SUPPORTERS:
        yield ParticipantRef(""), "supporters"


def _to(state: str, refs: Iterable[ItemRef], reason: str = "") -> Iterator[News]:
    return (News(ref, "moved", {"state": state, "reason": reason}) for ref in refs)


def _moved(event: ItemMoved | ItemForwarded | ReviewObjected) -> Iterator[News]:
    yield from _to(event.state, [event.item], event.reason)


def _reviewed(event: ItemReviewed | ReviewUnassigned) -> Iterator[News]:
    """Tell what a review came to once the public is told, and never before."""
    if event.published and event.outcome is not None:
        yield from _outcome(event.item, event.outcome)


def _published(event: ReviewsPublished) -> Iterator[News]:
    for ref, outcome in event.outcomes.items():
        yield from _outcome(ref, outcome)


def _outcome(ref: ItemRef, outcome: Outcome) -> Iterator[News]:
    return _to(outcome.state, [ref], outcome.review.statement)


def _followed(event: RecommendationsFollowed) -> Iterator[News]:
    for move in event.moves:
        yield from _moved(move)


def _merged(event: ItemsMerged) -> Iterator[News]:
    yield from _to("merged", event.sources, event.reason)


def _split(event: ItemSplit) -> Iterator[News]:
    yield from _to("split", [event.item], event.reason)


def _revised(event: ItemRevised) -> Iterator[News]:
    yield News(event.item, "revised", {"revision": event.revision})


def _concealed(event: ItemHidden) -> Iterator[News]:
    yield News(event.item, "item_hidden", {"reason": event.reason})


def _revealed(event: ItemShown) -> Iterator[News]:
    yield News(event.item, "item_shown", {"reason": event.reason})


def _shortlisted(event: VoteShortlisted) -> Iterator[News]:
    yield from _to("shortlisted", event.shortlisted)
    yield from _to("not_shortlisted", event.passed_over)


def _on_ballot(event: BallotOpened) -> Iterator[News]:
    yield from _to("on_ballot", event.paper)


def _put_on_ballot(event: ItemPutOnBallot) -> Iterator[News]:
    yield from _to("on_ballot", [event.item])


def _awarded(event: ItemsAwarded) -> Iterator[News]:
    for ref, amount in event.amounts.items():
        yield News(ref, "awarded", {"amount": amount.cents})
    yield from _to("reserve", event.reserve, event.reason)
    yield from _to("not_awarded", event.declined, event.reason)


def _progress(event: ProgressReported) -> Iterator[News]:
    if event.percent is not None:
        yield News(event.item, "progress", {"percent": event.percent, "note": event.note})


def _finished(event: DeliveryFinished) -> Iterator[News]:
    yield from _to("done", [event.item], event.note)


def _abandoned(event: DeliveryAbandoned) -> Iterator[News]:
    yield from _to("abandoned", [event.item], event.reason)


def _feedback(event: FeedbackGiven) -> Iterator[News]:
    yield News(event.item, "feedback", {"text": event.text})


def _commented(event: CommentAdded) -> Iterator[News]:
    yield News(event.item, "commented", {"comment": event.comment})
    if event.parent:
        yield News(event.item, "answered", {"comment": event.comment}, event.parent)


def _hidden(event: CommentHidden) -> Iterator[News]:
    code = "comment_hidden_by_reports" if event.automatic else "comment_hidden"
    params = {"comment": event.comment, "reason": event.reason}
    yield News(event.item, code, params, event.comment)


def _shown(event: CommentShown) -> Iterator[News]:
    params = {"comment": event.comment, "reason": event.reason}
    yield News(event.item, "comment_shown", params, event.comment)


_TO_COMMENTER = frozenset(
    {"answered", "comment_hidden", "comment_hidden_by_reports", "comment_shown"}
)
_TO_SUPPORTERS = frozenset({"moved", "revised", "awarded", "progress", "feedback"})
_TOLD: Mapping[type[Event], Callable[[Any], Iterable[News]]] = MappingProxyType(
    {
        ItemMoved: _moved,
        ItemForwarded: _moved,
        ItemsMerged: _merged,
        ItemSplit: _split,
        ItemRevised: _revised,
        ItemHidden: _concealed,
        ItemShown: _revealed,
        ItemReviewed: _reviewed,
        ReviewUnassigned: _reviewed,
        ReviewsPublished: _published,
        ReviewObjected: _moved,
        RecommendationsFollowed: _followed,
        VoteShortlisted: _shortlisted,
        BallotOpened: _on_ballot,
        ItemPutOnBallot: _put_on_ballot,
        ItemsAwarded: _awarded,
        ProgressReported: _progress,
        DeliveryFinished: _finished,
        DeliveryAbandoned: _abandoned,
        FeedbackGiven: _feedback,
        CommentAdded: _commented,
        CommentHidden: _hidden,
        CommentShown: _shown,
    }
)
