"""Everything in this folder is a benchmark; what it measures is kept as one line of JSON each."""

import json
import os
import platform
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parents[1] / "bench-output" / "measured.jsonl"
MACHINE = {
    "python": platform.python_version(),
    "system": f"{platform.system()} {platform.machine()}",
    "cores": os.cpu_count(),
}


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.bench)


@pytest.fixture
def measured(request, capsys):
    """Record a measurement: ``measured(ballots_per_second=1234)``.

    It is shown at once and appended to ``bench-output/measured.jsonl`` with the machine it was
    taken on, since a number without its machine means nothing.
    """

    def record(**numbers):
        line = {"benchmark": request.node.nodeid, **numbers, "machine": MACHINE}
        OUTPUT.parent.mkdir(exist_ok=True)
        with OUTPUT.open("a", encoding="utf-8") as output:
            output.write(json.dumps(line, ensure_ascii=False) + "\n")
        with capsys.disabled():
            print(f"\n{request.node.name}: {numbers}")  # noqa: T201 - what the run is for

    return record
