"""What an assembly is invited with, and what stands in its minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.assembly import AssemblyRecorded
from partizipation_core.kernel.calendar import BallotOpened
from partizipation_core.kernel.channels.hands import HandsRecorded, VotersAdmitted
from partizipation_core.kernel.channels.method import MethodChosen
from partizipation_core.kernel.state import Item
from partizipation_core.reports.documents.model import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Signatures,
)
from partizipation_core.store.journal import Recorded
from partizipation_core.texts import Wording
from partizipation_core.values import ItemRef, Money

__all__ = ["assembly_minutes", "assembly_records", "invitation"]

_SHOWN = ("submitted", "published", "in_review", "feasible", "shortlisted", "on_ballot")
"""States of items that an invitation names."""


def invitation(  # noqa: PLR0913 - what an invitation has to say
    handle: ProcedureHandle,
    wording: Wording,
    *,
    title: str,
    sender: str,
    at: Instant,
    place: str,
    contact: str = "",
) -> Document:
    """Write the invitation to an assembly (Einladung).

    Args:
        handle: the procedure.
        wording: of the readers.
        title: name of the procedure.
        sender: who invites.
        at: when it begins.
        place: where it is held; address and how to get in without steps.
        contact: where to ask for help, for an interpreter, or for a paper form.
    """
    settings, listed = handle.settings(), _listed(handle)
    pot = settings.pot.cents if settings.pot is not None else None

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"document.invitation_{code}", {**params, "procedure": title})

    facts = [(say("when"), wording.instant(at)), (say("where"), place)]
    if pot is not None:
        facts.append((say("pot"), wording.money(pot)))
    if contact:
        facts.append((say("contact"), contact))
    agenda = Paragraph("\n".join(say(f"agenda_{number}") for number in range(1, 6)))
    ideas = [Heading(say("ideas")), _ideas(listed, wording)] if listed else []
    return Document(
        title=say("title"),
        sender=sender,
        lang=wording.lang,
        blocks=[
            Paragraph(say("opening")),
            Facts(facts),
            Heading(say("agenda")),
            agenda,
            *ideas,
            Paragraph(say("closing")),
        ],
    )


def assembly_records(handle: ProcedureHandle) -> tuple[Recorded, ...]:
    """Return the journal lines that put an assembly down, the first assembly first."""
    kinds = (AssemblyRecorded, HandsRecorded)
    return tuple(one for one in handle.journal() if isinstance(one.event, kinds))


def counted_by(handle: ProcedureHandle, record: Recorded, wording: Wording) -> str:
    """Say how an assembly counted, and how clearly it chose to.

    Args:
        handle: the procedure.
        record: the journal line that put the assembly down.
        wording: of the readers.
    """
    chosen = [
        one.event
        for one in handle.journal()
        if isinstance(one.event, MethodChosen) and one.seq < record.seq
    ]
    vote = _vote(handle, record)
    ours = [event for event in chosen if event.vote == vote]
    if not ours:
        return wording.label("method", handle.settings().assembly_methods[0])
    last, say = ours[-1], wording.sentence
    parts = [wording.label("method", last.method)]
    if last.points is not None:
        parts.append(say("document.minutes_points_each", {"points": last.points}))
    if last.hands is not None:
        hands = {"yes": last.hands.yes, "no": last.hands.no}
        parts.append(say("document.minutes_chosen_by", hands))
    return "; ".join([*parts, *([last.note] if last.note else [])])


def assembly_minutes(
    handle: ProcedureHandle, wording: Wording, *, title: str, sender: str, number: int = 1
) -> Document:
    """Write the minutes of an assembly (Protokoll), with lines for the signatures.

    Every figure is taken from the journal, as it was put down then.

    Args:
        handle: the procedure.
        wording: of the readers.
        title: name of the procedure.
        sender: who keeps the minutes.
        number: which assembly, the first one is 1.

    Raises:
        NotFound: there were fewer assemblies.
    """
    records = assembly_records(handle)
    if not 0 < number <= len(records):
        raise NotFound(f"there is no assembly {number}; {len(records)} were put down")
    record = records[number - 1]
    event = record.event
    assert isinstance(event, AssemblyRecorded | HandsRecorded)  # noqa: S101 - narrowing
    sums = event.sums if isinstance(event, AssemblyRecorded) else None
    cards = _cards(handle, records[number - 2].seq if number > 1 else 0, record.seq)

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"document.minutes_{code}", {**params, "procedure": title})

    facts = [(say("at"), wording.instant(record.at)), (say("present"), str(event.present))]
    if cards is not None:
        facts.append((say("cards"), str(cards)))
    facts.append((say("method"), counted_by(handle, record, wording)))
    if event.note:
        facts.append((say("note"), event.note))
    told: list[Block] = [
        Facts(facts),
        *_presenters(handle, record, wording),
        Heading(say("votes")),
    ]
    told.append(_votes(handle, event, wording))
    if sums is not None:
        total = Money.total(sums.values())
        told.append(Paragraph(say("sum", total=total.cents, items=len(sums))))
    else:
        told.append(Paragraph(say("hybrid")))
    told.append(Signatures([say("chair"), say("secretary")]))
    heading = say("title", number=number)
    return Document(title=heading, sender=sender, lang=wording.lang, blocks=told)


def _vote(handle: ProcedureHandle, record: Recorded) -> str:
    """Return the vote that a journal line belongs to."""
    if isinstance(record.event, HandsRecorded):
        return record.event.vote
    opened = [
        one.event.vote
        for one in handle.journal()
        if isinstance(one.event, BallotOpened) and one.seq < record.seq
    ]
    return opened[-1] if opened else ""


def _listed(handle: ProcedureHandle) -> list[Item]:
    found = [item for item in handle.items() if item.state in _SHOWN and not item.hidden]
    return sorted(found, key=lambda item: item.number or item.ref)


def _ideas(items: Sequence[Item], wording: Wording) -> Grid:
    say = wording.sentence
    names = [say(f"document.column_{name}") for name in ("number", "title", "cost")]
    rows = [(item.number or item.ref, item.title, _money(item.cost, wording)) for item in items]
    return Grid(caption=say("document.invitation_caption"), columns=names, rows=rows, numbers={2})


def _presenters(
    handle: ProcedureHandle, record: Recorded, wording: Wording
) -> Iterator[Paragraph]:
    """Say which ideas were presented by a substitute, and who named it."""
    event, items = record.event, {item.ref: item for item in handle.items()}
    assert isinstance(event, AssemblyRecorded | HandsRecorded)  # noqa: S101 - narrowing
    voted = {*event.hands, *(event.points if isinstance(event, AssemblyRecorded) else ())}
    for ref in sorted(voted):
        item = items[ref]
        if item.presenter is not None:
            params = {"number": item.number or ref, "title": item.title}
            code = f"document.minutes_presented_{item.presenter.named_by}"
            yield Paragraph(wording.sentence(code, params))


def _votes(
    handle: ProcedureHandle, event: AssemblyRecorded | HandsRecorded, wording: Wording
) -> Grid:
    say = wording.sentence
    items = {item.ref: item for item in handle.items()}
    sums = event.sums if isinstance(event, AssemblyRecorded) else None
    points = event.points if isinstance(event, AssemblyRecorded) else {}
    figures: Mapping[ItemRef, tuple[int, ...]] = {
        ref: (shown.yes, shown.no, shown.abstain) for ref, shown in event.hands.items()
    } or {ref: (number,) for ref, number in points.items()}
    counted = ["points"] if points else ["yes", "no", "abstain"]
    heads = ["number", "title", *counted, *(["sum"] if sums is not None else [])]
    rows = [
        (
            items[ref].number or ref,
            items[ref].title,
            *map(wording.number, numbers),
            *([_money(sums.get(ref), wording)] if sums is not None else []),
        )
        for ref, numbers in sorted(figures.items())
    ]
    return Grid(
        caption=say("document.minutes_caption"),
        columns=[say(f"document.column_{name}") for name in heads],
        rows=rows,
        numbers=set(range(2, len(heads))),
    )


def _cards(handle: ProcedureHandle, after: int, before: int) -> int | None:
    """Add up the voting cards that were given out for one assembly; None for no list."""
    found = list(_admitted(handle, after, before))
    return sum(found) if found else None


def _admitted(handle: ProcedureHandle, after: int, before: int) -> Iterator[int]:
    for one in handle.journal():
        event = one.event
        if isinstance(event, VotersAdmitted) and after < one.seq < before:
            yield event.people


def _money(amount: Money | None, wording: Wording) -> str:
    return wording.money(amount.cents) if amount is not None else "–"
