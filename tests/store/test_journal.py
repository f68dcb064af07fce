"""The journal: bytes that stand for themselves, chained, so that no change goes unnoticed."""

import json
from hashlib import sha256
from unicodedata import normalize

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.clock import Instant
from partizipation_core.errors import StorageError
from partizipation_core.kernel.calendar import StageEntered
from partizipation_core.kernel.item import ItemMoved, ItemSubmitted
from partizipation_core.kernel.messages import Event
from partizipation_core.serialization import canonical
from partizipation_core.store.journal import BEGINNING, START, Codec, Line, check_chain, instant_of
from partizipation_core.values import ItemRef, Money, ParticipantRef

AT = Instant(1_800_000_000_000_000)
EVENTS = [
    ItemSubmitted(
        item=ItemRef("i-1"),
        author=ParticipantRef("p-1"),
        title="Trinkbrunnen für Mühlberg",
        text="",
        cost=Money.euro(2600),
        area="",
        category="",
    ),
    ItemMoved(item=ItemRef("i-1"), trigger="publish", state="published"),
    StageEntered(stage="review", edge="advance"),
    ItemMoved(item=ItemRef("i-1"), trigger="take_up", state="in_review"),
]


@pytest.fixture(scope="module")
def codec():
    return Codec((ItemSubmitted, ItemMoved, StageEntered))


@pytest.fixture(scope="module")
def lines(codec):
    return codec.write(EVENTS, after=(0, START), at=AT, actor="p-1")


def test_a_line_reads_back_as_what_was_written(codec, lines):
    read = [codec.read(line) for line in lines]
    assert [one.event for one in read] == EVENTS
    assert [one.seq for one in read] == [1, 2, 3, 4]
    assert {(one.at, one.actor) for one in read} == {(AT, "p-1")}


def test_a_line_is_canonical_json_and_names_the_line_before(lines):
    before = b""
    for line in lines:
        data = json.loads(line.body)
        again = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert again.encode() == line.body
        assert sorted(data) == ["actor", "at", "data", "kind", "kv", "prev", "seq", "texts", "v"]
        assert bytes.fromhex(data["prev"]) == before
        before = sha256(b"\x00" + line.body).digest()
        assert line.digest == before


def test_lines_go_on_from_the_head(codec, lines):
    more = codec.write(EVENTS[2:3], after=(4, lines[-1].digest), at=AT, actor="")
    assert list(check_chain([*lines, *more])) == []


def test_a_chain_that_holds_has_no_faults(lines):
    assert list(check_chain(lines)) == []
    assert list(check_chain([])) == []


def test_every_flip_of_a_single_byte_is_found_at_its_line(lines):
    for place, line in enumerate(lines):
        for name, content in (("body", line.body), ("digest", line.digest)):
            for position in range(len(content)):
                for flip in (0x01, 0x20, 0x80):
                    changed = bytearray(content)
                    changed[position] ^= flip
                    tampered = evolve(line, **{name: bytes(changed)})
                    faults = list(check_chain([*lines[:place], tampered, *lines[place + 1 :]]))
                    assert faults, (place, name, position)
                    assert faults[0].startswith(f"line {line.seq}: ")


@given(data=st.data())
def test_lines_removed_swapped_repeated_or_renumbered_are_found(lines, data):
    other = data.draw(
        st.lists(st.sampled_from(lines), max_size=6).filter(
            lambda taken: taken != lines[: len(taken)]
        )
    )
    if data.draw(st.booleans(), label="renumbered"):
        other = [evolve(line, seq=number) for number, line in enumerate(other, start=1)]
    assert list(check_chain(other))


def test_a_journal_cut_off_at_its_end_agrees_with_itself(lines):
    """The chain alone cannot tell; that is what the head in the procedure's row is for."""
    assert list(check_chain(lines[:2])) == []


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"null", b"[]", b'{"prev":1}', b"{", b'{"seq":2,"seq":2,"prev":""}', b"\xff"],
)
def test_nonsense_with_a_fitting_hash_is_found_too(lines, nonsense):
    forged = Line(2, nonsense, sha256(b"\x00" + nonsense).digest())
    faults = list(check_chain([lines[0], forged, *lines[2:]]))
    assert faults[0] == "line 2: does not continue the line before"


@frozen(kw_only=True)
class FountainBlessed(Event):
    item: ItemRef


@frozen(kw_only=True)
class LaterMoved(ItemMoved):
    version = 2


def test_a_kind_that_nobody_reads_is_named_with_its_line(codec):
    writer = Codec((FountainBlessed,))
    (line,) = writer.write(
        [FountainBlessed(item=ItemRef("i-1"))], after=(6, START), at=AT, actor=""
    )
    with pytest.raises(StorageError, match="journal line 7 holds FountainBlessed version 1"):
        codec.read(line)


def test_a_later_version_of_a_kind_is_named(codec):
    LaterMoved.__name__ = "ItemMoved"
    event = LaterMoved(item=ItemRef("i-1"), trigger="publish", state="published")
    (line,) = codec.write([event], after=(0, START), at=AT, actor="")
    with pytest.raises(StorageError, match="line 1 holds ItemMoved version 2 in format 2"):
        codec.read(line)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.pop("kind"), "line 1 is damaged"),
        (lambda data: data.update(v=3), "in format 3"),
        (lambda data: data["data"].update(cost="2600 EUR"), "line 1 is damaged: cost: .*cents"),
        (lambda data: data["data"].update(colour="red"), "line 1 is damaged: colour: unknown key"),
        (lambda data: data["data"].pop("category"), "line 1 is damaged: category: is missing"),
    ],
    ids=["no kind", "later format", "wrong type", "unknown field", "missing field"],
)
def test_a_line_that_cannot_be_read_says_why(codec, lines, change, told):
    data = json.loads(lines[0].body)
    change(data)
    with pytest.raises(StorageError, match=told):
        codec.read(Line(1, json.dumps(data).encode(), b""))


@given(title=st.text(max_size=30), cents=st.integers(-(2**53) + 1, 2**53 - 1))
def test_any_text_and_amount_comes_back(codec, title, cents):
    event = evolve(EVENTS[0], title=title, cost=Money(cents))
    try:
        (line,) = codec.write([event], after=(0, START), at=AT, actor="")
    except ValueError:
        assert any("\ud800" <= character <= "\udfff" for character in title)
        return
    again = codec.read(line).event
    assert (again.title, again.cost) == (normalize("NFC", title), Money(cents))
    assert codec.read(codec.write([again], after=(0, START), at=AT, actor="")[0]).event == again


def test_a_line_of_the_first_format_reads_its_texts_where_they_stand(codec, lines):
    data = json.loads(lines[0].body)
    del data["texts"]
    data["v"], data["data"]["title"] = 1, "Trinkbrunnen für Mühlberg"
    assert codec.read(Line(1, canonical(data), b"")).event == EVENTS[0]


def test_a_line_holds_no_text_and_two_lines_with_the_same_text_look_different(codec, lines):
    again = codec.write(EVENTS, after=(0, START), at=AT, actor="p-1")
    assert b"Trinkbrunnen" not in lines[0].body
    assert json.loads(again[0].body)["texts"] != json.loads(lines[0].body)["texts"]


def test_a_text_that_is_gone_reads_as_a_mark(codec, lines):
    assert codec.read(evolve(lines[0], wordings=())).event.title == "[…]"


@pytest.mark.parametrize(
    "actor",
    ["", "p-1", 'with "quotes" and \\', "x" * 900, "Bürger–1"],
    ids=["nobody", "somebody", "quoted", "long", "beyond ASCII"],
)
def test_the_beginning_of_a_line_says_when_it_was_written(codec, actor):
    for line in codec.write(EVENTS, after=(0, START), at=AT, actor=actor):
        assert instant_of(line.body[:BEGINNING]) == codec.read(line).at == AT


def test_a_line_whose_beginning_is_not_enough_is_read_whole(codec, working):
    (line, *_) = codec.write(EVENTS, after=(0, START), at=AT, actor="x" * 5_000)
    assert instant_of(line.body[:BEGINNING]) is None
    with working() as unit:
        assert unit.last_instant() is None
        unit.append([line])
        unit._present = evolve(unit.present(), seq=line.seq)
        assert unit.last_instant() == AT
