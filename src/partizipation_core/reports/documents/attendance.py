"""The attendance list (Anwesenheitsliste): a sheet to sign on at the door of an assembly."""

from __future__ import annotations

from partizipation_core.clock import Instant
from partizipation_core.reports.documents.model import Document, Facts, Grid, Paragraph, Signatures
from partizipation_core.texts import Wording

__all__ = ["attendance_list"]

_ROOM = "\u00a0" * 30 + "\n\u00a0"
"""Blanks that keep a cell wide and high enough to be written in by hand."""


def attendance_list(  # noqa: PLR0913 - what a list has to say
    wording: Wording,
    *,
    title: str,
    sender: str,
    at: Instant,
    place: str,
    lines: int = 40,
) -> Document:
    """Write an empty list for people to sign on; how many did, is put down with `AdmitVoters`.

    Args:
        wording: of the readers.
        title: name of the procedure.
        sender: who holds the assembly.
        at: when it begins.
        place: where it is held.
        lines: for how many people.
    """

    def say(code: str, **params: object) -> str:
        return wording.sentence(f"document.attendance_{code}", {**params, "procedure": title})

    columns = [say(name) for name in ("number", "name", "address", "entitled", "signature")]
    return Document(
        title=say("title"),
        sender=sender,
        lang=wording.lang,
        wide=True,
        blocks=[
            Facts([(say("when"), wording.instant(at)), (say("where"), place)]),
            Paragraph(say("purpose")),
            Grid(
                caption=say("caption"),
                columns=columns,
                rows=[(str(line), _ROOM, _ROOM, "", _ROOM) for line in range(1, lines + 1)],
            ),
            Signatures([say("kept_by")]),
        ],
    )
