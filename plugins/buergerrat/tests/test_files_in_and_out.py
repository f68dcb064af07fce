"""Every file of a draw, one by one: handed in as CSV or Excel, given back, and read again."""

import csv
import itertools
import json
import stat

import pytest
from click.testing import CliRunner

from partizipation_buergerrat.cli import sortition
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_core.errors import InputError

SOURCE = json.dumps(
    {"kind": "digits", "count": 2, "event": "Rathaus", "at": "2026-11-22T12:00:00Z"}
)
EARLY, LATE = "2026-11-22T10:00:00Z", "2026-11-22T12:30:00Z"
CATEGORIES = [
    ["feature", "value", "min", "max", "min_flex", "max_flex"],
    ["Geschlecht", "weiblich", 2, 2, 1, 3],
    ["Geschlecht", "männlich", 2, 2, 1, 3],
    ["Alter", "16–29", 1, 2, None, None],
    ["Alter", "30+", 2, 3, None, None],
]
PEOPLE = [
    ["Nr.", "Geschlecht", "ALTER", "Straße", "PLZ"],
    *(
        [
            100 + n,
            ("weiblich", "männlich")[n % 2],
            ("16-29", "30+", "30+")[n % 3],
            f"Müllerstr. {n // 2}",
            34117,
        ]
        for n in range(14)
    ),
]


def run(*words):
    words = [str(word) for word in words]
    return CliRunner().invoke(sortition, words, standalone_mode=False)


def as_csv(path, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def as_excel(path, rows):
    book = pytest.importorskip("openpyxl").Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


SAVED = {
    "comma": ("csv", as_csv),
    "Windows": ("csv", lambda path, rows: as_csv(path, rows, ";", "cp1252")),
    "a mark for the encoding": ("csv", lambda path, rows: as_csv(path, rows, ";", "utf-8-sig")),
    "Excel": ("xlsx", as_excel),
}


def asked(folder, kind, save, people=PEOPLE, categories=CATEGORIES):
    save(folder / f"r.{kind}", people)
    save(folder / f"c.{kind}", categories)
    return [folder / f"r.{kind}", folder / f"c.{kind}", "--seats", 4]


def changed(rows, row, column, value):
    return [
        [value if (r, c) == (row, column) else cell for c, cell in enumerate(cells)]
        for r, cells in enumerate(rows)
    ]


@pytest.mark.parametrize(("kind", "save"), SAVED.values(), ids=SAVED)
def test_tables_of_any_kind_give_the_same_chances(kind, save, tmp_path):
    found = json.loads(run("target", *asked(tmp_path, kind, save), "--json").stdout)
    assert found["exact"]
    assert (found["people"], sum(found["probabilities"].values())) == (14, pytest.approx(4))
    assert set(found["probabilities"]) == {f"{100 + n}" for n in range(14)}


@pytest.mark.parametrize("saved", SAVED.values(), ids=SAVED)
@pytest.mark.parametrize(
    "bad",
    [
        ("people", 3, 1, "weibl.", "r.{}:4:2"),
        ("people", 5, 0, 100, "r.{}:6:1"),
        ("categories", 2, 2, 1.5, "c.{}:3:3"),
        ("categories", 3, 3, "zwei", "c.{}:4:4"),
        ("categories", 1, 4, 3, "c.{}:2:5"),
    ],
    ids=["a feature", "an identifier", "half a seat", "a word", "a flexible limit"],
)
def test_a_bad_cell_is_named_in_any_kind_of_table(saved, bad, tmp_path):
    (kind, save), (table, row, column, value, place) = saved, bad
    rows = {"people": PEOPLE, "categories": CATEGORIES}
    rows[table] = changed(rows[table], row, column, value)
    told = run("check", *asked(tmp_path, kind, save, **rows)).stderr
    assert told.startswith(place.format(kind))
    assert told.count("\n") == 1


@pytest.fixture
def drawn(tmp_path):
    folder = tmp_path / "losung"
    for words in (
        ("lottery", *asked(tmp_path, "csv", as_csv), "--panels", 100, "--out", folder),
        ("commit", folder, "--procedure", "rat", "--source", SOURCE, "--at", EARLY),
        ("draw", folder, "--value", "42", "--witness", "Notariat", "--at", LATE),
    ):
        assert run(*words).exception is None
    return folder


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_selected_and_remaining_are_everybody(drawn):
    selected, remaining = rows_of(drawn / "selected.csv"), rows_of(drawn / "remaining.csv")
    everybody = [row["id"] for row in (*selected, *remaining)]
    assert sorted(everybody) == [f"{100 + n}" for n in range(14)]
    assert len(selected) == 4


def test_the_report_counts_target_pool_and_selected(drawn):
    report = {row["feature"]: row for row in rows_of(drawn / "report.csv")}
    assert set(report) == {"weiblich", "männlich", "16–29", "30+"}
    assert sum(int(row["selected"]) for row in report.values()) == 2 * 4
    assert sum(int(row["pool"]) for row in report.values()) == 2 * 14
    for row in report.values():
        assert int(row["min"]) <= int(row["selected"]) <= int(row["max"])


def test_the_panels_hold_the_drawn_one_and_the_counts(drawn):
    panels = json.loads((drawn / "panels.json").read_text(encoding="utf-8"))
    assert (len(panels["people"]), len(panels["panels"])) == (14, 100)
    sitting = list(itertools.chain.from_iterable(panels["panels"]))
    assert panels["counts"] == [sitting.count(number) for number in range(14)]
    number = {name: n for n, name in enumerate(panels["people"])}
    chosen = sorted(number[row["pseudonym"]] for row in rows_of(drawn / "selected.csv"))
    assert chosen == panels["panels"][42]


def test_the_protocol_is_read_again_as_it_was_written(drawn):
    text = (drawn / "losprotokoll.jsonl").read_text(encoding="utf-8")
    assert Protocol.read(text).text() == text
    assert [entry["kind"] for _, entry in Protocol.read(text).entries()] == [
        "commitment", "draw", "alternates",
    ]  # fmt: skip
    assert "Notariat" in (drawn / "losprotokoll.md").read_text(encoding="utf-8")


def test_what_names_people_is_closed_to_others(drawn):
    closed = {"vault.json", "pool.json", "selected.csv", "remaining.csv"}
    for file in drawn.iterdir():
        others = stat.S_IMODE(file.stat().st_mode) & 0o077
        assert (others == 0) == (file.name in closed), file.name


def test_the_chance_of_everybody_comes_as_a_table(tmp_path):
    told = run("target", *asked(tmp_path, "csv", as_csv), "--csv").stdout
    rows = list(csv.DictReader(told.splitlines()))
    assert list(rows[0]) == ["id", "probability"]
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(4)


@pytest.mark.parametrize("name", ["pool.json", "losprotokoll.jsonl", "vault.json"])
def test_a_damaged_file_is_told_and_not_worked_with(drawn, name):
    leaving = rows_of(drawn / "selected.csv")[0]["id"]
    (drawn / name).write_text("{broken", encoding="utf-8")
    done = run("replace", drawn, "--leaving", leaving)
    assert isinstance(done.exception, InputError)
    assert "beschädigt" in str(done.exception)
    assert name == "vault.json" or "FALSCH" in run("verify", drawn).stdout


def test_nobody_moves_up_by_features_that_were_changed(drawn):
    leaving = rows_of(drawn / "selected.csv")[0]["id"]
    pool = json.loads((drawn / "pool.json").read_text(encoding="utf-8"))
    for row in pool.values():
        row["features"] = ["weiblich", "30+"]
    (drawn / "pool.json").write_text(json.dumps(pool), encoding="utf-8")
    done = run("replace", drawn, "--leaving", leaving)
    assert "nicht die, auf die sich die Auslosung festgelegt hat" in str(done.exception)
