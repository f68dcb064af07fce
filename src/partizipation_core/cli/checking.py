"""``procedures audit`` and ``procedures rebuild``: the present state against the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import database_option, house, place_options
from partizipation_core.cli.output import ExitCode, emit, emit_json, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import NotFound

if TYPE_CHECKING:
    from partizipation_core.platform import Platform, ProcedureHandle
    from partizipation_core.replay import Check
    from partizipation_core.texts.wording import Wording

__all__ = ["audit", "rebuild"]

_WHERE = "--procedure goes together with --municipality."
_REBUILT, _NEEDED = {"state", "books"}, {"chain", "texts"}


@click.command()
@database_option
@click.option("--municipality", default="", help="Only the procedures of this municipality.")
@click.option("--procedure", default="", help="Only the procedure of this reference there.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def audit(*, database: str, municipality: str, procedure: str, as_json: bool, lang: str) -> int:
    """Check procedures against themselves and change nothing.

    Compares the kept state, the texts, the books, the ballot boxes and the results of each with
    its journal. Exits with 1 if anything does not agree.
    """
    from partizipation_core.texts.wording import Wording

    if procedure and not municipality:
        raise click.UsageError(_WHERE)
    with house(database) as platform:
        handles = _named(platform, municipality, procedure)
        audited = [(handle, handle.audit()) for handle in handles]
    if as_json:
        emit_json([_data(handle, checks) for handle, checks in audited])
    else:
        _tell(audited, Wording(lang=lang))
    sound = all(check.ok for _, checks in audited for check in checks)
    return ExitCode.OK if sound else ExitCode.FAILED


def _named(platform: Platform, municipality: str, procedure: str) -> Sequence[ProcedureHandle]:
    """Return the procedures that are meant; an audit of nothing would look like a good one.

    Raises:
        NotFound: there is none.
    """
    if procedure:
        return [platform.municipality(municipality).procedure(procedure)]
    town = platform.municipality(municipality) if municipality else platform
    if found := town.procedures():
        return found
    raise NotFound(f"there is no procedure in {municipality or 'this database'}")


def _tell(audited: Sequence[tuple[ProcedureHandle, Sequence[Check]]], word: Wording) -> None:
    for handle, checks in audited:
        for line in _told(handle, checks, word):
            emit(line)
        faulty = {check.name for check in checks if not check.ok}
        if faulty & _REBUILT and not faulty & _NEEDED:
            talk(word.sentence("audit.rebuild", {"procedure": handle.ref}))


def _told(handle: ProcedureHandle, checks: Sequence[Check], word: Wording) -> Iterator[str]:
    faults = [(check.name, fault) for check in checks for fault in check.faults]
    place = {"municipality": handle.municipality, "procedure": handle.ref}
    lines = next(check.counted for check in checks if check.name == "chain")
    params = {**place, "lines": lines, "faults": len(faults)}
    yield word.sentence("audit.faulty" if faults else "audit.sound", params)
    for name, fault in faults:
        claim = word.sentence(f"audit.{name}")
        yield word.sentence("audit.fault", {"claim": claim, "fault": fault})


def _data(handle: ProcedureHandle, checks: Sequence[Check]) -> dict[str, object]:
    return {
        "municipality": handle.municipality,
        "procedure": handle.ref,
        "checks": [
            {"name": one.name, "counted": one.counted, "faults": list(one.faults)}
            for one in checks
        ],
    }


@click.command()
@place_options
@lang_option
def rebuild(database: str, municipality: str, procedure: str, lang: str) -> int:
    """Drop the kept state of a procedure and bring it back from its journal.

    The journal, the texts beside it, the ballot boxes and the keys stay as they are. Nothing is
    dropped if the journal or its texts were changed.
    """
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        place = {"municipality": handle.municipality, "procedure": handle.ref}
        params = {**place, "lines": handle.rebuild()}
    emit(Wording(lang=lang).sentence("procedures.rebuilt", params))
    return ExitCode.OK
