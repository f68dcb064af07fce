"""Make the page of guarantees: run the tests that it names, and write down what came of them.

Run by ``dev.py guarantees``; with ``--page`` only the page is made anew, of the last figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

Figures = dict[str, dict[str, int]]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIGURES = HERE / "figures.json"
PAGE = HERE / "index.md"


def promises() -> dict[str, Any]:
    """Read what is promised."""
    return tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))


def named(told: dict[str, Any]) -> list[str]:
    """List every test that is named, once."""
    tests = [test for one in told["promise"] for test in one["tests"]]
    return list(dict.fromkeys([*tests, *told["reverts"]]))


def run(tests: list[str], arguments: list[str]) -> Figures:
    """Run tests; returns test → outcome → number of cases."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        subprocess.call([*pytest, *arguments, *tests], cwd=ROOT)
        return figures(ET.parse(report), tests)  # noqa: S314 - pytest wrote it just now


def figures(report: ET.ElementTree[Any], tests: list[str]) -> Figures:
    """Add up the cases of each test."""
    found: dict[str, Counter[str]] = {test: Counter() for test in tests}
    names = {(_module(test), test.partition("::")[2]): test for test in tests}
    for case in report.iter("testcase"):
        key = (case.get("classname", ""), case.get("name", "").partition("[")[0])
        outcomes = [one.tag for one in case if one.tag in {"failure", "error", "skipped"}]
        if test := names.get(key):
            found[test][outcomes[0] if outcomes else "passed"] += 1
    return {test: dict(sorted(counted.items())) for test, counted in found.items()}


def _module(test: str) -> str:
    return test.partition("::")[0].removesuffix(".py").replace("/", ".")


def page(told: dict[str, Any], counted: Figures) -> str:
    """Write the page."""
    lines = [
        "# Guarantees",
        "",
        "What is promised, where it ends, and the tests that check it. Every figure is the number",
        "of cases of the last run; `python3 dev.py guarantees` makes this page anew.",
        "",
    ]
    for one in told["promise"]:
        lines += [f"## {one['id']}: {one['says']}", ""]
        lines += [f"**Limit:** {one['limit']}", ""] if one["limit"] else []
        lines += [_line(test, counted) for test in one["tests"]] or ["Not tested yet."]
        lines += [""]
    lines += ["## Known bugs, put back in", ""]
    lines += ["Each of these tests puts a known bug back in and must find it.", ""]
    lines += [_line(test, counted) for test in told["reverts"]]
    return "\n".join(lines) + "\n"


def _line(test: str, counted: Figures) -> str:
    cases = counted.get(test) or {}
    told = ", ".join(f"{number} {outcome}" for outcome, number in cases.items())
    return f"- `{test}`: {told or 'not run'}"


def main(arguments: list[str]) -> int:
    """Make the page."""
    told = promises()
    if "--page" not in arguments:
        counted = run(named(told), arguments)
        FIGURES.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    counted = json.loads(FIGURES.read_text(encoding="utf-8"))
    PAGE.write_text(page(told, counted), encoding="utf-8")
    bad = [test for test, cases in counted.items() if set(cases) & {"failure", "error"}]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
