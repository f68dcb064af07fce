"""A procedure in memory: commands go in, events come out, and no database is near."""

from copy import copy
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from partizipation_core import Actor, ItemRef, Money, Role, hookimpl
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    OpenProcedure,
    PublishItem,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.formats.stages import Window
from partizipation_core.kernel import permission, procedure
from partizipation_core.kernel.channels.entries import (
    BatchEntry,
    CastEntry,
    PaperEntry,
    RegisterView,
)
from partizipation_core.kernel.context import BoxSummary, Context
from partizipation_core.kernel.discussion.counts import open_kinds
from partizipation_core.kernel.franchise import Franchise
from partizipation_core.kernel.ledger.pots import pots_opened
from partizipation_core.kernel.messages import BallotEntry, BallotWithdrawal, Event
from partizipation_core.kernel.override import Override, asked, overriding
from partizipation_core.kernel.payee import PayeeEntry, PayeeErasure
from partizipation_core.kernel.state import World
from partizipation_core.kernel.voices import Held, Sealed, VoiceCount, VoiceEntry, VoiceSummary
from partizipation_core.money.books import MAIN, Booking
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.plugins.pinning import pin, unpin
from partizipation_core.values import ProcedureRef

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
STEWARD = Actor.of("steward-1", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT, age=34)
BERND = Actor.of("bernd", Role.RESIDENT, age=51)
ACTORS = {
    "officer": OFFICER,
    "moderator": MODERATOR,
    "reviewer": REVIEWER,
    "council": COUNCIL,
    "steward": STEWARD,
    "anna": ANNA,
    "bernd": BERND,
}

DEFAULTS = {
    "buergerhaushalt": {"misfit": "skip", "pot": "1000 EUR"},
    "kiezkasse": {"pot": "1000 EUR", "region": "Musterkiez"},
}


def day(text):
    return start_of_day(date.fromisoformat(text), BERLIN)


class Play:
    """One procedure, played move by move. Actors may be named by the keys of `ACTORS`.

    Args:
        host: the plugins.
        key: the format.
        settings: what differs from `DEFAULTS`.
        rules: slot → names of rules.
        schedule: stage → day as text.
    """

    def __init__(self, host, key, *, settings=None, rules=None, schedule=None, opened=True):
        self.host, self.now = host, day("2027-01-04")
        wanted = {**DEFAULTS.get(key, DEFAULTS["buergerhaushalt"]), **(settings or {})}
        self.definition = pin(host.registry, key, settings=wanted, rules=rules or {})
        self.pinned = unpin(host.registry, self.definition)
        self.world = World()
        self.boxes = {}
        self.voices = {}
        self.franchise = Franchise()
        self.written = ()
        self.published = None
        self.register = RegisterView()
        self.attested = ""
        self.payees = {}
        self.events = []
        self.opening = OpenProcedure(
            ref=ProcedureRef("p-2027"),
            definition=self.definition,
            schedule={stage: Window(day(text)) for stage, text in (schedule or {}).items()},
        )
        if opened:
            self.do(self.opening, OFFICER)

    # --- looking

    @property
    def procedure(self):
        return self.world.opened

    @property
    def ledger(self):
        return self.world.ledger

    @property
    def stage(self):
        return self.procedure.stage

    def item(self, ref):
        return self.world.items[ItemRef(ref)]

    def state(self, ref):
        return self.item(ref).state

    def context(self, command, actor):
        actor = ACTORS.get(actor, actor) if isinstance(actor, str) else actor
        vote = self.procedure.vote if self.world.procedure else ""
        counted = self.boxes.get(getattr(command, "vote", vote), {})
        return Context(
            now=self.now,
            actor=actor,
            definition=self.definition,
            settings=self.pinned.settings,
            rules=self.pinned.rules,
            world=self.world,
            voted=actor.ref in self.boxes.get(vote, {}),
            box=BoxSummary(ballots=len(self.boxes.get(vote, {})), root="00"),
            ballots=tuple(counted.values()),
            held=self.held(actor.ref),
            reports=self.reports(asked(command)),
            voices=self.summary() if self.world.procedure else None,
            franchise=self.franchise,
            register=self.register,
            attested=self.attested,
            municipality="11000000-tk",
            nonce="5a" * 32,
            written=self.written,
            published=self.published,
        )

    def held(self, who):
        said = (one for one in self.voices.values() if one.person == who)
        names = ("kind", "item", "comment", "revision", "value", "area")
        return tuple(Held(**{name: getattr(one, name) for name in names}) for one in said)

    def reports(self, command):
        about = (getattr(command, "item", ""), getattr(command, "comment", ""))
        return sum(key[1:] == ("report", *about) for key in self.voices)

    def tallies(self):
        said = (one for one in self.voices.values() if one.kind != "report")
        return [
            VoiceCount(kind=v.kind, item=v.item, revision=v.revision, value=v.value, people=1)
            for v in said
        ]

    def summary(self):
        tallies = self.tallies()
        numbers = {
            kind: sum(one.kind == kind for one in tallies)
            for kind in open_kinds(self.procedure, self.definition)
        }
        return VoiceSummary(
            sealed={kind: Sealed(entries=n, root="00") for kind, n in numbers.items()},
            tallies=tuple(one for one in tallies if one.kind in numbers),
        )

    def decider(self, command):
        decider = self.host.registry.deciders[type(command).__name__].thing
        return (
            overriding(self.decider(command.command)) if isinstance(command, Override) else decider
        )

    def why(self, command, actor):
        """Return every reason against a command, the plugins' and the core's."""
        context = self.context(command, actor)
        if isinstance(command, OpenProcedure):
            return tuple(procedure.opening_objections(command, context))
        theirs = self.host.objections(command, context)
        return (*permission.objections(self.decider(command), command, context), *theirs)

    def codes(self, command, actor):
        """Return the codes of the reasons, in alphabetical order."""
        return sorted(objection.code for objection in self.why(command, actor))

    # --- acting

    def do(self, command, actor):
        """Give a command that must be accepted; returns what it led to."""
        assert self.why(command, actor) == ()
        facts = self.decider(command).decide(command, self.context(command, actor))
        for fact in facts:
            if isinstance(fact, BallotEntry):
                self.boxes.setdefault(fact.vote, {})[fact.voter] = fact.choices
            elif isinstance(fact, BallotWithdrawal):
                del self.boxes[fact.vote][fact.voter]
            elif isinstance(fact, VoiceEntry):
                key = (fact.person, fact.kind, fact.item, fact.comment)
                assert (key in self.voices) == (fact.act != "put")
                self.voices.pop(key, None)
                if fact.act != "remove":
                    self.voices[key] = fact
            elif isinstance(fact, CastEntry | PaperEntry | BatchEntry):
                continue  # what becomes of it in the register, tests of the platform tell
            elif isinstance(fact, PayeeEntry):
                self.payees[fact.ref] = fact.payee
            elif isinstance(fact, PayeeErasure):
                del self.payees[fact.ref]
            else:
                assert isinstance(fact, Event)
                self.world = self.world.with_changes(tuple(fact.apply(self.world, self.now)))
                self.events.append(fact)
        return facts

    def put(self, ref, **changes):
        """Lay an item into the world as it shall be, whatever led there."""
        ref = ItemRef(ref)
        if ref not in self.world.items:
            submit = SubmitItem(item=ref, title=f"Idea {ref}", cost=Money.euro(100))
            decider = self.decider(submit)
            for event in decider.decide(submit, self.context(submit, ANNA)):
                self.world = self.world.with_changes(tuple(event.apply(self.world, self.now)))
        self.world = self.world.with_changes([evolve(self.item(ref), **changes)])

    def become(self, **changes):
        """Change the procedure itself, whatever led there; a stage counts as visited."""
        if "stage" in changes:
            changes = {"visits": {changes["stage"]: 1}, **changes}
        self.world = self.world.with_changes([evolve(self.procedure, **changes)])

    def commit(self, ref, euros, pot=MAIN):
        """Commit money to an item, whatever led there."""
        booked = Booking(
            pot=pot,
            act="commit",
            source="available",
            target="committed",
            amount=Money.euro(euros),
            item=ItemRef(ref),
        )
        self.world = self.world.with_changes([booked])

    def advance(self, to=""):
        """Let the officer move on, once or until a stage is reached."""
        self.do(AdvanceStage(), OFFICER)
        while to and self.stage != to:
            self.do(AdvanceStage(), OFFICER)

    # --- getting somewhere the honest way

    def submit(self, ref, cost=100, actor=ANNA):
        cost = Money.euro(cost) if cost else None
        self.do(SubmitItem(item=ItemRef(ref), title=f"Idea {ref}", cost=cost), actor)
        if self.state(ref) == "submitted":
            self.do(PublishItem(item=ItemRef(ref)), MODERATOR)

    def shortlist(self, ref):
        ref = ItemRef(ref)
        self.do(TakeUpReview(item=ref), REVIEWER)
        self.do(ReviewItem(item=ref, outcome="feasible"), REVIEWER)
        self.do(ShortlistItem(item=ref), OFFICER)


@pytest.fixture(scope="session")
def host():
    """All plugins that are installed."""
    host = PluginHost.discover()
    host.require_sound()
    return host


@pytest.fixture(scope="session")
def host_with():
    """Make a host that also has a format, made in the test."""

    def make(*formats, **hooks):
        discovered = PluginHost.discover()
        contributed = {"register_formats": lambda: list(formats), **hooks}
        code = type("Contributed", (), {})()
        for name, function in contributed.items():
            setattr(code, name, hookimpl(function))
        plugins = [
            Plugin(origin, discovered._manager.get_plugin(origin.plugin))
            for origin in discovered.plugins
            if origin.plugin != "core"
        ]
        return PluginHost([*plugins, Plugin(Origin("test", "dist-test", "1.0"), code)])

    return make


@pytest.fixture
def play(host):
    """Open a procedure in memory: ``play("kiezkasse", settings={...})``."""

    def open_(key="buergerhaushalt", **differences):
        return Play(differences.pop("host", host), key, **differences)

    return open_


@pytest.fixture(scope="session")
def prepared(host):
    """Open a procedure that a whole file shares; copy it before playing on."""

    def open_(key="buergerhaushalt", **differences):
        return Play(host, key, **differences)

    return open_


@pytest.fixture(scope="session")
def counted_with(host):
    """Make a Bürgerhaushalt with a pot in cents and six items whose vote has been counted."""

    prepared = Play(host, "buergerhaushalt")
    for ref in "abcdef":
        prepared.put(ref, state="on_ballot")
    prepared.become(stage="fund", counted=("vote",))

    def make(pot):
        game = copy(prepared)
        settings = evolve(prepared.pinned.settings, pot=Money(pot))
        game.pinned = evolve(prepared.pinned, settings=settings)
        game.events, game.boxes = [], {}
        filled = pots_opened({"pot": pot})
        game.world = evolve(game.world, bookings=filled)
        return game

    return make


@pytest.fixture
def budget(play):
    """Return a Bürgerhaushalt in its first stage."""
    return play()


@pytest.fixture
def voting(budget):
    """Return a Bürgerhaushalt in its vote, with three items for 100, 200 and 300 on the ballot."""
    costs = {"a": 100, "b": 200, "c": 300}
    for ref, cost in costs.items():
        budget.submit(ref, cost)
    budget.advance("review")
    for ref in costs:
        budget.shortlist(ref)
    budget.advance("vote")
    return budget


@pytest.fixture
def assembly(play):
    """Return a Kiezkasse in its assembly, with two items for 100 and 200 on the ballot."""
    kiez = play("kiezkasse")
    for ref, cost in {"a": 100, "b": 200}.items():
        kiez.submit(ref, cost)
    kiez.advance("precheck")
    for ref in (ItemRef("a"), ItemRef("b")):
        kiez.do(TakeUpReview(item=ref), REVIEWER)
        kiez.do(ReviewItem(item=ref, outcome="feasible"), REVIEWER)
        kiez.do(ShortlistItem(item=ref), OFFICER)
    kiez.advance("assembly")
    return kiez
