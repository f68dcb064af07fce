"""A receipt proves that a ballot is in the box, and not what it says."""

from random import Random

import pytest
from attrs import evolve

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.merkle import leaf_hash, root
from partizipation_core.serialization import canonical
from partizipation_core.store.inclusion import inclusion
from partizipation_core.store.sealing import sealed

OPTIONS = ({"a": 1}, {"b": 1})


def ballot(choices):
    entry = BallotEntry(
        vote="vote", voter="somebody", choices=choices, channel="online", replaces=False
    )
    return sealed(entry)["commitment"]


def poll(chance):
    """A small poll: the commitments of its receipts, and its sorted leaves."""
    receipts = [ballot(chance.choice(OPTIONS)) for _ in range(chance.randrange(1, 40))]
    return receipts, sorted(receipts)


def walk(polls, chance):
    foreign = ballot(OPTIONS[0])
    for _ in range(polls):
        receipts, leaves = poll(chance)
        told = root(leaves)
        for one in receipts:
            proof = inclusion(leaves, leaves.index(one))
            assert proof.root == told
            assert evolve(proof, commitment=foreign.hex()).root != told
            if proof.path:
                assert evolve(proof, path=(*proof.path[:-1], foreign.hex())).root != told
        foreign = receipts[0]


def test_every_receipt_of_small_polls_verifies_and_no_other_does():
    walk(60, Random(5))  # noqa: S311


@pytest.mark.long
def test_every_receipt_of_a_thousand_polls_verifies_and_no_other_does():
    walk(1000, Random(6))  # noqa: S311


def guesses(tries, chance, commit):
    """Count how often a receipt tells which of two options a ballot names."""
    right = 0
    for _ in range(tries):
        chosen = chance.choice(OPTIONS)
        receipt = commit(chosen)
        found = [one for one in OPTIONS if leaf_hash(canonical(one)) == receipt]
        found += [one for one in OPTIONS if leaf_hash(bytes(32) + canonical(one)) == receipt]
        right += (found[0] if found else chance.choice(OPTIONS)) == chosen
    return right


def test_trying_out_both_options_tells_no_more_than_a_coin():
    tries = 2_000
    right = guesses(tries, Random(7), ballot)  # noqa: S311
    # five standard deviations of a fair coin, which chance exceeds twice in a million times
    assert abs(right - tries / 2) < 5 * (tries / 4) ** 0.5


def test_the_same_guesses_find_every_ballot_without_a_nonce():
    assert guesses(200, Random(8), lambda chosen: leaf_hash(canonical(chosen))) == 200  # noqa: S311
