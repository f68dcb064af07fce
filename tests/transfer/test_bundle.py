"""Files that came from somebody else: read whole and as they were, or refused with their place."""

import tarfile
import zipfile
from hashlib import sha256

import pytest

from partizipation_core.errors import InputError
from partizipation_core.execution.bundle import MANIFEST, Bundle
from partizipation_core.files import filling, write_lines
from partizipation_core.serialization import canonical

FORM = "partizipation/test/1"
FILES = {"a.ndjson": [b"[1]", b"[2]"], "deep/b.txt": [b"some words"] * 50, "empty.txt": []}


def written(place, files=FILES, form=FORM):
    with filling(place) as folder:
        folder.mkdir(exist_ok=True)
        listed = {name: write_lines(folder / name, lines) for name, lines in files.items()}
        write_lines(folder / MANIFEST, [canonical({"form": form, "files": listed})])
    return place


def read(place):
    with Bundle.opened(place, FORM) as bundle:
        return {name: list(bundle.lines(name)) for name in bundle.files}


@pytest.fixture(params=["folder", ".zip", ".tar"])
def place(request, tmp_path):
    return written(tmp_path / ("b" if request.param == "folder" else f"b{request.param}"))


def test_what_was_written_is_read(place):
    assert read(place) == FILES


@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_the_same_files_make_the_same_archive(tmp_path, ending):
    made = [written(tmp_path / f"{name}{ending}").read_bytes() for name in "ab"]
    assert made[0] == made[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"a{ending}", f"b{ending}"]


@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_whatever_byte_is_changed_it_is_the_same_or_refused(tmp_path, ending):
    place = written(tmp_path / f"b{ending}")
    whole, refused = place.read_bytes(), 0
    for at in range(0, len(whole), 1 if ending == ".zip" else 7):
        content = bytearray(whole)
        content[at] ^= 1 << at % 8
        place.write_bytes(content)
        try:
            assert read(place) == FILES  # a byte that says nothing, such as a time
        except InputError as error:
            refused += str(place) in str(error)
    assert refused > 100


@pytest.mark.parametrize("part", [0, 0.01, 0.2])
@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_a_torn_archive_is_refused(tmp_path, ending, part):
    place = written(tmp_path / f"b{ending}")
    whole = place.read_bytes()
    place.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(InputError) as refused:
        read(place)
    assert "\n" not in str(refused.value)  # not every way of reading it that was tried


def test_a_name_that_leads_out_is_never_followed(tmp_path):
    place, evil = tmp_path / "b.tar", tmp_path / "evil"
    told = {"../evil": {"bytes": 1, "sha256": sha256(b"x").hexdigest()}}
    (tmp_path / "m").write_bytes(canonical({"form": FORM, "files": told}) + b"\n")
    (tmp_path / "x").write_bytes(b"x")
    with tarfile.open(place, "w") as archive:
        archive.add(tmp_path / "m", MANIFEST)
        archive.add(tmp_path / "x", "../evil")
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with Bundle.opened(place, FORM) as bundle, pytest.raises(InputError, match="has no end"):
        list(bundle.lines("../evil"))  # read from the archive, and nowhere else
    assert not evil.exists()
    with Bundle.opened(place, FORM) as bundle:
        assert list(bundle.lines("link")) == []


def test_what_swells_when_it_is_unpacked_is_not_unpacked(tmp_path):
    place = tmp_path / "b.zip"
    told = {"a.txt": {"bytes": 10, "sha256": sha256(b"x").hexdigest()}}
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, canonical({"form": FORM, "files": told}) + b"\n")
        archive.writestr("a.txt", bytes(50_000_000))
    with pytest.raises(InputError, match=r"a\.txt: it was changed or damaged"):
        read(place)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b"{}\n", "of the form None"),
        (canonical({"form": "other/1", "files": {}}) + b"\n", "of the form 'other/1'"),
        (canonical({"form": FORM}) + b"\n", "lists no files"),
        (canonical({"form": FORM, "files": {"a": 5}}) + b"\n", "lists no files"),
        (b'{"form": "partizipation/test/1", "files": {}}\n', "the manifest is damaged"),
        (b"[]\n", "form|damaged"),
        (b"\xff\n", "the manifest is damaged"),
        (canonical({"form": FORM, "files": {}}) + b"\n", "does not list this file"),
    ],
)
def test_a_manifest_that_says_nothing_is_refused(tmp_path, manifest, told):
    place = written(tmp_path / "b")
    (place / MANIFEST).write_bytes(manifest)
    with pytest.raises(InputError, match=told):
        read(place)


def test_what_is_there_already_is_not_written_over(tmp_path):
    place = written(tmp_path / "b.zip")
    before = place.read_bytes()
    with pytest.raises(InputError, match="there is something already"):
        written(place, {})
    assert place.read_bytes() == before
    with pytest.raises(InputError, match="there is no folder"):
        written(tmp_path / "none" / "b.zip")


def test_nothing_is_left_where_writing_failed(tmp_path):
    def lines():
        yield b"x"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        written(tmp_path / "b.zip", {"a": lines()})
    assert list(tmp_path.iterdir()) == []
