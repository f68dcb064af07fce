"""Two stages give every inhabitant the same chance of a letter, wherever they live."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_buergerrat.sortition.places import chances, draw_places, share_letters
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_core.errors import InputError

TOWNS = {"Adorf": 1_000, "Bstadt": 50_000, "Cheim": 3_000, "Dberg": 9_000, "Eburg": 4_000}


def test_chances_are_in_proportion_until_somebody_is_certain():
    found = chances(TOWNS, 2)
    assert found["Bstadt"] == 1
    assert found["Dberg"] == Fraction(9_000, 17_000)
    assert sum(found.values()) == 2


def test_a_letter_is_as_likely_for_everybody():
    """Chance of the place times letters per inhabitant: the same figure in every place."""
    found = chances(TOWNS, 3)
    weights = {name: people / found[name] for name, people in TOWNS.items()}
    per_head = {name: found[name] * weights[name] / TOWNS[name] for name in TOWNS}
    assert set(per_head.values()) == {1}


@given(
    towns=st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 10**6), min_size=1),
    letters=st.integers(1, 5_000),
    data=st.data(),
)
def test_a_draw_takes_as_many_places_and_letters_as_it_should(towns, letters, data):
    count = data.draw(st.integers(1, len(towns)))
    drawn = draw_places(towns, count, letters, Stream("test", str(letters)))
    assert len(drawn.letters) == count
    assert sum(drawn.letters.values()) == letters
    assert sorted([*drawn.letters, *drawn.reserve]) == sorted(towns)
    certain = {name for name, chance in chances(towns, count).items() if chance == 1}
    assert certain <= set(drawn.letters)


def test_places_come_up_as_often_as_their_chance_says():
    times = 2_000
    seen = dict.fromkeys(TOWNS, 0)
    for number in range(times):
        for name in draw_places(TOWNS, 2, 10, Stream("test", str(number))).letters:
            seen[name] += 1
    for name, chance in chances(TOWNS, 2).items():
        assert abs(seen[name] / times - chance) < 0.05, name


def slow_shares(weights, letters):
    given_ = dict.fromkeys(sorted(weights), 0)
    for _ in range(letters):
        given_[max(given_, key=lambda name: Fraction(weights[name], 2 * given_[name] + 1))] += 1
    return given_


@given(
    weights=st.dictionaries(
        st.text(min_size=1, max_size=3), st.integers(1, 500).map(Fraction), min_size=1, max_size=8
    ),
    letters=st.integers(0, 200),
)
def test_letters_are_shared_as_sainte_lague_shares_seats(weights, letters):
    assert share_letters(weights, letters) == slow_shares(weights, letters)


@pytest.mark.parametrize(("towns", "count"), [({"A": 1}, 2), ({"A": 1}, 0), ({"A": 0}, 1)])
def test_nothing_can_be_drawn_from_nobody(towns, count):
    with pytest.raises(InputError):
        chances(towns, count)
