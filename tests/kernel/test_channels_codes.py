"""Codes: nobody can guess, mistype or mix one up unnoticed."""

from itertools import combinations
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.commands import IssueCodes, VoidCodes
from partizipation_core.kernel.channels.codes import (
    ALPHABET,
    LENGTH,
    check_character,
    spelled,
    well_formed,
)

BODY = "23456789ABCDEFGHJ"
CODE = BODY + check_character(BODY)
bodies = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_a_code_holds_at_least_80_bits():
    assert LENGTH * log2(len(ALPHABET)) >= 80


def test_nobody_mistakes_one_character_for_another():
    assert not set(ALPHABET) & set("01OIL")
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@given(bodies)
def test_a_code_is_read_as_it_was_printed(body):
    code = body + check_character(body)
    assert well_formed(spelled(code)) == code
    assert well_formed(f"  {spelled(code).lower().replace('-', ' ')}\n") == code


def test_every_single_wrong_character_is_found():
    for place in range(LENGTH + 1):
        for other in set(ALPHABET) - {CODE[place]}:
            assert well_formed(CODE[:place] + other + CODE[place + 1 :]) is None


@given(bodies)
def test_any_two_exchanged_characters_are_found(body):
    code = body + check_character(body)
    for one, two in combinations(range(LENGTH + 1), 2):
        if code[one] != code[two]:
            mixed = list(code)
            mixed[one], mixed[two] = mixed[two], mixed[one]
            assert well_formed("".join(mixed)) is None


@pytest.mark.parametrize(
    "text", ["", "-", CODE[:-1], CODE + "2", CODE.replace("2", "0"), "ß" * 18]
)
def test_what_cannot_be_a_code_is_none(text):
    assert well_formed(text) is None


# --- issuing and withdrawing, past the platform

HASH = "ab" * 32


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, []),
        ({"vote": "vote.2"}, []),
        ({"vote": "ideas"}, ["vote_unknown"]),
        ({"batch": "mit Leerzeichen"}, ["name_malformed"]),
        ({"digests": []}, ["codes_unsound"]),
        ({"digests": [HASH, HASH]}, ["codes_unsound"]),
        ({"digests": ["secret"]}, ["codes_unsound"]),
        ({"voters": ["anna", "bernd"]}, ["codes_and_people_differ"]),
        ({"digests": [HASH, "cd" * 32], "voters": ["anna"] * 2}, ["codes_and_people_differ"]),
        (
            {"vote": "x", "batch": "", "digests": []},
            ["codes_unsound", "name_malformed", "vote_unknown"],
        ),
    ],
    ids=[
        "before the vote",
        "a later round",
        "a stage without a vote",
        "a bad name",
        "none",
        "one twice",
        "no hash",
        "two people for one",
        "one person for two",
        "all at once",
    ],
)
def test_what_cannot_be_issued_is_refused(budget, asked, found):
    command = IssueCodes(**{"vote": "vote", "batch": "b-1", "digests": [HASH], **asked})
    assert budget.codes(command, "officer") == found


def test_a_name_is_used_once_and_a_closed_vote_gets_no_codes(voting):
    issue = IssueCodes(vote="vote", batch="b-1", digests=[HASH])
    voting.do(issue, "officer")
    assert voting.codes(issue, "officer") == ["batch_exists"]
    voting.advance("fund")
    late = IssueCodes(vote="vote", batch="b-2", digests=[HASH])
    assert voting.codes(late, "officer") == ["vote_closed"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, []),
        ({"numbers": [1, 3]}, []),
        ({"numbers": [2]}, ["codes_void"]),
        ({"numbers": [0, 4]}, ["code_number_unknown"]),
        ({"reason": " "}, ["reason_missing"]),
        ({"batch": "b-9"}, ["batch_unknown"]),
        ({"batch": "gone"}, ["batch_void"]),
    ],
    ids=["all", "two", "again", "out of range", "no reason", "unknown", "all gone"],
)
def test_codes_are_withdrawn_one_by_one_or_all(budget, asked, found):
    hashes = [f"{number:02d}" * 32 for number in (1, 2, 3)]
    for name in ("b-1", "gone"):
        budget.do(IssueCodes(vote="vote", batch=name, digests=hashes), "officer")
    budget.do(VoidCodes(vote="vote", batch="b-1", numbers=[2], reason="x"), "officer")
    budget.do(VoidCodes(vote="vote", batch="gone", reason="x"), "officer")
    command = VoidCodes(**{"vote": "vote", "batch": "b-1", "reason": "x", **asked})
    assert budget.codes(command, "officer") == found


def test_the_register_knows_how_many_are_good(budget):
    hashes = [f"{number:02d}" * 32 for number in (1, 2, 3)]
    budget.do(IssueCodes(vote="vote", batch="b-1", digests=hashes), "officer")
    batch = lambda: budget.procedure.registers["vote"].batches["b-1"]  # noqa: E731
    budget.do(VoidCodes(vote="vote", batch="b-1", numbers=[3, 1], reason="x"), "officer")
    assert (batch().count, batch().withdrawn, batch().void_numbers) == (3, 2, (1, 3))
    budget.do(VoidCodes(vote="vote", batch="b-1", reason="x"), "officer")
    assert (batch().withdrawn, batch().is_void(2)) == (3, True)
