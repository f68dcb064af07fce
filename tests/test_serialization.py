"""Plain data in and out: strict, canonical, and every fault with its path."""

from typing import Literal

import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core import DefinitionError, Money
from partizipation_core.serialization import BY_HAND, LARGEST_INTEGER, STORED, canonical, parse


@frozen(kw_only=True)
class Inner:
    amount: Money
    names: tuple[str, ...] = ()


@frozen(kw_only=True)
class Outer:
    number: int
    flag: bool = False
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None
    table: dict[str, Inner] = field(factory=dict)
    roles: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Limited:
    low: int = field(default=0)
    high: int = field(default=9)

    @high.validator
    def _above_low(self, _, value):
        if value < self.low:
            raise ValueError("high lies below low")


# --- canonical bytes

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-LARGEST_INTEGER, max_value=LARGEST_INTEGER)
    | st.text(st.characters(codec="ascii")),
    lambda inside: (
        st.lists(inside) | st.dictionaries(st.text(st.characters(codec="ascii")), inside)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(plain)
def test_what_is_written_is_read_back_and_written_the_same(data):
    written = canonical(data)
    assert parse(written) == data
    assert canonical(parse(written)) == written


def test_the_order_of_keys_does_not_matter():
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": [True, None], "b": 1})
    assert canonical({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'


def test_two_ways_to_write_an_umlaut_are_one():
    assert canonical("Bu\u0308rger") == canonical("B\u00fcrger") == '"Bürger"'.encode()


@pytest.mark.parametrize(
    "data",
    [1.5, {"a": 1.0}, [2**53], {1: "a"}, {"a": {1, 2}}, b"x", [{"a": object()}], "\ud800"],
    ids=["float", "whole float", "big integer", "number as key", "set", "bytes", "object", "half"],
)
def test_what_others_could_not_read_back_exactly_is_refused(data):
    with pytest.raises((TypeError, ValueError), match=r"canonical|beyond|surrogates"):
        canonical(data)


@pytest.mark.parametrize("body", [b'{"a":1,"a":2}', b'{"x":{"a":1,"a":1}}'])
def test_a_key_that_is_written_twice_is_refused(body):
    with pytest.raises(ValueError, match="twice"):
        parse(body)


# --- values


@pytest.mark.parametrize("serializer", [BY_HAND, STORED], ids=["people", "journal"])
def test_values_come_back_as_they_were(serializer):
    value = Outer(
        number=5,
        flag=True,
        kind="b",
        inner=Inner(amount=Money(5), names=("x", "y")),
        table={"k": Inner(amount=Money(-7))},
        roles=frozenset({"b", "a"}),
    )
    assert serializer.load(serializer.dump(value), Outer) == value


def test_people_write_amounts_as_text_and_the_journal_as_cents():
    assert BY_HAND.dump(Inner(amount=Money(1_250)))["amount"] == "12.50"
    assert STORED.dump(Inner(amount=Money(1_250)))["amount"] == 1_250


def test_sets_are_written_in_order():
    assert STORED.dump(Outer(number=1, roles=frozenset("cab")))["roles"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({}, ["x.number: is missing and has no default"]),
        ({"number": "5"}, ["x.number: expected a whole number, not '5'"]),
        ({"number": True}, ["x.number: expected a whole number, not True"]),
        ({"number": 5.0}, ["x.number: expected a whole number, not 5.0"]),
        ({"number": 5, "flag": "false"}, ["x.flag: expected true or false, not 'false'"]),
        ({"number": 5, "flag": 0}, ["x.flag: expected true or false, not 0"]),
        ({"number": 5, "kind": "c"}, ["x.kind: expected one of a, b, not 'c'"]),
        ({"number": 5, "nmber": 5}, ["x.nmber: unknown key; did you mean 'number'?"]),
        (
            {"number": 5, "zzz": 5},
            ["x.zzz: unknown key; known are number, flag, kind, inner, table, roles"],
        ),
        ({"number": 5, "inner": {}}, ["x.inner.amount: is missing and has no default"]),
        (
            {"number": 5, "inner": {"amount": "5", "names": ["a", 7]}},
            ["x.inner.names[1]: expected a text, not 7"],
        ),
        (
            {"number": 5, "inner": {"amount": 5}},
            ['x.inner.amount: write an amount as text, such as "100000 EUR" or "2600.50", not 5'],
        ),
        (
            {"number": 5, "inner": {"amount": "viel"}},
            ['x.inner.amount: \'viel\' is no amount: write "2600", "2600.50" or "2.600,50 EUR"'],
        ),
        (
            {"number": 5, "table": {"k": {"amount": "1", "nams": []}}},
            ["x.table['k'].nams: unknown key; did you mean 'names'?"],
        ),
        (
            {"number": "5", "flag": 1, "zzz": 0, "inner": {"amount": 5}},
            [
                "x.number: expected a whole number, not '5'",
                "x.flag: expected true or false, not 1",
                (
                    "x.inner.amount: write an amount as text, such as "
                    '"100000 EUR" or "2600.50", not 5'
                ),
                "x.zzz: unknown key; known are number, flag, kind, inner, table, roles",
            ],
        ),
    ],
    ids=[
        "missing",
        "text for a number",
        "truth for a number",
        "fraction for a number",
        "text for truth",
        "number for truth",
        "none of the choices",
        "misspelt key",
        "unknown key",
        "missing inside",
        "wrong inside a list",
        "number for an amount",
        "no amount",
        "misspelt inside a table",
        "everything at once",
    ],
)
def test_every_fault_is_told_with_its_path(data, problems):
    with pytest.raises(DefinitionError) as error:
        BY_HAND.load(data, Outer, place="x")
    assert list(error.value.problems) == problems


@pytest.mark.parametrize("data", [3, "text", [1], None], ids=repr)
def test_what_is_no_table_at_all_is_a_named_fault(data):
    with pytest.raises(DefinitionError, match=r"^x: expected a table, not"):
        BY_HAND.load(data, Outer, place="x")


def test_the_journal_takes_no_texts_for_amounts():
    with pytest.raises(DefinitionError, match=r"^amount: expected integer cents, not '5'"):
        STORED.load({"amount": "5"}, Inner)


def test_a_validator_that_compares_fields_is_asked_as_well():
    assert BY_HAND.load({"low": 1, "high": 2}, Limited) == Limited(low=1, high=2)
    with pytest.raises(DefinitionError, match=r"^x: high lies below low$"):
        BY_HAND.load({"low": 5, "high": 2}, Limited, place="x")
