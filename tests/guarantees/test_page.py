"""The page of guarantees names tests that are there, and says what came of them."""

import ast
import importlib.util
import json

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
    assert len(set(make.promises()["reverts"])) >= 14


def test_the_page_is_made_of_the_last_figures(make):
    counted = json.loads(make.FIGURES.read_text(encoding="utf-8"))
    assert make.PAGE.read_text(encoding="utf-8") == make.page(make.promises(), counted)
