"""The Merkle root is that of RFC 6962 and RFC 9162, for lists of every shape."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.store.merkle import leaf_hash, root

# The eight entries of the test vectors that the implementations of RFC 6962 share.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def tree_hash(entries):
    """Compute MTH(D[n]) word by word as RFC 9162 §2.1.1 defines it, by recursion."""
    size = len(entries)
    if size == 0:
        return sha256(b"").digest()
    if size == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < size:
        split *= 2
    left, right = tree_hash(entries[:split]), tree_hash(entries[split:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_first_entries_are_those_of_the_definition(size):
    entries = ENTRIES[:size]
    assert root(map(leaf_hash, entries)) == tree_hash(entries).hex()


def test_the_root_of_all_eight_is_the_published_one():
    assert root(map(leaf_hash, ENTRIES)) == ROOT_OF_EIGHT


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_any_list_has_the_root_of_the_definition(entries):
    assert root(map(leaf_hash, entries)) == tree_hash(entries).hex()


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=20, unique=True))
def test_order_matters(entries):
    turned = [*entries[1:], entries[0]]
    assert root(map(leaf_hash, turned)) != root(map(leaf_hash, entries))


def test_an_inner_node_cannot_pass_for_an_entry():
    first, second = leaf_hash(b"a"), leaf_hash(b"b")
    assert root([leaf_hash(first + second)]) != root([first, second])
