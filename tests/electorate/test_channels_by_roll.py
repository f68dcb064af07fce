"""Whichever way a vote comes in, the electoral roll says whether its voter may vote."""

import pytest

from partizipation_core.commands import (
    AdmitVoters,
    CastBallot,
    ConfirmPaperBallot,
    EnrolVoter,
    EnterPaperBallot,
    EnterTotals,
    Hands,
    RecordHands,
    StrikeVoter,
)
from partizipation_core.errors import Refused
from partizipation_core.exchange.booth import import_booth
from partizipation_core.identity import Strength
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Actor, Role

EXTRACT = """kennung;geburtsdatum;gebiet
R-1;17.05.1980;Nord
R-2;30.04.1990;Süd
R-3;01.05.2015;Nord
"""
"""R-3 is in the register and too young to be put on the roll; R-9 is nobody."""

DEPUTY = Actor.of("officer-2", Role.OFFICER)


@pytest.fixture
def open_vote(by_register):
    """Open a vote by register: ``open_vote(unnamed=["code"])``."""

    def open_(**settings):
        town = by_register(**settings)
        town.register(EXTRACT)
        return town.to_the_vote()

    return open_


def codes_of(refused):
    return [one.code for one in refused.value.objections]


def letters(town, *references, **more):
    """Issue a code to each person and read them off the sheet for the printing house."""
    people = [town.person(one).ref for one in references]
    fresh = town.issue_codes(
        batch=more.pop("batch", "letters"), vote="vote", people=people, actor=town.officer, **more
    )
    return [line.split(",")[2] for line in fresh.hand_over().splitlines()[1:]]


# --- codes


def test_a_code_is_issued_to_people_on_the_roll_and_lets_them_vote(open_vote):
    town = open_vote()
    first, _ = letters(town, "R-1", "R-2")
    town.cast_by_code(first, {"a": 1})
    assert town.turnout("vote") == {"code": 1}
    assert town.faults() == []


def test_no_code_is_issued_to_whoever_is_not_on_the_roll(open_vote):
    town = open_vote()
    with pytest.raises(Refused) as refused:
        letters(town, "R-1", "R-3", "R-2", "R-9")
    (objection,) = refused.value.objections
    assert objection.code == "codes_for_strangers"
    assert dict(objection.params) == {"vote": "vote", "people": 2, "places": "2, 4"}
    assert "vote" not in town.state().registers


def test_before_the_vote_codes_go_to_people_in_the_register(by_register):
    town = by_register()
    town.register(EXTRACT)
    young = letters(town, "R-1", "R-3")[1]
    with pytest.raises(Refused, match="codes_for_strangers"):
        letters(town, "R-9", batch="more")
    town.to_the_vote()
    with pytest.raises(Refused) as refused:
        town.cast_by_code(young, {"a": 1})
    assert codes_of(refused) == ["not_on_electoral_roll"]
    town.execute(
        EnrolVoter(person=town.person("R-3").ref, reason="Berichtigung"), actor=town.officer
    )
    town.cast_by_code(young, {"a": 1})


def test_a_large_batch_is_checked_like_a_small_one(by_register):
    town = by_register()
    many = "".join(f"M-{number};17.05.1980;Nord\n" for number in range(250))
    town.register(EXTRACT + many)
    town.to_the_vote()
    references = [f"M-{number}" for number in range(250)]
    with pytest.raises(Refused) as refused:
        letters(town, *references, "R-3")
    assert refused.value.objections[0].params["places"] == "251"
    assert len(letters(town, *references)) == 250


def test_a_code_of_somebody_who_was_struck_off_is_refused(open_vote):
    town = open_vote()
    (code,) = letters(town, "R-1")
    town.execute(StrikeVoter(person=town.person("R-1").ref, reason="Wegzug"), actor=town.officer)
    with pytest.raises(Refused) as refused:
        town.cast_by_code(code, {"a": 1})
    assert codes_of(refused) == ["not_on_electoral_roll"]


def test_nameless_codes_need_a_setting_and_then_one_code_is_one_ballot(open_vote):
    strict = open_vote()
    with pytest.raises(Refused) as refused:
        strict.issue_codes(batch="desk", vote="vote", count=2, actor=strict.officer)
    assert codes_of(refused) == ["codes_unnamed"]


def test_nameless_codes_are_told_apart_from_strangers_by_the_audit(open_vote, sql):
    town = open_vote(unnamed=["code"])
    fresh = town.issue_codes(batch="desk", vote="vote", count=2, actor=town.officer)
    code = fresh.hand_over().splitlines()[1].split(",")[2]
    town.cast_by_code(code, {"a": 1})
    with pytest.raises(Refused, match="code_not_accepted"):
        town.cast_by_code(code, {"a": 1})
    assert town.faults() == []
    sql("UPDATE roll SET tag = x'00'")
    assert any("electoral roll" in fault for fault in town.faults())


def test_test_codes_ask_for_no_roll_and_never_count(open_vote):
    town = open_vote()
    fresh = town.issue_codes(batch="try", vote="vote", count=1, test=True, actor=town.officer)
    town.cast_by_code(fresh.hand_over().splitlines()[1].split(",")[2], {"a": 1})
    assert town.turnout("vote") == {}
    assert town.faults() == []


def test_the_area_on_the_roll_binds_whoever_votes_with_a_code(open_vote):
    town = open_vote(rules={"territory": "core/own_area"})
    (code,) = letters(town, "R-1")
    with pytest.raises(Refused) as refused:
        town.cast_by_code(code, {"b": 1})
    assert codes_of(refused) == ["own_area_only"]
    town.cast_by_code(code, {"a": 1})


# --- paper, booth, hands


def test_a_paper_names_somebody_on_the_roll(open_vote):
    town = open_vote(rules={"territory": "core/own_area"})
    nobody = EnterPaperBallot(paper="P-1", choices={"a": 1})
    stranger = EnterPaperBallot(paper="P-1", choices={"a": 1}, voter=town.person("R-3").ref)
    elsewhere = EnterPaperBallot(paper="P-1", choices={"b": 1}, voter=town.person("R-1").ref)
    assert town.refusal(nobody, town.officer) == ["voter_unnamed"]
    assert town.refusal(stranger, town.officer) == ["voter_not_enrolled"]
    assert town.refusal(elsewhere, town.officer) == ["own_area_only"]


def test_papers_out_of_an_urn_name_nobody_where_the_town_says_so(open_vote):
    town = open_vote(unnamed=["paper"])
    paper = {"paper": "P-1", "choices": {"a": 1}}
    town.execute(EnterPaperBallot(**paper), actor=town.officer)
    town.execute(ConfirmPaperBallot(**paper), actor=DEPUTY)
    assert town.turnout("vote") == {"paper": 1}
    assert town.faults() == []


def test_every_line_of_a_booth_whose_voter_is_not_on_the_roll_is_told(open_vote):
    town = open_vote(rules={"territory": "core/own_area"})
    one, two, young, strange = (town.person(f"R-{n}").ref for n in (1, 2, 3, 9))
    file = (
        "ballot,voter,item:a,item:b\n"
        f"1,{one},1,\n2,{young},1,\n3,,1,\n4,{two},1,\n5,{strange},1,x\n"
    )
    with pytest.raises(Refused) as refused:
        import_booth(town.handle, file, booth="b", actor=town.officer)
    told = {(one.params["line"], one.code) for one in refused.value.objections}
    assert told == {
        (3, "voter_not_enrolled"),
        (4, "voter_unnamed"),
        (5, "own_area_only"),
        (6, "line_points"),
    }
    assert town.turnout("vote") == {}
    good = f"ballot,voter,item:a,item:b\n1,{one},1,\n4,{two},,1\n"
    assert import_booth(town.handle, good, booth="b", actor=town.officer).taken == 2
    assert town.faults() == []


def test_a_booth_without_names_needs_a_setting(open_vote):
    town = open_vote(unnamed=["booth"])
    file = "ballot,item:a\n1,1\n2,1\n"
    assert import_booth(town.handle, file, booth="b", actor=town.officer).taken == 2
    assert town.faults() == []


# --- how strongly people are recognised


def test_a_code_in_a_letter_recognises_people_as_strongly_as_the_letter(open_vote):
    town = open_vote(least_strength={"CastBallot": "post"})
    first, _ = letters(town, "R-1", "R-2")
    town.cast_by_code(first, {"a": 1})
    town.cast(town.person("R-2", Strength.EID))
    known = town.count()
    assert known.fates["a"].votes == 2
    told = town.vote_result("vote").turnout.channels
    assert {name: one.identity for name, one in told.items()} == {"code": "post", "online": "post"}


def test_codes_without_a_name_recognise_nobody_and_the_result_says_so(open_vote):
    town = open_vote(unnamed=["code", "paper"])
    letters(town, "R-1")
    fresh = town.issue_codes(batch="desk", vote="vote", count=1, actor=town.officer)
    town.cast_by_code(fresh.hand_over().splitlines()[1].split(",")[2], {"a": 1})
    town.cast(town.person("R-2"))
    town.count()
    told = town.vote_result("vote").turnout.channels
    assert {n: one.identity for n, one in told.items()} == {"code": "none", "online": "account"}


def test_strengths_know_every_ballot_in_the_box_whichever_way_it_came(open_vote):
    town = open_vote(same_voter="paper_wins", channel_strength={"code": "declared"})
    (code,) = letters(town, "R-1")
    town.cast_by_code(code, {"a": 1})
    town.cast(town.person("R-2", Strength.EID))
    tables = lambda: sorted(sql_strengths(town))  # noqa: E731
    assert tables() == ["declared", "eid"]
    paper = {"paper": "P-1", "choices": {"a": 1}, "voter": town.person("R-2").ref}
    town.execute(EnterPaperBallot(**paper), actor=town.officer)
    town.execute(ConfirmPaperBallot(**paper), actor=DEPUTY)
    assert tables() == ["declared", "post"]
    assert town.strengths("vote").people == 2


def sql_strengths(town):
    with town.handle._unit() as unit:
        for strength, number in unit.electorate.strengths("vote").items():
            yield from [strength] * number


def test_what_is_asked_of_a_ballot_is_asked_of_every_channel(open_vote):
    town = open_vote(least_strength={"vote.CastBallot": "eid"})
    with pytest.raises(Refused) as refused:
        letters(town, "R-1")
    (objection,) = refused.value.objections
    assert objection.code == "channel_too_weak"
    assert dict(objection.params) == {"channel": "code", "least": "eid", "strength": "post"}
    one = town.person("R-1").ref
    by_post = EnterPaperBallot(paper="P-1", choices={"a": 1}, voter=one)
    assert town.refusal(by_post, town.officer) == ["channel_too_weak"]
    with pytest.raises(Refused, match="channel_too_weak"):
        import_booth(town.handle, "ballot,voter,item:a\n1,,1\n", booth="b", actor=town.officer)
    town.execute(AdmitVoters(people=[one]), actor=town.officer)


def test_a_town_says_how_strong_its_codes_are(open_vote):
    town = open_vote(least_strength={"CastBallot": "eid"}, channel_strength={"code": "eid"})
    (code,) = letters(town, "R-1")
    town.cast_by_code(code, {"a": 1})
    assert town.turnout("vote") == {"code": 1}


@pytest.mark.parametrize(("channel", "place"), [("hands", "assembly"), ("urn", "rathaus")])
def test_nobody_gets_a_voting_card_who_is_not_on_the_roll(open_vote, channel, place):
    town = open_vote()
    people = [town.person(one).ref for one in ("R-1", "R-3")]
    admit = AdmitVoters(people=people, channel=channel, place=place)
    assert town.refusal(admit, town.officer) == ["not_enrolled_here"]
    town.execute(AdmitVoters(people=people[:1], channel=channel, place=place), actor=town.officer)
    assert town.faults() == []


# --- where nobody was ticked off, or nobody knows where people live


def test_totals_of_people_whom_nobody_ticked_off_need_a_note_and_prove_nobody(open_vote):
    town = open_vote().at(2027, 6, 1)
    totals = {"vote": "vote", "place": "x", "ballots": 1, "valid": 1}
    with pytest.raises(Refused) as refused:
        town.execute(EnterTotals(**totals), actor=town.officer)
    assert codes_of(refused) == ["attendance_missing"]
    assert "zweimal abgestimmt" in Wording().objection(refused.value.objections[0])

    explained = EnterTotals(**totals, note="Beide Listen lagen nebeneinander.")
    town.execute(explained, actor=town.officer)
    town.count()
    assert town.vote_result("vote").turnout.channels["urn"].identity == "none"


def test_hands_that_were_shown_without_an_attendance_list_need_a_note_too(open_vote):
    town = open_vote().at(2027, 6, 1)
    shown = {"vote": "vote", "present": 5, "hands": {"a": Hands(yes=3, no=2)}}
    for note, missing in ({"": True, "Listen verglichen.": False}).items():
        told = town.why(RecordHands(**shown, note=note), actor=town.officer)
        assert ("attendance_missing" in {one.code for one in told}) == missing


def test_no_code_and_no_paper_where_people_may_vote_in_their_own_area_only(open_town):
    budget = open_town(rules={"territory": "core/own_area"})
    issued = {"batch": "letters", "vote": "vote", "actor": budget.officer}
    for people in ({"count": 1}, {"people": ["anna"]}):
        with pytest.raises(Refused) as refused:
            budget.issue_codes(**issued, **people)
        assert codes_of(refused) == ["no_area_by_channel"]
    assert budget.issue_codes(**issued, count=1, test=True)
    budget.to_the_vote()
    for voter in ("", "cem"):
        asked = EnterPaperBallot(paper="P-1", choices={"a": 1}, voter=voter)
        told = budget.why(asked, actor=budget.officer)
        assert [one.code for one in told] == ["no_area_by_channel"]
    at_home = Actor.of("anna", Role.RESIDENT, area="Nord")
    assert budget.why(CastBallot(choices={"a": 1}), actor=at_home) == ()
