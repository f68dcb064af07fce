"""The public lot: anybody can draw it again with a shell and a pencil."""

import subprocess

import pytest

from partizipation_core.counting import Draw, Lot
from partizipation_core.errors import InputError

SEED = "17 22 31 36 41 48"

VECTORS = [
    pytest.param(
        "P1", "405a55ccc9bee3ff9a652f64838d6e2064d41c63046fc9848a2150988426d9d9", id="P1"
    ),
    pytest.param(
        "P2", "7ae5c1be30509d0f13a06593f50a1ae41241b175821d9549ca0150c362316b14", id="P2"
    ),
    pytest.param(
        "P10", "0d1688be8328525c5566ec61937a2cbc4eee3b74b9f5b259ca811aef7a14aeae", id="P10"
    ),
]


@pytest.mark.parametrize(("id_", "number"), VECTORS)
def test_vectors(id_, number):
    assert Lot(SEED).key(id_) == number


def test_text_is_utf_8():
    number = "238e032251758045f5a3c82ba1222433f8b43252a3da3f25e65a3f1e1d6837c2"
    assert Lot("2026-05-17").key("Grüner Weg") == number


def test_the_record_names_list_seed_and_order():
    assert Lot(SEED).draw(["P1", "P2", "P10"]) == Draw(
        list_sha256="349c7987531392117d19c3e6cbb2e78da370ba547d8a07f2bef2afd165f13e11",
        seed=SEED,
        order=("P10", "P1", "P2"),
    )


def test_a_shell_draws_the_same(tmp_path):
    script = f"printf '{SEED}\\0P1' | sha256sum"
    printed = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)

    assert printed.stdout.split()[0] == Lot(SEED).key("P1")


def test_the_order_of_the_list_does_not_matter():
    assert Lot(SEED).draw(["P2", "P10", "P1"]) == Lot(SEED).draw(["P1", "P2", "P10"])


def test_who_is_missing_does_not_change_the_others():
    drawn = Lot(SEED).draw(["P1", "P2", "P10"]).order

    assert Lot(SEED).draw(["P1", "P2"]).order == tuple(id_ for id_ in drawn if id_ != "P10")


def test_another_seed_is_another_lot():
    orders = {Lot(str(seed)).draw(["P1", "P2", "P10"]).order for seed in range(60)}

    assert len(orders) == 6


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        pytest.param(["P1", "P1"], "different", id="twice"),
        pytest.param(["P1\nP2"], "line break", id="two-in-one"),
    ],
)
def test_lists_that_could_be_read_in_two_ways_are_refused(ids, words):
    with pytest.raises(InputError, match=words):
        Lot(SEED).draw(ids)


def test_an_empty_seed_is_refused():
    with pytest.raises(InputError, match="seed"):
        Lot("")


def test_the_record_survives_json():
    draw = Lot(SEED).draw(["P1", "P2"])

    assert Draw.from_data(draw.to_data()) == draw
