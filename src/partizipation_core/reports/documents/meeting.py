"""What an assembly is invited with, and what stands in its minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.assembly import AssemblyRecorded
from partizipation_core.kernel.channels.hands import HandsRecorded, VotersAdmitted
from partizipation_core.kernel.state import Hands, Item
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
    if event.note:
        facts.append((say("note"), event.note))
    told: list[Block] = [Facts(facts), Heading(say("votes"))]
    told.append(_votes(handle, event.hands, sums, wording))
    if sums is not None:
        total = Money.total(sums.values())
        told.append(Paragraph(say("sum", total=total.cents, items=len(sums))))
    else:
        told.append(Paragraph(say("hybrid")))
    told.append(Signatures([say("chair"), say("secretary")]))
    heading = say("title", number=number)
    return Document(title=heading, sender=sender, lang=wording.lang, blocks=told)


def _listed(handle: ProcedureHandle) -> list[Item]:
    found = [item for item in handle.items() if item.state in _SHOWN and not item.hidden]
    return sorted(found, key=lambda item: item.number or item.ref)


def _ideas(items: Sequence[Item], wording: Wording) -> Grid:
    say = wording.sentence
    names = [say(f"document.column_{name}") for name in ("number", "title", "cost")]
    rows = [(item.number or item.ref, item.title, _money(item.cost, wording)) for item in items]
    return Grid(caption=say("document.invitation_caption"), columns=names, rows=rows, numbers={2})


def _votes(
    handle: ProcedureHandle,
    hands: Mapping[ItemRef, Hands],
    sums: Mapping[ItemRef, Money] | None,
    wording: Wording,
) -> Grid:
    say = wording.sentence
    items = {item.ref: item for item in handle.items()}
    heads = ["number", "title", "yes", "no", "abstain", *(["sum"] if sums is not None else [])]
    rows = [
        (
            items[ref].number or ref,
            items[ref].title,
            *map(wording.number, (shown.yes, shown.no, shown.abstain)),
            *([_money(sums.get(ref), wording)] if sums is not None else []),
        )
        for ref, shown in sorted(hands.items())
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
