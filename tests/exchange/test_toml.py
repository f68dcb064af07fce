"""What is written as TOML is read back as the very same data; what TOML lacks is refused."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.errors import DefinitionError
from partizipation_core.exchange.toml import write_toml

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
VALUES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3),
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=3)
        | st.lists(st.dictionaries(KEYS, inner, max_size=2), min_size=1, max_size=2)
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_is_written_is_read_back_the_same(data):
    assert tomllib.loads(write_toml(data)) == data


def test_the_order_of_tables_is_kept():
    data = {"b": {"z": 1, "a": 2}, "a": [{"k": "x"}, {"k": "y"}]}
    assert write_toml(data) == '[b]\nz = 1\na = 2\n\n[[a]]\nk = "x"\n\n[[a]]\nk = "y"\n'


UNSAYABLE = {
    "none": ({"a": {"b": None}}, "a.b: TOML has no way to say None"),
    "fraction": ({"a": 0.5}, "a: TOML has no way to say 0.5"),
    "beyond 64 bits": ({"a": 2**63}, "a: TOML has no way"),
    "mixed list": ({"a": ["x", {"b": 1}]}, "a.1: TOML has no way"),
}


@pytest.mark.parametrize(("data", "told"), UNSAYABLE.values(), ids=UNSAYABLE)
def test_what_toml_cannot_say_is_refused_with_its_path(data, told):
    with pytest.raises(DefinitionError, match=told):
        write_toml(data)
