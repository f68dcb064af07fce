"""Values: money in cents, references, periods, actors, objections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core import Actor, Money, Objection, Role
from partizipation_core.clock import Instant
from partizipation_core.values import Period, municipality_ref, reference

cents = st.integers(min_value=-(10**15), max_value=10**15)


# --- money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2600", 260_000),
        ("2600.50", 260_050),
        ("2600,50", 260_050),
        ("2600.50 EUR", 260_050),
        ("2600 €", 260_000),
        ("2600€", 260_000),
        (" 2600 ", 260_000),
        ("2.600", 260_000),
        ("2.600,50 €", 260_050),
        ("1.234.567,89", 123_456_789),
        ("0", 0),
        ("0,01", 1),
        ("-5", -500),
        ("-1.000,05 EUR", -100_005),
    ],
)
def test_amounts_are_read_as_people_write_them(text, expected):
    assert Money.parse(text) == Money(expected)


def test_an_amount_of_another_currency_is_refused():
    assert Money.parse("100 CHF", currency="CHF") == Money(10_000)
    with pytest.raises(ValueError, match="'100 USD' is in USD, amounts here are in EUR"):
        Money.parse("100 USD")
    with pytest.raises(ValueError, match="'100 CHF' is in CHF, amounts here are in EUR"):
        Money.parse("100 CHF")
    with pytest.raises(ValueError, match="in EUR, amounts here are in CHF"):
        Money.parse("100 €", currency="CHF")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EUR",
        "1,234",
        "1,234.50",
        "1.23.456",
        "12.3456",
        "2600.5",
        "1 000",
        "--5",
        "5-",
        "1e3",
        "∞",
        "0x10",
        "100 euro",
        "€ 100",
        "1.2345,00",
        ".50",
    ],
)
def test_amounts_that_can_be_read_in_no_way_or_in_two_are_refused(text):
    with pytest.raises(ValueError, match="is no amount: write"):
        Money.parse(text)


@pytest.mark.parametrize("amount", [1.0, "1", True, None, 2.5], ids=repr)
def test_money_is_made_of_whole_cents_only(amount):
    with pytest.raises(TypeError, match="integer cents"):
        Money(amount)


@settings(deadline=None)
@given(cents)
def test_what_is_written_is_read_back(amount):
    assert Money.parse(str(Money(amount))) == Money(amount)


@settings(deadline=None)
@given(st.lists(cents))
def test_a_total_is_the_sum_whatever_the_order(amounts):
    money = [Money(one) for one in amounts]
    assert Money.total(money) == Money.total(reversed(money)) == Money(sum(amounts))


@settings(deadline=None)
@given(cents, cents)
def test_adding_and_taking_away_lose_nothing(a, b):
    assert Money(a) + Money(b) - Money(b) == Money(a)
    assert (Money(a) < Money(b)) == (a < b)


def test_euros_and_cents():
    assert Money.euro(12, 34) == Money(1_234)
    assert Money.euro(12) == Money(1_200)


@pytest.mark.parametrize(
    ("cents", "written", "something"),
    [
        (0, "0.00", False),
        (1, "0.01", True),
        (-1, "-0.01", True),
        (-5, "-0.05", True),
        (-100, "-1.00", True),
        (123_456, "1234.56", True),
    ],
)
def test_how_amounts_are_written_and_which_are_something(cents, written, something):
    assert (str(Money(cents)), bool(Money(cents))) == (written, something)


# --- references


@pytest.mark.parametrize("key", ["12060052", "11000000-tk", "11000000-tk-altglienicke"])
def test_municipality_keys(key):
    assert municipality_ref(key) == key


@pytest.mark.parametrize(
    "key", ["", "1206005", "120600521", "12060052-", "12060052-TK", "abcdefgh"]
)
def test_what_is_no_municipality_key(key):
    with pytest.raises(ValueError, match="eight digits"):
        municipality_ref(key)


@pytest.mark.parametrize("text", ["a", "2027-00001", "kiez:a/b_c.d", "x" * 120])
def test_references(text):
    assert reference(text) == text


@pytest.mark.parametrize("text", ["", "-a", "ä", "a b", "x" * 121, "a\n", ".hidden", "../up"])
def test_what_is_no_reference(text):
    with pytest.raises(ValueError, match="is no reference"):
        reference(text)


# --- periods


def test_a_period_holds_its_start_and_not_its_end():
    week = Period(Instant(10), Instant(20))
    assert [i for i in (9, 10, 19, 20, 21) if Instant(i) in week] == [10, 19]


@pytest.mark.parametrize("end", [10, 9])
def test_a_period_ends_after_it_starts(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(Instant(10), Instant(end))


# --- actors and objections


def test_an_actor_keeps_personal_attributes_out_of_logs():
    anna = Actor.of("p-1", Role.RESIDENT, age=34, area="Mitte")
    assert anna.attributes == {"age": 34, "area": "Mitte"}
    assert "34" not in repr(anna)
    assert "Mitte" not in repr(anna)


def test_an_actor_may_have_roles_the_library_does_not_know():
    assert Actor.of("p-1", Role.RESIDENT, "youth_council").roles == {"resident", "youth_council"}


@pytest.mark.parametrize("ref", ["", " ", "\t"], ids=["nothing", "a blank", "a tab"])
def test_who_holds_a_role_has_a_pseudonym(ref):
    with pytest.raises(ValueError, match="has a pseudonym that is not empty"):
        Actor.of(ref, Role.RESIDENT)
    assert Actor.of(ref).roles == frozenset()


@pytest.mark.parametrize(
    ("objection", "told"),
    [
        (Objection("procedure_closed"), "procedure_closed"),
        (Objection("too_young", {"min_age": 14}), "too_young(min_age=14)"),
        (Objection("x", {"b": 1, "a": Money(5)}), "x(a=0.05, b=1)"),
    ],
    ids=["bare", "one parameter", "sorted"],
)
def test_an_objection_can_be_read_without_any_catalogue(objection, told):
    assert str(objection) == told
