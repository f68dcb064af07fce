"""A first text of a grant notice, written from the data; an officer completes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from babel.dates import format_skeleton

from partizipation_core.formats.grants import GrantSettings
from partizipation_core.kernel.payee import Payee
from partizipation_core.kernel.state import Item
from partizipation_core.texts import Wording
from partizipation_core.values import Money

__all__ = ["notice_text", "printed_notice"]


def notice_text(item: Item, amount: Money, settings: GrantSettings, wording: Wording) -> str:
    """Draft the text of a notice, one paragraph a line break apart.

    It names nobody, since the text is kept in the journal for good, and it ends with what only an
    officer can add: the legal basis, conditions of the case, and instructions on remedies.

    Args:
        item: the item, with an application.
        amount: what shall be granted.
        settings: what the procedure asks of those who are granted money.
        wording: in whose language, currency and zone.

    Raises:
        ValueError: nobody has applied.
    """
    return "\n\n".join(_paragraphs(item, amount, settings, wording)) + "\n"


def printed_notice(text: str, payee: Payee) -> str:
    """Put name and address above the text, for the letter itself."""
    return f"{payee.name}\n{payee.address}\n\n{text}"


def _paragraphs(
    item: Item, amount: Money, settings: GrantSettings, wording: Wording
) -> Iterator[str]:
    if item.grant is None:
        msg = f"nobody has applied for the money of {item.ref!r}"
        raise ValueError(msg)

    def say(code: str, params: Mapping[str, object]) -> str:
        return wording.sentence(f"letter.{code}", params)

    plan, sum_ = item.grant.plan, {"amount": amount.cents, "title": item.title}
    shares = {"own": plan.own.cents, "third_party": plan.third_party.cents}
    yield say("title", {})
    yield say("reference", {"number": item.number or item.ref, "title": item.title})
    yield say("grants", {**sum_, "applied": item.grant.applied})
    yield say("plan", {**sum_, **shares, "total": plan.total.cents})
    yield say(settings.payout, {})
    if settings.use_within_months:
        yield say("use", {"months": settings.use_within_months})
    if settings.proof_within_months:
        yield say("proof", {"months": settings.proof_within_months})
    if settings.cut_off:
        yield say("cut_off", {"day": _day_of_year(settings.cut_off, wording)})
    yield say("excluded", {"types": settings.excluded_costs})
    yield say("back", {})
    yield say("complete", {})


def _day_of_year(cut_off: str, wording: Wording) -> str:
    """Write a month and day as people say them: ``12-10`` is 10. Dezember."""
    month, _, day = cut_off.partition("-")
    leap = date(2000, int(month), int(day))
    return format_skeleton("MMMMd", leap, locale=wording.locale)
