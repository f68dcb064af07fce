"""Measures the peer sortition-algorithms in a process of its own: what it needs for maximin.

Started by ``test_sortition.py`` with the folder of the package, that of the tables, and the seats.
It talks JSON, and nothing of it is imported anywhere else.
"""

import csv
import json
import sys
import time
from pathlib import Path


def main():
    """Run it and print CPU seconds and the smallest chance."""
    where, folder, seats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, where)
    from sortition_algorithms.committee_generation.maximin import find_distribution_maximin
    from sortition_algorithms.features import read_in_features
    from sortition_algorithms.people import read_in_people
    from sortition_algorithms.settings import Settings

    with (folder / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        features, *_ = read_in_features(list(rows.fieldnames or ()), list(rows))
    address = ["home", "place"]
    settings = Settings(
        id_column="id",
        columns_to_keep=[],
        check_same_address=True,
        check_same_address_columns=address,
    )
    with (folder / "respondents.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        people, *_ = read_in_people(list(rows.fieldnames or ()), list(rows), features, settings)
    start = time.process_time()
    panels, weights, _ = find_distribution_maximin(
        features, people, seats, address, solver_backend="highspy"
    )
    seconds = time.process_time() - start
    chances = dict.fromkeys(people, 0.0)
    for panel, weight in zip(panels, weights, strict=True):
        for person in panel:
            chances[person] += weight
    print(json.dumps({"cpu": seconds, "minimum": round(min(chances.values()), 5)}))  # noqa: T201


if __name__ == "__main__":
    main()
