"""Make the page of guarantees: run the tests that it names, and write down what came of them.

Run by ``dev.py guarantees``; with ``--page`` only the page is made anew, of the last figures. With
``--soak``, which is ``dev.py soak``, every long test is run and what came of it kept beside.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Figures = dict[str, dict[str, Any]]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIGURES, SOAK = HERE / "figures.json", HERE / "soak.json"
PAGE = HERE / "index.md"


def promises() -> dict[str, Any]:
    """Read what is promised."""
    return tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))


def named(told: dict[str, Any]) -> list[str]:
    """List every test that is named, once."""
    tests = [test for one in told["promise"] for test in one["tests"]]
    return list(dict.fromkeys([*tests, *(one["test"] for one in told["revert"])]))


def run(arguments: list[str]) -> Figures:
    """Run tests; returns test → what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        pytest += ["-o", "junit_family=xunit1"]  # the other one knows no figures of a test
        subprocess.call([*pytest, *arguments], cwd=ROOT)
        return figures(ET.parse(report))  # noqa: S314 - pytest wrote it just now


def figures(report: ET.ElementTree[Any]) -> Figures:
    """Add up the cases of each test, with the figures that they told."""
    cases: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for case in report.iter("testcase"):
        name, _, which = case.get("name", "").partition("[")
        test = f"{case.get('classname', '')}::{name}"
        outcomes = [one.tag for one in case if one.tag in {"failure", "error", "skipped"}]
        cases[test][outcomes[0] if outcomes else "passed"] += 1
        if properties := list(case.iter("property")):
            numbers = {one.get("name", ""): one.get("value", "") for one in properties}
            told[test][which.removesuffix("]")] = numbers
    return {
        test: {"cases": dict(sorted(counted.items())), "told": told[test]}
        for test, counted in sorted(cases.items())
    }


def of(test: str, counted: Mapping[str, Any]) -> dict[str, Any]:
    """Look up what came of a test."""
    file, _, name = test.partition("::")
    module = file.removesuffix(".py").replace("/", ".")
    found: dict[str, Any] = counted.get(f"{module}::{name}", {})
    return found


def page(told: dict[str, Any], counted: Figures, soaked: Figures) -> str:
    """Write the page."""
    lines = [
        "# Guarantees",
        "",
        "What is promised, where it ends, and the tests that check it. Every figure is of the",
        "last run, as the tests told it: `python3 dev.py guarantees` runs a part of the suites",
        "that have two sizes and makes this page anew, `python3 dev.py soak` runs the whole.",
        "",
    ]
    for one in told["promise"]:
        lines += [f"## {one['id']}: {one['says']}", ""]
        lines += [f"**Limit:** {one['limit']}", ""] if one["limit"] else []
        for test in one["tests"]:
            lines += _told(test, counted, soaked)
        lines += ["" if one["tests"] else "Not tested yet.\n"]
    lines += ["## Known bugs, put back in", ""]
    lines += ["Each test puts a known bug back in, and what a guarantee is checked with must", ""]
    lines[-1:] = ["find it.", "", "| bug | test | last run |", "|---|---|---|"]
    for one in told["revert"]:
        cases = _cases(of(one["test"], counted)) or "not run"
        lines.append(f"| {one['bug']} | `{one['test'].partition('::')[2]}` | {cases} |")
    return "\n".join(lines) + "\n"


def _told(test: str, counted: Figures, soaked: Figures) -> Iterator[str]:
    yield f"- `{test}`: {_cases(of(test, counted)) or 'not run'}"
    yield from _numbers(of(test, counted), "")
    yield from _numbers(of(test, soaked), "the whole: ")


def _cases(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in found.get("cases", {}).items())


def _numbers(found: Mapping[str, Any], head: str) -> Iterator[str]:
    for which, numbers in found.get("told", {}).items():
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in numbers.items())
        yield f"  - {head}{which}: {said}" if which else f"  - {head}{said}"


def kept(file: Path) -> Figures:
    """Read the figures of an earlier run."""
    found: Figures = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def keep(file: Path, found: Figures) -> None:
    """Write figures down."""
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    file.write_text(f"{text}\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Make the page."""
    told, found = promises(), Figures()
    asked = [one for one in arguments if one not in {"--page", "--soak"}]
    if "--soak" in arguments:
        found = run(["-m", "long", *asked])
        keep(SOAK, {**kept(SOAK), **found})
    elif "--page" not in arguments:
        found = run([*asked, *named(told)])
        keep(FIGURES, found)
    PAGE.write_text(page(told, kept(FIGURES), kept(SOAK)), encoding="utf-8")
    bad = [test for test, one in found.items() if set(one["cases"]) & {"failure", "error"}]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
