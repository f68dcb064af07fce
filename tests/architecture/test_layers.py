"""Imports go only downwards; this file holds the plan of the house and proves that it is kept.

A room is a module or folder directly under ``partizipation_core``. It may import from itself,
from lower floors, and from those rooms of its own floor that the table names. Imports inside
functions, under ``TYPE_CHECKING`` and through ``import_module("...")`` count like any other.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

PACKAGE = "partizipation_core"
ROOF = "__init__"

# The floors, lowest first: each room with the neighbours it may use.
FLOORS: tuple[dict[str, set[str]], ...] = (
    {
        "errors": set(),
        "evolving": set(),
        "freezing": set(),
        "clock": {"errors"},
        "identity": {"clock", "freezing"},
        "merkle": set(),
        "rows": set(),
        "values": {"clock", "errors", "freezing", "identity"},
    },
    {"areas": set(), "counting": set()},
    {"money": set()},
    {"formats": set()},
    {"kernel": set()},
    {"commands": set()},
    {"files": set(), "serialization": set()},
    {"store": set()},
    {"plugins": set()},
    {
        "configuration": set(),
        "execution": set(),
        "replay": {"execution"},
        "inspection": {"configuration"},
        "handles": {"configuration", "execution", "inspection", "replay"},
        "handle": {"configuration", "execution", "handles", "inspection", "replay"},
        "transfer": {"execution", "replay"},
        "platform": {"configuration", "execution", "handle", "transfer"},
    },
    {
        "texts": set(),
        "exchange": {"texts"},
        "handbook": {"exchange", "texts"},
        "reports": {"texts"},
        "demo": {"reports", "texts"},
        "cli": {"demo", "exchange", "reports", "texts"},
        "testing": {"exchange", "texts"},
    },
    {ROOF: set()},
)

# Rooms that promise more than their floor asks: all they may use of this package.
FRUGAL = {"counting": {"errors"}}

# An error speaks of objections, an objection is a value, and values raise errors.
EXCUSED = {("errors", "values")}

# Libraries that only one place may know, so that they can be replaced in one place.
OWNERS = {
    "transitions": "formats/lifecycle.py",
    "sqlalchemy": "store/*",
    "psycopg": "store/postgresql.py",
    "numpy": "counting/shares/fast.py",
    "docutils": "handbook/*",
    "sphinx": "handbook/*",
}

# Modules that an extra brings to life; nothing imports them unless it is installed.
OPTIONAL = {("counting/shares/fast.py", "numpy")}

# Rooms whose answers depend on their arguments alone, what they may not reach for, and who may.
PURE = {"areas", "counting", "formats", "kernel", "money"}
IMPURE_MODULES = {"os", "pathlib", "random", "secrets", "socket", "sqlite3", "time", "uuid"}
IMPURE_ALLOWED = {("counting/election.py", "pathlib")}
CLOCK_READINGS = {
    f"{kind}.{call}" for kind in ("date", "datetime") for call in ("now", "today", "utcnow")
}


@dataclass(frozen=True)
class Import:
    """One imported name, where it stands, and whether only type checkers see it."""

    file: Path
    line: int
    target: str
    typing: bool

    @property
    def library(self) -> str:
        return self.target.partition(".")[0]


# --- reading the house ------------------------------------------------------------------------


def modules(house: Path) -> list[Path]:
    return sorted(house.rglob("*.py"))


def rooms(house: Path) -> set[str]:
    return {room_of_file(house, file) for file in modules(house)}


def room_of_file(house: Path, file: Path) -> str:
    return file.relative_to(house).parts[0].removesuffix(".py")


def room_of_target(target: str) -> str:
    """Name the room of an imported name; what is no room comes from the roof."""
    name = f"{target}.".split(".")[1]
    return name if name in floors() else ROOF


def floors() -> dict[str, int]:
    return {room: floor for floor, rooms_of_it in enumerate(FLOORS) for room in rooms_of_it}


def imports_of(house: Path, file: Path) -> Iterator[Import]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    unseen = {id(node) for branch in typing_branches(tree) for node in ast.walk(branch)}
    for node in ast.walk(tree):
        for target in targets(node, package_of(house, file)):
            yield Import(file, node.lineno, target, typing=id(node) in unseen)


def typing_branches(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from node.body


def package_of(house: Path, file: Path) -> list[str]:
    return [PACKAGE, *file.relative_to(house).parent.parts]


def targets(node: ast.AST, package: list[str]) -> list[str]:
    """Spell out in full what a statement or call imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            anchor = package[: len(package) - level + 1] if level else []
            return [".".join([*anchor, *filter(None, [module]), alias.name]) for alias in names]
        case ast.Call(func=called, args=[ast.Constant(value=str(target)), *_]):
            return [target] if ast.unparse(called).endswith("import_module") else []
    return []


# --- judging it -------------------------------------------------------------------------------


def is_allowed(source: str, target: str) -> bool:
    floor = floors()
    if source == target or source not in floor:  # homeless_rooms() speaks about the latter
        return True
    if source in FRUGAL:
        return target in FRUGAL[source]
    return floor[target] < floor[source] or target in FLOORS[floor[source]][source]


def upward_imports(house: Path) -> list[str]:
    return [
        f"{file.relative_to(house)}:{each.line}: {source} may not import {each.target}"
        for file in modules(house)
        for each in imports_of(house, file)
        if each.library == PACKAGE
        for source, target in [(room_of_file(house, file), room_of_target(each.target))]
        if not is_allowed(source, target) and not (each.typing and (source, target) in EXCUSED)
    ]


def homeless_rooms(house: Path) -> list[str]:
    return [
        f"The room {room!r} stands on no floor yet. Add it to FLOORS in {Path(__file__).name}, "
        "on the lowest floor that its imports allow."
        for room in sorted(rooms(house) - set(floors()))
    ]


def strangers(house: Path) -> list[str]:
    return [
        f"{place}:{each.line}: only {OWNERS[each.library]} may import {each.library}"
        for file in modules(house)
        for place in [file.relative_to(house).as_posix()]
        for each in imports_of(house, file)
        if each.library in OWNERS and not fnmatch(place, OWNERS[each.library])
    ]


def impurities(house: Path) -> list[str]:
    return [
        f"{file.relative_to(house)}:{line}: {what} makes the outcome depend on the outside"
        for file in modules(house)
        if room_of_file(house, file) in PURE
        for line, what in [*impure_imports(house, file), *clock_readings(file)]
    ]


def impure_imports(house: Path, file: Path) -> Iterator[tuple[int, str]]:
    place = file.relative_to(house).as_posix()
    for each in imports_of(house, file):
        if each.library in IMPURE_MODULES and (place, each.library) not in IMPURE_ALLOWED:
            yield each.line, f"import of {each.library}"


def clock_readings(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            if called in CLOCK_READINGS:
                yield node.lineno, called


def foreign_imports(house: Path, room: str) -> list[str]:
    return [
        f"{file.relative_to(house)}:{each.line}: imports {each.library}"
        for file in modules(house)
        if room_of_file(house, file) == room
        for each in imports_of(house, file)
        if each.library not in sys.stdlib_module_names | {PACKAGE}
        and (file.relative_to(house).as_posix(), each.library) not in OPTIONAL
    ]


# --- the house as it is -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(root):
    return root / "src" / PACKAGE


def test_every_room_stands_on_a_floor(house):
    assert not homeless_rooms(house), "\n".join(homeless_rooms(house))


def test_imports_go_only_downwards(house):
    assert not upward_imports(house), "\n".join(upward_imports(house))


def test_libraries_stay_with_their_owners(house):
    assert not strangers(house), "\n".join(strangers(house))


def test_pure_rooms_reach_for_nothing_outside(house):
    assert not impurities(house), "\n".join(impurities(house))


@pytest.mark.parametrize("room", sorted(FRUGAL))
def test_frugal_rooms_need_the_standard_library_only(house, room):
    assert not foreign_imports(house, room)


# --- the checker itself -----------------------------------------------------------------------


@pytest.fixture
def build(tmp_path):
    """Build a small house with one module, beside a few others to import from."""

    def build(place, source):
        for neighbour in ("errors", "values", "store/journal", "kernel/ballot", "cli/main", ROOF):
            plant(tmp_path / f"{neighbour}.py", "")
        plant(tmp_path / place, source)
        return tmp_path

    return build


def plant(file, source):
    file.parent.mkdir(exist_ok=True)
    file.write_text(source, encoding="utf-8")


UPWARD = {
    "plain": ("values.py", "import partizipation_core.store.journal"),
    "from": ("kernel/ballot.py", "from partizipation_core.store import journal"),
    "from the package": ("kernel/ballot.py", "from partizipation_core import store"),
    "relative": ("kernel/ballot.py", "from ..store import journal"),
    "relative in a package": ("kernel/__init__.py", "from ..store import journal"),
    "in a function": (
        "values.py",
        "def late():\n    from partizipation_core.kernel import ballot",
    ),
    "for type checkers": (
        "values.py",
        "if TYPE_CHECKING:\n    from partizipation_core.kernel import ballot",
    ),
    "by name": ("values.py", "importlib.import_module('partizipation_core.kernel.ballot')"),
    "from the roof": ("cli/main.py", "from partizipation_core import Platform"),
    "unlisted neighbour": ("texts.py", "from partizipation_core.cli import main"),
    "excused only for types": ("errors.py", "from partizipation_core.values import Objection"),
    "more than frugal": ("counting/tally.py", "from partizipation_core.values import Money"),
}

DOWNWARD = {
    "lower floor": ("store/journal.py", "from partizipation_core.kernel import ballot"),
    "own room": ("store/journal.py", "from partizipation_core.store import box"),
    "own room, relative": ("store/journal.py", "from . import box"),
    "listed neighbour": ("values.py", "from partizipation_core.errors import Refused"),
    "excused for types": (
        "errors.py",
        "if TYPE_CHECKING:\n    from partizipation_core.values import Objection",
    ),
    "another library": ("values.py", "from attrs import frozen"),
}


@pytest.mark.parametrize(("place", "source"), UPWARD.values(), ids=UPWARD)
def test_a_planted_upward_import_is_found(build, place, source):
    (found,) = upward_imports(build(place, source))
    assert found.startswith(f"{place}:{1 + source.count(chr(10))}:")


@pytest.mark.parametrize(("place", "source"), DOWNWARD.values(), ids=DOWNWARD)
def test_a_downward_import_is_left_alone(build, place, source):
    assert upward_imports(build(place, source)) == []


def test_an_unknown_room_is_told_where_to_go(build):
    (message,) = homeless_rooms(build("attic.py", ""))
    assert "'attic'" in message
    assert "FLOORS" in message


@pytest.mark.parametrize(
    ("place", "source"),
    [("kernel/ballot.py", "import sqlalchemy.orm"), ("formats/stages.py", "import transitions")],
    ids=["sqlalchemy", "transitions"],
)
def test_a_library_outside_its_owner_is_found(build, place, source):
    assert len(strangers(build(place, source))) == 1


@pytest.mark.parametrize(
    "source",
    ["import random", "from os import path", "datetime.datetime.now()", "date.today()"],
)
def test_a_reach_outside_is_found(build, source):
    assert len(impurities(build("kernel/ballot.py", source))) == 1


def test_an_allowed_reach_outside_is_left_alone(build):
    assert impurities(build("counting/election.py", "from pathlib import Path")) == []
