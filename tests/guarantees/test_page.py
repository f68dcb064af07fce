"""The page of guarantees names tests that are there, and says what came of them."""

import ast
import importlib.util
import re
import tomllib
import xml.etree.ElementTree as ET

import pytest


@pytest.fixture(scope="module")
def make(root):
    spec = importlib.util.spec_from_file_location("make", root / "docs/guarantees/make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_named_test_is_there(make, root):
    for test in make.named(make.promises()):
        file, _, name = test.partition("::")
        tree = ast.parse((root / file).read_text(encoding="utf-8"))
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}, test


def test_every_guarantee_is_there_once_and_open_ones_name_their_limit(make):
    told = make.promises()["promise"]
    assert [one["id"] for one in told] == [f"G{number}" for number in range(1, 23)]
    assert all(one["tests"] or one["limit"] for one in told)


def test_at_least_fourteen_known_bugs_are_put_back_in(make):
    put_back = make.promises()["revert"]
    assert len({one["test"] for one in put_back}) == len({one["bug"] for one in put_back}) >= 14


def test_the_page_is_made_of_the_last_figures(make):
    counted, soaked = make.kept(make.FIGURES), make.kept(make.SOAK)
    assert make.PAGE.read_text(encoding="utf-8") == make.page(make.promises(), counted, soaked)


def test_no_figure_tells_of_a_test_that_failed(make):
    counted = make.kept(make.FIGURES)
    found = {test: make.of(test, counted).get("cases", {}) for test in make.named(make.promises())}
    assert [test for test, cases in found.items() if {"failure", "error"} & cases.keys()] == []


REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_b" name="test_c[one]" time="1.5"><properties>
<property name="kills" value="50"/><property name="lost" value="0"/></properties></testcase>
<testcase classname="tests.a.test_b" name="test_c[two]" time="1"><failure/></testcase>
</testsuite></testsuites>"""


def test_what_a_test_tells_is_on_the_page(make):
    found = make.figures(ET.ElementTree(ET.fromstring(REPORT)))  # noqa: S314 - written above
    test = "tests/a/test_b.py::test_c"
    assert make.of(test, found) == {
        "cases": {"failure": 1, "passed": 1},
        "told": {"one": {"kills": "50", "lost": "0"}},
        "seconds": 2.5,
    }
    promise = {"id": "G1", "says": "", "limit": "", "tests": [test]}
    page = make.page({"promise": [promise], "revert": []}, found, {})
    assert "`tests/a/test_b.py::test_c`: 1 failure, 1 passed\n  - one: kills 50, lost 0" in page


def test_every_sized_suite_is_in_the_table_and_no_other(root):
    sizes = tomllib.loads((root / "tests" / "sizes.toml").read_text(encoding="utf-8"))
    files = [*root.glob("tests/**/test_*.py"), *root.glob("plugins/*/tests/**/test_*.py")]
    used = {
        name
        for file in files
        for name in re.findall(r'mark\.sized\("(\w+)"\)', file.read_text(encoding="utf-8"))
    }
    assert used == set(sizes)
    assert all(0 < one["ci"] <= one["soak"] for one in sizes.values())


# --- the whole of the long tests, which takes hours


@pytest.fixture
def soaked(make, monkeypatch, tmp_path, capsys):
    """Soak three tests, of which the second leaves no report and the third fails."""

    def run(arguments):
        name = arguments[-1].rpartition("::")[2]
        if name == "test_b":
            raise ChildProcessError("pytest ended with -9 and left no report")
        cases = {"failure" if name == "test_c" else "passed": 1}
        return {f"tests.x::{name}": {"cases": cases, "told": {"whole": {"n": name}}, "seconds": 9}}

    monkeypatch.setattr(make, "run", run)
    monkeypatch.setattr(make, "SOAK", tmp_path / "soak.json")
    monkeypatch.setattr(make, "PAGE", tmp_path / "index.md")
    make.keep(make.SOAK, {"tests.x::test_old": {"cases": {"passed": 1}, "told": {}}})
    return make.soak([f"tests/x.py::test_{letter}" for letter in "abcd"])


def test_a_soak_goes_on_after_a_failure_and_keeps_what_it_has(make, soaked):
    assert soaked == ["tests/x.py::test_b", "tests/x.py::test_c"]
    found = make.kept(make.SOAK)
    assert set(found) == {f"tests.x::test_{letter}" for letter in ("a", "c", "d", "old")}
    assert make.PAGE.exists()


def test_a_soak_says_of_each_test_what_came_of_it(soaked, capsys):
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines() if " s" in line] == [
        "passed",
        "FAILED",
        "FAILED",
        "passed",
    ]
    assert "- whole: n test_d" in told
    assert "2 of 4 passed\n  failed: tests/x.py::test_b\n  failed: tests/x.py::test_c" in told


def test_a_suite_is_found_by_its_name(make, root):
    sizes = tomllib.loads((root / "tests" / "sizes.toml").read_text(encoding="utf-8"))
    assert set(make.suites().values()) == set(sizes)
    assert make.long_ones(["kills"]) == [
        "tests/platform/test_kills.py::test_a_killed_writer_loses_nothing_and_counts_nobody_twice"
    ]


def test_how_long_a_suite_takes_is_told_from_its_part(make, monkeypatch, tmp_path):
    test = "tests/reports/test_hostile_cells.py::"
    test += "test_hostile_cells_come_back_as_they_were_and_are_no_formulas"
    name = test.replace("/", ".").replace(".py", "")
    monkeypatch.setattr(make, "SOAK", tmp_path / "soak.json")
    monkeypatch.setattr(make, "FIGURES", tmp_path / "figures.json")
    make.keep(make.FIGURES, {name: {"cases": {}, "told": {}, "seconds": 5}})
    (line,) = make.forecast([test])
    assert line.split()[:5] == ["hostile_cells", "100000", "about", "100", "s"]
