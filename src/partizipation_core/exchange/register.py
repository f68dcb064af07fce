"""Extracts from the population register (Melderegisterauszüge) as CSV.

Only columns that the law lets the registration office pass on are read; any other column is
refused by its name, before a single line is looked at. What is wrong with a line is told with its
number and column and without its content.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from partizipation_core.errors import InputError
from partizipation_core.execution.recognising import Extract, ExtractLine, register_identity
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.electorate.age import Born

__all__ = ["COLUMNS", "Column", "LineFault", "Reading", "read_register", "template"]

MOST_BYTES = 200 * 2**20
MOST_LINES = 1_500_000
MOST_CELL = 10_000
"""Limits: enough for any municipality whose people one office registers."""

OLDEST = 150


@frozen
class Column:
    """A column that an extract may have.

    Args:
        name: its heading.
        fact: what it tells.
        law: the passage of the law (BMG) that names it.
        values: what may stand in it.
        within: whether only offices of the same administration may pass it on.
    """

    name: str
    fact: str
    law: str
    values: str
    within: bool = False


COLUMNS: Mapping[str, Column] = {
    one.name: one
    for one in (
        Column(
            "kennung", "reference", "–", "frei gewählt, in jedem Auszug dieselbe; kein Merkmal"
        ),
        Column("familienname", "family_name", "§ 46 Abs. 2 Nr. 1", "Text"),
        Column("vornamen", "given_names", "§ 46 Abs. 2 Nr. 2", "Text"),
        Column("doktorgrad", "doctorate", "§ 46 Abs. 2 Nr. 3", "Text"),
        Column("alter", "birth", "§ 46 Abs. 2 Nr. 4", "volle Jahre am Stichtag"),
        Column("geschlecht", "sex", "§ 46 Abs. 2 Nr. 5", "Text"),
        Column("staatsangehoerigkeiten", "nationalities", "§ 46 Abs. 2 Nr. 6", "DE oder DE,FR"),
        Column("strasse", "address", "§ 46 Abs. 2 Nr. 7", "Text"),
        Column("hausnummer", "address", "§ 46 Abs. 2 Nr. 7", "Text"),
        Column("adresszusatz", "address", "§ 46 Abs. 2 Nr. 7", "Text"),
        Column("plz", "address", "§ 46 Abs. 2 Nr. 7", "Text"),
        Column("ort", "address", "§ 46 Abs. 2 Nr. 7", "Text"),
        Column("gebiet", "area", "§ 46 Abs. 2 Nr. 7", "Gebiet, in dem die Anschrift liegt"),
        Column("wohnungsart", "residence", "§ 46 Abs. 2 Nr. 7", "haupt oder neben"),
        Column("gesetzlicher_vertreter", "guardian", "§ 46 Abs. 2 Nr. 8", "Text"),
        Column(
            "geburtsdatum",
            "birth",
            "§ 37 Abs. 1 mit § 34 Abs. 1 Nr. 8",
            "17.05.2011, 2011-05-17 oder 00.00.2011",
            within=True,
        ),
    )
}
"""Every column that can be read; the heading is compared without case, umlauts and spaces."""

_ONLY_FOR_CHOOSING = ("geburtsdatum", "einzugsdatum", "auszugsdatum", "familienstand")
_RESIDENCE = {
    **dict.fromkeys(("haupt", "hauptwohnung", "h", "hw"), "main"),
    **dict.fromkeys(("neben", "nebenwohnung", "n", "nw"), "secondary"),
}
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "_", "-": "_", "(": None})


@frozen
class LineFault:
    """What is wrong with one line; never what stands in it.

    Args:
        line: its number in the file, from 1.
        column: heading of the column; empty where the line as a whole is meant.
        code: names the sentence.
        other: number of another line that it contradicts, 0 if there is none.
    """

    line: int
    column: str
    code: str
    other: int = 0


@frozen(kw_only=True)
class Reading:
    """What was read.

    Args:
        extract: the people on sound lines.
        faults: what is wrong, line by line.
        columns: the columns that the file has.
    """

    extract: Extract
    faults: Sequence[LineFault] = field(default=(), converter=as_tuple)
    columns: Sequence[str] = field(default=(), converter=as_tuple)


def template(settings: ProcedureSettings, needed: Collection[str]) -> str:
    """Return the heading of the extract that a procedure needs, and of nothing more.

    Args:
        settings: its settings.
        needed: the facts its rules need, as `ProcedureHandle.needed_facts` tells.
    """
    parts = {"reference": ("reference",), "name_birth": ("family_name", "given_names", "birth")}
    key = parts.get(settings.register_key, ("family_name", "given_names", "address"))
    within = settings.register_law == "bmg37"
    asked = {*key, *needed}
    birth = "geburtsdatum" if within else "alter"
    names = [
        one.name
        for one in COLUMNS.values()
        if one.fact in asked and (one.fact != "birth" or one.name == birth)
    ]
    return ";".join(names) + "\r\n"


def read_register(
    data: bytes, settings: ProcedureSettings, *, source: str = "", as_of: date | None = None
) -> Reading:
    """Read an extract: ``;`` or ``,`` between cells, UTF-8 with or without BOM, or cp1252.

    Args:
        data: content of the file.
        settings: of the procedure it is for: what the extract rests on, and what people are
            recognised by.
        source: name of the file, for messages.
        as_of: the day on which the ages in it hold (Stichtag).

    Raises:
        InputError: it is no such file, is too large, or has a column that may not be passed on.
    """
    text = _text(data, source)
    rows = _rows(text, source)
    headings = [_heading(cell) for cell in next(rows, (0, []))[1]]
    _check(headings, settings, source, as_of)
    reader = _Reader(headings, settings, as_of)
    for line, cells in rows:
        reader.take(line, cells)
    extract = Extract(lines=reader.lines, data=data)
    return Reading(extract=extract, faults=reader.faults, columns=headings)


def _text(data: bytes, source: str) -> str:
    if len(data) > MOST_BYTES:
        raise InputError(f"larger than {MOST_BYTES // 2**20} MiB", source=source)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise InputError("neither UTF-8 nor Windows-1252 text", source=source)


def _rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of its last line."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader):
            if number > MOST_LINES:
                raise InputError(f"more than {MOST_LINES} lines", source=source)
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(f"no CSV: {error}", source=source, line=reader.line_num) from error


def _heading(cell: str) -> str:
    return cell.strip().lower().translate(_PLAIN)


def _check(
    headings: Sequence[str], settings: ProcedureSettings, source: str, as_of: date | None
) -> None:
    """Refuse what may not be passed on, by name, and what cannot be read."""
    if not headings:
        raise InputError("empty; the first line holds the headings", source=source)
    within = settings.register_law == "bmg37"
    refused = [
        name for name in headings if name not in COLUMNS or (COLUMNS[name].within and not within)
    ]
    if refused:
        raise InputError(_refusal(refused, within=within), source=source, line=1)
    if twice := sorted({name for name in headings if headings.count(name) > 1}):
        raise InputError(f"columns twice: {', '.join(twice)}", source=source, line=1)
    if "alter" in headings and as_of is None:
        raise InputError("column 'alter' needs the day on which it holds", source=source, line=1)


def _refusal(refused: Sequence[str], *, within: bool) -> str:
    law = "§§ 37, 34 BMG" if within else "§ 46 Abs. 2 BMG"
    message = f"columns that {law} does not let pass: {', '.join(map(repr, refused))}"
    choosing = [name for name in refused if name in _ONLY_FOR_CHOOSING]
    if choosing and not within:
        names = ", ".join(choosing)
        message += f"; {names}: may be used to choose the people (§ 46 Abs. 1), not be told"
    return f"{message}; have the extract made without them"


class _Reader:
    """Reads line by line; people are compared by what they are recognised by."""

    def __init__(
        self, headings: Sequence[str], settings: ProcedureSettings, as_of: date | None
    ) -> None:
        self.lines: list[ExtractLine] = []
        self.faults: list[LineFault] = []
        self._headings = headings
        self._settings = settings
        self._as_of = as_of
        self._seen: dict[str, int] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Read one line, or put down what is wrong with it."""
        faults = list(self._shape(line, cells))
        facts: dict[str, str] = {}
        if not faults:
            facts, faults = self._facts(line, cells)
        identity = register_identity(facts, self._settings.register_key)
        if not faults and not identity:
            faults.append(LineFault(line, "", "key_missing"))
        elif not faults and identity in self._seen:
            faults.append(LineFault(line, "", "named_twice", self._seen[identity]))
        self.faults += faults
        if not faults:
            self._seen[identity] = line
            self.lines.append(ExtractLine(identity=identity, facts=facts))

    def _shape(self, line: int, cells: Sequence[str]) -> Iterator[LineFault]:
        if len(cells) != len(self._headings):
            yield LineFault(line, "", "cells_missing_or_over")
        for name, cell in zip(self._headings, cells, strict=False):
            if len(cell) > MOST_CELL:
                yield LineFault(line, name, "cell_too_long")

    def _facts(self, line: int, cells: Sequence[str]) -> tuple[dict[str, str], list[LineFault]]:
        facts: dict[str, str] = {}
        faults: list[LineFault] = []
        for name, cell in zip(self._headings, cells, strict=True):
            value, fact = " ".join(cell.split()), COLUMNS[name].fact
            if not value:
                continue
            try:
                value = self._value(name, value)
            except (ValueError, OverflowError):
                faults.append(LineFault(line, name, f"bad_{fact}"))
                continue
            facts[fact] = (
                f"{facts[fact]} {value}" if fact == "address" and fact in facts else value
            )
        return facts, faults

    def _value(self, name: str, value: str) -> str:
        """Bring a cell into the form that rules read.

        Raises:
            ValueError: it is none of the values its column may have.
        """
        match name:
            case "wohnungsart":
                return _residence(value)
            case "geburtsdatum":
                return str(_birth(value))
            case "alter" if self._as_of is not None:
                return str(Born.of_age(_age(value), self._as_of))
            case "staatsangehoerigkeiten":
                return ",".join(part.strip().upper() for part in value.split(","))
        return value


def _residence(value: str) -> str:
    if value.lower() not in _RESIDENCE:
        msg = "neither main nor secondary"
        raise ValueError(msg)
    return _RESIDENCE[value.lower()]


def _age(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) <= OLDEST):
        msg = "no age"
        raise ValueError(msg)
    return int(value)


def _birth(value: str) -> Born:
    """Read a date of birth; registers write 00 where day or month are not known."""
    match = _GERMAN_DAY.fullmatch(value)
    if match is None:
        return Born.read(date.fromisoformat(value).isoformat())
    day, month, year = map(int, match.groups())
    if day == 0 or month == 0:
        return Born.read(f"{year:04d}")
    return Born.read(date(year, month, day).isoformat())
