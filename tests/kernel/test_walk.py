"""Every cell: may this role give this command in this stage, with the item in this state?

The answers are compared with a table that people read: ``permissions.csv``. How it is printed
anew stands in ``permissions.py``.
"""

import csv
from itertools import product
from pathlib import Path
from runpy import run_path

import pytest

HERE = Path(__file__).resolve().parent
TOOL = run_path(str(HERE / "permissions.py"))
FORMATS = TOOL["FORMATS"]


def table(key):
    with (HERE / "permissions.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["format"] == key]


@pytest.fixture(params=FORMATS)
def game(play, request):
    return play(request.param)


def test_every_cell_is_as_the_table_says(game):
    states = game.definition.lifecycle.states
    expected = set(TOOL["unfolded"](table(game.definition.format), states))
    answers = dict(TOOL["cells"](game))
    allowed = {cell for cell, answer in answers.items() if answer}
    assert allowed - expected == set(), "allowed, but not in the table"
    assert expected - allowed == set(), "in the table, but refused"


def test_no_cell_is_left_out(game):
    cells = {cell for cell, _ in TOOL["cells"](game)}
    stages = [stage.key for stage in game.definition.stages]
    names = {TOOL["name"](sample) for sample in TOOL["SAMPLES"]}
    states = game.definition.lifecycle.states
    assert cells == set(product(stages, names, TOOL["ROLES"], states))


def test_every_command_but_the_opening_is_walked(host):
    walked = {type(sample).__name__ for sample in TOOL["SAMPLES"]}
    offers = host.registry.deciders
    ours = {name for name, one in offers.items() if one.origin.plugin == "core"}
    assert walked == ours - {"OpenProcedure"}


def test_the_stages_and_roles_of_the_table_are_those_of_the_format(game):
    """Compare the table with the format's own data, past the kernel."""
    form = game.definition
    for row in table(form.format):
        command = row["command"].partition("(")[0]
        (stage,) = (one for one in form.stages if one.key == row["stage"])
        roles = stage.allows.get(command, frozenset()) | form.anytime.get(command, frozenset())
        assert set(row["roles"].split()) == roles
