"""What an office sees of its Bürgerrat, and the table for its letters."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from partizipation_buergerrat.cli import buergerrat
from partizipation_buergerrat.desk import Desk, Known
from partizipation_buergerrat.files.mailing import mailing_table
from partizipation_buergerrat.overview import overview
from partizipation_buergerrat.procedure.invitation import CloseLetters
from partizipation_core.errors import InputError, NotFound

DAY = 86_400_000_000


@pytest.fixture
def office(make_council, tmp_path):
    """A Bürgerrat in a file, with its desk beside it; twelve of fifteen answered."""
    council = make_council(f"sqlite:///{tmp_path / 'stadt.db'}", keep_sample_days=14)
    council.mandated().sampled().registered()
    council.do(CloseLetters(letters=council.letters[-1:]))
    council.desk.save(tmp_path / "desk.json")
    yield council
    council.platform.close()


def run(tmp_path, name, *options):
    place = ["--municipality", "06611000", "--procedure", "klima"]
    database = f"sqlite:///{tmp_path / 'stadt.db'}"
    done = CliRunner().invoke(buergerrat, [name, "--database", database, *place, *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_an_overview_counts_letters_and_knows_the_date(office):
    now = office.clock.now()
    found = overview(office.handle, now)
    assert found.stage == "draw"
    assert found.letters == {"declined": 1, "open": 2, "registered": 12}
    assert (found.seats, found.sessions, found.overdue, found.deletions) == ({}, (0, 0), 0, {})
    assert found.answer_by > now


def test_an_overview_counts_seats_and_names_what_must_go(office):
    office.committed().drawn().seated()
    found = overview(office.handle, office.clock.now())
    assert found.seats == {"confirmed": 4}
    assert list(found.deletions) == ["sample"]


def test_an_office_reads_where_it_stands(office, tmp_path):
    office.committed().drawn().seated()
    told = run(tmp_path, "status")
    assert "Stand: Sitzungen." in told
    assert "Briefe: 1 abgesagt, 2 ohne Antwort, 12 angemeldet." in told
    assert "Plätze: 4 bestätigt." in told
    assert "Namen und Anschriften derer, die sich nicht angemeldet haben." in told
    assert json.loads(run(tmp_path, "status", "--json"))["seats"] == {"confirmed": 4}


@pytest.mark.parametrize(("outcome", "rows"), [("open", 2), ("registered", 12), ("all", 15)])
def test_a_mail_merge_has_a_code_and_an_address_for_each_letter(office, tmp_path, outcome, rows):
    out = tmp_path / "briefe.csv"
    desk = str(tmp_path / "desk.json")
    run(tmp_path, "letters", "--desk", desk, "--outcome", outcome, "--out", str(out))
    table = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig")), delimiter=";"))
    assert len(table) == rows
    assert list(table[0]) == ["code", "address", "name"]
    assert {row["code"] for row in table} <= set(office.letters)
    for row in table:
        assert dict(office.desk.people[row["code"]].contact) == {
            "name": row["name"],
            "address": row["address"],
        }
    assert out.stat().st_mode & 0o077 == 0


def test_a_letter_carries_no_formula_and_nothing_that_was_declared():
    desk = Desk()
    (code,) = desk.take_in([Known(contact={"name": "=2+3"}, answers={"Bildung": "Studium"})])
    assert mailing_table(desk, [code]).splitlines()[1] == f"{code};'=2+3"


def test_whoever_was_forgotten_gets_no_letter():
    desk = Desk()
    letters = desk.take_in([Known(contact={"name": "A"}), Known(contact={"name": "B"})])
    desk.forget(letters[:1])
    with pytest.raises(NotFound, match="1 von 2"):
        mailing_table(desk, letters)


@pytest.mark.parametrize(
    ("text", "out", "sentence"),
    [
        ("{broken", "briefe.csv", "„desk.json“ ist keine Datei der Geschäftsstelle"),
        ('{"people": 7}', "briefe.csv", "„desk.json“ ist keine Datei der Geschäftsstelle"),
        (None, "nowhere/briefe.csv", "briefe.csv“ gibt es nicht"),
    ],
    ids=["damaged", "another file", "no folder"],
)
def test_a_file_that_cannot_serve_is_told(office, tmp_path, text, out, sentence):
    if text is not None:
        (tmp_path / "desk.json").write_text(text, encoding="utf-8")
    place = ["--municipality", "06611000", "--procedure", "klima"]
    files = ["--desk", str(tmp_path / "desk.json"), "--out", str(tmp_path / out)]
    database = ["--database", f"sqlite:///{tmp_path / 'stadt.db'}"]
    with pytest.raises(InputError, match=sentence):
        CliRunner().invoke(
            buergerrat,
            ["letters", *database, *place, *files],
            standalone_mode=False,
            catch_exceptions=False,
        )
    assert office.desk.people
