"""One table says who may do what: generated, reviewed, and just what the kernel answers.

After a wanted change of a format or a decider print the tables anew and read the difference:

    cd tests/permission/reviewed
    partizipation formats table kiezkasse --csv > kiezkasse.csv
    partizipation formats table buergerhaushalt --csv > buergerhaushalt.csv
"""

from itertools import product

import pytest
from attrs import evolve

from partizipation_core import Actor, Money, Role
from partizipation_core.commands import AwardItems, PublishItem
from partizipation_core.formats.permissions import Ownership, permission_table
from partizipation_core.formats.stages import Stage

FORMATS = ("buergerhaushalt", "kiezkasse")
# These name the step they are about, so that one sample does not fit every state of their line.
STEP_IN_THE_COMMAND = {"RecommendStep", "FollowRecommendations", "ResolveItems"}


def cells(rows, states):
    """Spell out stage, command, role and state of every line."""
    for row in rows:
        where = states if row["states"] == "*" else row["states"].split()
        for state in where:
            yield row["stage"], row["command"], row["role"], state


@pytest.mark.parametrize("key", FORMATS)
def test_the_generated_table_is_the_reviewed_one(generated, reviewed, key):
    assert generated(key) == reviewed(key)


@pytest.mark.parametrize("key", FORMATS)
def test_no_line_stands_twice(generated, key):
    rows = [tuple(row.values()) for row in generated(key)]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("key", FORMATS)
def test_every_cell_is_as_the_kernel_answers(generated, answers, host, key):
    """`tests.kernel.test_walk` asks the kernel in every cell and keeps what it answers."""
    states = host.registry.format(key).thing.lifecycle.states
    told = {cell for cell in cells(generated(key), states) if cell[0]}
    assert answers(key) - told == set(), "allowed, but not in the table"
    lacking = {cell for cell in told - answers(key) if cell[1] not in STEP_IN_THE_COMMAND}
    assert lacking == set(), "in the table, but refused"


def asked(game, walk, row):
    """Lay every item state of a line out and yield a sample of its command that would do."""
    states = game.definition.lifecycle.states
    stage = game.definition.stage(row["stage"])
    where = states[1:2] if row["states"] == "*" else row["states"].split()
    for sample, state in product(walk["SAMPLES"], where):
        if walk["bare"](walk["name"](sample)) == row["command"]:
            walk["laid_out"](game, stage, state, sample)
            yield state, walk["fitted"](game, stage, sample)


SAID_BEFORE = {
    "ChallengeBallot",
    "ConfirmSupport",
    "ReplaceBallot",
    "RetractRating",
    "RetractSupport",
    "RevokeBallot",
}
# A stranger has no ballot to replace, and has typed no paper in.
NOT_FOR_STRANGERS = {"ChallengeBallot", "ReplaceBallot", "SettlePaperBallot", "StrikePaperBallot"}
ALLOWED_TO_STRANGERS = {
    "": [set()],
    "any": [set()],
    "own": [{"not_the_author"}, {"not_an_author"}],
    "own comment": [{"not_the_comment_author"}],
    "invited": [{"not_invited"}, {"not_a_coauthor"}],
}


def lines(generated):
    """Leave out what happens before the opening, and the steps no sample stands for."""
    left_out = {"keep_in_reserve"}
    return [
        row
        for row in generated
        if row["stage"] and row["command"] not in STEP_IN_THE_COMMAND
        if row["moves"] not in left_out
    ]


@pytest.mark.parametrize("key", FORMATS)
def test_strangers_may_do_just_what_needs_no_ownership(generated, walk, play, key):
    game = play(key)
    for row in lines(generated(key)):
        stranger = Actor.of("stranger", row["role"])
        for state, command in asked(game, walk, row):
            if row["command"] in SAID_BEFORE | NOT_FOR_STRANGERS:
                continue  # a stranger has said and typed nothing yet
            game.put(walk["ITEM"], number="" if state == "draft" else "2027-00001")
            named = {"author": "somebody"} if row["command"] == "EnterItem" else {}
            codes = set(game.codes(evolve(command, **named), stranger))
            if state == "draft":
                assert codes & {"item_unknown", "not_the_author", "not_an_author"}, row
            else:
                assert codes in ALLOWED_TO_STRANGERS[row["ownership"]], row


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("area", ["north", ""], ids=["another area", "everywhere"])
def test_an_office_is_kept_to_its_areas_where_the_table_says_so(generated, walk, play, key, area):
    game = play(key)
    for row in lines(generated(key)):
        office = Actor(ref="somebody", roles={row["role"]}, areas={"south"})
        for _, command in asked(game, walk, row):
            for place, codes in {
                area: {"other_area"} if row["area"] else set(),
                "south": set(),
            }.items():
                for ref in (walk["ITEM"], walk["OTHER"]):
                    game.put(ref, area=place)
                brought = {"area": place} if row["command"] == "EnterItem" else {}
                assert set(game.codes(evolve(command, **brought), office)) == codes, row


@pytest.mark.parametrize("key", FORMATS)
def test_an_office_without_areas_is_competent_everywhere(generated, walk, play, key):
    game = play(key)
    for row in lines(generated(key)):
        for _, command in asked(game, walk, row):
            game.put("i-1", area="north")
            assert game.codes(command, Actor.of("somebody", row["role"])) == [], row


def test_eligibility_is_asked_just_where_the_table_names_a_rule(generated, walk, play):
    game = play("buergerhaushalt", settings={"min_age": 14})
    for row in lines(generated("buergerhaushalt")):
        for _, command in asked(game, walk, row):
            codes = game.codes(command, Actor.of("somebody", row["role"], age=13))
            assert codes == (["too_young"] if row["eligibility"] else []), row


# --- what the table shows of a format of one's own


def test_a_role_of_its_own_comes_after_those_everybody_knows(host, facts):
    form = host.registry.format("jugendbudget").thing
    rows = [line for line in permission_table(form, facts) if line.stage == "youth_council"]
    assert {line.role for line in rows if line.command == "ShortlistItem"} == {"youth_council"}


def test_a_command_without_a_decider_has_no_line(host, facts):
    form = host.registry.format("kiezkasse").thing
    stage = Stage("dance", kind="idea", allows={"Dance": [Role.RESIDENT]})
    with_dance = form.derive(key="dancing", insert_before={"ideas": stage})
    table = permission_table(with_dance, facts)
    assert [line for line in table if line.command == "Dance"] == []


def test_steps_that_start_from_different_states_have_lines_of_their_own(generated):
    rows = [row for row in generated("kiezkasse") if row["command"] == "AwardItems"]
    assert {(row["moves"], row["states"]) for row in rows} == {
        ("award", "on_ballot reserve"),
        ("keep_in_reserve", "on_ballot"),
    }


def test_a_guard_stands_beside_the_step_it_guards(generated):
    guards = {r["command"]: r["guards"] for r in generated("buergerhaushalt") if r["guards"]}
    submits = dict.fromkeys(
        ("EnterItem", "ResubmitItem", "SubmitItem"), "core/cooling_off core/within_cap"
    )
    assert guards == {"ShortlistItem": "core/cost_known", **submits}


# --- ownership as data

CONFINED = {
    "nobody's": (Ownership.NONE, [Role.RESIDENT], False),
    "author": (Ownership.AUTHOR, [Role.RESIDENT], True),
    "author in an office": (Ownership.AUTHOR, [Role.OFFICER], True),
    "resident": (Ownership.AUTHOR_OR_OFFICE, [Role.RESIDENT], True),
    "office": (Ownership.AUTHOR_OR_OFFICE, [Role.OFFICER], False),
    "resident with an office": (Ownership.AUTHOR_OR_OFFICE, [Role.RESIDENT, "council"], False),
    "role of a format": (Ownership.AUTHOR_OR_OFFICE, ["youth_council"], False),
    "no role at all": (Ownership.AUTHOR_OR_OFFICE, [], False),
}


@pytest.mark.parametrize(("ownership", "roles", "confined"), CONFINED.values(), ids=CONFINED)
def test_who_is_kept_to_own_items(ownership, roles, confined):
    assert ownership.confines(roles) is confined


def test_every_decider_that_pulls_triggers_declares_them(host, facts):
    lifecycles = [offer.thing.lifecycle for offer in host.registry.formats.values()]
    silent = [name for name, one in facts.items() if one.trigger and not one.triggers]
    assert silent == [], "name every trigger: triggers=(...)"
    unknown = {t for one in facts.values() for t in (*one.triggers, *one.follows)}
    assert unknown <= {trigger for one in lifecycles for trigger in one.triggers}


def test_a_reader_of_several_areas_acts_in_each(play):
    game = play("kiezkasse")
    walker = Actor(ref="office", roles={Role.OFFICER}, areas={"north", "south"})
    for area, codes in {"north": [], "south": [], "east": ["other_area"]}.items():
        game.put("i-1", state="submitted", area=area)
        assert game.codes(PublishItem(item="i-1"), walker) == codes


def test_a_batch_is_refused_for_every_item_elsewhere(play):
    game = play("kiezkasse")
    game.become(stage="fund", counted=("assembly",))
    for ref, area in {"a": "north", "b": "south", "c": "south"}.items():
        game.put(ref, state="on_ballot", area=area)
    office = Actor(ref="office", roles={Role.OFFICER}, areas={"north"})
    awards = AwardItems(amounts=dict.fromkeys("abc", Money(1)))
    found = [o for o in game.why(awards, office) if o.code == "other_area"]
    assert [o.params["item"] for o in found] == ["b", "c"]


def test_what_a_command_says_of_itself_can_be_read_but_not_changed(facts):
    with pytest.raises(AttributeError):
        facts["WithdrawItem"].ownership = Ownership.NONE
    assert evolve(facts["WithdrawItem"], ownership="none").ownership is Ownership.NONE
