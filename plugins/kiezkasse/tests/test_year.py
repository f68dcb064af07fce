"""A whole year of all 20 regions: golden figures, and a statement that adds up to the cent."""

import csv
import json
import re
from decimal import Decimal

import pytest
from attrs import evolve

from partizipation_core import Money
from partizipation_core.cli.main import _run
from partizipation_core.formats.channels import METHODS
from partizipation_core.kernel.channels.method import MethodChosen
from partizipation_core.kernel.presenting import PresenterNamed
from partizipation_core.reports.documents import Paragraph, assembly_minutes
from partizipation_core.texts import Wording
from partizipation_kiezkasse.allende import AREA
from partizipation_kiezkasse.hybrid import AREA as HYBRID
from partizipation_kiezkasse.statement import Figures
from partizipation_kiezkasse.year import planned, play_year


@pytest.fixture(scope="module")
def year():
    """A year, and what can only be read while its platform is open."""
    seen = {}

    def look(played):
        allende = played.handles[AREA]
        seen["journal"] = [type(one.event).__name__ for one in allende.journal()]
        hybrid = played.handles[HYBRID]
        seen["turnout"] = dict(hybrid.turnout("assembly"))
        seen["minutes"] = assembly_minutes(hybrid, Wording(), title="Kiezkasse", sender="SPK")
        seen["methods"] = {
            one.event.method
            for handle in played.handles.values()
            for one in handle.journal()
            if isinstance(one.event, MethodChosen)
        }
        seen["substitutes"] = {
            one.event.named_by
            for handle in played.handles.values()
            for one in handle.journal()
            if isinstance(one.event, PresenterNamed)
        }
        seen["closed"] = {handle.state().status for handle in played.handles.values()}

    played = play_year(planned(2027), finish=look)
    return played, seen


def test_the_golden_figures_are_met(year):
    played, _ = year
    found = {one.code: one.found for one in played.golden}
    assert all(one.met for one in played.golden)
    assert found == {
        "total": Money.euro(100_000),
        "floor": Money.euro(2_600),
        "largest": Money.euro(10_100),
        "steps": Money(0),
        "allende_approved": Money.euro(2_100),
        "allende_released": Money.euro(1_100),
        "allende_second": Money.euro(1_100),
    }


def test_a_second_round_cannot_share_out_a_cent_more_than_came_back(year):
    played, _ = year
    (refused,) = played.kept
    assert (refused.kiez, refused.codes) == ("Allende-Viertel", ("over_the_pot",))
    assert "1.100,01" in refused.sentence


def test_one_kiez_votes_in_the_room_online_and_on_paper_in_one_count(year):
    played, seen = year
    assert set(seen["turnout"]) == {"hands", "online", "paper"}
    assert (seen["turnout"]["online"], seen["turnout"]["paper"]) == (12, 8)
    (row,) = (row for row in played.statement.rows if row.area == HYBRID)
    assert row.figures.approved > Money(0)
    told = [block.text for block in seen["minutes"].blocks if isinstance(block, Paragraph)]
    assert any("gemeinsam ausgezählt" in text for text in told), "minutes fix no sums then"


def test_assemblies_choose_how_they_count_and_let_substitutes_present(year):
    _, seen = year
    assert seen["methods"] == set(METHODS)
    assert seen["substitutes"] == {"author", "assembly"}


def test_the_statement_adds_up_to_the_cent(year):
    played, _ = year
    told = played.statement
    assert played.faults == told.faults() == ()
    assert len(told.rows) == 20
    total = told.figures
    assert total.share == Money.euro(100_000)
    assert total.share + total.released == total.approved + total.lapsed + total.rest
    assert total.paid == total.settled + total.repaid
    for name in ("approved", "paid", "settled", "released"):
        assert getattr(total, name) == Money.total(getattr(r.figures, name) for r in told.rows)


def test_projects_come_to_what_their_kiez_paid(year):
    played, _ = year
    for row in played.statement.rows:
        assert Money.total(one.paid for one in row.projects) == row.figures.paid
        assert Money.total(one.repaid for one in row.projects) == row.figures.repaid


def test_the_year_shows_what_goes_wrong_too(year):
    played, seen = year
    projects = [one for row in played.statement.rows for one in row.projects]
    assert any(one.late for one in projects), "accounts after 10 December"
    assert any(one.repaid == one.paid != Money(0) for one in projects), "everything claimed back"
    assert any(one.state == "abandoned" for one in projects), "a permit refused"
    others = [row.figures for row in played.statement.rows if row.area != AREA]
    assert any(one.approved > one.share for one in others), "a reserve item awarded"
    assert seen["journal"].count("AssemblyRecorded") == 2
    assert seen["closed"] == {"closed"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"paid": Money(1)}, None),
        ({"rest": Money(1)}, "share - approved"),
        ({"released": Money(1)}, "share - approved"),
        ({"settled": Money(1)}, "approved - released"),
        ({"repaid": Money(1)}, "came back"),
    ],
    ids=["paid says nothing alone", "rest", "released", "settled", "repaid"],
)
def test_a_statement_that_is_a_cent_out_says_where(wrong, told):
    found = list(evolve(Figures(), **wrong).faults())
    assert bool(found) == bool(told)
    assert not told or told in found[0]


def test_another_sum_is_another_year_that_adds_up_as_well():
    played = play_year(planned(2025, Money.euro(75_000)), seed=2)
    assert played.faults == ()
    assert played.golden == (), "published figures are those of 100,000"
    assert played.statement.figures.share == Money.euro(75_000)


def test_from_the_command_line_in_one_go_and_the_same_again(year, tmp_path, capsys):
    assert _run(["kiezkasse", "year", "--out", str(tmp_path / "year")]) == 0
    out = capsys.readouterr().out
    assert "geht auf den Cent auf" in out
    with (tmp_path / "year" / "kieze.csv").open(encoding="utf-8", newline="") as file:
        *kieze, total = csv.DictReader(file)
    for name in ("share", "approved", "paid", "settled", "lapsed"):
        assert sum(Decimal(row[name]) for row in kieze) == Decimal(total[name])
    data = json.loads((tmp_path / "year" / "statement.json").read_text(encoding="utf-8"))
    assert data == year[0].statement.to_data(), "the same seed is the same year"
    report = (tmp_path / "year" / "report.html").read_text(encoding="utf-8")
    assert "Allende-Viertel" in report
    assert "http" not in report
    heads = re.findall(r"<thead.*?</thead>", report, re.DOTALL)
    figures = [len(re.findall(r"<th[ >]", head)) for head in heads]
    assert figures[:2] == [6, 6]  # a region and five sums fit on a page
    papers = {path.name for path in (tmp_path / "year" / "papers").iterdir()}
    assert {f"{AREA}-abrechnung.html", f"{AREA}-protokoll-1.html"} <= papers
    assert f"{AREA}-protokoll-2.html" in papers
    assert {f"{AREA}-einladung.html", f"{AREA}-anwesenheitsliste.html"} <= papers
    assert any("nachforderung" in name for name in papers)
    assert any("bescheid" in name for name in papers)
    notices = [path.read_text() for path in (tmp_path / "year" / "papers").glob("*bescheid.html")]
    assert all("Widerspruch" in one and "Hier ergänzen" not in one for one in notices)
    assert "10. Dezember." in notices[0]
    (minutes,) = (tmp_path / "year" / "papers").glob(f"{AREA}-protokoll-1.html")
    assert "00:00 Uhr" not in minutes.read_text(encoding="utf-8"), "nobody meets at midnight"


def test_for_machines_the_year_is_json_and_a_bar_is_for_people_who_look(
    tmp_path, capsys, monkeypatch
):
    told = _run(["kiezkasse", "year", "--out", str(tmp_path / "year"), "--json", "--seed", "3"])
    out, err = capsys.readouterr()
    assert (told, err) == (0, ""), "nobody looks at a terminal here"
    summary = json.loads(out)
    assert summary["faults"] == []
    assert all(one["met"] for one in summary["golden"])
    assert summary["statement"]["total"] == 10_000_000
    assert [one["codes"] for one in summary["refused"]] == [["over_the_pot"]]


def test_shares_are_json_as_well(capsys):
    assert _run(["kiezkasse", "split", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sum(row["share"] for row in rows) == 10_000_000


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    assert _run(["kiezkasse", "year", "--out", str(tmp_path)]) == 1
    assert "letter.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_shares_of_a_town_with_its_own_numbers(tmp_path, capsys):
    file = tmp_path / "residents.csv"
    areas = list(planned(2027).split.amounts)
    file.write_text("".join(f"{area},1000\n" for area in areas), encoding="utf-8")
    assert _run(["kiezkasse", "split", "--residents", str(file), "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {row["share"] for row in rows} == {"500000"}


@pytest.mark.parametrize(
    ("text", "told"),
    [("090101;5\n", "Zeile 1"), ("090101,5\n", "es fehlen"), ("x,5\n", "unbekannt sind x")],
    ids=["no comma", "regions missing", "unknown region"],
)
def test_a_list_of_residents_that_cannot_be_right_is_refused(tmp_path, capsys, text, told):
    file = tmp_path / "residents.csv"
    file.write_text(text, encoding="utf-8")
    assert _run(["kiezkasse", "split", "--residents", str(file)]) == 1
    assert told in capsys.readouterr().err
