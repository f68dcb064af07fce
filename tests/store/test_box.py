"""The ballot box: one ballot for each voter, whole, committed to, and in no order that tells."""

from hashlib import sha256

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.serialization import canonical
from partizipation_core.store import Database, Unit, schema
from partizipation_core.store.merkle import root


def rows(unit):
    return unit._connection.execute(schema.box.select().order_by(schema.box.c.tag)).all()


def test_a_voter_is_counted_once(working, ballot):
    with working() as unit:
        assert unit.put(ballot("i-1"), b"anna")
        assert unit.put(ballot("i-2"), b"anna") is None
        assert list(unit.ballots("vote")) == [{"i-1": 1}]


def test_replacing_exchanges_the_ballot_as_a_whole(working, ballot):
    with working() as unit:
        first = unit.put(ballot("i-1", "i-2"), b"anna")
        second = unit.put(ballot("i-3", replaces=True), b"anna")
        assert list(unit.ballots("vote")) == [{"i-3": 1}]
        assert first != second
        assert list(unit.box_faults("vote")) == []


def test_there_is_nothing_to_replace_before_one_has_voted(working, ballot):
    with working() as unit:
        assert unit.put(ballot("i-1", replaces=True), b"anna") is None
        assert unit.box("vote").ballots == 0


def test_the_commitment_hides_the_choice_and_binds_it(working, ballot):
    with working() as unit:
        told = {unit.put(ballot("i-1"), tag) for tag in (b"anna", b"ben")}
        assert len(told) == 2  # the same choice, and nobody can tell
        for row in rows(unit):
            opened = sha256(b"\x00" + row.nonce + canonical({"i-1": 1})).hexdigest()
            assert opened == row.commitment.hex()
            assert opened in told


def test_the_summary_is_the_root_over_the_sorted_commitments(working, ballot):
    with working() as unit:
        told = sorted(unit.put(ballot("i-1"), bytes([n])) for n in range(9))
        summary = unit.box("vote")
    assert (summary.ballots, summary.root) == (9, root(map(bytes.fromhex, told)))


def test_an_empty_box_has_the_root_of_nothing(working):
    with working() as unit:
        assert unit.box("vote").root == sha256(b"").hexdigest()


def test_channels_are_counted_apart(working, ballot):
    with working() as unit:
        for tag, channel in ((b"a", "paper"), (b"b", "online"), (b"c", "paper")):
            unit.put(evolve(ballot("i-1"), channel=channel), tag)
        assert unit.channels("vote") == {"online": 1, "paper": 2}


@given(
    st.lists(
        st.tuples(st.binary(min_size=1, max_size=2), st.booleans(), st.integers(0, 3)), max_size=12
    )
)
def test_whatever_is_tried_the_box_holds_the_last_accepted_ballot_of_each(scope, ballot, tries):
    kept = {}
    database = Database("sqlite://")
    with database.writing() as connection:
        unit = Unit(connection, scope)
        for tag, replaces, item in tries:
            accepted = unit.put(ballot(f"i-{item}", replaces=replaces), tag)
            assert bool(accepted) == (replaces == (tag in kept))
            if accepted:
                kept[tag] = {f"i-{item}": 1}
        assert list(unit.ballots("vote")) == [kept[tag] for tag in sorted(kept)]
        assert list(unit.box_faults("vote")) == []
    database.close()


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE box SET body = x'7b7d' WHERE tag = x'01'", "is not what was committed to"),
        ("UPDATE box SET nonce = x'00' WHERE tag = x'01'", "is not what was committed to"),
        ("UPDATE box SET commitment = x'00' WHERE tag = x'01'", "is not what was committed to"),
        ("DELETE FROM box WHERE tag = x'01'", "1 on the roll without a ballot"),
        ("DELETE FROM roll WHERE tag = x'01'", "belongs to nobody on the roll"),
        ("UPDATE roll SET tag = x'77' WHERE tag = x'01'", "belongs to nobody on the roll"),
    ],
)
def test_a_ballot_that_was_tampered_with_is_found(working, ballot, site, tampering, told):
    with working() as unit:
        for tag in (b"\x01", b"\x02", b"\x03"):
            unit.put(ballot("i-1"), tag)
    assert site.run(tampering) == 1
    with working() as unit:
        assert any(told in fault for fault in unit.box_faults("vote"))
