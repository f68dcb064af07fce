"""However a file of an export is malformed, the report says where in a plain sentence."""

import json
import random
import re

import pytest

GOOD = 0
DEEP = "deep"
VALUES = (None, "", "x", "é\u0301", [], {}, [None], {"x": None}, -1, 0, 2**53, 10**400, True, 0.5,
          "00", DEEP)  # fmt: skip
PYTHON = re.compile(
    r"\w*(Error|Exception|Traceback|NoneType|Errno)\b|object has no|unhashable|'<' not|codec"
    r"|Expecting|StopIteration|\bdict\b|\bstr\b|<class"
)
WHOLE = {
    "empty": b"",
    "an empty line": b"\n",
    "no text": b"\xff\xfe\n",
    "half a character": b'"\\ud800"\n',
    "deep": b"[" * 100_000 + b"]" * 100_000 + b"\n",
    "a huge number": b"9" * 5000 + b"\n",
    "nothing": b"null\n",
    "an empty object": b"{}\n",
    "an empty list": b"[]\n",
    "a text": b'"a"\n',
    "no number": b"NaN\n",
    "cut off": b'{"a":',
    "without its end": b"{}",
    "a million blanks": b" " * 1_000_000 + b"\n",
}


def places(data, way=()):
    """Yield the way to every value in JSON data."""
    yield way
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*way, key))


def spoilt(data, way, value):
    """Put another value somewhere, or take what is there away where there is none."""
    if not way:
        return value
    key, *rest = way
    new = dict(data) if isinstance(data, dict) else list(data)
    if not rest and value is places:
        del new[key]
    else:
        new[key] = spoilt(new[key], rest, value)
    return new


def written(data):
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace(f'"{DEEP}"', "[" * 20_000 + "]" * 20_000).encode()


@pytest.fixture
def in_plain_words(exported, verifier):
    """Verify, and see that nobody has to know Python to read what was found."""

    def check(what):
        report = verifier.verify(exported)
        for lang in ("de", "en"):
            text = report.text(lang)
            assert not PYTHON.search(text), (what, text)
            assert "{0}" not in text
        assert report.exit_code != GOOD, what
        return report

    return check


def files_of(folder):
    return sorted(one for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_a_file_that_holds_something_else_is_named(exported, seal_again, in_plain_words, body):
    for file in files_of(exported):
        kept, name = file.read_bytes(), file.relative_to(exported).as_posix()
        if kept == body:
            continue  # as empty as it should be
        manifest = (exported / "manifest.json").read_bytes()
        file.write_bytes(body)
        if file.name != "manifest.json":
            seal_again(exported)
        report = in_plain_words(name)
        assert name in report.text("en") or file.suffix == ".txt" or not body
        file.write_bytes(kept)
        (exported / "manifest.json").write_bytes(manifest)


@pytest.mark.sized("malformed_fields")
def test_a_field_of_another_kind_is_named(exported, seal_again, in_plain_words, size, tell):
    chance = random.Random(size)  # noqa: S311 - a drill
    all_ways = [
        (file, number, way)
        for file in files_of(exported)
        if file.suffix != ".txt"
        for number, row in enumerate(file.read_bytes().splitlines())
        for way in places(json.loads(row))
    ]
    tried = [(*one, value) for one in all_ways for value in (places, *VALUES)]
    tried = chance.sample(tried, min(size, len(tried)))
    without_a_key = []
    for file, number, way, value in tried:
        if not way and value is places:
            continue
        kept, manifest = file.read_bytes(), (exported / "manifest.json").read_bytes()
        rows = kept.splitlines()
        new = written(spoilt(json.loads(rows[number]), way, value))
        if new == rows[number]:
            continue
        rows[number] = new
        file.write_bytes(b"".join(row + b"\n" for row in rows))
        if file.name != "manifest.json":
            seal_again(exported)
        report = in_plain_words((file.name, number, way, value))
        if "unexpected" in [code for _, code, _ in report.found]:
            without_a_key.append((file.name, number, way, str(value)[:20]))
        file.write_bytes(kept)
        (exported / "manifest.json").write_bytes(manifest)
    tell(malformed_fields=len(tried), raw_errors=0, without_a_key=len(without_a_key))
