"""Rules: named, versioned answers to slots; and settings that rules read."""

import pytest

from partizipation_core import DefinitionError, Money, ProcedureSettings, VoteSettings, rule
from partizipation_core.formats.rules import SLOTS


@pytest.mark.parametrize(
    ("slot", "options", "message"),
    [
        ("tye", {"name": "town/x"}, "unknown slot 'tye'; slots are eligibility, guard"),
        ("tie", {"name": "x"}, "write it 'owner/rule'"),
        ("tie", {"name": "Town/X"}, "write it 'owner/rule'"),
        ("tie", {"name": "town/x@2"}, "write it 'owner/rule'"),
        ("tie", {"name": "town/x", "version": 0}, "with a version from 1"),
    ],
    ids=["unknown slot", "no owner", "capitals", "version in the name", "version nought"],
)
def test_a_rule_that_cannot_be_pinned_is_refused(slot, options, message):
    with pytest.raises(DefinitionError, match=message):
        rule(slot, **options)


def test_a_rule_is_called_like_its_function_and_told_by_name_and_version():
    @rule("tie", name="town/cheap", version=3, needs_seed=True)
    def cheap(view):
        """Put the cheaper one first.

        More about it.
        """
        return f"cost in {view}"

    assert cheap("x") == "cost in x"
    assert (cheap.ref, cheap.slot, cheap.needs_seed) == ("town/cheap@3", "tie", True)
    assert cheap.purpose == "Put the cheaper one first."


def test_slots_that_take_one_rule_are_those_with_one_answer():
    single = {name for name, slot in SLOTS.items() if not slot.many}
    assert single == {
        "combine_reviews",
        "count",
        "draw",
        "majority",
        "resolution",
        "shortlist",
    }


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"pot": Money(0)}, "above zero"),
        ({"cap": Money(-1)}, "above zero"),
        ({"zone": "Europe/Berln"}, "no time zone is called"),
        ({"zone": "Mars/Base"}, "no time zone is called"),
    ],
    ids=["no pot", "cap below nothing", "misspelt zone", "no zone"],
)
def test_settings_that_cannot_be_are_refused(settings, field):
    with pytest.raises(ValueError, match=field):
        ProcedureSettings(**settings)


@pytest.mark.parametrize(
    "misfit", ["skp", "", "overrun", "overrun(0/1)", "overrun(5/4)", "overrun(1/0)", "OVERRUN"]
)
def test_a_misfit_must_be_one_that_is_known(misfit):
    with pytest.raises(ValueError, match=r"misfit|overrun"):
        VoteSettings(misfit=misfit)


@pytest.mark.parametrize("misfit", ["skip", "stop", "overrun(4/5)", "overrun(1/1)"])
def test_known_misfits_are_taken(misfit):
    assert VoteSettings(misfit=misfit).misfit == misfit


def test_the_misfit_has_no_default_because_towns_differ():
    with pytest.raises(TypeError, match="misfit"):
        VoteSettings()
