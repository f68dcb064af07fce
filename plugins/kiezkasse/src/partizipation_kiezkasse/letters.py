"""Papers that are written on the way: before an assembly, and while something is missing."""

from __future__ import annotations

from datetime import date, datetime, time

from partizipation_core.clock import from_wall
from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.documents import (
    Document,
    attendance_list,
    document_request,
    invitation,
)
from partizipation_core.texts import Wording
from partizipation_kiezkasse.programme import Kiez

__all__ = ["invite", "request"]

_EVENING = time(18)
"""When assemblies begin."""


def invite(
    kiez: Kiez, handle: ProcedureHandle, assembly: date, wording: Wording
) -> dict[str, Document]:
    """Write the invitation to an assembly, and the sheet to sign on at its door.

    Args:
        kiez: the region.
        handle: its procedure.
        assembly: the day.
        wording: of the readers.
    """
    say = wording.sentence
    names = {"name": kiez.name, "year": str(kiez.year)}
    title, sender, place = (say(f"kiezkasse.{one}", names) for one in ("title", "sender", "place"))
    at = from_wall(datetime.combine(assembly, _EVENING), handle.settings().timezone)
    letter = invitation(handle, wording, title=title, sender=sender, at=at, place=place)
    sheet = attendance_list(wording, title=title, sender=sender, at=at, place=place)
    return {f"{kiez.area}-einladung": letter, f"{kiez.area}-anwesenheitsliste": sheet}


def request(handle: ProcedureHandle, item: str, wording: Wording) -> Document:
    """Write the letter in which the office asks for what is missing (Nachforderung).

    Args:
        handle: the procedure.
        item: whose application is not complete, or whose accounts raise a question.
        wording: of the readers.
    """
    sender = wording.sentence("kiezkasse.sender")
    return document_request(handle, item, wording, sender=sender)
