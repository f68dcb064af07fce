"""Files and functions stay small enough to be read in one go."""

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

FILE_LIMIT = 400
MEDIAN_LIMIT = 10
P90_LIMIT = 30


@pytest.fixture(scope="module")
def sources(root):
    folders = [root / "src", *root.glob("plugins/*/src")]
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def length(function):
    """Count the lines from ``def`` to the end, without the docstring, which costs no thought."""
    first, *_ = function.body
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


def functions(file: Path):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(length(node), node) for node in ast.walk(tree) if isinstance(node, kinds)]


def longest(sources, root):
    """List functions over the limit, the longest first, as places to click on."""
    found = [(size, file, node) for file in sources for size, node in functions(file)]
    found.sort(key=lambda each: -each[0])
    return "\n".join(
        f"{file.relative_to(root)}:{node.lineno}: {node.name} has {size} lines"
        for size, file, node in found
        if size > P90_LIMIT
    )


def test_files_fit_into_a_head(sources, root):
    sizes = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in sources}
    too_long = [f"{f.relative_to(root)}: {n} lines" for f, n in sizes.items() if n >= FILE_LIMIT]
    assert not too_long, "\n".join(too_long)


def test_functions_fit_on_a_screen(sources, root):
    sizes = [size for file in sources for size, _ in functions(file)]
    assert median(sizes) <= MEDIAN_LIMIT
    assert quantiles(sizes, n=10)[-1] <= P90_LIMIT, longest(sources, root)


def test_the_length_of_a_function_leaves_out_its_docstring():
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    x = 1\n    return x\n'
    assert length(ast.parse(source).body[0]) == 3
