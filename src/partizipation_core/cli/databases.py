"""``partizipation databases``: back a database up, bring it back, move it, with proof."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partizipation_core.cli.house import database_option
from partizipation_core.cli.output import ExitCode, emit, emit_json, table, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import NotFound

if TYPE_CHECKING:
    from partizipation_core.platform import Platform
    from partizipation_core.texts.wording import Wording
    from partizipation_core.transfer.proof import Proof

__all__ = ["databases"]

_SQLITE = "sqlite:///"


@click.group()
def databases() -> None:
    """Back up, restore and move databases."""


@databases.command()
@click.option(
    "--from",
    "source",
    required=True,
    envvar="PARTIZIPATION_DATABASE",
    show_envvar=True,
    help="Address of the database that moves.",
)
@click.option(
    "--to", "target", required=True, help="Address of the empty database that it moves to."
)
@click.option("--municipality", default="", help="This municipality only.")
@click.option(
    "--with-open-votes",
    is_flag=True,
    help="Even during a vote; nobody votes meanwhile.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def move(  # noqa: PLR0917 - click hands them over by name
    source: str,
    target: str,
    municipality: str,
    with_open_votes: bool,
    as_json: bool,
    lang: str,
) -> int:
    """Move everything to another database and prove that both are equal.

    The application has to stand still. The old database stays as it is. The keys of the
    votes lie in no database and have to be taken along.
    """
    with _opened(source) as theirs, _opened(target, new=True) as ours:
        found = theirs.move_to(ours, municipality=municipality, with_open_votes=with_open_votes)
    return _tell(found, _words(lang), as_json=as_json)


@databases.command()
@database_option
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    help="Target folder, or a file ending in .tar or .zip.",
)
@click.option(
    "--exclude-open-secret",
    is_flag=True,
    help="Without what links ballots with people: votes of open ballots are missing.",
)
@lang_option
def backup(database: str, into: Path, exclude_open_secret: bool, lang: str) -> int:
    """Back up a database while it is in use.

    The backup holds personal data. The keys of the votes are not part of it
    and belong to another place.
    """
    with _opened(database) as platform:
        made = platform.backup(into, exclude_open_secret=exclude_open_secret)
    say, sizes = _words(lang).sentence, [one["bytes"] for one in made["files"].values()]
    told = {"tables": len(sizes), "bytes": sum(sizes), "journals": len(made["heads"])}
    emit(say("databases.backed_up", told))
    for _, procedure, vote in made["left_out"]:
        talk(say("databases.left_out", {"procedure": procedure, "vote": vote}))
    return ExitCode.OK


@databases.command()
@database_option
@click.argument("sicherung", metavar="BACKUP", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def restore(database: str, sicherung: Path, as_json: bool, lang: str) -> int:
    """Restore a backup to an empty database, all of it or nothing."""
    with _opened(database, new=True) as platform:
        found = platform.restore(sicherung)
    return _tell(found, _words(lang), as_json=as_json)


@contextmanager
def _opened(address: str, *, new: bool = False) -> Iterator[Platform]:
    """Open a platform without keys, which nothing here needs.

    Raises:
        NotFound: it is no new one, and it is not there.
        StorageError: it is no new one, and not of the present version: it stays as it is.
    """
    from partizipation_core.platform import Platform
    from partizipation_core.store import Database
    from partizipation_core.store.keys import MemoryKeys

    file = address.removeprefix(_SQLITE)
    if not new and address.startswith(_SQLITE) and not Path(file).is_file():
        raise NotFound(f"there is no database {file}")
    if not new:
        Database(address, as_it_is=True).close()
    with Platform(address, keys=MemoryKeys()) as platform:
        yield platform


def _words(lang: str) -> Wording:
    from partizipation_core.texts.wording import Wording

    return Wording(lang=lang)


def _tell(found: Proof, word: Wording, *, as_json: bool) -> int:
    if as_json:
        emit_json(_data(found))
        return ExitCode.OK
    say = word.sentence
    rows = [
        [word.number(one.rows), one.sha256, name] for name, one in sorted(found.tables.items())
    ]
    heads = [say(f"databases.head.{name}") for name in ("rows", "digest", "table")]
    emit(table(heads, rows, right=[0]))
    journals = [
        [word.number(one.seq), one.digest.hex(), f"{one.scope.municipality} {one.scope.procedure}"]
        for one in found.heads
    ]
    names = [say(f"databases.head.{name}") for name in ("lines", "head", "procedure")]
    emit("\n" + table(names, journals, right=[0]))
    emit("\n" + say("databases.equal", {"rows": found.rows, "procedures": found.audited}))
    for scope, vote in found.left_out:
        talk(say("databases.left_out", {"procedure": scope.procedure, "vote": vote}))
    talk(say("databases.keys"))
    return ExitCode.OK


def _data(found: Proof) -> dict[str, Any]:
    return {
        "equal": True,
        "tables": {
            name: {"rows": one.rows, "sha256": one.sha256} for name, one in found.tables.items()
        },
        "heads": [
            {
                "municipality": one.scope.municipality,
                "procedure": one.scope.procedure,
                "lines": one.seq,
                "digest": one.digest.hex(),
            }
            for one in found.heads
        ],
        "audited": found.audited,
        "left_out": [
            {"municipality": scope.municipality, "procedure": scope.procedure, "vote": vote}
            for scope, vote in found.left_out
        ],
    }
