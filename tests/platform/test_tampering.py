"""Whoever changes the database past the platform is found, with the place."""

import re

import pytest

from partizipation_core.commands import CountBallots
from partizipation_core.errors import Conflict, Refused, StorageError
from partizipation_core.store import Unit
from partizipation_core.store.merkle import leaf_hash


@pytest.fixture
def counted(budget):
    budget.to_the_vote(fountain=600, bench=500, swing=300)
    for who, choice in zip("abcde", ["fountain"] * 3 + ["bench", "swing"], strict=True):
        budget.cast(who, choice)
    budget.until("fund").count()
    assert budget.faults() == []
    return budget


OTHER_CHOICE = """
    UPDATE box SET body = CAST('{"bench":1,"swing":1}' AS BLOB)
    WHERE tag = (SELECT min(tag) FROM box)
"""
TAKE_A_BALLOT = "DELETE FROM box WHERE tag = (SELECT min(tag) FROM box)"
TAKE_A_MARK = "DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)"
ADD_A_BALLOT = """
    INSERT INTO box SELECT municipality, procedure, vote, x'00', channel, body, nonce, commitment
    FROM box LIMIT 1
"""
ADD_A_MARK = "INSERT INTO roll SELECT municipality, procedure, vote, x'00' FROM box LIMIT 1"
REPEAT = """
    INSERT INTO journal SELECT municipality, procedure, seq + 1000, body, digest FROM journal
    WHERE seq = 2
"""
SWAPPED = """
    UPDATE journal SET seq = CASE seq WHEN 3 THEN 4 ELSE 3 END + 1000 WHERE seq IN (3, 4);
    UPDATE journal SET seq = seq - 1000 WHERE seq > 1000
"""

TAMPERINGS = {
    "item's text": (
        "UPDATE item SET body = replace(body, 'Trinkbrunnen', 'Schwimmbad') WHERE item = 'bench'",
        "item bench differs from its journal",
    ),
    "item's state": (
        "UPDATE item SET state = 'awarded' WHERE item = 'bench'",
        "item bench differs from its journal",
    ),
    "item removed": (
        "DELETE FROM item WHERE item = 'bench'",
        "item bench differs from its journal",
    ),
    "item added": (
        "INSERT INTO item SELECT municipality, procedure, 'pool', state, body FROM item LIMIT 1",
        "item pool differs from its journal",
    ),
    "booking's reason": (
        "UPDATE booking SET reason = 'Spende'",
        "booking 1 of pot main differs from its journal",
    ),
    "booking removed": ("DELETE FROM booking", "booking 1 of pot main differs from its journal"),
    "deadline": (
        "UPDATE procedure SET due = due + 1",
        "the procedure's state differs from its journal",
    ),
    "stage": (
        "UPDATE procedure SET stage = 'vote'",
        "the procedure's state differs from its journal",
    ),
    "procedure removed": (
        "DELETE FROM procedure",
        "the procedure's state differs from its journal",
    ),
    "settings": (
        "UPDATE definition SET body = replace(body, '\"pot\":100000', '\"pot\":900000')",
        "the definition differs from its journal",
    ),
    "definition removed": ("DELETE FROM definition", "the definition differs from its journal"),
    "ballot changed": (OTHER_CHOICE, "is not what was committed to"),
    "ballot removed": (TAKE_A_BALLOT, "4 ballots with root .*, the checkpoint says 5 with"),
    "ballot and mark removed": (
        f"{TAKE_A_MARK};{TAKE_A_BALLOT}",
        "4 ballots with root .*, the checkpoint says 5 with",
    ),
    "ballot added": (ADD_A_BALLOT, "6 ballots with root .*, the checkpoint says 5 with"),
    "ballot added on the roll": (
        f"{ADD_A_MARK};{ADD_A_BALLOT}",
        "6 ballots with root .*, the checkpoint says 5 with",
    ),
    "mark added": (ADD_A_MARK, "1 on the roll without a ballot"),
    "mark removed": (
        "DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)",
        "1 ballots in the sealed box belong to nobody",
    ),
    "line changed": (
        "UPDATE journal SET body = replace(body, 'ItemSubmitted', 'ItemReplaced') WHERE seq = 2",
        "line 2: its bytes do not match its hash",
    ),
    "line's hash changed": (
        "UPDATE journal SET digest = x'00' WHERE seq = 2",
        "line 2: its bytes do not match its hash",
    ),
    "line removed": (
        "DELETE FROM journal WHERE seq = 3",
        "line 3 is missing, line 4 stands there",
    ),
    "first line removed": (
        "DELETE FROM journal WHERE seq = 1",
        "line 1 is missing, line 2 stands there",
    ),
    "lines swapped": (SWAPPED, "line 3: does not continue the line before"),
    "last line removed": (
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
        r"the journal ends with line \d+ .*, its head is line \d+",
    ),
    "whole journal removed": ("DELETE FROM journal", "the journal ends with line 0"),
    "line repeated": (REPEAT, "is missing, line 1002 stands there"),
}
JOURNAL = {name for name, (changed, _) in TAMPERINGS.items() if " journal" in changed}


@pytest.fixture
def tamper(sql):
    """Run statements; texts inside stored bytes are changed as texts and stored as bytes again."""

    def run(statements):
        for statement in statements.split(";"):
            cast = statement.replace("replace(body,", "CAST(replace(CAST(body AS TEXT),")
            if cast != statement:
                head, _, tail = cast.partition(" WHERE ")
                cast = f"{head} AS BLOB)" + (f" WHERE {tail}" if tail else "")
            assert sql(cast), statement

    return run


@pytest.mark.parametrize(("statements", "told"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_an_audit_finds_what_was_changed_and_says_where(counted, tamper, statements, told):
    tamper(statements)
    faults = "\n".join(counted.faults())
    assert re.search(told, faults), faults


@pytest.mark.parametrize("name", sorted(set(TAMPERINGS) - JOURNAL))
def test_rebuilding_brings_the_state_back_and_leaves_the_box_alone(counted, tamper, stored, name):
    before = stored()
    tamper(TAMPERINGS[name][0])
    spoilt = stored()
    counted.rebuild()
    after = stored()
    for table in ("journal", "procedure", "definition", "item", "request", "booking"):
        assert after[table] == before[table]
    assert (after["box"], after["roll"]) == (spoilt["box"], spoilt["roll"])


@pytest.mark.parametrize("name", sorted(JOURNAL))
def test_a_journal_that_was_changed_is_not_rebuilt_from(counted, tamper, stored, name):
    tamper(TAMPERINGS[name][0])
    before = stored()
    with pytest.raises(StorageError, match=r"'budget-2027' cannot be rebuilt: .*line"):
        counted.rebuild()
    assert stored() == before


def test_a_changed_ballot_is_found_before_anybody_has_counted(budget, tamper):
    """Seen in audit(): only commitments were compared, so choices could be changed unseen."""
    budget.to_the_vote(fountain=600, bench=500)
    budget.cast("anna", "fountain")
    tamper(OTHER_CHOICE)
    assert "is not what was committed to" in budget.faults()[0]


def test_a_result_that_does_not_follow_from_the_ballots_is_found(counted, sql):
    ballot = b'{"bench":1}'
    for nonce in range(5):
        commitment = leaf_hash(bytes([nonce]) + ballot)
        sql(
            "UPDATE box SET body = ?, nonce = ?, commitment = ? WHERE tag = "
            "(SELECT tag FROM box ORDER BY tag LIMIT 1 OFFSET ?)",
            ballot,
            bytes([nonce]),
            commitment,
            nonce,
        )
    told = counted.faults()
    assert any("the checkpoint says 5 with" in fault for fault in told)
    assert "vote vote: counted again, the result is another one" in told


def test_a_platform_that_saw_the_changed_state_forgets_it_when_it_is_rebuilt(counted, tamper):
    tamper('UPDATE procedure SET body = replace(body, \'"counted":["vote"]\', \'"counted":[]\')')
    again = CountBallots(vote="vote", seed="1")
    assert counted.why(again, actor=counted.officer) == ()
    counted.rebuild()
    (objection,) = counted.why(again, actor=counted.officer)
    assert objection.code == "already_counted"


def test_nothing_is_decided_on_a_definition_that_was_changed(counted, tamper, open_platform):
    tamper(TAMPERINGS["settings"][0])
    counted.handle = open_platform().municipality("12060052").procedure("budget-2027")
    with pytest.raises(StorageError, match="does not match its digest"):
        counted.award()


def test_a_procedure_whose_row_is_gone_cannot_be_opened_over_its_journal(
    counted, tamper, town, new_budget, stored
):
    tamper("DELETE FROM procedure")
    before = stored()
    with pytest.raises((StorageError, Refused, Conflict)):
        new_budget(town)
    assert stored() == before


def test_a_lost_key_stops_the_vote_instead_of_starting_it_over(
    budget, file, open_platform, stored
):
    """Seen in the keys: with the folder gone, everybody could have voted a second time."""
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")
    (folder,) = file.parent.glob("*.keys")
    away = folder.rename(folder.with_name("backup"))
    before = stored()
    budget.handle = open_platform().municipality("12060052").procedure("budget-2027")
    with pytest.raises(StorageError, match="the key of vote 'vote' is missing"):
        budget.cast("anna", "fountain")
    assert stored() == before
    away.rename(folder)
    with pytest.raises(Refused, match="already_voted"):
        budget.cast("anna", "fountain")


def test_an_audit_writes_nothing(counted, stored, monkeypatch):
    before = stored()
    for writing in ("append", "save", "save_items", "put", "pin", "clear_state"):
        monkeypatch.setattr(Unit, writing, None)
    assert counted.faults() == []
    assert stored() == before
