"""Every place that writes a table is known, and hostile texts pass through all of them.

The list is read off the code: whoever adds a writer adds it here, and says who opens the table.
"""

import ast
import csv
import io
import random
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from partizipation_buergerrat.desk import Desk, Known
from partizipation_buergerrat.files.mailing import mailing_table
from partizipation_core.cli.count_files import template
from partizipation_core.cli.output import emit_csv
from partizipation_core.execution.issuing import FreshCodes
from partizipation_core.reports.tables import to_csv
from partizipation_core.rows import csv_text

CALLS = {"writer", "DictWriter", "Workbook", "csv_text"}
FORMULAS, UNSEEN = tuple("=+-@\uff1d\uff0b\uff0d\uff20"), " \u00a0\u200b\t\r\n"
HEADS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    " =",
    "\u200b=",
    "\uff1d",
    "'",
    "''",
    '"',
    "ä",
    ";",
    ",",
]


def hostile(amount=400):
    chance = random.Random(amount)  # noqa: S311 - a drill
    bodies = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("x")', "a,b", "a;b", "a\nb", 'a"b', "1e5")
    return [chance.choice(HEADS) + chance.choice(bodies) for _ in range(amount)]


def rows_of(text, delimiter=","):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter))


def of_machines(cells):
    return [row[0] for row in rows_of(to_csv([{"a": one} for one in cells], ["a"]))][1:]


def of_people(cells):
    text = to_csv([{"a": one} for one in cells], ["a"], "people")
    return [row[0] for row in rows_of(text, ";")][2:]


def of_a_terminal(cells, capsys):
    emit_csv([{"a": one} for one in cells], ["a"])
    return [row[0] for row in rows_of(capsys.readouterr().out)][1:]


def of_codes(cells):
    fresh = FreshCodes(
        batch="b", vote="v", test=False, people=cells, codes=["x" * 20] * len(cells)
    )
    return [row[3] for row in rows_of(fresh.hand_over())][1:]


def of_letters(cells):
    desk = Desk()
    letters = desk.take_in([Known(contact={"name": one}, answers={}) for one in cells])
    return [row[1] for row in rows_of(mailing_table(desk, letters), ";")][1:]


def of_a_draw(cells):
    return [row[0] for row in rows_of(csv_text([[one, 1] for one in cells]))]


PEOPLE, MACHINES, OURS = "people", "machines", "texts of ours alone"
WRITERS = {
    "src/partizipation_core/reports/tables.py:to_csv": {PEOPLE: of_people, MACHINES: of_machines},
    "src/partizipation_core/rows.py:csv_text": {MACHINES: of_a_draw},
    "src/partizipation_core/cli/output.py:emit_csv": {MACHINES: of_a_terminal},
    "src/partizipation_core/execution/issuing.py:_table": {MACHINES: of_codes},
    "src/partizipation_core/cli/count_files.py:_table": {OURS: None},
    "src/partizipation_core/cli/count_files.py:_book": {OURS: None},
    "plugins/buergerrat/src/partizipation_buergerrat/files/mailing.py:mailing_table": {
        PEOPLE: of_letters
    },
    "plugins/buergerrat/src/partizipation_buergerrat/cli/drawing.py:_write_people": {
        MACHINES: of_a_draw  # read again when somebody leaves
    },
    # People and features that are made up.
    "plugins/buergerrat/src/partizipation_buergerrat/cli/helping.py:invent": {OURS: None},
    # References of payments, cents and facts.
    "plugins/crowdfunding/src/partizipation_crowdfunding/payments/reconciliation.py"
    ":write_statement": {OURS: None},
}


def written_in(root):
    """Find every function that makes a writer of tables or a workbook."""
    for file in [*root.glob("src/**/*.py"), *root.glob("plugins/*/src/**/*.py")]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
            called = {
                node.func.attr
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            called |= {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if called & CALLS:
                yield f"{file.relative_to(root).as_posix()}:{function.name}"


def test_whatever_writes_a_table_is_known(root):
    assert set(written_in(root)) == set(WRITERS)


def joined_with_commas(root):
    """Find heads of tables that are written as a text, past any writer: ``"id,name\\n"``."""
    for file in [*root.glob("src/**/*.py"), *root.glob("plugins/*/src/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else ""
            if isinstance(text, str) and text.endswith("\n") and text.count("\n") == 1:
                names = text.strip().replace(";", ",").split(",")
                if len(names) > 1 and all(name.isidentifier() for name in names):
                    yield f"{file.relative_to(root).as_posix()}:{node.lineno}"


def test_no_table_is_glued_together(root):
    assert list(joined_with_commas(root)) == []


CASES = [
    pytest.param(kind, through, id=f"{place.rpartition('/')[2]} for {kind}")
    for place, kinds in WRITERS.items()
    for kind, through in kinds.items()
    if kind != OURS
]


@pytest.mark.parametrize(("kind", "through"), CASES)
def test_hostile_texts_pass_through_every_writer(kind, through, request):
    cells = hostile()
    more = through.__code__.co_varnames[1 : through.__code__.co_argcount]
    shown = through(cells, *map(request.getfixturevalue, more))
    if kind == MACHINES:
        assert shown == cells
        return
    assert [one for one in shown if one.lstrip(UNSEEN).startswith(FORMULAS)] == []
    pairs = zip(shown, cells, strict=True)
    assert [one.removeprefix("'") if one != cell else one for one, cell in pairs] == cells


def test_a_template_holds_texts_and_numbers_and_no_formula(tmp_path):
    pytest.importorskip("openpyxl")
    done = CliRunner().invoke(template, [str(tmp_path), "--xlsx"])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(Path(tmp_path, "election.xlsx")) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
    assert sheets
    assert not any(b"<f>" in one or b"<f " in one for one in sheets)
