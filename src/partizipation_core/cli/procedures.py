"""``partizipation procedures``: export, import, audit and rebuild, checkpoints, sealing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.checking import audit, rebuild
from partizipation_core.cli.house import (
    database_option,
    house,
    place_options,
    wording_of,
)
from partizipation_core.cli.output import ExitCode, emit, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import Refused

if TYPE_CHECKING:
    from partizipation_core.store.checkpoint import Checkpoint
    from partizipation_core.texts.wording import Wording

__all__ = ["procedures"]

_KEY_BYTES = 32
_SIGNING = "--sign-with and --signer go together, and sign the text, not the --words."


@click.group()
def procedures() -> None:
    """Export, import, audit and rebuild procedures, print checkpoints, seal ballot boxes."""


@procedures.command()
@place_options
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    help="Target folder, or a file ending in .tar or .zip.",
)
@click.option("--without-ballots", is_flag=True, help="Without the opened ballots.")
@click.option("--without-texts", is_flag=True, help="Without what people have written.")
@click.option(
    "--whole",
    is_flag=True,
    help="With all that another database needs, personal data included.",
)
@lang_option
def export(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    into: Path,
    without_ballots: bool,
    without_texts: bool,
    whole: bool,
    lang: str,
) -> int:
    """Write a whole procedure so that it can be checked without this program.

    Whoever has the opened ballots can prove how a ballot was filled in. The journal holds
    pseudonyms, so that even without texts an export is for checking and not for open data.
    """
    if without_texts and whole:
        raise click.UsageError("--whole takes the texts with it; leave out --without-texts")
    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        try:
            handle.export(into, ballots=not without_ballots, texts=not without_texts, whole=whole)
        except Refused as refusal:
            return _refused(refusal, wording_of(handle, lang))
    return ExitCode.OK


@procedures.command("import")
@database_option
@click.argument("ausgabe", metavar="EXPORT", type=click.Path(exists=True, path_type=Path))
@lang_option
def import_(database: str, ausgabe: Path, lang: str) -> int:
    """Take over a procedure that was exported with --whole, and continue it here.

    All is checked beforehand; afterwards every line stands as before, or nothing has
    happened. The keys of the votes are in no export and have to be taken along.
    """
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.import_procedure(ausgabe)
        params = {"procedure": handle.ref, "lines": handle.checkpoint().size}
        emit(Wording(lang=lang).sentence("databases.imported", params))
    return ExitCode.OK


@procedures.command()
@place_options
@click.option("--size", default=0, help="For so many journal lines; 0 for all.")
@click.option("--words", is_flag=True, help="As sixteen words for the minutes.")
@click.option("--svg", type=click.Path(path_type=Path), help="Also write it as a QR code.")
@click.option(
    "--sign-with",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sign with the key in this file (Ed25519).",
)
@click.option("--signer", default="", help="Who signs, such as stadt.example/wahlleitung.")
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
    """Write the checkpoint of a procedure, to be kept elsewhere."""
    if (sign_with is None) == bool(signer) or (words and signer):
        raise click.UsageError(_SIGNING)
    from partizipation_core.files import write
    from partizipation_core.reports.checkpoints import qr_code, spoken
    from partizipation_core.texts.wording import Wording

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        found = handle.checkpoint(size)
    note = found.text if sign_with is None else _signed(found, signer, sign_with)
    if words:  # of which one could not tell later how many lines they are about
        note = f"{found.origin}\n{found.size}\n{spoken(found)}"
    if svg is not None:  # what cannot be written is refused before anything is told
        write(svg, qr_code(found))
    emit(note.rstrip("\n"))
    if sign_with is None:
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
@click.option("--vote", default="vote", show_default=True, help="Name of the vote.")
@lang_option
def seal(database: str, municipality: str, procedure: str, vote: str, lang: str) -> int:
    """Seal the ballot box of a finished vote.

    Nothing in the database links a ballot with a person afterwards.
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
@click.option("--vote", required=True, help="Name of the vote.")
@click.option(
    "--into",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the external voting system.",
)
@click.option("--by", "officer", required=True, help="Reference under which it is done.")
def hand_out_roll(  # noqa: PLR0917 - click hands them over by name
    database: str, municipality: str, procedure: str, vote: str, into: Path, officer: str
) -> None:
    """Write the roll under pseudonyms for an external voting system."""
    from partizipation_core.exchange.outside import SignedFiles
    from partizipation_core.files import together
    from partizipation_core.values import Actor, Role

    with house(database) as platform, together() as drafts:
        handle = platform.municipality(municipality).procedure(procedure)
        actor = Actor.of(officer, Role.OFFICER)
        keep = partial(drafts.put, into)
        handle.hand_out_roll(vote, system=SignedFiles(), actor=actor, keep=keep)


@procedures.command("take-result")
@place_options
@click.option("--vote", required=True, help="Name of the vote.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "officer", required=True, help="Reference under which it is done.")
def take_result(  # noqa: PLR0917 - click hands them over by name
    database: str, municipality: str, procedure: str, vote: str, file: Path, officer: str
) -> None:
    """Check and take in the signed result of an external voting system."""
    from partizipation_core.exchange.outside import SignedFiles
    from partizipation_core.values import Actor, Role

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        actor = Actor.of(officer, Role.OFFICER)
        data = file.read_bytes()
        handle.take_outside_result(vote, data, system=SignedFiles(), actor=actor)


procedures.add_command(audit)
procedures.add_command(rebuild)
