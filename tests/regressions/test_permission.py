"""Real complaints about rights, reasons and copies on real platforms (platform-lessons §3)."""

from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from itertools import product

import pytest
from attrs import evolve

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.clock import start_of_day, to_wall
from partizipation_core.commands import AmendProcedure, CastBallot, SubmitItem, WithdrawItem
from partizipation_core.errors import DefinitionError, Refused
from partizipation_core.exchange.definition import (
    as_toml,
    definition_data,
    format_data,
    read_definition,
    read_format,
    read_plain,
)
from partizipation_core.formats.permissions import permission_table, ways
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Edge, Mover, Stage
from partizipation_core.plugins.host import PluginHost
from partizipation_core.texts import objection_text

OFFICER = Actor.of("officer-1", Role.OFFICER)
ANNA = Actor.of("anna", Role.RESIDENT)
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}
SCHEDULE = {"review": date(2027, 4, 1), "vote": date(2027, 5, 15)}
BERLIN = VoteSettings(misfit="skip").timezone


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture(scope="module")
def registry(host):
    return host.registry


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))


@pytest.fixture
def town(host, clock):
    with Platform(host=host, clock=clock) as platform:
        yield platform.municipality("12060052")


@pytest.fixture
def budget(town):
    return town.open(
        "b-2027", "buergerhaushalt", actor=OFFICER, settings=SETTINGS, schedule=SCHEDULE
    )


@pytest.mark.parametrize("key", ["buergerhaushalt", "kiezkasse"])
def test_t04_every_transition_has_an_explicit_trigger(registry, key):
    """Steps switched by hand, optional dates ambiguous -> the table names what moves each edge."""
    form = registry.format(key).thing
    table = ways(form)
    assert {way.stage for way in table} | {form.stages[-1].key} == {s.key for s in form.stages}
    for way in table:
        assert way.by
        assert set(way.by.split()) <= set(Mover)
        assert ("condition" in way.by) == bool(way.conditions)


def test_t04_a_date_alone_moves_nothing_that_only_a_person_may_move(registry, town, clock):
    """The trigger is declared, not guessed from whether there is a date."""
    base = registry.format("buergerhaushalt").thing
    ideas = evolve(base.stages[0], edges={"advance": Edge("review", [Mover.COMMAND])})
    definition = evolve(_pinned(town), stages=(ideas, *base.stages[1:]))
    by_hand = town.open_definition("by-hand", definition, actor=OFFICER, schedule=SCHEDULE)
    clock.set(start_of_day(date(2027, 6, 1), BERLIN))
    by_hand.tick()
    assert by_hand.state().stage == "ideas"


def _pinned(town):
    return town.open("model", "buergerhaushalt", actor=OFFICER, settings=SETTINGS).definition()


def test_t07_time_is_told_in_the_zone_of_the_procedure(town, budget):
    """ "Time left" differed by the viewer's zone -> computed in the procedure's zone."""
    azores = town.open(
        "azores",
        "buergerhaushalt",
        actor=OFFICER,
        settings={**SETTINGS, "zone": "Atlantic/Azores"},
        schedule=SCHEDULE,
    )
    for handle in (budget, azores):
        (reason,) = handle.why(CastBallot(choices={"i": 1}), actor=ANNA)
        assert reason.allowed_from is not None
        wall = to_wall(reason.allowed_from, handle.settings().timezone)
        assert wall.replace(tzinfo=None) == datetime(2027, 5, 15)  # noqa: DTZ001
        told = objection_text(reason, zone=handle.settings().zone)
        assert told.endswith("15. Mai 2027, 00:00 Uhr.")


def test_t12_permission_never_comes_from_a_name(registry):
    """ "In participation" was derived from a phase's NAME -> derive from permissions only."""
    form = registry.format("buergerhaushalt").thing
    facts = {name: offer.thing for name, offer in registry.deciders.items()}
    names = {stage.key: f"x{n}" for n, stage in enumerate(form.stages)}
    renamed = evolve(
        form,
        key="renamed",
        title="Beteiligung abgeschlossen",
        stages=[evolve(s, key=names[s.key], title="Abstimmung") for s in form.stages],
    )
    before, after = permission_table(form, facts), permission_table(renamed, facts)
    assert [evolve(line, stage=names.get(line.stage, "")) for line in before] == list(after)


def test_t57_a_copy_has_the_whole_definition(town, budget, registry):
    """A copied process lost its states -> copy = export + import of the definition."""
    text = as_toml(definition_data(budget.definition(), registry))
    copied = read_definition(read_plain(text), registry)
    assert copied == budget.definition()
    copy = town.open_definition("b-2028", copied, actor=OFFICER)
    assert copy.definition() == budget.definition()


def test_t37_a_copy_takes_nothing_but_the_definition_along(town, budget, registry, clock):
    """A copied project kept old counters -> counts are derived; nothing else comes along."""
    budget.execute(SubmitItem(item="i-1", title="Bank", cost=Money.euro(9)), actor=ANNA)
    clock.set(start_of_day(date(2027, 4, 1), BERLIN))
    budget.tick()
    data = definition_data(budget.definition(), registry)
    copy = town.open_definition("b-2028", read_definition(data, registry), actor=OFFICER)
    assert copy.items() == ()
    state = copy.state()
    assert (state.stage, state.visits, state.schedule) == ("ideas", {"ideas": 1}, {})
    assert len(copy.journal()) == 1
    assert budget.state().stage == "review"
    assert len(budget.items()) == 1


def test_t62_the_first_state_of_a_lifecycle_can_be_changed(registry):
    """The first state could not be changed -> definitions are data, written and read again."""
    data = format_data(registry.format("kiezkasse").thing, registry)
    data["lifecycle"]["moves"] = {"sketch": {"sign": "draft"}, **data["lifecycle"]["moves"]}
    data["lifecycle"]["initial"] = "sketch"
    assert read_format(data, registry).lifecycle.initial == "sketch"


def test_t62_running_items_migrate_explicitly_or_not_at_all(budget):
    """What an item stands in cannot be taken away under it; the procedure keeps what it pinned."""
    budget.execute(SubmitItem(item="i-1", title="Bank"), actor=ANNA)
    before = budget.definition()
    renamed = {
        "told" if state == "published" else state: {
            trigger: "told" if dest == "published" else dest for trigger, dest in out.items()
        }
        for state, out in before.lifecycle.moves.items()
    }
    lifecycle = evolve(before.lifecycle, key="renamed", moves=renamed)
    amendment = AmendProcedure(
        definition=evolve(before, lifecycle=lifecycle), reason="Anderes Wort"
    )
    with pytest.raises(Refused, match="amendment_drops_state"):
        budget.execute(amendment, actor=OFFICER)
    assert budget.definition() == before


def test_t62_an_amendment_is_kept_as_the_definition_from_then_on(budget, host):
    """Seen in the store: the second definition met the unique key of the first."""
    wanted = evolve(budget.definition(), title="Bürgerbudget")
    budget.execute(AmendProcedure(definition=wanted, reason="Neuer Name"), actor=OFFICER)
    assert budget.definition().title == "Bürgerbudget"
    assert [check.faults for check in budget.audit() if check.faults] == []


# T63: what a buyer asks for in a call for tenders (HHS/simpler-grants-protocol#172).
ASKED = {
    "set up by program": ("partizipation_core.platform", "Municipality", "open"),
    "set up from a file": ("partizipation_core.platform", "Municipality", "open_configured"),
    "proposals": ("partizipation_core.commands", "SubmitItem"),
    "comments": ("partizipation_core.commands", "AddComment"),
    "budget voting": ("partizipation_core.commands", "CastBallot"),
    "public results": ("partizipation_core.platform", "ProcedureHandle", "result"),
    "an independent check": ("partizipation_core.platform", "ProcedureHandle", "audit"),
    "open data": ("partizipation_core.platform", "ProcedureHandle", "journal_lines"),
}


@pytest.mark.parametrize("path", ASKED.values(), ids=ASKED)
def test_t63_the_api_reaches_what_a_buyer_asks_for(path):
    """Open source, set up by program, proposals, comments, voting, public results."""
    module, *names = path
    found = __import__(module, fromlist=["_"])
    for name in names:
        found = getattr(found, name)
    assert found.__doc__


def test_t63_it_is_open_source(root):
    """Anybody may use, read, change and pass it on."""
    assert 'license = "EUPL-1.2"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert (root / "LICENSES" / "EUPL-1.2.txt").is_file()
    assert find_spec("partizipation_core").origin.endswith("__init__.py")


@pytest.mark.parametrize(
    ("role", "accepted"), list(product([Role.RESIDENT, "guest"], [True, False]))
)
def test_t63_whether_guests_may_take_part_is_a_right_of_the_format(town, registry, role, accepted):
    """Anonymous and authenticated participation: a role like any other, given or not given."""
    base = _pinned(town)
    roles = [Role.RESIDENT, "guest"] if accepted else [Role.RESIDENT]
    ideas = Stage("ideas", kind="idea", allows={SubmitItem: roles, WithdrawItem: roles})
    definition = evolve(base, stages=(ideas, *base.stages[1:]))
    handle = town.open_definition("guests", definition, actor=OFFICER)
    found = handle.why(SubmitItem(item="i", title="Bank"), actor=Actor.of("g", role))
    assert (not found) == (accepted or role == Role.RESIDENT)


def test_r03_a_zone_is_never_taken_from_somebodys_time_stamp(town):
    """Never take a procedure's zone from a voter's time stamp."""
    tokyo = datetime(2027, 4, 1, 9, tzinfo=UTC) + timedelta(hours=9)
    with pytest.raises(DefinitionError, match=r"schedule\.review: .* carries its own zone"):
        town.open(
            "b",
            "buergerhaushalt",
            actor=OFFICER,
            settings=SETTINGS,
            schedule={"review": tokyo},
        )
    handle = town.open("c", "buergerhaushalt", actor=OFFICER, settings=SETTINGS, schedule=SCHEDULE)
    handle.execute(SubmitItem(item="i", title="x"), actor=Actor.of("p", "resident", zone="UTC"))
    assert handle.settings().zone == "Europe/Berlin"
