"""The papers that a played year leaves in the files: one set for each Kiez."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.documents import (
    Document,
    assembly_minutes,
    assembly_records,
    grant_letter,
)
from partizipation_core.texts import Wording
from partizipation_kiezkasse.papers import kiez_statement
from partizipation_kiezkasse.year import Played

__all__ = ["papers_of"]


def papers_of(played: Played, wording: Wording, *, sender: str) -> Iterator[tuple[str, Document]]:
    """Write every paper of every Kiez, from the invitation to the statement: name → document.

    Notices carry no names here; the letters themselves are printed from the platform.

    Args:
        played: the year.
        wording: of the readers.
        sender: the office.
    """
    yield from played.papers.items()
    for row in played.statement.rows:
        handle = played.handles[row.area]
        name = {"name": row.name, "year": str(played.statement.year)}
        title = wording.sentence("kiezkasse.title", name)
        yield (
            f"{row.area}-abrechnung",
            kiez_statement(played.statement, row, wording, sender=sender),
        )
        for number in range(1, len(assembly_records(handle)) + 1):
            minutes = assembly_minutes(handle, wording, title=title, sender=sender, number=number)
            yield f"{row.area}-protokoll-{number}", minutes
        yield from _notices(handle, wording, sender)


def _notices(
    handle: ProcedureHandle, wording: Wording, sender: str
) -> Iterator[tuple[str, Document]]:
    for item in handle.items():
        if item.grant is not None and item.grant.granted is not None:
            yield f"{item.ref}-bescheid", grant_letter(handle, item.ref, wording, sender=sender)
