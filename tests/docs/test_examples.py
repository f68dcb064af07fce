"""Every Python example in the README and in the documentation runs as it stands there."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts),
]
FENCE = re.compile(
    r"^[ >]*(?:`{3,}|~{3,}|:{3,}) *(?:\{code[\w-]*\} *)?py(?:thon|con)\b", re.MULTILINE
)


def examples(page):
    """Parse the examples of one page; they share their names, as a reader expects."""
    return list(Sybil(parsers=[PythonCodeBlockParser()], path=str(ROOT)).parse(page))


def overlooked(page):
    """Find the fences that look like Python to people but not to the parser."""
    text = page.read_text(encoding="utf-8")
    starts = [fence.start() for fence in FENCE.finditer(text)]
    parsed = [example.start for example in examples(page)]
    return [
        f"{page}:{text.count(chr(10), 0, start) + 1}"
        for start, following in pairwise([*starts, len(text)])
        if not any(start <= example < following for example in parsed)
    ]


def name(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_example_is_overlooked(page):
    assert overlooked(page) == []


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)], ids=name)
def test_examples_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for example in examples(page):
        example.evaluate()


def test_an_unparsed_fence_is_reported(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 1\n```\n\n```python extra words\nx = 2\n```\n", encoding="utf-8"
    )
    assert overlooked(page) == [f"{page}:5"]
