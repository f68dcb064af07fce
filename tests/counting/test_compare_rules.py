"""The example that compares rules over a folder of elections."""

import csv
import os
import subprocess
import sys

import pytest

from partizipation_core.counting.synthetic import synthetic


def compare(root, *arguments):
    script = root / "examples" / "compare_rules" / "compare.py"
    path = os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )


def test_it_compares_six_rules_over_a_folder(root, tmp_path):
    done = compare(root, root / "examples" / "elections", tmp_path)

    with (tmp_path / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows[:6]] == [
        "rank",
        "votes per cost",
        "optimum",
        "Phragmén",
        "equal shares",
        "bounded overspending",
    ]
    assert done.stdout.count("% spent") == 6


def test_it_draws_a_chart_of_invented_elections(root, tmp_path):
    pytest.importorskip("matplotlib", reason="needs the extra plots: matplotlib is not installed")
    folder = tmp_path / "elections"
    folder.mkdir()
    for number, culture in enumerate(("impartial", "euclidean", "districts")):
        election = synthetic(str(number), culture=culture, voters=60, projects=8)
        (folder / f"{culture}.pb").write_text(election.to_pb(), encoding="utf-8")
    compare(root, folder, tmp_path)

    chart = (tmp_path / "without.svg").read_text(encoding="utf-8")
    assert "<svg" in chart
