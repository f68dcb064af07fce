"""A ballot that is taken back leaves box and roll as if it had never been cast."""

import pytest
from attrs import evolve

from partizipation_core.errors import Refused
from partizipation_core.kernel.messages import BallotWithdrawal
from partizipation_core.store import roll
from partizipation_core.store.keys import MemoryKeys


def test_ballot_and_mark_go_together(working, ballot):
    with working() as unit:
        unit.put(ballot("i-1"), b"anna")
        kept = unit.put(ballot("i-2"), b"ben")
        with_ben_only = unit.box("vote")
        assert unit.withdrawals.take_out("vote", b"anna", "online")
        assert not unit.has_voted("vote", b"anna")
        assert unit.has_voted("vote", b"ben")
        assert list(unit.ballots("vote")) == [{"i-2": 1}]
        assert unit.channels("vote") == {"online": 1}
        assert list(unit.box_faults("vote")) == []
        assert with_ben_only.ballots == 2
        assert unit.box("vote").ballots == 1
        assert unit.put(ballot("i-3"), b"anna") not in (None, kept)


def test_there_is_nothing_to_take_out_twice_or_of_another_vote(working, ballot):
    with working() as unit:
        unit.put(ballot("i-1"), b"anna")
        assert not unit.withdrawals.take_out("vote.2", b"anna", "online")
        assert unit.withdrawals.take_out("vote", b"anna", "online")
        assert not unit.withdrawals.take_out("vote", b"anna", "online")


def test_a_ballot_of_another_channel_stays_with_its_mark(working, ballot):
    with working() as unit:
        unit.put(evolve(ballot("i-1"), channel="paper"), b"anna")
        assert not unit.withdrawals.take_out("vote", b"anna", "online")
        assert unit.has_voted("vote", b"anna")
        assert unit.channels("vote") == {"paper": 1}


def test_the_database_has_the_last_word(working, scope):
    """Objections have seen to it before; this is what is left if they were wrong."""
    gone = BallotWithdrawal(vote="vote", voter="anna", channel="online")
    with working() as unit, pytest.raises(Refused, match="no_ballot_to_revoke"):
        roll.take_out(unit, MemoryKeys(), scope, gone)
