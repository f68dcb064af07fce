"""Reads ``respondents.csv``: one person a row, with a feature for each category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from partizipation_buergerrat.files.addresses import household, spellings
from partizipation_buergerrat.files.faults import BadTable, Fault
from partizipation_buergerrat.files.tables import Row, Table, plain, read_table
from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.quotas import Categories

__all__ = ["Respondents", "read_respondents", "read_seated"]

_ID = ("id", "kennung", "nummer", "nr", "nr.", "person id", "nationbuilder id", "p id", "person")
_HOUSEHOLD = ("household", "haushalt", "household id", "haushaltsnummer")
_ADDRESS = (
    "address",
    "adresse",
    "anschrift",
    "primary address1",
    "address line 1",
    "straße und hausnummer",
    "strasse und hausnummer",
    "straße",
    "strasse",
    "street",
)
_FURTHER = (
    "hausnummer",
    "house number",
    "primary address2",
    "address line 2",
    "primary zip",
    "zip",
    "postcode",
    "plz",
    "postleitzahl",
    "primary city",
    "city",
    "ort",
    "stadt",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondents:
    """The persons of a file.

    Args:
        pool: all of them.
        review: household → different spellings that were taken for one address.
        table: the file, for whoever needs the rest of its columns.
        rows: identifier → its row.
    """

    pool: Pool
    review: Mapping[str, tuple[str, ...]]
    table: Table
    rows: Mapping[str, Row]


def read_respondents(
    path: Path, categories: Categories, *, address: Sequence[str] = ()
) -> Respondents:
    """Read persons from a table.

    The column of identifiers is called ``id`` or one of its usual names, else it is the first one.
    For each category there is a column with its name. An address may be a ``household`` column,
    one ``address`` column, or street, house number, postcode and town.

    Args:
        path: a CSV or XLSX file.
        categories: what is looked for.
        address: headings of the columns that make up the address, by default the usual ones.

    Raises:
        BadTable: with everything that is wrong, by row and column.
    """
    table = read_table(path)
    wanted = [*address, *(category.name for category in categories)]
    faults = [*_missing(table, wanted), *_twice(table, wanted)]
    id_place = _identifiers(table, categories)
    if id_place is None:
        faults.append(table.fault("table.column_missing", heading="id"))
    if not table.rows:
        faults.append(table.fault("table.empty"))
    if id_place is None or faults:
        raise BadTable(faults)
    homes = [table.places[plain(name)] for name in address] or _address(table)
    people, rows, written = [], {}, []
    for row in table.rows:
        person = _person(table, row, (id_place, homes), categories, faults)
        if person.id in rows:
            faults.append(table.fault("table.id_twice", row.number, id_place, id=person.id))
        rows[person.id] = row
        people.append(person)
        written.append((person.household, ", ".join(filter(None, map(row.cell, homes)))))
    if faults:
        raise BadTable(faults)
    return Respondents(pool=Pool.of(people), review=spellings(written), table=table, rows=rows)


def read_seated(
    path: Path, categories: Categories, pool: Pool, *, address: Sequence[str] = ()
) -> tuple[Person, ...]:
    """Read who has a seat already, such as the ``selected.csv`` of an earlier draw.

    Args:
        path: a table like that of the pool, or one of identifiers in the pool.
        categories: what is looked for.
        pool: where to look up persons of whom only the identifier is given.
        address: as in `read_respondents`.

    Raises:
        BadTable: with everything that is wrong.
    """
    table = read_table(path)
    if any(plain(category.name) in table.places for category in categories):
        return tuple(read_respondents(path, categories, address=address).pool)
    place = _identifiers(table, categories) or 0
    known, faults, seated = {person.id: person for person in pool}, [], []
    for row in table.rows:
        id_ = row.cell(place)
        if id_ in known:
            seated.append(known[id_])
        else:
            faults.append(table.fault("table.id_unknown", row.number, place, id=id_))
    if faults:
        raise BadTable(faults)
    return tuple(seated)


def _missing(table: Table, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if plain(name) not in table.places:
            yield table.fault("table.column_missing", heading=name)


def _twice(table: Table, names: Iterable[str]) -> Iterator[Fault]:
    """Tell columns of the same name, of which nobody can know which one is meant."""
    headings = [plain(heading) for heading in table.headings]
    for name in dict.fromkeys(map(plain, names)):
        if headings.count(name) > 1:
            place = headings.index(name, headings.index(name) + 1)
            yield table.fault("table.column_twice", 1, place, heading=table.headings[place])


def _identifiers(table: Table, categories: Categories) -> int | None:
    """Find the column of identifiers; the first one, unless that is a feature."""
    named = table.place(*_ID)
    features = {plain(category.name) for category in categories}
    return 0 if named is None and plain(table.headings[0]) not in features else named


def _address(table: Table) -> list[int]:
    own = table.place(*_HOUSEHOLD)
    if own is not None:
        return [own]
    street = table.place(*_ADDRESS)
    if street is None:
        return []
    further = [table.places[name] for name in _FURTHER if name in table.places]
    return [street, *further]


def _person(
    table: Table,
    row: Row,
    places: tuple[int, Sequence[int]],
    categories: Categories,
    faults: list[Fault],
) -> Person:
    id_place, homes = places
    if not row.cell(id_place):
        faults.append(
            table.fault("table.blank", row.number, id_place, heading=table.headings[id_place])
        )
    features = []
    for category in categories:
        place = table.places[plain(category.name)]
        known = {plain(quota.feature): quota.feature for quota in category.quotas}
        text = row.cell(place)
        feature = known.get(plain(text), "")
        if not feature:
            code = "table.unknown_feature" if text else "table.blank"
            faults.append(
                table.fault(
                    code,
                    row.number,
                    place,
                    heading=table.headings[place],
                    found=text,
                    known=", ".join(known.values()),
                )
            )
        features.append(feature)
    return Person(
        id=row.cell(id_place), features=tuple(features), household=household(map(row.cell, homes))
    )
