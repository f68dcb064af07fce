"""Everybody is forgotten: nothing that counts changes, and no byte of them is left."""

import json
from pathlib import Path

import pytest

from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CloseProcedure,
    EraseRegister,
    ForgetPerson,
)
from partizipation_core.values import Actor, Role

CANARIES = ("Kanarienvogel", "Zeisiggasse", "Stieglitz")
EXTRACT = (
    "kennung;familienname;vornamen;strasse;geburtsdatum\n"
    "R-1;Kanarienvogel;Anna;Zeisiggasse 1;17.05.1980\n"
    "R-2;Stieglitz;Ben;Zeisiggasse 2;30.04.2000\n"
    "R-3;Kanarienvogel;Cem;Zeisiggasse 3;01.02.1990\n"
)


@pytest.fixture
def counted(by_register):
    """A vote by register that was counted, with names and addresses for letters."""
    town = by_register(letters=True)
    town.register(EXTRACT)
    town.to_the_vote()
    town.people = [town.person(f"R-{number}") for number in (1, 2, 3)]
    for person in town.people:
        town.cast(person, "a", "b")
    town.count()
    return town


def bytes_left(platform):
    """Name the canaries that stand in any file of the database, its log included."""
    file = Path(platform._execution.database.file)
    data = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*") if one.is_file())
    return [one for one in CANARIES if one.encode() in data]


def test_the_names_stand_in_the_database_before(counted, platform):
    assert bytes_left(platform) == list(CANARIES)


@pytest.mark.parametrize("one_by_one", [True, False], ids=["one by one", "all at once"])
def test_no_byte_is_left_and_nothing_that_counts_has_changed(counted, platform, one_by_one):
    before = (
        counted.result("vote").to_json(),
        counted.state().closed_votes,
        counted.turnout("vote"),
        counted.participation(),
        [check.name for check in counted.audit() if check.ok],
    )
    if one_by_one:
        for person in counted.people:
            counted.execute(ForgetPerson(person=person.ref), actor=counted.officer)
    else:
        counted.execute(EraseRegister(reason="Verfahren beendet"), actor=counted.officer)
    assert bytes_left(platform) == []
    assert before == (
        counted.result("vote").to_json(),
        counted.state().closed_votes,
        counted.turnout("vote"),
        counted.participation(),
        [check.name for check in counted.audit() if check.ok],
    )


def test_a_person_is_told_all_that_is_kept_of_them_and_nothing_of_others(counted):
    anna, ben, _ = counted.people
    told = counted.about(anna)
    text = json.dumps(told, ensure_ascii=False)
    assert told["register"]["family_name"] == "Kanarienvogel"
    assert told["votes"]["vote"]["voted"] is True
    assert told["votes"]["vote"]["on_the_roll"] is True
    assert ben.ref not in text
    assert "Stieglitz" not in text
    assert "choices" not in text


def test_whoever_was_forgotten_is_told_that_nothing_of_the_register_is_left(counted):
    anna = counted.people[0]
    counted.execute(ForgetPerson(person=anna.ref), actor=counted.officer)
    told = counted.about(anna)
    assert told["register"] == {}
    assert told["votes"]["vote"]["voted"] is True  # as a tag that only the key can tell


def test_authors_are_told_their_items_and_journal_lines(counted):
    author = counted.about(type(counted.people[0]).of("author", "resident"))
    assert [one["ref"] for one in author["items"]] == ["a", "b", "c", "d"]
    assert {line["kind"] for line in author["journal"]} >= {"ItemSubmitted"}
    assert author["votes"]["vote"]["voted"] is False


def test_what_is_beyond_its_day_is_listed_and_erased(counted, platform):
    assert counted.overdue() == ()
    counted.at(2028, 1, 1)
    assert [(one.table, one.rows) for one in counted.overdue()] == [("register", 3), ("key", 1)]
    counted.erase_overdue(actor=counted.officer)
    assert counted.overdue() == ()
    assert bytes_left(platform) == []
    assert counted.faults() == []


def test_answers_to_requests_go_when_the_procedure_is_closed(counted, platform, file):
    council = Actor.of("council", Role.COUNCIL)
    award = AwardItems(amounts={}, reason="x")
    counted.handle.execute(award, actor=council, key="Kanarienvogel-request")
    counted.execute(AdvanceStage(), actor=counted.officer)
    assert counted.overdue() == ()
    counted.execute(CloseProcedure(), actor=counted.officer)
    assert [(one.table, one.rows) for one in counted.overdue()] == [("request", 1)]
    counted.execute(EraseRegister(reason="x"), actor=counted.officer)
    counted.erase_overdue(actor=counted.officer)
    assert bytes_left(platform) == []
    assert counted.faults() == []
