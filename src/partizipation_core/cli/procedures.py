"""``partizipation procedures``: export and import a procedure, print a checkpoint, seal a vote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.house import (
    database_option,
    house,
    lang_option,
    place_options,
    wording_of,
)
from partizipation_core.cli.output import ExitCode, emit, talk
from partizipation_core.errors import Refused

if TYPE_CHECKING:
    from partizipation_core.store.checkpoint import Checkpoint
    from partizipation_core.texts.wording import Wording

__all__ = ["procedures"]

_KEY_BYTES = 32


@click.group()
def procedures() -> None:
    """Verfahren ausgeben und übernehmen, Prüfpunkte drucken, Urnen versiegeln."""


@procedures.command()
@place_options
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    help="Zielordner, oder eine Datei auf .tar oder .zip.",
)
@click.option("--without-ballots", is_flag=True, help="Ohne die geöffneten Stimmzettel.")
@click.option(
    "--whole",
    is_flag=True,
    help="Mit allem, was eine andere Datenbank braucht, auch personenbezogenen Daten.",
)
@lang_option
def export(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    into: Path,
    without_ballots: bool,
    whole: bool,
    lang: str,
) -> int:
    """Ein ganzes Verfahren ablegen, so dass es ohne dieses Programm geprüft werden kann.

    Wer die geöffneten Stimmzettel hat, kann belegen, wie ein Zettel ausgefüllt war.
    """
    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        try:
            handle.export(into, ballots=not without_ballots, whole=whole)
        except Refused as refusal:
            return _refused(refusal, wording_of(handle, lang))
    return ExitCode.OK


@procedures.command("import")
@database_option
@click.argument("ausgabe", type=click.Path(exists=True, path_type=Path))
@lang_option
def import_(database: str, ausgabe: Path, lang: str) -> int:
    """Ein Verfahren übernehmen, das mit --whole ausgegeben wurde, und hier weiterführen.

    Vorher wird alles geprüft; danach steht jede Zeile so da wie vorher, oder nichts ist
    geschehen. Die Schlüssel der Abstimmungen sind in keiner Ausgabe und müssen mitgenommen werden.
    """
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.import_procedure(ausgabe)
        params = {"procedure": handle.ref, "lines": handle.checkpoint().size}
        emit(Wording(lang=lang).sentence("databases.imported", params))
    return ExitCode.OK


@procedures.command()
@place_options
@click.option("--size", default=0, help="Für so viele Journalzeilen; 0 für alle.")
@click.option("--words", is_flag=True, help="Als sechzehn Wörter für die Niederschrift.")
@click.option("--svg", type=click.Path(path_type=Path), help="Zusätzlich als QR-Code ablegen.")
@click.option(
    "--sign-with",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Mit dem Schlüssel in dieser Datei unterschreiben (Ed25519).",
)
@click.option("--signer", default="", help="Wer unterschreibt, z. B. stadt.example/wahlleitung.")
@lang_option
def checkpoint(
    *,
    database: str,
    municipality: str,
    procedure: str,
    size: int,
    words: bool,
    svg: Path | None,
    sign_with: Path | None,
    signer: str,
    lang: str,
) -> int:
    """Den Prüfpunkt eines Verfahrens ausgeben, der anderswo aufgehoben wird."""
    from partizipation_core.reports.checkpoints import qr_code, spoken
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        found = handle.checkpoint(size)
    note = found.text if sign_with is None else _signed(found, signer, sign_with)
    emit(spoken(found) if words else note.rstrip("\n"))
    if svg is not None:
        svg.write_text(qr_code(found), encoding="utf-8")
    if sign_with is None or words:
        talk(Wording(lang=lang).sentence("procedures.unsigned"))
    return ExitCode.OK


def _signed(found: Checkpoint, signer: str, file: Path) -> str:
    from partizipation_core.store.signing import signed

    return signed(found, signer, _key_in(file))


def _key_in(file: Path) -> bytes:
    """Read a key that is written as bytes or as hexadecimal digits."""
    key = file.read_bytes()
    try:
        return bytes.fromhex(key.decode("ascii")) if len(key) > _KEY_BYTES else key
    except ValueError:
        return key  # it is none, and whoever signs says so


@procedures.command()
@place_options
@click.option("--vote", default="vote", show_default=True, help="Kennung der Abstimmung.")
@lang_option
def seal(database: str, municipality: str, procedure: str, vote: str, lang: str) -> int:
    """Die Urne einer beendeten Abstimmung versiegeln.

    Danach verbindet in der Datenbank nichts mehr einen Stimmzettel mit einer Person.
    """
    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        try:
            handle.seal(vote)
        except Refused as refusal:
            return _refused(refusal, wording_of(handle, lang))
    return ExitCode.OK


def _refused(refusal: Refused, word: Wording) -> int:
    for objection in refusal.objections:
        talk(word.objection(objection))
    return ExitCode.REFUSED


@procedures.command("hand-out-roll")
@place_options
@click.option("--vote", required=True, help="Name der Abstimmung.")
@click.option(
    "--into",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Datei für das externe Wahlsystem.",
)
@click.option("--by", "officer", required=True, help="Kennung, unter der es geschieht.")
def hand_out_roll(  # noqa: PLR0917 - click hands them over by name
    database: str, municipality: str, procedure: str, vote: str, into: Path, officer: str
) -> None:
    """Das Abstimmungsverzeichnis unter Pseudonymen für ein externes Wahlsystem ausgeben."""
    from partizipation_core.exchange.outside import SignedFiles
    from partizipation_core.values import Actor, Role

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        actor = Actor.of(officer, Role.OFFICER)
        into.write_bytes(handle.hand_out_roll(vote, system=SignedFiles(), actor=actor))


@procedures.command("take-result")
@place_options
@click.option("--vote", required=True, help="Name der Abstimmung.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "officer", required=True, help="Kennung, unter der es geschieht.")
def take_result(  # noqa: PLR0917 - click hands them over by name
    database: str, municipality: str, procedure: str, vote: str, file: Path, officer: str
) -> None:
    """Das unterschriebene Ergebnis eines externen Wahlsystems prüfen und übernehmen."""
    from partizipation_core.exchange.outside import SignedFiles
    from partizipation_core.values import Actor, Role

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        actor = Actor.of(officer, Role.OFFICER)
        data = file.read_bytes()
        handle.take_outside_result(vote, data, system=SignedFiles(), actor=actor)
