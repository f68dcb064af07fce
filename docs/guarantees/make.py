"""Make the page of guarantees: run the tests that it names, and write down what came of them.

Run by ``dev.py guarantees``; with ``--page`` only the page is made anew, of the last figures.

With ``--soak``, which is ``dev.py soak``, the long tests are run, one after the other and each in
a process of its own. What came of one is kept before the next begins, so that hours of work are
not lost with the last minute. ``dev.py soak kills tests/store`` runs some of them: suites of
tests/sizes.toml by name, or files, folders and tests. ``dev.py soak --list`` runs none and says
how long each is going to take, as the last run of its small part tells.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Figures = dict[str, dict[str, Any]]
BAD = {"failure", "error"}

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
        code = subprocess.call([*pytest, *arguments], cwd=ROOT)
        if not report.exists():
            raise ChildProcessError(f"pytest ended with {code} and left no report")
        return figures(ET.parse(report))  # noqa: S314 - pytest wrote it just now


def figures(report: ET.ElementTree[Any]) -> Figures:
    """Add up the cases of each test, with the figures that they told."""
    cases: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    took: dict[str, float] = defaultdict(float)
    for case in report.iter("testcase"):
        name, _, which = case.get("name", "").partition("[")
        test = f"{case.get('classname', '')}::{name}"
        outcomes = [one.tag for one in case if one.tag in {"failure", "error", "skipped"}]
        cases[test][outcomes[0] if outcomes else "passed"] += 1
        took[test] += float(case.get("time", 0))
        if properties := list(case.iter("property")):
            numbers = {one.get("name", ""): one.get("value", "") for one in properties}
            told[test][which.removesuffix("]")] = numbers
    return {
        test: {
            "cases": dict(sorted(counted.items())),
            "told": told[test],
            "seconds": round(took[test], 1),
        }
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


# --- the whole of the long tests, one by one


def suites() -> dict[str, str]:
    """Find the suites of two sizes: test → name of its suite."""
    decorated = re.compile(r'mark\.sized\("(\w+)"\)\n(?:@.*\n)*def (\w+)')
    files = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/**/test_*.py")]
    return {
        f"{file.relative_to(ROOT).as_posix()}::{test}": suite
        for file in sorted(files)
        for suite, test in decorated.findall(file.read_text(encoding="utf-8"))
    }


def long_ones(asked: list[str]) -> list[str]:
    """List the long tests that are meant; without anything asked for, all of them."""
    by_name = suites()
    names = {one for one in asked if one in by_name.values()}
    places = [test for test, suite in by_name.items() if suite in names]
    places += [one for one in asked if one not in names]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "long", *places]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    tests = [row.partition("[")[0] for row in found.stdout.splitlines() if "::" in row]
    if not tests:
        raise SystemExit(f"no long test found:\n{found.stdout}{found.stderr}")
    return list(dict.fromkeys(tests))


def soak(tests: list[str]) -> list[str]:
    """Run long tests one after the other; returns those that failed. Each is kept at once."""
    failed = []
    for number, test in enumerate(tests, start=1):
        print(f"[{number}/{len(tests)}] {test}", flush=True)
        begun = time.monotonic()
        try:
            found = run(["-m", "long", test])
        except (ChildProcessError, ET.ParseError) as error:
            print(error)
            found = {}
        if found:
            keep(SOAK, {**kept(SOAK), **found})
            PAGE.write_text(page(promises(), kept(FIGURES), kept(SOAK)), encoding="utf-8")
        good = bool(found) and not any(BAD & set(one["cases"]) for one in found.values())
        failed += [] if good else [test]
        print(f"    {'passed' if good else 'FAILED'} in {time.monotonic() - begun:.0f} s")
        for line in (row for one in found.values() for row in _numbers(one, "")):
            print(f"  {line}", flush=True)
    print(f"{len(tests) - len(failed)} of {len(tests)} passed", *failed, sep="\n  failed: ")
    return failed


def forecast(tests: list[str]) -> Iterator[str]:
    """Say how large each long test is, and how long it takes if its part is a measure."""
    sizes = tomllib.loads((ROOT / "tests" / "sizes.toml").read_text(encoding="utf-8"))
    by_name, counted, soaked = suites(), kept(FIGURES), kept(SOAK)
    asked = dict(one.split("=") for one in os.environ.get("PARTIZIPATION_SIZES", "").split())
    for test in tests:
        suite, last = by_name.get(test, ""), of(test, soaked).get("seconds")
        took = f"{last:.0f} s when it was last run" if last is not None else "not run yet"
        whole = int(asked.get(suite, sizes[suite]["soak"])) if suite else 0
        part = of(test, counted).get("seconds")
        if suite and last is None and part is not None:
            each = part / sizes[suite]["ci"]
            took = f"about {each * whole:.0f} s ({1000 * each:.1f} ms each, in all its cases)"
        yield f"{suite or '-':18} {whole or '':>8}  {took:44} {test}"


def main(arguments: list[str]) -> int:
    """Make the page."""
    told, found = promises(), Figures()
    asked = [one for one in arguments if one not in {"--page", "--soak", "--list"}]
    if "--list" in arguments:
        print(*forecast(long_ones(asked)), sep="\n")
        return 0
    if "--soak" in arguments:
        return 1 if soak(long_ones(asked)) else 0
    if "--page" not in arguments:
        found = run([*asked, *named(told)])
        keep(FIGURES, found)
    PAGE.write_text(page(told, kept(FIGURES), kept(SOAK)), encoding="utf-8")
    return 1 if any(BAD & set(one["cases"]) for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
