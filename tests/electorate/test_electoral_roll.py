"""The electorate is frozen when the vote opens, and changes only by acts that everybody sees."""

import pytest

from partizipation_core.commands import (
    AddComment,
    CastBallot,
    EnrolVoter,
    ForgetPerson,
    StrikeVoter,
    SubmitItem,
    UpdateElectorate,
)
from partizipation_core.errors import DefinitionError
from partizipation_core.identity import Assertion, Strength
from partizipation_core.merkle import leaf_hash, root
from partizipation_core.values import Actor, Role

EXTRACT = """kennung;geburtsdatum
R-1;17.05.1980
R-2;30.04.2011
R-3;01.05.2011
R-4;02.05.2011
"""
"""R-4 is sixteen on the day after the vote opens."""

VOTE = CastBallot(choices={"a": 1})


@pytest.fixture
def voting(by_register):
    town = by_register()
    town.register(EXTRACT)
    return town.to_the_vote()


def test_the_opening_of_the_vote_freezes_who_may_vote(voting, sql):
    (frozen,) = voting.events("ElectorateFrozen")
    tags = sorted(tag for (tag,) in sql("SELECT tag FROM electorate"))
    assert (frozen.vote, frozen.people) == ("vote", 3)
    assert frozen.root == root(leaf_hash(tag) for tag in tags)
    assert voting.state().electorates["vote"].entries == 3


def test_it_is_frozen_in_the_same_transaction_as_the_ballot(voting):
    kinds = [type(one.event).__name__ for one in voting.journal()]
    assert kinds[kinds.index("BallotOpened") + 1] == "ElectorateFrozen"


@pytest.mark.parametrize(
    ("reference", "codes"),
    [
        ("R-1", []),
        ("R-3", []),
        ("R-4", ["not_on_electoral_roll"]),
        ("R-9", ["not_on_electoral_roll"]),
    ],
)
def test_only_those_on_the_roll_may_vote(voting, reference, codes):
    assert [one.code for one in voting.why(VOTE, actor=voting.person(reference))] == codes


def test_whoever_comes_of_age_during_the_vote_is_not_on_it(voting):
    young = voting.person("R-4")
    assert voting.at(2027, 5, 20).refusal(VOTE, young) == ["not_on_electoral_roll"]


def test_rules_about_facts_are_not_asked_again_of_those_on_the_roll(voting):
    voting.execute(ForgetPerson(person=voting.person("R-1").ref), actor=voting.officer)
    forgotten = voting.person("R-1")
    assert "birth" not in forgotten.attributes
    voting.cast(forgotten, "a")


def test_outside_the_vote_the_rules_are_asked(by_register):
    town = by_register()
    town.register(EXTRACT)
    idea = SubmitItem(item="i", title="Bank")
    assert town.why(idea, actor=town.person("R-1")) == ()
    town.at(2027, 4, 2)
    assert [one.code for one in town.why(idea, actor=town.person("R-4"))] == ["too_young"]
    assert [one.code for one in town.why(idea, actor=town.person("R-9"))] == ["age_unknown"]


def test_a_later_extract_adds_and_removes_by_an_act_with_a_reason(voting):
    voting.register("kennung;geburtsdatum\nR-1;17.05.1980\nR-3;01.05.2011\nR-5;01.01.1950\n")
    assert voting.refusal(VOTE, voting.person("R-5")) == ["not_on_electoral_roll"]
    voting.execute(UpdateElectorate(reason="Zuzug und Wegzug"), actor=voting.officer)
    (changed,) = voting.events("ElectorateChanged")
    assert (changed.added, changed.removed, changed.kept, changed.people) == (1, 1, 0, 3)
    assert changed.reason == "Zuzug und Wegzug"
    assert voting.refusal(VOTE, voting.person("R-2")) == ["not_on_electoral_roll"]
    voting.cast(voting.person("R-5"))
    assert voting.faults() == []


def test_a_correction_without_a_reason_is_refused(voting):
    assert voting.refusal(UpdateElectorate(reason=" "), voting.officer) == ["reason_missing"]


def test_whoever_has_voted_is_never_taken_off(voting):
    voting.cast(voting.person("R-2"))
    voting.register("kennung;geburtsdatum\nR-1;17.05.1980\nR-3;01.05.2011\n")
    voting.execute(UpdateElectorate(reason="Wegzug"), actor=voting.officer)
    (changed,) = voting.events("ElectorateChanged")
    assert (changed.removed, changed.kept, changed.people) == (0, 1, 3)
    strike = StrikeVoter(person=voting.person("R-2").ref, reason="Wegzug")
    assert voting.refusal(strike, voting.officer) == ["voted_already_stays"]
    assert voting.turnout("vote") == {"online": 1}
    assert voting.faults() == []


def test_whoever_was_forgotten_is_not_taken_off_by_a_correction(voting):
    person = voting.person("R-1")
    voting.execute(ForgetPerson(person=person.ref), actor=voting.officer)
    voting.execute(UpdateElectorate(reason="Abgleich"), actor=voting.officer)
    assert voting.events("ElectorateChanged") == []
    voting.cast(voting.person("R-1"))


def test_one_person_is_put_on_the_roll_and_struck_off_it(voting):
    worker = voting.person("W-1")
    enrol = EnrolVoter(person=worker.ref, reason="Arbeitsplatz nachgewiesen")
    voting.execute(enrol, actor=voting.officer)
    assert voting.refusal(enrol, voting.officer) == ["enrolled_already"]
    assert voting.why(VOTE, actor=worker) == ()
    strike = StrikeVoter(person=worker.ref, reason="Irrtum")
    voting.execute(strike, actor=voting.officer)
    assert voting.refusal(strike, voting.officer) == ["not_enrolled"]
    assert voting.refusal(VOTE, worker) == ["not_on_electoral_roll"]
    assert [one.people for one in voting.events("ElectorateChanged")] == [4, 3]
    assert worker.ref.encode() not in b"".join(voting.journal_lines())


def test_only_the_office_changes_the_roll_and_only_in_the_vote(voting):
    update = UpdateElectorate(reason="x")
    assert voting.refusal(update, voting.person("R-1")) == ["role_forbids"]
    voting.at(2027, 6, 1)
    assert "stage_over" in voting.refusal(update, voting.officer)


def test_an_electorate_without_a_register_is_empty_and_nobody_can_vote(by_register):
    town = by_register().to_the_vote()
    (frozen,) = town.events("ElectorateFrozen")
    assert frozen.people == 0
    assert town.refusal(VOTE, town.person("R-1")) == ["not_on_electoral_roll"]
    town.register(EXTRACT)
    town.execute(UpdateElectorate(reason="Auszug kam später"), actor=town.officer)
    town.cast(town.person("R-1"))


PUT_ON = """INSERT INTO electorate
SELECT municipality, procedure, vote, x'00', area FROM electorate LIMIT 1"""


@pytest.mark.parametrize(
    "tampering", ["DELETE FROM electorate", PUT_ON], ids=["taken off", "put on"]
)
def test_the_audit_sees_a_roll_that_was_tampered_with(voting, sql, tampering):
    voting.cast(voting.person("R-1"))
    assert voting.faults() == []
    sql(tampering)
    assert any("electoral roll" in fault for fault in voting.faults())


def test_the_state_is_the_same_when_it_is_rebuilt(voting):
    before = voting.state()
    voting.rebuild()
    assert voting.state() == before
    assert voting.faults() == []


# --- who somebody is


def test_a_mere_declaration_makes_nobody_a_person_of_the_register(voting):
    claim = Assertion(
        issuer="form", subject="x", strength=Strength.EMAIL, facts={"reference": "R-1"}
    )
    stranger = voting.recognise(claim)
    assert stranger.ref != voting.person("R-1").ref
    assert voting.refusal(VOTE, stranger) == ["not_on_electoral_roll"]


def test_one_person_has_another_pseudonym_in_every_procedure(platform, voting):
    other = platform.municipality("12060052").open(
        "other",
        "buergerhaushalt",
        actor=voting.officer,
        settings={"pot": "1 EUR", "misfit": "skip"},
    )
    said = Assertion(issuer="bundid", subject="s-1", strength=Strength.EID)
    assert voting.recognise(said).ref != other.recognise(said).ref
    assert "s-1" not in other.recognise(said).ref


def test_a_person_is_recognised_by_name_and_birth_however_it_is_written(by_register):
    town = by_register(register_key="name_birth")
    town.register("Familienname;Vornamen;Geburtsdatum\nMüller;Änne  Marie;17.05.1980\n")
    facts = {"family_name": "MÜLLER", "given_names": "Änne Marie", "birth": "1980-05-17"}
    found = town.recognise(
        Assertion(
            issuer="eid", subject="s", strength=Strength.EID, facts=facts, proven=frozenset(facts)
        )
    )
    assert town.registered(found) == {"birth": "1980"}


def test_least_strengths_are_asked_for_each_command_and_stage(open_town):
    least = {"CastBallot": "eid", "ideas.AddComment": "email"}
    town = open_town(least_strength=least).to_the_vote()
    by_mail = town.person("x", Strength.EMAIL)
    (objection,) = town.why(VOTE, actor=by_mail)
    assert str(objection) == "identity_too_weak(command=CastBallot, least=eid, strength=email)"
    town.cast(town.person("x", Strength.IN_PERSON))


@pytest.mark.parametrize(
    ("place", "told"),
    [("CastBalot", "did you mean"), ("final.CastBallot", "there is no stage 'final'")],
)
def test_a_strength_asked_for_of_nothing_is_refused_at_the_opening(open_town, place, told):
    with pytest.raises(DefinitionError, match=rf"settings.least_strength.{place}: .*{told}"):
        open_town(least_strength={place: "eid"})


def test_a_comment_may_ask_for_less_than_a_vote(open_town):
    town = open_town(least_strength={"ideas.AddComment": "email"})
    town.execute(SubmitItem(item="i", title="Bank"), actor=Actor.of("anna", Role.RESIDENT))
    comment = AddComment(item="i", comment="k", text="Gut")
    assert town.refusal(comment, town.person("x", Strength.DECLARED)) == ["identity_too_weak"]
    town.execute(comment, actor=town.person("x", Strength.EMAIL))
