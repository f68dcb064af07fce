"""Whatever a file holds, it is read or refused with its place, soon and in little memory."""

import random
import re
import resource
import time
from contextlib import contextmanager
from itertools import chain

import pytest

from partizipation_core.counting.declared import declared
from partizipation_core.counting.pb import format_pb, parse_pb, parse_pb_bytes
from partizipation_core.errors import PartizipationError

SECONDS, MEGABYTES = 2.0, 256
"""What one file may take at most: CPU time, and memory on top of what was used before."""

PIECES = (
    *(";", ",", '"', '""', "\n", "\r\n", "\r", "\0", "\x1a", "\ufeff", "\u2028", "\u00a0", "\t"),
    *("META", "PROJECTS", "VOTES", "META\n", "VOTES;;\n", "key;value\n", "voter_id;vote;points\n"),
    *("project_id;cost;name\n", "budget;-5\n", "budget;0\n", "budget;1e9\n", "budget;" + "9" * 40),
    *(
        "vote_type;ordinal\n",
        "vote_type;scoring\n",
        "vote_type;cumulative\n",
        "vote_type;choose-1",
    ),
    *("max_length;0\n", "max_length;-1\n", "max_length;999999999999\n", "default_score;7\n"),
    *(
        "min_sum_cost;0.5\n",
        "max_points;x\n",
        "-1",
        "0",
        "0.0",
        "1.5",
        "-0",
        "1,1",
        "1,,2",
        ",",
        " ",
    ),
    *(
        "9" * 18,
        "9" * 4000,
        "0.000000000000000001",
        "NaN",
        "inf",
        "٣",
        "²",
        "\N{MATHEMATICAL BOLD DIGIT NINE}",
        "é",
        "😀",
        "ß" * 300,
    ),
    *("999999999", "budget_per_category;1,2\n", "categories;a,b\n", "rule;greedy-custom\n"),
)


def files(shared_data, root):
    """Return real files, and one of each kind of vote that is not among them."""
    folders = ((shared_data / "pabulib").glob("*.pb"), (root / "examples/elections").glob("*.pb"))
    real = [path.read_bytes() for path in sorted(chain(*folders))]
    return [data for data in real if len(data) < 25_000] + [made(kind) for kind in KINDS]


KINDS = ("approval", "choose-1", "cumulative", "ordinal", "scoring", "pro_contra")


def made(kind):
    points = {"cumulative": "3,2", "scoring": "3,-2", "pro_contra": "1,-1"}.get(kind)
    vote = "1" if kind == "choose-1" else "1,2"
    rows = [f"v{n};{vote};{points or ''};{20 + n}" for n in range(6)]
    head = f"META\nkey;value\nbudget;1000.50\nvote_type;{kind}\nmax_length;2\n"
    projects = 'PROJECTS\nproject_id;cost;name;category\n1;600;"Spiel; platz";a,b\n2;500;Ö;a\n'
    header = "voter_id;vote;points;age" if points else "voter_id;vote;note;age"
    return "\n".join([f"{head}{projects}VOTES", header, *rows, ""]).encode()


def mutated(rng, sources):  # noqa: C901 - eight kinds of damage
    """Damage a file in one to eight places."""
    data = bytearray(rng.choice(sources))
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(8):
            case 0:
                data[at : at + rng.randint(1, 40)] = b""
            case 1:
                data[at:at] = rng.choice(PIECES).encode()
            case 2:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 3:
                lines = bytes(data).split(b"\n")
                rng.shuffle(lines)
                data = bytearray(b"\n".join(lines))
            case 4:
                start = rng.randrange(len(data) + 1)
                data[at:at] = data[start : start + rng.randint(1, 200)]
            case 5:
                del data[at:]
            case 6:
                cells = bytes(data).split(b";")
                cells[rng.randrange(len(cells))] = rng.choice(PIECES).encode()
                data = bytearray(b";".join(cells))
            case _:
                numbers = list(re.finditer(rb"\d+", bytes(data)))
                if numbers:
                    found = rng.choice(numbers)
                    data[found.start() : found.end()] = rng.choice(PIECES).encode()
        if not data:
            data = bytearray(b"META")
    return bytes(data)


@contextmanager
def naming(seed):
    """Say which file it was, if something is wrong."""
    try:
        yield
    except Exception as error:
        error.add_note(f"seed {seed} of test_pb_fuzz")
        raise


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def is_answered(data):
    """Read a file; whether it could be read. Anything but a clean error is raised."""
    try:
        election = parse_pb_bytes(data, "wahl.pb")
    except PartizipationError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert re.match(r"wahl\.pb:[1-9]\d*:[1-9]\d*: ", refused), f"no place: {refused}"
        return False
    declared(election)
    again = parse_pb(format_pb(election))
    assert again == election
    return True


@pytest.mark.sized("pb")
def test_a_damaged_file_is_read_or_refused_with_its_place(size, shared_data, root):
    sources, read, slowest = files(shared_data, root), 0, 0.0
    before = peak()
    for seed in range(size):
        data = mutated(random.Random(seed), sources)  # noqa: S311 - damages files, draws no lot
        start = time.process_time()
        with naming(seed):
            read += is_answered(data)
        slowest = max(slowest, time.process_time() - start)

    assert slowest <= SECONDS
    assert peak() - before <= MEGABYTES
    assert 0 < read < size


@pytest.mark.parametrize("kind", KINDS)
def test_the_undamaged_files_are_read(kind):
    assert parse_pb_bytes(made(kind)).ballot_type == kind


def test_many_quotes_take_no_longer_than_many_letters():
    """A cell that goes on line after line must not be read again from its start each time."""
    text = made("approval").decode().replace("Ö", '"' + 'x"y\n' * 20_000)
    start = time.process_time()
    with pytest.raises(PartizipationError):
        parse_pb(text)
    assert time.process_time() - start <= SECONDS
