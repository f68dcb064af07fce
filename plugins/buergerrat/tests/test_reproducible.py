"""One draw, one protocol: whatever the hash seed, the process, the threads or the file's order."""

import csv
import json
import os
import random
import subprocess
import sys

import pytest

RUN = "from partizipation_buergerrat.cli import sortition; sortition()"
FILES = ("panels.json", "pool.json", "claims.json", "losprotokoll.jsonl", "losprotokoll.md")
SOURCE = '{"kind":"dice","count":20,"event":"Rathaus","at":"2026-11-22T12:00:00Z"}'
PLACES = [
    {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "4", "OMP_NUM_THREADS": "4"},
    {"PYTHONHASHSEED": "987654321", "LC_ALL": "C", "TZ": "Pacific/Auckland"},
    {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
]


def run(place, *words):
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, words)],
        env={**os.environ, **place},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shuffle_rows(path, seed):
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(rows)  # noqa: S311 - the order must not matter
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


@pytest.mark.parametrize("objective", ["leximin", "nash", "pots"])
def test_every_process_writes_the_same_bytes(objective, tmp_path):
    width = 60 if objective == "pots" else 5
    features = "2,3" if objective == "pots" else "2,3,3,2"
    town = [tmp_path / "respondents.csv", tmp_path / "categories.csv", "--seats", 10]
    run({}, "invent", "--people", 60, "--seats", 10, "--features", features, "--out", tmp_path)
    if width > 5:
        widen(town[1])
    written = []
    for number, place in enumerate(PLACES):
        folder = tmp_path / f"draw{number}"
        folder.mkdir()
        if number:
            shuffle_rows(town[0], number)
            (folder / "vault.json").write_bytes((tmp_path / "draw0/vault.json").read_bytes())
        words = ("--panels", 30, "--objective", objective, "--out", folder, "--override", "x")
        run(place, "lottery", *town, *words)
        run(
            place,
            "commit",
            folder,
            "--procedure",
            "rat",
            "--source",
            SOURCE,
            "--at",
            "2026-11-22T10:00:00Z",
        )
        run(
            place,
            "draw",
            folder,
            "--value",
            "12345612345612345612",
            "--at",
            "2026-11-22T13:00:00Z",
        )
        written.append({name: (folder / name).read_bytes() for name in (*FILES, "selected.csv")})
    assert all(each == written[0] for each in written[1:])


def widen(path):
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    text = "".join(f"{c},{f},0,10\n" for c, f, _, _ in rows[1:])
    path.write_text("category,feature,min,max\n" + text, encoding="utf-8")


def test_every_process_finds_the_same_chances(tmp_path):
    """Also in a tight pool, where cuts and the graph of all panels are needed."""
    rng = random.Random(3)  # noqa: S311 - invents people, draws no lot
    people = [[f"p{n}", *(f"f{rng.randrange(3)}" for _ in range(5))] for n in range(30)]
    chosen = rng.sample(people, 7)
    names = [f"K{n}" for n in range(5)]
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", *names], *people])
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["category", "feature", "min", "max"])
        for place, name in enumerate(names, start=1):
            for value in range(3):
                there = sum(one[place] == f"f{value}" for one in chosen)
                rows.writerow([name, f"f{value}", there, there])
    told = [
        run(place, "target", tmp_path / "r.csv", tmp_path / "c.csv", "--seats", 7, "--json")
        for place in PLACES
    ]
    assert json.loads(told[0])["exact"]
    assert len(set(told)) == 1
