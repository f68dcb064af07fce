"""Records and stories that are broken on purpose: the kit says what to change."""

import pytest
from attrs import evolve, field, frozen

from partizipation_core import Actor, Money, PluginHost, Role
from partizipation_core.commands import AdmitItem, AdvanceStage, SubmitItem
from partizipation_core.kernel.record import Record
from partizipation_core.testing import FormatContract, RecordContract, Story
from partizipation_core.testing import databases as places
from partizipation_core.testing.databases import Unavailable, server


@frozen(kw_only=True)
class Letter(Record):
    kind = "kit/letter"
    number: int
    lines: tuple[str, ...] = ()


@frozen(kw_only=True)
class Loose(Record):
    kind = "kit/loose"
    lines: list[str] = field(factory=list)


@frozen(kw_only=True)
class Odd(Record):
    kind = "kit/odd"
    share: float = 0.5


@frozen(kw_only=True)
class Forgetful(Record):
    kind = "kit/forgetful"
    lines: tuple[str, ...] = field(default=(), converter=lambda lines: (*lines, "!"))


class Bare(Record):
    kind = "kit/bare"
    number: int = 0


def of(*samples):
    return type("Contract", (RecordContract,), {"samples": samples})()


def test_a_sound_record_keeps_its_contract():
    contract = of(Letter(ref="l-1", number=3, lines=("a", "b")))
    contract.test_it_can_be_stored()
    contract.test_it_changes_by_being_replaced()
    contract.test_it_names_nobody()


BROKEN = {
    "no sample": ((), "test_it_can_be_stored", "name at least one sample"),
    "a float": ((Odd(ref="x"),), "test_it_can_be_stored", "Odd: cannot be stored"),
    "read otherwise": (
        (Forgetful(ref="x"),),
        "test_it_can_be_stored",
        "Forgetful: written and read again",
    ),
    "a list": (
        (Loose(ref="x", lines=["a"]),),
        "test_it_changes_by_being_replaced",
        r"Loose\.lines .* converter=as_tuple",
    ),
    "no attrs class": (
        (Bare(ref="x"),),
        "test_it_changes_by_being_replaced",
        "Bare.number is no field and is not stored: write @frozen",
    ),
    "an e-mail address": (
        (Letter(ref="x", number=1, lines=("an anna@example.org",)),),
        "test_it_names_nobody",
        r"Letter\.lines holds an e-mail address",
    ),
    "an account": (
        (Letter(ref="x", number=1, lines=("DE89 3704 0044 0532 0130 00",)),),
        "test_it_names_nobody",
        "a bank account",
    ),
}


@pytest.mark.parametrize(("samples", "check", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_record_is_caught(samples, check, told):
    with pytest.raises(AssertionError, match=told):
        getattr(of(*samples), check)()


# --- stories

OFFICER, STEWARD = Actor.of("spk-1", Role.OFFICER), Actor.of("kiezpatin", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)
IDEA = SubmitItem(item="bank", title="Bank am Ufer", cost=Money.euro(400))


@pytest.fixture
def story(town_on_both):
    settings = {"pot": "1000 EUR", "region": "Musterkiez"}
    return Story(town_on_both.open("kiez", "kiezkasse", actor=OFFICER, settings=settings))


def test_a_story_is_told_on_both_databases(story):
    story.given(ANNA, IDEA).given(OFFICER, AdvanceStage())
    story.when(ANNA, AdmitItem(item="bank")).then_refused("role_forbids")
    story.when(STEWARD, AdmitItem(item="bank")).then("ItemMoved").then_stands("bank", "feasible")


OTHERWISE = {
    "another event": (
        lambda story: story.when(ANNA, IDEA).then("ItemMoved"),
        "then ItemMoved; but SubmitItem by anna led to ItemSubmitted",
    ),
    "done after all": (
        lambda story: story.when(ANNA, IDEA).then_refused("role_forbids"),
        "then refused; but SubmitItem by anna led to",
    ),
    "another reason": (
        lambda story: story.when(ANNA, AdmitItem(item="x")).then_refused("over_the_pot"),
        "but AdmitItem by anna was refused: ",
    ),
    "given what is refused": (
        lambda story: story.given(ANNA, AdmitItem(item="x")),
        "given AdmitItem by anna was refused: ",
    ),
    "another state": (
        lambda story: story.when(ANNA, IDEA).then_stands("bank", "awarded"),
        "then bank is awarded; but it is published",
    ),
}


@pytest.mark.parametrize(("tell", "told"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_story_that_goes_otherwise_says_what_happened(story, tell, told):
    with pytest.raises(AssertionError, match=told):
        tell(story)


# --- capabilities


def test_a_format_for_one_database_says_so(request):
    contract = type("Small", (FormatContract,), {"key": "kiezkasse", "on_postgresql": False})()
    with pytest.raises(pytest.skip.Exception, match="on_postgresql = False"):
        contract.test_it_plays_the_same_on_postgresql(PluginHost([]), request)


def test_without_a_server_it_says_how_to_get_one(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.delenv(places.SERVER, raising=False)
    monkeypatch.setattr(places, "import_module", missing)
    with pytest.raises(Unavailable, match="PARTIZIPATION_TEST_POSTGRESQL, or pip install"):
        server().__enter__()


def test_a_journal_that_differs_between_databases_is_caught(monkeypatch, request):
    from partizipation_core.testing import contracts

    def moody(host, key, *, database="sqlite://", **more):
        play = simulated(host, key, database=database, **{**more, "steps": 6})
        return play if database == "sqlite://" else evolve(play, journal=play.journal[:-1])

    simulated = contracts.simulate
    monkeypatch.setattr(contracts, "simulate", moody)
    settings = {"pot": "1000 EUR", "region": "x"}
    contract = type("Kiez", (FormatContract,), {"key": "kiezkasse", "settings": settings})()
    with pytest.raises(AssertionError, match="one journal on SQLite and another on PostgreSQL"):
        contract.test_it_plays_the_same_on_postgresql(PluginHost.discover(), request)
