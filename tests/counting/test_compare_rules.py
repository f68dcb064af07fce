"""The example that compares rules over a folder of elections."""

import csv
import os
import subprocess
import sys


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


def test_it_compares_five_rules_over_a_folder(root, tmp_path):
    done = compare(root, root / "examples" / "elections", tmp_path)

    with (tmp_path / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows[:5]] == [
        "rank",
        "votes per cost",
        "optimum",
        "Phragmén",
        "equal shares",
    ]
    assert done.stdout.count("% spent") == 5
