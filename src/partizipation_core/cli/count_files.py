"""Files that ``partizipation count`` reads and writes: ``.pb``, CSV tables, workbooks."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import click

from partizipation_core.cli.output import emit, talk
from partizipation_core.counting import Election
from partizipation_core.counting.sheets import TEMPLATES, Sheet, election_of, parse_csv
from partizipation_core.errors import InputError
from partizipation_core.files import together

__all__ = ["SHEETS", "Reading", "template", "write_pb"]

_MOST_MEMBERS, _MOST_BYTES = 1000, 200 << 20
_INSTALL = "pip install 'partizipation-core[xlsx]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a file that is no ``.pb`` file.

    Args:
        projects: the table of projects that belongs to a table of ballots.
        settings: what the tables do not say.
    """

    projects: Path | None
    settings: dict[str, str]

    def election(self, file: Path) -> Election:
        """Read an election.

        Args:
            file: a ``.pb`` file, a CSV table of ballots, or a workbook.

        Raises:
            InputError: it is damaged, or the table of projects is not named.
        """
        kind = file.suffix.lower()
        if kind == ".xlsx":
            return self._workbook(file)
        if kind in {".csv", ".tsv"}:
            return self._tables(file)
        return Election.from_pb(file)

    def _tables(self, file: Path) -> Election:
        if self.projects is None:
            message = "a table of ballots needs its table of projects: --projects"
            raise InputError(message, source=str(file))
        projects, ballots = (parse_csv(_text(path), str(path)) for path in (self.projects, file))
        return election_of(projects, ballots, self.settings)

    def _workbook(self, file: Path) -> Election:
        sheets = _sheets(file)
        if missing := [name for name in ("projects", "ballots") if name not in sheets]:
            raise InputError(f"the sheet {missing[0]!r} is missing", source=str(file))
        if told := sheets.get("settings"):
            told.need("key", "value")
        settings = {row["key"]: row["value"] for _, row in told.records()} if told else {}
        return election_of(sheets["projects"], sheets["ballots"], {**settings, **self.settings})


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "the file is not UTF-8; save it as “CSV UTF-8”"
        raise InputError(message, source=str(path)) from None


def _sheets(file: Path) -> dict[str, Sheet]:
    try:
        import openpyxl
    except ImportError:
        raise InputError(f"workbooks need openpyxl: {_INSTALL}", source=str(file)) from None
    content = BytesIO(file.read_bytes())  # a damaged one would be left open
    try:
        _refuse_bombs(content, file)
        book = openpyxl.load_workbook(content, read_only=True, data_only=True)
        try:
            return {
                sheet.title.strip().lower(): Sheet(f"{file}#{sheet.title}", _rows(sheet))
                for sheet in book.worksheets
            }
        finally:
            book.close()
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over inside an archive that is damaged
        told = str(error).partition("\n")[0] or type(error).__name__
        raise InputError(f"this is no workbook: {told}", source=str(file)) from None


def _refuse_bombs(content: BytesIO, file: Path) -> None:
    """Refuse an archive that unpacks to more than anybody's table before anything is unpacked."""
    from zipfile import ZipFile

    with ZipFile(content) as archive:
        members = archive.infolist()
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _MOST_BYTES:
        most = _MOST_BYTES >> 20
        message = f"it would unpack to more than {_MOST_MEMBERS} files or {most} MiB"
        raise InputError(message, source=str(file))


def _rows(sheet: Any) -> list[list[str]]:
    rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    width = max((n for n, cell in enumerate(rows[0], start=1) if cell), default=0) if rows else 0
    return [_trimmed(row, width) for row in rows]


def _trimmed(row: list[str], width: int) -> list[str]:
    """Leave out empty cells to the right of the last column; spreadsheets invent them."""
    while len(row) > width and not row[-1]:
        row = row[:-1]
    return row


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value).strip()


def _reading(function: Callable[..., None]) -> Callable[..., None]:
    @wraps(function)
    def wrapped(
        *args: Any,
        projects_file: Path | None,
        budget: str | None,
        vote_type: str | None,
        currency: str | None,
        **options: Any,
    ) -> None:
        given = {"budget": budget, "vote_type": vote_type, "currency": currency}
        settings = {key: value for key, value in given.items() if value is not None}
        reading = Reading(projects=projects_file, settings=settings)
        function(*args, reading=reading, **options)

    return wrapped


def SHEETS(function: Callable[..., None]) -> Callable[..., None]:  # noqa: N802 - a decorator
    """Give a command the options for files that are no ``.pb`` files.

    Args:
        function: the command; it receives a `Reading`.
    """
    options = (
        click.option(
            "--projects",
            "projects_file",
            type=click.Path(path_type=Path),
            help="Table of projects (CSV) where FILE is a table of ballots.",
        ),
        click.option("--budget", help="Budget, such as 25000.00; for tables."),
        click.option("--vote-type", help="Kind of ballots, else approval; for tables."),
        click.option("--currency", help="Currency, else EUR; for tables."),
    )
    wrapped = _reading(function)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


@click.command("template")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--xlsx", "workbook", is_flag=True, help="One workbook instead of CSV tables.")
def template(folder: Path, workbook: bool) -> None:
    """Make template tables for projects and ballots in FOLDER."""
    files = {"election.xlsx": _book()} if workbook else {f"{n}.csv": _table(n) for n in TEMPLATES}
    folder.mkdir(parents=True, exist_ok=True)
    with together() as drafts:
        for name, content in files.items():
            drafts.put(folder / name, content)
    for name in files:
        talk(str(folder / name))


def _table(name: str) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(TEMPLATES[name])
    return out.getvalue().encode("utf-8-sig")


def _book() -> bytes:
    try:
        import openpyxl
    except ImportError:
        raise InputError(f"workbooks need openpyxl: {_INSTALL}") from None
    out, book = BytesIO(), openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in TEMPLATES.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"
    book.save(out)
    return out.getvalue()


@click.command("convert")
@click.argument("file", type=click.Path(path_type=Path))
@SHEETS
def write_pb(file: Path, reading: Reading) -> None:
    """Write FILE as a .pb file."""
    emit(reading.election(file).to_pb().rstrip("\n"))
