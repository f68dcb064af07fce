"""A receipt proves that a ballot is included, and shows nobody what it says."""

import hashlib

import pytest

from partizipation_core import Actor, Role
from partizipation_core.commands import AdvanceStage, CastBallot, ReplaceBallot
from partizipation_core.errors import NotFound, Refused
from partizipation_core.store.inclusion import inclusion
from partizipation_core.store.merkle import leaf_hash, root

OFFICER = Actor.of("officer-1", Role.OFFICER)


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def cast(handle, name, **choices):
    return handle.execute(CastBallot(choices=choices), actor=resident(name)).commitment


def closed_root(handle):
    told = [one.event for one in handle.journal() if type(one.event).__name__ == "BallotClosed"]
    return told[-1].root


def test_every_receipt_leads_to_the_root_of_the_closing_checkpoint(voting):
    receipts = [cast(voting, f"v{n}", bench=1) for n in range(9)]
    voting.execute(AdvanceStage(), actor=OFFICER)
    proofs = [voting.included(receipt, "vote") for receipt in receipts]
    assert {proof.root for proof in proofs} == {closed_root(voting)}
    assert sorted(proof.place for proof in proofs) == list(range(9))


@pytest.mark.parametrize("size", [*range(1, 18), 33, 100])
def test_a_proof_holds_for_every_place_in_a_box_of_any_size(size):
    leaves = sorted(leaf_hash(bytes([n])) for n in range(size))
    for place in range(size):
        proof = inclusion(leaves, place)
        assert proof.root == root(leaves)
        assert len(proof.path) <= (size - 1).bit_length()


def test_a_proof_of_a_ballot_that_is_not_in_the_box_leads_elsewhere():
    leaves = sorted(leaf_hash(bytes([n])) for n in range(7))
    forged = [*leaves[:3], leaf_hash(b"forged"), *leaves[4:]]
    assert inclusion(forged, 3).root != root(leaves)


def test_before_the_close_there_is_no_proof(voting):
    receipt = cast(voting, "anna", bench=1)
    with pytest.raises(Refused) as refused:
        voting.included(receipt, "vote")
    assert [one.code for one in refused.value.objections] == ["vote_still_open"]


@pytest.mark.parametrize("stranger", ["", "00" * 32, "no hash"])
def test_a_strange_receipt_proves_nothing(awarded, stranger):
    with pytest.raises(NotFound):
        awarded.included(stranger, "vote")


def test_only_the_last_ballot_of_a_voter_is_included(voting):
    first = cast(voting, "anna", bench=1)
    second = voting.execute(ReplaceBallot(choices={"swing": 1}), actor=resident("anna"))
    voting.execute(AdvanceStage(), actor=OFFICER)
    assert voting.included(second.commitment, "vote").root == closed_root(voting)
    with pytest.raises(NotFound):
        voting.included(first, "vote")


def test_a_receipt_does_not_tell_the_choice_to_who_tries_all_of_them(voting):
    """Two people who choose the same get receipts as different as those who do not."""
    receipts = {cast(voting, f"v{n}", bench=1) for n in range(8)}
    guesses = {hashlib.sha256(b"\x00" + b'{"bench":1}').hexdigest()}
    assert len(receipts) == 8
    assert not receipts & guesses


def test_the_verifier_finds_the_ballot_of_a_receipt(voting, vote_and_award, verifier, tmp_path):
    receipt = cast(voting, "dora", swing=1)
    vote_and_award(voting)
    voting.export(tmp_path / "public", ballots=False)
    good = verifier.verify(tmp_path / "public", receipts=[receipt])
    assert "receipt" in [code for _, code, _ in good.found]
    lost = verifier.verify(tmp_path / "public", receipts=["00" * 32])
    assert (lost.exit_code, lost.found[-2][1]) == (2, "no_receipt")
