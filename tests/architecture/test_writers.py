"""Whatever is written for people goes through ``files.py``: whole, or not there.

Writing in place leaves half a file behind when the disk is full or the program is killed, and
nobody sees that it is half. So no other module opens a file for writing, moves or packs one.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

THE_WRITER = "src/partizipation_core/files.py"

# Functions that write something else than what people asked for, with the reason.
OTHERS = {
    ("src/partizipation_core/store/keys.py", "destroy"): "leaves an empty tombstone for a key",
    ("src/partizipation_core/store/keys.py", "_overwrite"): "overwrites a key that is destroyed",
}

METHODS = {"write_text", "write_bytes", "touch", "hardlink_to", "symlink_to"}
OF_MODULES = {
    "os": {"open", "fdopen", "link", "rename", "renames", "replace", "truncate", "mkfifo"},
    "shutil": {"copy", "copy2", "copyfile", "copytree", "move", "make_archive"},
}
OPENERS = {"open", "ZipFile", "TarFile", "FileIO", "open_file", "File"}
WRITING = re.compile(r"[wax][bt+]*|rb?\+b?")


def writings(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the function around it and the call, for each call that may write a file."""
    for function, node in calls(tree):
        called = ast.unparse(node.func)
        module, _, name = called.rpartition(".")
        if (
            (name in METHODS and module != "formatter")  # click's formatter writes to the screen
            or (name in OF_MODULES.get(module, ()) and "O_RDONLY" not in ast.unparse(node))
            or (name in OPENERS and opens_to_write(node))
            or (name == "save" and not in_memory(node, module))
        ):
            yield function, called


def calls(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.Call):
            yield function, node
        yield from calls(node, inner)


def opens_to_write(node: ast.Call) -> bool:
    """Tell whether a call that opens names a mode in which something is written."""
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "mode")]
    told = [one.value for one in given if isinstance(one, ast.Constant)]
    return any(isinstance(one, str) and WRITING.fullmatch(one) for one in told)


def in_memory(node: ast.Call, whose: str) -> bool:
    """Tell whether something saves itself to a stream, named ``out`` here, or to the database."""
    return whose.startswith("unit") or ast.unparse(node.args[0]) == "out"


def in_place(root: Path) -> list[str]:
    found = []
    for file in sorted([*(root / "src").rglob("*.py"), *root.glob("plugins/*/src/**/*.py")]):
        place = file.relative_to(root).as_posix()
        if place == THE_WRITER:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found += [
            f"{place}: {function}() calls {called}; use partizipation_core.files"
            for function, called in writings(tree)
            if (place, function) not in OTHERS
        ]
    return found


def test_only_one_room_writes_files(root):
    assert not in_place(root), "\n".join(in_place(root))


def test_whoever_is_excused_still_writes(root):
    for place, function in OTHERS:
        tree = ast.parse((root / place).read_text(encoding="utf-8"))
        assert function in {name for name, _ in writings(tree)}, (place, function)


PLANTED = {
    "text": "path.write_text('x')",
    "bytes": "(folder / 'x').write_bytes(b'')",
    "open": "open('file', 'w')",
    "open by keyword": "open('file', mode='ab')",
    "open of a path": "path.open('w', encoding='utf-8')",
    "exclusive": "path.open('x')",
    "and reading": "path.open('r+b')",
    "a descriptor": "os.open(path, os.O_WRONLY)",
    "renaming": "os.replace(a, b)",
    "copying": "shutil.copyfile(a, b)",
    "an archive": "ZipFile(path, 'w')",
    "another archive": "tarfile.open(path, 'w')",
    "a workbook": "book.save(path)",
    "an option of click": "click.File('w')",
}


@pytest.mark.parametrize("call", PLANTED.values(), ids=PLANTED)
def test_a_planted_writer_is_found(tmp_path, call):
    place = tmp_path / "src/partizipation_core/cli/planted.py"
    place.parent.mkdir(parents=True)
    place.write_text(f"def f():\n    return {call}\n", encoding="utf-8")
    assert len(in_place(tmp_path)) == 1


READERS = ("path.open('rb')", "path.open(encoding='utf-8')", "open('file')", "ZipFile(content)")


@pytest.mark.parametrize("call", [*READERS, "town.open('b-1', 'kiezkasse')", "book.save(out)"])
def test_a_reader_is_left_alone(tmp_path, call):
    place = tmp_path / "src/partizipation_core/cli/planted.py"
    place.parent.mkdir(parents=True)
    place.write_text(f"def f():\n    return {call}\n", encoding="utf-8")
    assert in_place(tmp_path) == []
