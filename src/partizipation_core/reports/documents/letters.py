"""Letters of the granting office: the notice, and the request for what is missing.

Names and addresses are put in when a letter is printed; the journal holds none.
"""

from __future__ import annotations

from collections.abc import Iterable

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.case import Grant
from partizipation_core.kernel.payee import Payee
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
from partizipation_core.texts import Wording

__all__ = ["document_request", "grant_letter"]


def grant_letter(
    handle: ProcedureHandle,
    item: str,
    wording: Wording,
    *,
    sender: str,
    payee: Payee | None = None,
) -> Document:
    """Write the grant notice of an item as a letter (Zuwendungsbescheid).

    Its text is the one that was drafted and completed by hand; plan and sums are set beside it.

    Args:
        handle: the procedure.
        item: reference of the item.
        wording: of the readers.
        sender: the granting office.
        payee: whom it goes to, as `ProcedureHandle.payee` returns it; None for a copy for the
            files without a name.

    Raises:
        NotFound: no notice was drafted.
    """
    found = handle.item(item)
    grant = _grant(found)
    if grant.notice is None:
        raise NotFound(f"no notice was drafted for {item!r}")
    signed = grant.notice.signed

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"document.notice_{code}", params)

    title, *paragraphs = grant.notice.text.strip().split("\n\n")
    status = say("signed", at=signed) if signed is not None else say("draft")
    return Document(
        title=title.strip(),
        sender=sender,
        lang=wording.lang,
        blocks=[
            *_address(payee),
            *(Paragraph(text.strip()) for text in paragraphs),
            Heading(say("plan")),
            _costs(grant, wording),
            Facts(_funds(grant, wording)),
            Paragraph(status),
            Signatures([say("signature")]),
        ],
    )


def document_request(  # noqa: PLR0913 - what a letter has to say
    handle: ProcedureHandle,
    item: str,
    wording: Wording,
    *,
    sender: str,
    until: Instant | None = None,
    payee: Payee | None = None,
) -> Document:
    """Ask an applicant for what is missing, as a letter (Nachforderung).

    Args:
        handle: the procedure.
        item: reference of the item.
        wording: of the readers.
        sender: the granting office.
        until: the instant before which it is to come in; None for no day.
        payee: whom it goes to; None for a copy without a name.

    Raises:
        NotFound: nothing is waited for.
    """
    found = handle.item(item)
    grant = _grant(found)
    if not grant.wanted:
        raise NotFound(f"nothing is waited for from {item!r}")

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"document.request_{code}", params)

    kind = "questions" if grant.state == "queried" else "missing"
    wanted = "\n".join(f"– {one}" for one in grant.wanted)
    by = [Paragraph(say("until", until=until - 1))] if until is not None else []
    params = {"number": found.number or found.ref, "title": found.title}
    return Document(
        title=say("title", **params),
        sender=sender,
        lang=wording.lang,
        blocks=[
            *_address(payee),
            Paragraph(say(kind, **params, applied=grant.applied)),
            Paragraph(wanted),
            *by,
            Paragraph(say("otherwise")),
            Signatures([say("signature")]),
        ],
    )


def _grant(item: Item) -> Grant:
    if item.grant is None:
        raise NotFound(f"nobody has applied for the money of {item.ref!r}")
    return item.grant


def _address(payee: Payee | None) -> Iterable[Block]:
    if payee is not None:
        yield Paragraph("\n".join(part for part in (payee.name, payee.address) if part))


def _costs(grant: Grant, wording: Wording) -> Grid:
    say, plan = wording.sentence, grant.plan
    rows = [
        (wording.label("cost_type", one.type), one.label or "–", wording.money(one.amount.cents))
        for one in plan.costs
    ]
    total = (say("document.total"), "", wording.money(plan.total.cents))
    return Grid(
        caption=say("document.notice_caption"),
        columns=[say(f"document.column_{name}") for name in ("cost_type", "label", "amount")],
        rows=[*rows, total],
        numbers={2},
        total=True,
    )


def _funds(grant: Grant, wording: Wording) -> list[tuple[str, str]]:
    granted = grant.notice.amount if grant.notice is not None else grant.plan.requested
    funds = {"own": grant.plan.own, "third_party": grant.plan.third_party, "grant": granted}
    return [
        (wording.sentence(f"document.funds_{name}"), wording.money(amount.cents))
        for name, amount in funds.items()
    ]
