"""What users of other platforms complained about, as far as it concerns who may take part."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    CastBallot,
    CountBallots,
    EraseRegister,
    ForgetPerson,
    ReplaceBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    SupportItem,
    TakeUpReview,
)
from partizipation_core.errors import InputError, Refused
from partizipation_core.exchange.register import read_register
from partizipation_core.identity import Assertion, Strength
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.values import Actor, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
STAGES = {"review": date(2027, 4, 15), "vote": date(2027, 5, 1), "fund": date(2027, 6, 1)}
AREAS = {"a": "Nord", "b": "Süd", "c": "West"}
REGISTER = {
    "electorate": "register",
    "register_until": "2027-12-31",
    "register_law": "bmg37",
    "letters": True,
    "min_age": 16,
    "age_on": "opening",
}
EXTRACT = """kennung;familienname;vornamen;geburtsdatum;strasse;ort
R-1;Kanarienvogel-Eins;Anna;17.05.1980;Kanariengasse 1;Musterstadt
R-2;Kanarienvogel-Zwei;Bernd;01.05.2011;Kanariengasse 2;Musterstadt
R-3;Kanarienvogel-Drei;Cem;11.11.1950;Kanariengasse 3;Musterstadt
"""
CANARIES = (b"Kanarien", b"1950", b"2011-05-01", b"R-1", b"Musterstadt", b"bundid", b"sub-4711")
VOTE = CastBallot(choices={"a": 1})


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 4, 1), BERLIN))


@pytest.fixture
def platform(host, clock, tmp_path):
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", host=host, clock=clock) as opened:
        yield opened


@pytest.fixture
def voting(platform, clock):
    """Open a budget and go on to its vote: ``voting(extract, **settings)``."""

    def open_(extract="", *, rules=None, **settings):
        budget = platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "misfit": "skip", **settings},
            rules=rules,
            schedule=STAGES,
        )
        if extract:
            take_in(budget, extract)
        author = Actor.of("author", Role.RESIDENT, age=50)
        for ref, area in AREAS.items():
            idea = SubmitItem(item=ref, title=ref, cost=Money.euro(100), area=area)
            budget.execute(idea, actor=author)
        go(clock, budget, "review")
        for ref in AREAS:
            budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
            budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
            budget.execute(ShortlistItem(item=ref), actor=OFFICER)
        return go(clock, budget, "vote")

    return open_


def take_in(budget, extract):
    reading = read_register(extract.encode(), budget.settings())
    assert reading.faults == ()
    budget.import_register(reading.extract, actor=OFFICER)


def go(clock, budget, stage):
    clock.set(start_of_day(STAGES[stage], BERLIN))
    budget.tick()
    return budget


def result(clock, budget):
    go(clock, budget, "fund")
    budget.execute(CountBallots(vote="vote", seed="1 2 3"), actor=OFFICER)
    return budget.result("vote")


def asserted(subject, strength=Strength.EID, issuer="bundid", **facts):
    return Assertion(
        issuer=issuer, subject=subject, strength=strength, facts=facts, proven=frozenset(facts)
    )


def refusal(budget, command, actor):
    with pytest.raises(Refused) as caught:
        budget.execute(command, actor=actor)
    return [one.code for one in caught.value.objections]


def faults(budget):
    return [fault for check in budget.audit() for fault in check.faults]


def everything_stored(folder):
    return b"".join(
        file.read_bytes() for file in sorted(folder.glob("town.db*")) if file.is_file()
    )


def test_t20_the_result_says_how_sure_it_was_who_voted(voting):
    """T20 a guest answered again from each browser -> name the strength of identity."""
    budget = voting()
    strengths = [*[Strength.NONE] * 2, *[Strength.EMAIL] * 6, *[Strength.EID] * 9]
    for number, strength in enumerate(strengths):
        budget.execute(VOTE, actor=budget.recognise(asserted(f"s-{number}", strength)))
    report = budget.strengths("vote")
    assert report.people == 17
    assert report.cells == {Strength.NONE: None, Strength.EMAIL: None, Strength.EID: 9}


def test_t20_a_guest_can_be_kept_out_of_a_vote(voting):
    """T20 guest poll not blocked after answering -> a vote asks for a least strength."""
    budget = voting(least_strength={"CastBallot": "sms"})
    for strength in (Strength.NONE, Strength.DECLARED, Strength.EMAIL):
        guest = budget.recognise(asserted("s", strength))
        assert refusal(budget, VOTE, guest) == ["identity_too_weak"]
    budget.execute(VOTE, actor=budget.recognise(asserted("s", Strength.SMS)))


def test_t23_votes_follow_the_person_and_not_the_account(voting, clock):
    """T23 re-verified person after deletion -> votes follow the person, never double."""
    budget = voting()
    first = budget.recognise(asserted("sub-4711", account="account-1"))
    budget.execute(VOTE, actor=first)
    second = budget.recognise(asserted("sub-4711", account="account-2"))
    assert refusal(budget, VOTE, second) == ["already_voted"]
    budget.execute(ReplaceBallot(choices={"b": 1}), actor=second)
    assert budget.turnout("vote") == {"online": 1}
    assert result(clock, budget).fates["b"].score == 1


def test_t23_two_issuers_of_one_registered_person_are_one_voter(voting):
    """T23 as above, where the register knows the person by two ways."""
    name = {"family_name": "Kanarienvogel-Eins", "given_names": "Anna", "birth": "1980-05-17"}
    budget = voting(EXTRACT, **REGISTER, register_key="name_birth")
    budget.execute(VOTE, actor=budget.recognise(asserted("sub-4711", **name)))
    at_the_desk = asserted("desk-9", Strength.IN_PERSON, "desk", **name)
    assert refusal(budget, VOTE, budget.recognise(at_the_desk)) == ["already_voted"]


def test_t23_supports_follow_the_person_as_well(platform):
    """T23 the same holds for supports."""
    settings = {"pot": "1000 EUR", "misfit": "skip", "max_supports": 1}
    town = platform.municipality("12060052")
    budget = town.open("supports", "buergerhaushalt", actor=OFFICER, settings=settings)
    for ref in "ab":
        budget.execute(SubmitItem(item=ref, title=ref), actor=Actor.of("author", Role.RESIDENT))
    for account in ("account-1", "account-2"):
        person = budget.recognise(asserted("sub-4711", account=account))
        if account == "account-1":
            budget.execute(SupportItem(item="a"), actor=person)
    assert refusal(budget, SupportItem(item="a"), person) == ["already_supported"]
    assert refusal(budget, SupportItem(item="b"), person) == ["too_many_supports"]


def test_t27_ones_own_area_and_one_other(voting):
    """T27 vote in own district plus ONE other -> eligibility as a rule over territories."""
    budget = voting(rules={"territory": "core/own_area_and_others"})
    person = budget.recognise(asserted("s", area="Nord"))
    too_many = CastBallot(choices={"a": 1, "b": 1, "c": 1})
    assert refusal(budget, too_many, person) == ["too_many_areas_beside_own"]
    budget.execute(CastBallot(choices={"a": 1, "c": 1}), actor=person)
    assert refusal(budget, ReplaceBallot(choices={"b": 1, "c": 1}), person) == [
        "too_many_areas_beside_own"
    ]


def test_t28_somebody_in_the_register_votes_once_without_an_account(voting):
    """T28 vote once against the register without an account -> voter is not user."""
    budget = voting(EXTRACT, **REGISTER)
    letter = asserted("letter", Strength.POST, "letter", reference="R-1")
    budget.execute(VOTE, actor=budget.recognise(letter))
    desk = asserted("desk", Strength.IN_PERSON, "desk", reference="R-1")
    assert refusal(budget, VOTE, budget.recognise(desk)) == ["already_voted"]
    stranger = asserted("letter", Strength.POST, "letter", reference="R-9")
    assert refusal(budget, VOTE, budget.recognise(stranger)) == ["not_on_electoral_roll"]


def test_t40_erasing_everybody_changes_no_result(voting, clock):
    """T40 result changed after a user was deleted -> freeze at close."""
    budget = voting(EXTRACT, **REGISTER)
    for reference in ("R-1", "R-2"):
        person = budget.recognise(asserted(reference, reference=reference))
        budget.execute(VOTE, actor=person)
    budget.execute(ForgetPerson(person=person.ref), actor=OFFICER)
    before = result(clock, budget)
    budget.execute(EraseRegister(reason="Verfahren beendet"), actor=OFFICER)
    assert budget.result("vote") == before
    assert before.fates["a"].score == 2
    assert budget.turnout("vote") == {"online": 2}
    assert faults(budget) == []
    assert budget.rebuild()
    assert faults(budget) == []


def test_t50_a_register_needs_no_address_for_e_mail(voting):
    """T50 census must not need e-mail."""
    budget = voting(**REGISTER)
    with pytest.raises(InputError, match="'e_mail'"):
        take_in(budget, "kennung;geburtsdatum;E-Mail\nR-1;17.05.1980;anna@example.org\n")
    take_in(budget, "kennung;geburtsdatum\nR-1;17.05.1980\n")


@pytest.mark.sqlite
def test_t61_the_person_is_gone_and_the_vote_stays(voting, clock, tmp_path):
    """T61 delete the person, keep the vote? -> pseudonymise, ballot box separate."""
    budget = voting(EXTRACT, **REGISTER)
    assert b"Kanarien" in everything_stored(tmp_path)
    for number in (1, 2, 3):
        person = budget.recognise(asserted("sub-4711", reference=f"R-{number}"))
        budget.execute(VOTE, actor=person, key=f"request-{number}")
    clock.set(start_of_day(date(2028, 1, 1), BERLIN))
    budget.tick()
    budget.execute(CountBallots(vote="vote", seed="1 2 3"), actor=OFFICER)
    budget.execute(EraseRegister(), actor=OFFICER)
    stored = everything_stored(tmp_path)
    assert [canary for canary in CANARIES if canary in stored] == []
    assert budget.result("vote").fates["a"].score == 3
    assert faults(budget) == []


@pytest.mark.sqlite
def test_t61_without_scrubbing_the_bytes_would_still_be_there(voting, tmp_path, monkeypatch):
    """Revert test: rows that are only deleted leave their bytes in the write-ahead log."""
    budget = voting(EXTRACT, **REGISTER)
    monkeypatch.setattr("partizipation_core.store.Database.scrub", lambda *_: None)
    budget.execute(EraseRegister(reason="x"), actor=OFFICER)
    assert b"Kanarien" in everything_stored(tmp_path)
