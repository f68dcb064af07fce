"""Account numbers: typing errors are found before anybody orders a payment."""

import pytest

from partizipation_core.money.iban import LENGTHS, iban_objections, masked_iban, printed_iban

# Examples of the IBAN registry, one a country.
GOOD = {
    "DE": "DE89 3704 0044 0532 0130 00",
    "AT": "AT61 1904 3002 3457 3201",
    "CH": "CH93 0076 2011 6238 5295 7",
    "NL": "NL91 ABNA 0417 1643 00",
    "FR": "FR14 2004 1010 0505 0001 3M02 606",
    "MT": "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "NO": "NO93 8601 1117 947",
}


def codes(text):
    return [objection.code for objection in iban_objections(text)]


@pytest.mark.parametrize("iban", GOOD.values(), ids=GOOD)
def test_what_is_right_is_taken_as_people_write_it(iban):
    assert codes(iban) == codes(iban.replace(" ", "").lower()) == []


BAD = {
    "a digit changed": ("DE89 3704 0044 0532 0130 01", "iban_check_digits"),
    "two digits swapped": ("DE89 3704 0044 0532 0103 00", "iban_check_digits"),
    "one digit short": ("DE89 3704 0044 0532 0130 0", "iban_length"),
    "one digit long": ("DE89 3704 0044 0532 0130 000", "iban_length"),
    "no such country": ("XX89 3704 0044 0532 0130 00", "iban_country"),
    "an old account number": ("532013000", "iban_malformed"),
    "empty": ("", "iban_malformed"),
    "a formula": ("=HYPERLINK(1)", "iban_malformed"),
}


@pytest.mark.parametrize(("iban", "code"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_without_repeating_it(iban, code):
    (objection,) = iban_objections(iban)
    assert objection.code == code
    assert not iban or iban.replace(" ", "") not in str(objection)


def test_every_single_wrong_digit_is_found():
    plain = GOOD["DE"].replace(" ", "")
    for place in range(2, len(plain)):
        for digit in "0123456789":
            if digit != plain[place]:
                assert codes(plain[:place] + digit + plain[place + 1 :]) == ["iban_check_digits"]


def test_every_country_has_a_length_that_can_be():
    assert all(15 <= length <= 34 for length in LENGTHS.values())


def test_how_it_is_shown():
    assert printed_iban("de89370400440532013000") == GOOD["DE"]
    assert masked_iban(GOOD["DE"]) == "DE…3000"
