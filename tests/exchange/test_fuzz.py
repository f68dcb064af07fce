"""Whatever a file holds: it is read, or refused with a sentence; never slowly, never greedily.

Hundreds of damaged files of each form run with every change; ``python3 dev.py soak
tests/exchange/test_fuzz.py`` has a million of each.
"""

import io
import json
import random
import resource
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from partizipation_core.cli.count_files import Reading
from partizipation_core.configuration import read_configuration
from partizipation_core.counting.sheets import TEMPLATES, election_of, parse_csv
from partizipation_core.errors import PartizipationError
from partizipation_core.exchange.booth import read_booth
from partizipation_core.exchange.definition import (
    as_json,
    as_toml,
    format_data,
    read_format,
    read_plain,
)
from partizipation_core.exchange.geojson import read_areas
from partizipation_core.exchange.register import read_register
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.plugins.host import PluginHost

HOST = PluginHost.discover()
REGISTRY = HOST.registry
SECONDS, MEGABYTES = 2, 256
TOKENS = (
    *(
        '"',
        "'",
        ";",
        ",",
        "\n",
        "\r",
        "\t",
        "\0",
        "[",
        "]",
        "{",
        "}",
        ":",
        "=",
        "#",
        "\\",
        "\ufeff",
    ),
    *("\u202e", "\u0085", "\u2028", "٣", "½", "ß", "𝟙", "é", "\ud7ff", "\uffff", "\U0010ffff"),  # noqa: RUF001
    *(
        "1e999",
        "1e999999999",
        "1e-999999999",
        "9" * 5000,
        "-0",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "١",  # noqa: RUF001
    ),
    *("null", "true", "[]", "{}", '""', "2027-02-30", "24:00", "=1+1", "1;2;3;4;5;6", "__proto__"),
    *("[" * 3000, "{" * 3000, '{"a":' * 3000, "a.b." * 500, '"' * 200, "\n" * 500),
)


def csv_of(table):
    return "".join(";".join(row) + "\n" for row in TEMPLATES[table])


REGISTER = "kennung;alter;gebiet\nR-1;40;Köpenick\nR-2;17;Mitte\nR-3;;\n"
BOOTH = "ballot,voter,validity,item:bench,item:fountain\n1,,valid,1,1\n2,anna,,1,\n3,,blank,,\n"
BOOTH_JSON = """{"ballots": [{"ballot": "1", "choices": {"bench": 1, "fountain": 1}},
 {"ballot": "2", "voter": "anna", "choices": {"bench": 1}},
 {"ballot": "3", "validity": "blank"}]}"""
MAP = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"id": "mitte", "name": "Mitte"}, "geometry": {"type": "Polygon", "coordinates":
 [[[13.3, 52.5], [13.4, 52.5], [13.4, 52.6], [13.3, 52.5]]]}}]}"""
CONFIGURATION = """[procedure.budget-2027]
format = "buergerhaushalt"
settings = { pot = "1000 EUR", misfit = "skip" }
rules.tie = ["core/lower_cost", "core/lot"]
[procedure.budget-2027.schedule]
vote = 2027-05-15
"""
GROUP = ProcedureSettings(electorate="register", register_until="2027-12-31")
BUDGET = {"budget": "25000", "currency": "EUR"}


def a_format():
    return format_data(REGISTRY.format("kiezkasse").thing, REGISTRY)


def election(ballots):
    return election_of(parse_csv(csv_of("projects"), "p"), parse_csv(ballots, "b"), BUDGET)


def projects(table):
    return election_of(parse_csv(table, "p"), parse_csv(csv_of("ballots"), "b"), BUDGET)


def register(text):
    read_register(text.encode(), GROUP, source="r.csv", as_of=date(2027, 4, 1))


FORMS = {
    "register": (lambda: REGISTER, register),
    "ballots": (lambda: csv_of("ballots"), election),
    "projects": (lambda: csv_of("projects"), projects),
    "booth": (lambda: BOOTH, read_booth),
    "booth, JSON": (lambda: BOOTH_JSON, read_booth),
    "areas": (lambda: MAP, read_areas),
    "configuration": (lambda: CONFIGURATION, read_configuration),
    "format, JSON": (lambda: as_json(a_format()), lambda t: read_format(read_plain(t), REGISTRY)),
    "format, TOML": (lambda: as_toml(a_format()), lambda t: read_format(read_plain(t), REGISTRY)),
}


def damaged(chance, text):
    """Damage a text in one to four places."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + chance.choice((1, 3, 30, 300)))
        text = chance.choice(DAMAGES)(chance, text, at, end)
    return text


DAMAGES = (
    lambda chance, text, at, end: text[:at] + text[end:],
    lambda chance, text, at, end: text[:end] + text[at:end] + text[end:],
    lambda chance, text, at, end: text[:at] + chance.choice(TOKENS) + text[at:],
    lambda chance, text, at, end: text[:at] + chance.choice(TOKENS) + text[end:],
    lambda chance, text, at, end: text[:at] + chr(chance.randrange(1, 0xD800)) + text[at + 1 :],
    lambda chance, text, at, end: text[:at],
    lambda chance, text, at, end: text[:at] + text[at:end] * chance.choice((2, 20)) + text[end:],
)


def changed(chance, data):
    """Put something else in the place of a value anywhere in JSON data."""
    if isinstance(data, dict) and data and chance.random() < 0.85:
        key = chance.choice(sorted(data))
        return {**data, key: changed(chance, data[key])}
    if isinstance(data, list) and data and chance.random() < 0.85:
        at = chance.randrange(len(data))
        return [*data[:at], changed(chance, data[at]), *data[at + 1 :]]
    return chance.choice((None, True, 0, -1, 10**30, "", "x", [], {}, [[]], {"": None}, "=1", [0]))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_all(read, inputs):
    """Read all; returns how many were refused, the longest time, and the memory that was added."""
    before, refused, longest = peak(), 0, 0.0
    for text in inputs:
        began = time.process_time()
        try:
            read(text)
        except PartizipationError as error:
            refused += bool(str(error))
        except Exception as error:
            error.add_note(repr(text)[:2000])
            raise
        longest = max(longest, time.process_time() - began)
    return refused, longest, peak() - before


def inputs(sample, amount):
    """Damage a sample: as text, and where it is JSON half the time in its values."""
    chance = random.Random(amount)  # noqa: S311 - a drill
    try:
        data = json.loads(sample)
    except ValueError:
        data = None
    for number in range(amount):
        if data is not None and number % 2:
            yield json.dumps(changed(chance, data))
        else:
            yield damaged(chance, sample)


@pytest.mark.parametrize(("sample", "read"), FORMS.values(), ids=FORMS)
@pytest.mark.sized("damaged_files")
def test_a_damaged_file_is_read_or_refused(sample, read, size, tell):
    text = sample()
    read(text)
    refused, longest, added = read_all(read, inputs(text, size))
    assert longest <= SECONDS
    assert added <= MEGABYTES
    assert refused > 0
    tell(files=size, refused=refused, longest_seconds=f"{longest:.2f}", added_mb=round(added))


@pytest.mark.parametrize(
    ("form", "place", "other"),
    [
        ("areas", "13.3", "1e999999999"),
        ("areas", '"id"', '"residents": 9e99999999, "id"'),
        ("areas", '"id"', f'"residents": 1e{"9" * 30}, "id"'),
        ("configuration", "2027-05-15", "9" * 5000),
        ("format, TOML", "[", f"most = {'9' * 5000}\n["),
        ("format, JSON", "{", f'{{"most": {"9" * 5000}, '),
    ],
    ids=[
        "a corner",
        "residents",
        "residents with an endless exponent",
        "a day",
        "a setting in TOML",
        "a setting in JSON",
    ],
)
def test_a_number_too_long_to_be_written_out_is_refused_at_once(form, place, other):
    sample, read = FORMS[form]
    with pytest.raises(PartizipationError):
        read(sample().replace(place, other, 1))


# --- workbooks, which are archives of XML


@pytest.fixture(scope="module")
def workbook():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in TEMPLATES.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def damaged_workbook(chance, content):
    """Damage the archive, or the text of one of its members."""
    if chance.random() < 0.3:
        at = chance.randrange(len(content))
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(target, "w") as new:
        names = book.namelist()
        spoilt = chance.choice(names)
        for name in names:
            body = book.read(name)
            if name == spoilt:
                body = damaged(chance, body.decode()).encode("utf-8", "replace")
            if name != spoilt or chance.random() < 0.9:
                new.writestr(name, body)
    return target.getvalue()


@pytest.mark.sized("damaged_workbooks")
def test_a_damaged_workbook_is_read_or_refused(workbook, tmp_path, size, tell):
    chance, file = random.Random(size), tmp_path / "b.xlsx"  # noqa: S311 - a drill

    def read(content):
        file.write_bytes(content)
        Reading(projects=None, settings={}).election(Path(file))

    read(workbook)
    refused, longest, added = read_all(
        read, (damaged_workbook(chance, workbook) for _ in range(size))
    )
    assert longest <= SECONDS
    assert added <= MEGABYTES
    tell(files=size, refused=refused, longest_seconds=f"{longest:.2f}", added_mb=round(added))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(workbook, tmp_path):
    target, file = io.BytesIO(), tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as book,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in book.namelist():
            body = book.read(name)
            if name.endswith("sheet1.xml"):
                body = body.replace(b"<sheetData>", b"<sheetData>" + b" " * 300_000_000)
            new.writestr(name, body)
    file.write_bytes(target.getvalue())
    with pytest.raises(PartizipationError, match="unpack"):
        Reading(projects=None, settings={}).election(file)
