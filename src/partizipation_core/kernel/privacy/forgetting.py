"""Forgetting: a person's texts, payees and place in the register go; what was counted stays.

The journal keeps its lines. It says which texts were erased, so that a text that is missing for
no reason is found, and it names nobody for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.electorate.register import RegisterErased
from partizipation_core.kernel.franchise import RegisterErasure
from partizipation_core.kernel.grant.payment import PayeeErased
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.payee import PayeeErasure
from partizipation_core.kernel.privacy.wording import WordingChange, Written
from partizipation_core.kernel.state import Comment, Item, World
from partizipation_core.values import CommentRef, ItemRef, Objection, ParticipantRef

__all__ = ["DECIDERS", "FORGOTTEN", "ForgetPerson", "TextsErased", "fates"]

FORGOTTEN = "forgotten-"
"""Begins what stands in the place of the pseudonym of somebody who was forgotten."""


@frozen(kw_only=True)
class ForgetPerson(Command):
    """Erase a person (Löschung, Art. 17 DSGVO): register, drafts, texts, payees no longer needed.

    Whether ideas and comments are erased or kept without a name is a setting, ``forget_texts``.

    Args:
        person: pseudonym.
    """

    person: ParticipantRef = field(repr=False)


@frozen(kw_only=True)
class TextsErased(Event):
    """Texts were erased with their author; the lines that were committed to them stay.

    Args:
        places: ``LINE/PLACE`` of every text.
        items: items whose author has no name any more.
        comments: the same for comments.
        coauthors: item → the co-authors that remain, where one was forgotten.
        stand_in: what stands in the place of the author, drawn at random.
    """

    places: tuple[str, ...] = field(converter=as_tuple)
    items: tuple[ItemRef, ...] = field(converter=as_tuple)
    comments: tuple[CommentRef, ...] = field(converter=as_tuple)
    coauthors: Mapping[ItemRef, tuple[ParticipantRef, ...]] = field(converter=as_mapping)
    stand_in: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Item | Comment]:  # noqa: ARG002
        """Take the name away; the texts are gone beside the journal."""
        for item in sorted({*self.items, *self.coauthors}):
            yield self._nameless(world.items[item])
        for comment in self.comments:
            yield evolve(world.comments[comment], author=self.stand_in)

    def _nameless(self, item: Item) -> Item:
        remain = self.coauthors.get(item.ref)
        if remain is not None:
            invited = tuple(one for one in item.invited if one in remain)
            coauthors = tuple(one for one in item.coauthors if one in remain)
            item = evolve(item, coauthors=coauthors, invited=invited)
        if item.ref not in self.items:
            return item
        own = item.submitted_by == item.author
        put_down = self.stand_in if own else item.submitted_by
        return evolve(item, author=self.stand_in, submitted_by=put_down)


def fates(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[str, str | None]:
    """Tell what a journal is committed to: place → commitment; None where it was erased.

    Args:
        lines: number and plain data of each line, in their order.
    """
    found: dict[str, str | None] = {}
    for seq, line in lines:
        found |= {f"{seq}/{place}": sworn for place, sworn in line.get("texts", {}).items()}
        if line["kind"] == "TextsErased":
            found |= dict.fromkeys(line["data"]["places"])
        elif line["kind"] == "TextRedacted":
            found |= line["data"]["places"]
    return found


@frozen
class _Traces:
    """What there is of a person."""

    items: tuple[Item, ...]
    shared: tuple[Item, ...]
    comments: tuple[Comment, ...]
    texts: tuple[Written, ...] = field(repr=False)
    registered: bool


def _traces(person: ParticipantRef, context: Context) -> _Traces:
    items, comments = context.world.items.values(), context.world.comments.values()
    own = tuple(one for one in items if one.author == person)
    said = tuple(one for one in comments if one.author == person)
    mine = {one.ref for one in own}, {one.ref for one in said}
    return _Traces(
        items=own,
        shared=tuple(one for one in items if person in (*one.coauthors, *one.invited)),
        comments=said,
        texts=tuple(one for one in context.written if _goes(one, person, *mine, context)),
        registered=any(one.person == person for one in context.franchise.register),
    )


def _goes(
    one: Written,
    person: ParticipantRef,
    items: set[ItemRef],
    comments: set[CommentRef],
    context: Context,
) -> bool:
    """Tell whether a text is erased with a person."""
    wrote = person in (one.writer, one.author)
    if one.forgets == "always":
        return wrote or not items.isdisjoint(one.items)
    if context.settings.forget_texts == "anonymise":
        return False
    if one.forgets == "author":
        own = one.comment in comments if one.comment else not items.isdisjoint(one.items)
        return wrote or own
    return one.forgets == "writer" and wrote


def _objections(command: ForgetPerson, context: Context) -> Iterator[Objection]:
    traces = _traces(command.person, context)
    if not any((traces.items, traces.shared, traces.comments, traces.texts, traces.registered)):
        yield Objection("nothing_kept_of_person")


def _forget(command: ForgetPerson, context: Context) -> tuple[Fact, ...]:
    traces = _traces(command.person, context)
    facts: list[Fact] = []
    if traces.registered:
        facts += [
            RegisterErased(rows=1, cause="request"),
            RegisterErasure(person=command.person),
        ]
    for item in traces.items:
        if item.grant is not None and item.grant.ended and item.grant.payee:
            grant = item.grant
            facts += [
                PayeeErased(item=item.ref, state=grant.state, payee=grant.payee),
                PayeeErasure(ref=grant.payee),
            ]
    if traces.items or traces.shared or traces.comments or traces.texts:
        facts.append(_erased(traces, command.person, context))
        facts += [WordingChange(place=one.place) for one in traces.texts]
    return tuple(facts)


def _erased(traces: _Traces, person: ParticipantRef, context: Context) -> TextsErased:
    return TextsErased(
        places=tuple(one.place for one in traces.texts),
        items=sorted(one.ref for one in traces.items),
        comments=sorted(one.ref for one in traces.comments),
        coauthors={
            item.ref: tuple(one for one in (*item.coauthors, *item.invited) if one != person)
            for item in sorted(traces.shared, key=lambda one: one.ref)
        },
        stand_in=ParticipantRef(f"{FORGOTTEN}{context.nonce}"),
    )


DECIDERS = (
    Decider(
        command=ForgetPerson,
        decide=_forget,
        objections=_objections,
        events=(RegisterErased, PayeeErased, TextsErased),
        needs={Need.RESIDENTS, Need.WRITTEN, Need.NONCE},
        after_closing=True,
    ),
)
