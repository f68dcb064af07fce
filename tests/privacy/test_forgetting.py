"""Somebody is forgotten: their texts leave every file, and nothing that counts has changed."""

import logging
import re

import pytest

from partizipation_core.commands import AdvanceStage, CloseProcedure, ForgetPerson, ReviseItem
from partizipation_core.errors import Refused, StorageError
from partizipation_core.kernel.privacy.kinds import GONE
from partizipation_core.values import Actor, Role

CANARY = "Kanari"


def forget(town, person):
    return town.do(ForgetPerson(person=person.ref))


def exported(town, folder):
    town.handle.export(folder)
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def checked(town, verifier, folder):
    """Return what the verifier says of an export, leaving out how many texts are there."""
    town.handle.export(folder)
    report = verifier.verify(folder)
    return [one for one in report.found if one[1] != "texts"], report.exit_code


def without_titles(result):
    """Return a result without the titles, which are texts themselves."""
    return re.sub(r'"(name|title)": ?"[^"]*"', "", result)


def test_texts_stand_beside_the_journal_and_in_no_line_of_it(town, left):
    assert left(CANARY)
    assert CANARY.encode() not in b"".join(town.handle.journal_lines())
    assert town.handle.item("swing").text == "Kanari-Fassung"
    assert town.faults() == []


def test_no_byte_of_what_somebody_wrote_is_left_anywhere(town, left, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    town.vote()
    assert CANARY.encode() in exported(town, tmp_path / "before")
    forget(town, town.anna)
    assert not left(CANARY)
    assert CANARY.encode() not in exported(town, tmp_path / "after")
    assert CANARY not in caplog.text
    assert CANARY not in repr((town.handle.items(), town.handle.journal(), town.handle.notices()))


def test_result_turnout_and_verification_are_as_before(town, verifier, tmp_path):
    town.vote()

    def known(folder):
        return (
            without_titles(town.handle.result("vote").to_json()),
            town.handle.turnout("vote"),
            town.handle.state().closed_votes,
            checked(town, verifier, folder),
        )

    before = known(tmp_path / "before")
    for person in (town.anna, town.ben):
        forget(town, person)
    after = known(tmp_path / "after")
    assert before[:3] == after[:3]
    assert before[3][1] == after[3][1] == 0
    assert town.faults() == []


def test_lines_that_were_there_before_keep_every_byte(town):
    before = list(town.handle.journal_lines())
    forget(town, town.anna)
    assert list(town.handle.journal_lines())[: len(before)] == before


def test_texts_of_others_stay_and_names_go(town):
    forget(town, town.anna)
    swing, bench = town.handle.item("swing"), town.handle.item("bench")
    assert (swing.title, swing.text) == (GONE, GONE)
    assert (bench.title, bench.text, bench.author) == ("Bank", "Von Ben.", "ben")
    assert swing.author.startswith("forgotten-")
    said = {one.ref: one for one in town.handle.comments("bench")}
    assert (said["c1"].text, said["c1"].author) == (GONE, swing.author)
    assert town.handle.item("tree").title == GONE
    assert [one.text for one in town.handle.comments("swing")] == ["Von Ben."]


def test_a_town_may_keep_texts_without_a_name_but_no_drafts(open_town, left):
    town = open_town(forget_texts="anonymise").write()
    forget(town, town.anna)
    swing = town.handle.item("swing")
    assert swing.text == "Kanari-Fassung"
    assert swing.author.startswith("forgotten-")
    assert town.handle.item("tree").title == GONE
    assert not left("Kanari-Entwurf")
    assert town.faults() == []


def test_the_journal_says_what_was_erased_and_not_whose_it_was(town):
    receipt = forget(town, town.anna)
    told = town.handle.journal()[receipt.first - 1 : receipt.last]
    assert [type(one.event).__name__ for one in told] == ["TextsErased"]
    assert "anna" not in repr(told)
    assert told[0].event.items == ("pool", "swing", "tree")
    assert len(told[0].event.places) == 9


def test_after_forgetting_the_state_can_be_rebuilt(town, site):
    forget(town, town.anna)
    before = site.rows()
    town.handle.rebuild()
    assert site.rows() == before


def test_work_goes_on_with_what_is_left(town):
    forget(town, town.anna)
    town.vote()
    assert town.handle.result("vote").funded
    assert town.faults() == []


def test_whoever_left_nothing_cannot_be_forgotten(town):
    with pytest.raises(Refused, match="nothing_kept_of_person"):
        town.do(ForgetPerson(person="nobody"))


def test_forgetting_is_possible_once_the_procedure_is_over(town, left):
    town.vote()
    while town.handle.state().stage != "implement":
        town.do(AdvanceStage())
    town.do(CloseProcedure())
    forget(town, town.anna)
    assert not left(CANARY)


def test_residents_forget_nobody(town):
    with pytest.raises(Refused, match="role"):
        town.handle.execute(ForgetPerson(person="ben"), actor=town.anna)


def test_somebody_who_asks_is_told_the_texts_and_afterwards_that_they_are_gone(town):
    assert CANARY in str(town.handle.about(town.anna)["journal"])
    forget(town, town.anna)
    told = town.handle.about(town.anna)
    assert CANARY not in str(told)
    assert told["items"] == []


def test_who_was_forgotten_counts_once_as_author(town):
    before = town.handle.participation().kinds["items"]
    forget(town, town.anna)
    assert town.handle.participation().kinds["items"] == before


def test_nobody_can_claim_what_a_forgotten_person_wrote(town):
    forget(town, town.anna)
    again = Actor.of("anna", Role.RESIDENT)
    with pytest.raises(Refused, match=r"not_an_author|not_the_author"):
        town.handle.execute(ReviseItem(item="swing", title="x", text="y"), actor=again)


@pytest.mark.sqlite
def test_what_a_reader_kept_from_being_cleared_goes_with_the_next_retention_run(
    open_town, left, site, monkeypatch
):
    """The person cannot be forgotten twice, so something else has to clear the log."""
    monkeypatch.setattr("partizipation_core.store.sqlite.BUSY_SECONDS", 0.05)
    town = open_town().write()
    with site.connect() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM item").fetchall()
        with pytest.raises(StorageError, match="is deleted, but its bytes are in the files"):
            forget(town, town.anna)
    assert town.handle.item("swing").title == "[…]"
    assert left(CANARY)

    assert town.handle.erase_overdue(actor=town.officer) == ()
    assert not left(CANARY)


@pytest.mark.postgresql
def test_forgetting_waits_for_nobody_who_votes_or_counts(town, site):
    """What people wrote is in other tables than the ballots, of which there may be a million."""
    with site.connect() as counting:
        for table in ("box", "roll", "journal"):
            counting.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        forget(town, town.anna)
    assert town.handle.item("swing").title == "[…]"
