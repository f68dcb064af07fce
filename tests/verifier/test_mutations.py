"""Whatever is changed in an export, by a byte, a line or a number, the verifier finds it.

The manifest is always fitted to the change, as whoever makes it would; a checkpoint of before is
kept outside. Samples run with every change, ``python3 dev.py soak tests/verifier`` has them all.
"""

import copy
import json
import random
import shutil

import pytest

GOOD, TAMPERED = 0, 1


@pytest.fixture
def minutes(exported, tmp_path):
    """The last checkpoint, as it was printed in the minutes."""
    last = max((exported / "checkpoints").iterdir(), key=lambda one: int(one.stem))
    return shutil.copy(last, tmp_path / "minutes.txt")


WAYS = {
    "lowest bit": lambda byte: byte ^ 0x01,
    "highest bit": lambda byte: byte ^ 0x80,
    "another digit or letter": lambda byte: byte + 1 if byte != 0x7A else 0x61,
}


@pytest.mark.sized("changed_bytes")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_changed_byte_of_a_journal_is_found(  # noqa: PLR0917 - fixtures
    exported, verifier, seal_again, minutes, way, size, tell
):
    file = exported / "journal.ndjson"
    body = file.read_bytes()
    places = range(0, len(body), max(1, len(body) // size))
    missed = []
    for at in places:
        file.write_bytes(body[:at] + bytes([way(body[at]) % 256]) + body[at + 1 :])
        seal_again(exported)
        if verifier.verify(exported, [minutes]).exit_code == GOOD:
            missed.append(at)
    assert missed == []
    tell(bytes_changed=len(places), undetected=0)


# --- lines and values


def line_less(chance, rows):
    del rows[chance.randrange(len(rows))]


def lines_less(chance, rows):
    del rows[chance.randrange(len(rows)) :]


def line_twice(chance, rows):
    at = chance.randrange(len(rows))
    rows.insert(at, rows[at])


def line_elsewhere(chance, rows):
    rows.insert(chance.randrange(len(rows)), rows.pop(chance.randrange(len(rows))))


def lines_swapped(chance, rows):
    one, other = (chance.randrange(len(rows)) for _ in range(2))
    rows[one], rows[other] = rows[other], rows[one]


def other_value(chance, rows):
    at = chance.randrange(len(rows))
    rows[at] = written(spoilt(chance, json.loads(rows[at])))


def value_of_another_line(chance, rows):
    one, other = (json.loads(chance.choice(rows)) for _ in range(2))
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() & other.keys():
        key = chance.choice(sorted(one.keys() & other.keys()))
        at = rows.index(written(one))
        rows[at] = written(one | {key: other[key]})


def spoilt(chance, data):
    """Change one value anywhere in JSON data."""
    if isinstance(data, dict) and data:
        key = chance.choice(sorted(data))
        if chance.random() < 0.1:
            return {name: value for name, value in data.items() if name != key}
        return {**data, key: spoilt(chance, data[key])}
    if isinstance(data, list) and data:
        at = chance.randrange(len(data))
        return [*data[:at], spoilt(chance, data[at]), *data[at + 1 :]]
    if isinstance(data, bool):
        return not data
    if isinstance(data, int):
        return data + chance.choice((-1, 1))
    return f"{data}x" if isinstance(data, str) else {"x": 1}


def written(data):
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


CHANGES = (line_less, lines_less, line_twice, line_elsewhere, lines_swapped, other_value,
           other_value, other_value, value_of_another_line)  # fmt: skip
NAMES = ("journal.ndjson", "journal.ndjson", "books.ndjson", "votes/1/ballots.ndjson",
         "votes/1/register.json", "votes/1/commitments.txt")  # fmt: skip


def change(chance, body, name):
    rows = body.removesuffix(b"\n").split(b"\n")
    lines = [one for one in CHANGES if "line" in one.__name__ and "value" not in one.__name__]
    chance.choice(lines if name.endswith(".txt") else CHANGES)(chance, rows)
    return b"".join(row + b"\n" for row in rows)


@pytest.mark.sized("changed_exports")
def test_every_changed_line_and_value_is_found(  # noqa: PLR0917 - fixtures
    exported, verifier, seal_again, minutes, size, tell
):
    chance, missed, tried = random.Random(size), [], 0  # noqa: S311 - a drill
    while tried < size:
        name = chance.choice(NAMES)
        file = exported / name
        body = file.read_bytes()
        new = change(chance, body, name)
        if new == body:
            continue
        tried += 1
        file.write_bytes(new)
        seal_again(exported)
        if verifier.verify(exported, [minutes]).exit_code == GOOD:
            missed.append((name, new))
        file.write_bytes(body)
    assert missed == []
    tell(exports_changed=tried, undetected=0)


# --- results that do not follow from the ballots


def wrong(chance, data):
    """Change one number or name of a published result that stands for what was counted."""
    told, result = copy.deepcopy(data), data["result"]
    key = chance.choice(("votes", "points", "contra", "outcome", "rest", "funded", "ballots"))
    if key in {"votes", "points", "contra"}:
        fate = chance.randrange(len(result["fates"]))
        told["result"]["fates"][fate][key] += chance.choice((-1, 1, 10))
    elif key == "outcome":
        fate = told["result"]["fates"][chance.randrange(len(result["fates"]))]
        fate["outcome"] = "not_funded" if fate["outcome"] == "funded" else "funded"
    elif key == "rest":
        told["result"]["rest"] += chance.choice((-100, 1))
    elif key == "funded":
        first = result["fates"][0]["id"]
        told["result"]["funded"] = [one for one in result["funded"] if one != first] or [first]
    else:
        told["ballots"] += 1
    return told if told != data else wrong(chance, data)


@pytest.mark.sized("wrong_tallies")
def test_a_result_that_does_not_follow_from_the_ballots_is_found(  # noqa: PLR0917 - fixtures
    made, verifier, seal_again, tmp_path, size, tell
):
    folder = tmp_path / "export"
    for seed in range(size):
        chance = random.Random(seed)  # noqa: S311 - a drill
        made(seed).export(folder)
        rewrite(verifier, folder, chance, seal_again)
        report = verifier.verify(folder)
        assert report.exit_code == TAMPERED, seed
        assert "result" in {code for level, code, _ in report.found if level == TAMPERED}, seed
        shutil.rmtree(folder)
    tell(wrong_tallies=size, undetected=0)


def rewrite(verifier, folder, chance, seal):
    """Write a wrong result into history, and history anew so that it agrees with itself."""
    file = folder / "journal.ndjson"
    rows, previous = [json.loads(row) for row in file.read_bytes().splitlines()], ""
    row = next(row for row in rows if row["kind"] == "BallotsCounted")
    row["data"] = wrong(chance, row["data"])
    for one in rows:
        one["prev"] = previous
        previous = verifier.leaf(verifier.canonical(one)).hex()
    file.write_bytes(b"".join(verifier.canonical(one) + b"\n" for one in rows))
    seal(folder)
    export = verifier.Export(folder, verifier.Report())
    leaves = verifier.check_journal(export)
    for point in (folder / "checkpoints").iterdir():
        point.write_text(verifier.checkpoint_text(export, leaves, int(point.stem)))
    seal(folder)
