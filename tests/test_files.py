"""Files are whole or not there: on a full disk, under a kill, and beside what was there before."""

import errno
import os
import signal
import stat
import subprocess
import sys
import zipfile

import pytest

from partizipation_core import files
from partizipation_core.errors import InputError, StorageError

LINES = [b"one", b"two"]


def contents(folder):
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


def put(folder, names, then=lambda: None):
    with files.together() as drafts:
        for name in names:
            drafts.put(folder / name, "mine")
        then()


@pytest.fixture
def full(monkeypatch):
    """Let the disk be full from the n-th flush of a file on: ``full(2)``."""

    def fill(nth):
        left = iter(range(1, nth))

        def flush(_descriptor):
            if not next(left, 0):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", flush)

    return fill


# --- one file


@pytest.mark.parametrize(
    ("content", "bytes_"),
    [("Straße\r\n", b"Stra\xc3\x9fe\r\n"), (b"\x00\n", b"\x00\n"), (iter(LINES), b"onetwo")],
    ids=["text", "bytes", "parts"],
)
def test_a_file_holds_what_was_written(tmp_path, content, bytes_):
    files.write(tmp_path / "a", content)
    assert contents(tmp_path) == {"a": bytes_}


@pytest.mark.parametrize("private", [True, False])
def test_a_private_file_is_for_its_owner_alone(tmp_path, private):
    old = os.umask(0o022)
    files.write(tmp_path / "a", "x", private=private)
    os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == (0o600 if private else 0o644)


TAKEN = {
    "a file": lambda place: place.write_text("mine"),
    "an empty file": lambda place: place.touch(),
    "a folder": lambda place: place.mkdir(),
    "a link to nothing": lambda place: place.symlink_to("nowhere"),
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_what_is_there_is_not_written_over(tmp_path, take):
    take(tmp_path / "a")
    with pytest.raises(InputError, match="a: there is something already"):
        files.write(tmp_path / "a", "theirs")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert contents(tmp_path) in ({"a": b"mine"}, {"a": b""}, {})


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without"])
def test_whoever_comes_between_keeps_the_name(tmp_path, monkeypatch, links):
    """Another process takes the name after it was found free."""
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(InputError, match="something already"):
        put(tmp_path, "a", then=lambda: (tmp_path / "a").write_text("theirs"))
    assert contents(tmp_path) == {"a": b"theirs"}


def test_a_disk_without_links_serves_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", _no_links)
    files.write(tmp_path / "a", "x")
    assert contents(tmp_path) == {"a": b"x"}


def _no_links(*_names):
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_an_earlier_one_stays_until_the_new_one_is_there(tmp_path, full, monkeypatch):
    (tmp_path / "a").write_text("old")
    full(1)
    with pytest.raises(StorageError, match="a cannot be written: No space left"):
        files.write(tmp_path / "a", "new", replacing=True)
    assert contents(tmp_path) == {"a": b"old"}
    monkeypatch.undo()
    files.write(tmp_path / "a", "new", replacing=True)
    assert contents(tmp_path) == {"a": b"new"}


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StorageError, match=r"no/a cannot be written: No such file"):
        files.write(tmp_path / "no" / "a", "x")


# --- several files


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_of_several_files_all_are_there_or_none(tmp_path, full, nth):
    full(nth)
    with pytest.raises(StorageError):
        put(tmp_path, "abc")
    assert contents(tmp_path) == {}


def test_what_fails_after_the_drafts_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError):
        put(tmp_path, "a", then=lambda: 1 / 0)
    assert contents(tmp_path) == {}


def test_a_name_that_is_taken_takes_the_others_back(tmp_path):
    with pytest.raises(InputError):
        put(tmp_path, "ab", then=lambda: (tmp_path / "b").write_text("theirs"))
    assert contents(tmp_path) == {"b": b"theirs"}


# --- folders and archives

PLACES = ("out", "deep/out", "there", "out.zip", "out.tar")


@pytest.fixture(params=PLACES)
def place(tmp_path, request):
    (tmp_path / "there").mkdir()
    return tmp_path / request.param


def fill(place):
    with files.filling(place, last="manifest") as folder:
        told = files.write_lines(folder / "deep" / "a", LINES)
        files.write_lines(folder / "manifest", LINES)
    return told


def test_a_folder_is_filled(place):
    if place.suffix or place.parent.name != "deep":
        place.parent.mkdir(exist_ok=True)
    assert fill(place)["bytes"] == 8
    if not place.suffix:
        assert contents(place) == {"deep/a": b"one\ntwo\n", "manifest": b"one\ntwo\n"}
    assert not [one for one in place.parent.iterdir() if one.name.startswith(".draft")]


@pytest.mark.parametrize("nth", [1, 2])
def test_a_folder_on_a_full_disk_is_not_there(place, tmp_path, full, nth):
    full(nth)
    with pytest.raises(StorageError, match=f"{place.name} cannot be written: No space left"):
        fill(place)
    assert contents(tmp_path) == {}
    assert place.exists() == (place.name == "there")


def test_a_folder_that_is_there_gets_its_manifest_last(tmp_path, monkeypatch):
    """It may be a disk of its own and cannot be put there in one go."""
    moved, rename = [], type(tmp_path).rename
    monkeypatch.setattr(
        type(tmp_path), "rename", lambda one, to: (moved.append(to.name), rename(one, to))[1]
    )
    with files.filling(tmp_path, last="manifest") as folder:
        for name in ("a", "manifest", "z"):
            files.write(folder / name, name)
    assert moved == ["a", "z", "manifest"]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("name", ["out", "out.zip", "out.tar"])
def test_a_private_folder_is_for_its_owner_alone(tmp_path, name, private):
    old = os.umask(0o022)
    with files.filling(tmp_path / name, private=private) as folder:
        files.write(folder / "a", "x")
    os.umask(old)
    assert bool((tmp_path / name).stat().st_mode & 0o077) != private


# --- killed at any moment

WRITE = """
import os, signal, sys
from pathlib import Path
from partizipation_core import files

moments = iter(range(int(sys.argv[2])))

def dying(call):
    def wrapped(*arguments, **options):
        if next(moments, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        done = call(*arguments, **options)
        if next(moments, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return wrapped

for name in ("open", "fsync", "link", "unlink", "rename", "replace", "mkdir", "rmdir"):
    setattr(os, name, dying(getattr(os, name)))
place = Path(sys.argv[1])
if place.name == "file":
    files.write(place, b"x" * 100_000)
else:
    with files.filling(place, last="manifest") as folder:
        files.write_lines(folder / "a", [b"x" * 100_000])
        files.write_lines(folder / "manifest", [b"x"])
"""


@pytest.mark.parametrize("name", ["file", "folder", "there", "archive.zip"])
def test_whoever_is_killed_at_any_moment_leaves_a_whole_file_or_none(tmp_path, name):
    whole, found, killed = SIZES[name], {}, 0
    for moment in range(100):
        home = tmp_path / f"{moment}"
        (home / "there").mkdir(parents=True)
        order = [sys.executable, "-c", WRITE, str(home / name), str(moment)]
        code = subprocess.run(order, check=False).returncode
        found = sizes_in(home / name)
        if code == 0:
            break
        assert (code, found in ({}, whole)) == (-signal.SIGKILL, True), (moment, found)
        killed += 1
    assert found == whole
    assert killed >= 4


def sizes_in(place):
    """Name → size, as somebody sees it who takes nothing for whole without its manifest."""
    if place.suffix == ".zip":
        if not place.exists():
            return {}
        with zipfile.ZipFile(place) as archive:
            return {one.filename: one.file_size for one in archive.infolist()}
    if place.is_file():
        return {place.name: place.stat().st_size}
    if not (place / "manifest").exists():
        return {}
    return {name: len(content) for name, content in contents(place).items() if "draft" not in name}


_FOLDER = {"a": 100_001, "manifest": 2}
SIZES = {"file": {"file": 100_000}} | dict.fromkeys(("folder", "there", "archive.zip"), _FOLDER)
