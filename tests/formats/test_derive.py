"""derive: a format that differs from another only where it says so."""

import pytest
from attrs import frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import DefinitionError, Stage, StageKind, VoteSettings, rule
from partizipation_core.commands import CastBallot, PublishItem, ReviewItem
from partizipation_core.formats.items import ITEM_LIFECYCLE

CHECK = Stage("check", kind=StageKind.REVIEW, allows={ReviewItem: ["steward"]})


def keys(form):
    return [stage.key for stage in form.stages]


@rule("eligibility", name="test/local")
def local(_actor, _view):
    """Object to nobody."""
    return ()


@rule("count", name="test/count")
def count(_election, _ties, _view):
    """Count in another way."""


@rule("guard", name="test/guard")
def guard(_item, _view):
    """Object to nothing."""
    return ()


def test_a_derived_format_differs_only_in_what_was_said():
    own = BUERGERHAUSHALT.derive(key="own")
    for name in ("title", "stages", "lifecycle", "settings", "rules", "guards", "anytime"):
        assert getattr(own, name) == getattr(BUERGERHAUSHALT, name), name
    assert (own.key, own.replaces) == ("own", "")


@pytest.mark.parametrize(
    ("differences", "stages"),
    [
        ({"insert_after": {"review": CHECK}}, "ideas review check vote fund implement"),
        ({"insert_before": {"review": CHECK}}, "ideas check review vote fund implement"),
        ({"insert_before": {"ideas": CHECK}}, "check ideas review vote fund implement"),
        ({"insert_after": {"implement": CHECK}}, "ideas review vote fund implement check"),
        ({"without": ["review"]}, "ideas vote fund implement"),
        ({"without": ["fund", "implement"]}, "ideas review vote"),
        (
            {"without": ["review"], "insert_after": {"review": CHECK}},
            "ideas check vote fund implement",
        ),
    ],
    ids=[
        "after",
        "before",
        "before the first",
        "after the last",
        "without one",
        "without two",
        "one for another",
    ],
)
def test_stages_are_put_in_and_left_out(differences, stages):
    own = BUERGERHAUSHALT.derive(key="own", **differences)
    assert " ".join(keys(own)) == stages


def test_a_stage_takes_the_place_of_the_one_with_its_key():
    other = Stage("review", kind="review", title="Jury", allows={ReviewItem: ["steward"]})
    own = BUERGERHAUSHALT.derive(key="own", replace=[other])
    assert keys(own) == keys(BUERGERHAUSHALT)
    assert own.stages[1] is other


def test_a_stage_that_is_not_there_is_named():
    with pytest.raises(DefinitionError) as error:
        BUERGERHAUSHALT.derive(
            key="own",
            insert_after={"reviw": CHECK},
            insert_before={"x": CHECK},
            replace=[CHECK],
            without=["y"],
        )
    assert list(error.value.problems) == [
        f"derive from buergerhaushalt: it has no stage {key!r}"
        for key in ("check", "reviw", "x", "y")
    ]


def test_what_was_derived_is_linted_too():
    with pytest.raises(DefinitionError, match=r"own\.stages: a vote comes before any stage"):
        BUERGERHAUSHALT.derive(key="own", without=["ideas"])


# --- rules


def test_a_list_adds_to_slots_that_take_many():
    own = BUERGERHAUSHALT.derive(key="own", rules=[local])
    assert own.rules["eligibility"] == ("core/min_age", local)
    assert own.rules["tie"] == BUERGERHAUSHALT.rules["tie"]


def test_a_list_replaces_the_only_answer():
    own = BUERGERHAUSHALT.derive(key="own", rules=[count])
    assert own.rules["count"] == (count,)


@pytest.mark.parametrize(
    ("rules", "slot", "answers"),
    [
        ({"eligibility": local}, "eligibility", (local,)),
        ({"eligibility": [local, "core/min_age"]}, "eligibility", (local, "core/min_age")),
        ({"tie": "core/lot"}, "tie", ("core/lot",)),
        ({"eligibility": []}, "eligibility", ()),
    ],
    ids=["one rule", "rule and name", "one name", "none"],
)
def test_a_mapping_replaces_whole_slots(rules, slot, answers):
    own = BUERGERHAUSHALT.derive(key="own", rules=rules)
    assert own.rules[slot] == answers
    assert set(own.rules) == set(BUERGERHAUSHALT.rules)


def test_a_bare_name_in_a_list_is_explained():
    with pytest.raises(DefinitionError, match=r"'core/lot' is no rule; name rules by their slot"):
        BUERGERHAUSHALT.derive(key="own", rules=["core/lot"])


def test_a_guard_in_a_list_is_sent_to_the_guards():
    with pytest.raises(DefinitionError, match=r"guards=\{trigger: rule\}"):
        BUERGERHAUSHALT.derive(key="own", rules=[guard])


def test_guards_replace_those_of_the_triggers_they_name():
    own = BUERGERHAUSHALT.derive(key="own", guards={"shortlist": guard, "publish": [guard]})
    assert own.guards["shortlist"] == (guard,)
    assert own.guards["publish"] == (guard,)
    assert own.guards["admit"] == BUERGERHAUSHALT.guards["admit"]


# --- the rest


def test_settings_lifecycle_title_and_replacement_are_taken_over():
    @frozen(kw_only=True)
    class Own(VoteSettings):
        colour: str = "blue"

    path = ITEM_LIFECYCLE.extend(key="own", moves={"reserve": {"put_on_ballot": "on_ballot"}})
    own = BUERGERHAUSHALT.derive(
        key="own", title="Eigenes", settings=Own, lifecycle=path, replaces="buergerhaushalt"
    )
    assert (own.title, own.settings, own.lifecycle) == ("Eigenes", Own, path)
    assert own.replaces == "buergerhaushalt"


def test_commands_for_every_stage_are_added():
    own = BUERGERHAUSHALT.derive(key="own", anytime={PublishItem: ["moderator"]})
    assert own.anytime["PublishItem"] == {"moderator"}
    assert own.anytime["AdvanceStage"] == {"officer"}


def test_the_original_stays_as_it_was():
    before = (keys(BUERGERHAUSHALT), dict(BUERGERHAUSHALT.rules))
    BUERGERHAUSHALT.derive(key="own", rules=[local], insert_after={"review": CHECK})
    assert (keys(BUERGERHAUSHALT), dict(BUERGERHAUSHALT.rules)) == before


def test_a_format_cannot_be_changed():
    with pytest.raises(TypeError):
        BUERGERHAUSHALT.rules["tie"] = ()
    with pytest.raises(TypeError):
        BUERGERHAUSHALT.stages[0].allows["CastBallot"] = frozenset({"resident"})


def test_commands_may_be_written_as_classes_or_names():
    by_class = Stage("s", kind="fund", allows={CastBallot: ["resident"]})
    by_name = Stage("s", kind="fund", allows={"CastBallot": ("resident",)})
    assert by_class == by_name
