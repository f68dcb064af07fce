"""The booth lets a ballot in if all is as the caller believes it to be, or not at all."""

import threading

import pytest

from partizipation_core.kernel.context import BoxSummary
from partizipation_core.store import schema
from partizipation_core.store.booth import Answered, Booth
from partizipation_core.store.filling import CHUNK
from partizipation_core.store.merkle import root
from partizipation_core.store.sealing import sealed

HEAD, ASKED = b"h" * 32, Answered("key-1", b"asked", b"answered")


@pytest.fixture
def standing(working):
    """Give the procedure a row, with a head: ``standing(b"...")``."""

    def stand(head=HEAD):
        row = {"seq": 1, "head": head, "stage": "vote", "status": "open", "due": None}
        with working() as unit:
            unit._connection.execute(schema.procedure.delete())
            unit._insert(schema.procedure.insert(), [{**row, "body": b"{}"}])

    stand()
    return stand


@pytest.fixture
def put(standing, database, scope, ballot):
    """Put a ballot in: ``put(b"anna")``, decided on another head or with a request if given."""
    booth = Booth(database)

    def put(tag, head=HEAD, answered=None, items=("i-1",)):
        row = {"vote": "vote", "tag": tag, **sealed(ballot(*items))}
        return booth.put(scope, head, row, answered)

    return put


def test_a_ballot_goes_in_whole_and_is_ticked(put, working):
    assert put(b"anna", items=("i-1", "i-2"))
    with working() as unit:
        assert list(unit.ballots("vote")) == [{"i-1": 1, "i-2": 1}]
        assert unit.has_voted("vote", b"anna")
        assert list(unit.box_faults("vote")) == []


def test_a_second_ballot_stays_out(put, working):
    assert put(b"anna")
    assert not put(b"anna", items=("i-2",))
    with working() as unit:
        assert list(unit.ballots("vote")) == [{"i-1": 1}]


def test_nothing_goes_in_once_the_journal_has_grown(put, standing, working):
    standing(b"n" * 32)
    assert not put(b"anna", answered=ASKED)
    with working() as unit:
        assert unit.box("vote") == BoxSummary(ballots=0, root=root(()), roll_root=root(()))
        assert not unit.has_voted("vote", b"anna")
        assert unit.answered("key-1") is None


def test_a_request_is_answered_with_the_ballot(put, working):
    assert put(b"anna", answered=ASKED)
    with working() as unit:
        assert unit.answered("key-1") == (b"asked", b"answered")


def test_a_key_that_was_used_keeps_the_ballot_out_and_the_roll_unticked(put, working):
    assert put(b"anna", answered=ASKED)
    assert not put(b"ben", answered=ASKED)
    with working() as unit:
        assert not unit.has_voted("vote", b"ben")
        assert unit.box("vote").ballots == 1


def test_a_double_vote_leaves_no_answer_behind(put, working):
    assert put(b"anna")
    assert not put(b"anna", answered=ASKED)
    with working() as unit:
        assert unit.answered("key-1") is None


def test_another_procedure_is_not_touched(put, database, working, scope, ballot):
    row = {"vote": "vote", "tag": b"anna", **sealed(ballot("i-1"))}
    other = type(scope)(scope.municipality, "budget-2028")
    assert not Booth(database).put(other, HEAD, row)
    with working(other) as unit:
        assert unit.box("vote").ballots == 0


def test_ballots_of_many_callers_are_each_taken_or_left_whole(put, working):
    """A third votes twice, a third asks with a key that another has used."""
    put(b"first", answered=Answered("taken", b"asked", b"answered"))
    told = []

    def ask(tag, answered):
        told.append((tag, put(tag, answered=answered)))

    calls = []
    for number in range(10):
        tag = bytes([number])
        for whose, key in ((tag, ""), (tag + b" with a used key", "taken"), (tag, f"k-{number}")):
            answered = Answered(key, b"asked", b"answered") if key else None
            calls.append(threading.Thread(target=ask, args=(whose, answered)))
    for one in calls:
        one.start()
    for one in calls:
        one.join(20)
    taken = [tag for tag, is_in in told if is_in]
    assert sorted(taken) == [bytes([number]) for number in range(10)]
    with working() as unit:
        assert unit.box("vote").ballots == 11
        assert list(unit.box_faults("vote")) == []


# --- many at once -----------------------------------------------------------------------------


def test_many_ballots_go_in_at_once(working, ballot):
    many = [(ballot(f"i-{number % 3}"), number.to_bytes(4)) for number in range(CHUNK + 7)]
    with working() as unit:
        filled = unit.put_all(many)
        summary = unit.box("vote")
        assert list(unit.box_faults("vote")) == []
    assert filled.doubles == 0
    assert summary.ballots == len(many)
    assert summary.root == root(sorted(map(bytes.fromhex, filled.commitments)))


def test_of_many_ballots_only_the_first_of_each_voter_goes_in(working, ballot):
    with working() as unit:
        unit.put(ballot("i-1"), b"anna")
        filled = unit.put_all([(ballot("i-2"), tag) for tag in (b"anna", b"ben", b"ben")])
        assert (len(filled.commitments), filled.doubles) == (1, 2)
        assert unit.box("vote").ballots == 2


def test_votes_are_kept_apart_also_where_many_come_in(working, ballot):
    with working() as unit:
        filled = unit.put_all([(ballot("i-1", vote=vote), b"anna") for vote in ("a", "b")])
        assert filled.doubles == 0
        assert (unit.box("a").ballots, unit.box("b").ballots) == (1, 1)
