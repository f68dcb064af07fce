"""Reading a discussion: numbers, comments, what waits, all through the gates of what is public."""

from __future__ import annotations

from attrs import evolve

from partizipation_core.errors import NotFound, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.reconciling import numbers
from partizipation_core.execution.telling import items_of
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.discussion.counts import Counts, item_counts, not_yet_public
from partizipation_core.kernel.discussion.moderation import Reported, waiting
from partizipation_core.kernel.discussion.participation import Participation, participation
from partizipation_core.kernel.privacy.forgetting import FORGOTTEN
from partizipation_core.kernel.state import Comment, Item
from partizipation_core.kernel.voices import VoiceKind
from partizipation_core.store import Scope, Unit, speaking
from partizipation_core.values import ItemRef

__all__ = ["comments_on", "counted", "took_part", "waiting_for_moderation"]


def counted(execution: Execution, scope: Scope, kind: VoiceKind, ref: ItemRef) -> Counts:
    """Count what the public said of an item.

    Raises:
        NotFound: there is no such procedure or item.
        Refused: the numbers are not public yet.
    """
    with execution.reading(scope) as unit:
        present, pinned = execution.present(unit, scope)
        gate = not_yet_public(kind, present, pinned.definition, pinned.settings)
        if found := list(gate):
            raise Refused("CountVoices", found)
        tallies = unit.voices.tallies(kind)
        return item_counts(tallies, _item(unit, ref), pinned.settings)


def comments_on(execution: Execution, scope: Scope, ref: ItemRef) -> tuple[Comment, ...]:
    """Return the comments on an item, the oldest first; what is not public without its text.

    Raises:
        NotFound: there is no such procedure or item.
    """
    with execution.reading(scope) as unit:
        hidden = _item(unit, ref).hidden
        return tuple(
            one if one.state == "published" and not hidden else evolve(one, text="")
            for one in unit.comments.below(ref)
        )


def waiting_for_moderation(execution: Execution, scope: Scope) -> tuple[Reported, ...]:
    """Return what was reported and not looked at since, with its text."""
    with execution.reading(scope) as unit:
        reported = [(one.item, one.comment, one.reasons) for one in unit.voices.reported()]
        comments = unit.comments.some(comment for _, comment, _ in reported if comment)
        return waiting(reported, items_of(unit, (item for item, _, _ in reported)), comments)


def took_part(execution: Execution, scope: Scope) -> Participation:
    """Count who took part, in every way there is; comments of offices are left out."""
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        authors = [item.author for item in unit.items() if item.state != "draft"]
        writers = [one.author for one in unit.comments.all() if not one.official]
        gone = [one for one in (*authors, *writers) if one.startswith(FORGOTTEN)]
        acts = {
            "items": speaking.tags(execution.keys, scope, authors),
            "comments": speaking.tags(execution.keys, scope, writers),
            "supports": unit.voices.tags("support"),
            "ratings": unit.voices.tags("rating"),
            "reports": unit.voices.tags("report"),
        }
        ballots = {
            vote: numbers(unit, vote, present.registers.get(vote, Register())).total.voters
            for vote in present.papers
        }
        forgotten = speaking.tags(execution.keys, scope, gone)
    return participation(acts, ballots, forgotten)


def _item(unit: Unit, ref: ItemRef) -> Item:
    item = unit.item(ref)
    if item is None:
        msg = f"there is no item {ref!r} here"
        raise NotFound(msg)
    return item
