"""A value evolved is the value that would be made anew, whatever its class does."""

from types import MappingProxyType

import attrs
import pytest
from attrs import field, frozen
from attrs.validators import instance_of

from partizipation_core.evolving import evolve
from partizipation_core.freezing import as_mapping, as_tuple


@frozen(kw_only=True)
class Item:
    ref: str
    state: str = field(default="draft", validator=instance_of(str))
    offices: object = field(factory=dict, converter=as_mapping)
    files: tuple = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class Told(Item):
    why: str = ""


@frozen
class Alone:
    number: int


@frozen
class Busy:
    first: int
    second: int = 0

    def __attrs_post_init__(self):
        object.__setattr__(self, "second", self.first + 1)


@attrs.define(frozen=True, slots=False)
class Roomy:
    first: int
    second: int = 0


@frozen
class Renamed:
    _first: int
    second: int = 0


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        pytest.param(Item(ref="a"), {}, id="nothing"),
        pytest.param(Item(ref="a"), {"state": "published"}, id="one_field"),
        pytest.param(Item(ref="a"), {"offices": {"roads": 1}, "files": ["x"]}, id="converted"),
        pytest.param(Told(ref="a", why="no room"), {"ref": "b"}, id="inherited"),
        pytest.param(Alone(1), {"number": 2}, id="single_field"),
        pytest.param(Busy(1), {"first": 5}, id="does_more_when_made"),
        pytest.param(Roomy(1), {"second": 5}, id="with_a_dict"),
        pytest.param(Renamed(1), {"second": 5}, id="private_field"),
        pytest.param(Renamed(1), {"first": 5}, id="private_field_by_its_alias"),
    ],
)
def test_it_equals_the_value_that_is_made_anew(before, changes):
    kept = attrs.evolve(before)

    after = evolve(before, **changes)

    assert after == attrs.evolve(before, **changes)
    assert type(after) is type(before)
    assert before == kept


def test_what_was_frozen_is_shared_and_what_is_given_is_frozen():
    given = {"roads": 1}
    before = Item(ref="a", offices={"parks": 2})

    assert evolve(before, state="published").offices is before.offices
    after = evolve(before, offices=given)
    given["roads"] = 3
    assert after.offices == MappingProxyType({"roads": 1})


def test_a_value_that_may_not_stand_there_is_refused():
    with pytest.raises(TypeError, match="state"):
        evolve(Item(ref="a"), state=3)


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(TypeError, match="colour"):
        evolve(Item(ref="a"), colour="red")
