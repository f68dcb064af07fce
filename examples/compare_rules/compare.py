# ruff: noqa: INP001 - a script, not a package
"""Compare rules over a folder of elections; write tidy tables and, with matplotlib, a chart.

``python examples/compare_rules/compare.py FOLDER OUT`` reads every ``.pb`` file of FOLDER. Without
a folder it invents thirty elections from a seed, so that it runs anywhere.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean

from partizipation_core.counting import (
    Add1U,
    BoundedOverspending,
    Election,
    EqualShares,
    Greedy,
    Knapsack,
    Phragmen,
    Result,
    Ties,
)
from partizipation_core.counting.synthetic import synthetic
from partizipation_core.counting.tidy import comparison

ORDER = Ties("id")
RULES = {
    "rank": Greedy(misfit="skip", ties=ORDER),
    "votes per cost": Greedy(misfit="skip", score="votes_per_cost", ties=ORDER),
    "optimum": Knapsack(ties=ORDER),
    "Phragmén": Phragmen(ties=ORDER),
    "equal shares": EqualShares(
        completion=Add1U(stop="exhaustive", step=50), ties=ORDER, margins=False
    ),
    "bounded overspending": BoundedOverspending(ties=ORDER, margins=False),
}
"""Steps of 50 units are coarse, and enough for a comparison over many elections."""


def elections(folder: Path | None) -> Iterator[tuple[str, Election]]:
    """Yield elections with their names.

    Args:
        folder: where ``.pb`` files are, None to invent some.
    """
    if folder:
        for path in sorted(folder.glob("*.pb")):
            yield path.stem, Election.from_pb(path)
        return
    for culture in ("impartial", "euclidean", "districts"):
        for number in range(10):
            yield f"{culture} {number}", synthetic(str(number), culture=culture, voters=200)


def counted(election: Election) -> Mapping[str, Result]:
    """Return the result of each rule.

    Args:
        election: what was voted.
    """
    return {name: rule(election) for name, rule in RULES.items()}


def rows(folder: Path | None) -> list[dict[str, object]]:
    """Return one row for each election and rule.

    Args:
        folder: where ``.pb`` files are, None to invent some.
    """
    return [
        {"election": name, **row}
        for name, election in elections(folder)
        for row in comparison(election, counted(election))
    ]


def chart(table: list[dict[str, object]], path: Path) -> None:
    """Draw how many voters are left with nothing under each rule.

    Args:
        table: rows of all elections.
        path: file of the chart.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        sys.stderr.write("no chart: pip install 'partizipation-core[plots]'\n")
        return
    figure, axes = plt.subplots(figsize=(7, 3.5))
    axes.barh(list(RULES), [average(table, name, "without_percent") for name in RULES])
    axes.set_xlabel("voters without a funded project, percent")
    figure.tight_layout()
    figure.savefig(path)


def average(table: list[dict[str, object]], rule: str, column: str) -> float:
    """Return the mean of a column under one rule.

    Args:
        table: rows of all elections.
        rule: name of the rule.
        column: name of the column.
    """
    return mean(float(str(row[column])) for row in table if row["rule"] == rule)


def main(arguments: list[str]) -> None:
    """Write the tables and say what came out on average.

    Args:
        arguments: a folder of elections and a folder for the output, or nothing.
    """
    folder = Path(arguments[0]) if arguments else None
    out = Path(arguments[1]) if len(arguments) > 1 else Path("compare-output")
    out.mkdir(parents=True, exist_ok=True)
    table = rows(folder)
    with (out / "rules.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    for name in RULES:
        spent, without = (average(table, name, f"{c}_percent") for c in ("spent", "without"))
        told = f"{name:>20}: {spent:5.1f} % spent, {without:5.1f} % of the voters with nothing\n"
        sys.stdout.write(told)
    chart(table, out / "without.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
