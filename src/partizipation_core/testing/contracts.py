"""Contracts: what every format, rule, command, event and file reader must keep to.

Derive a class in your tests, name what is to be checked, and pytest runs the rest::

    class TestJugendbudget(FormatContract):
        key = "jugendbudget"
        settings = {"pot": "20000 EUR", "misfit": "skip"}

What fails says where, what is wrong and what to change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest

from partizipation_core.exchange.definition import as_toml, format_data, read_format, read_plain
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.permissions import permission_table, record
from partizipation_core.formats.rules import Rule
from partizipation_core.inspection import inspect_format
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.places import unsaid
from partizipation_core.kernel.record import Record
from partizipation_core.plugins.answers import checked_answer
from partizipation_core.plugins.host import PluginHost
from partizipation_core.serialization import STORED
from partizipation_core.testing.checks import (
    overspent,
    picture,
    same,
    smells,
    unnamed,
    unreached,
    unspoken,
    without_effects,
)
from partizipation_core.testing.databases import empty_place
from partizipation_core.testing.simulation import simulate
from partizipation_core.texts.wording import Wording

__all__ = [
    "DeciderContract",
    "FormatContract",
    "RuleContract",
    "WithHost",
]


def _told(problems: Iterable[str]) -> str:
    return "\n  ".join(["", *problems])


@cache
def _installed() -> PluginHost:
    return PluginHost.discover()


class WithHost:
    """Everything contracts look at comes from a host; override the fixture to bring your own."""

    @pytest.fixture
    def host(self) -> PluginHost:
        """Return the plugins: by default all that are installed."""
        return _installed()


class FormatContract(WithHost):
    """What a format promises to those who open it.

    Attributes:
        key: key of the format.
        settings: what a town must set, as in TOML.
        accepts: codes of lint findings that are meant to be so.
        reviewed: CSV file of the permission table that people have read; None for none yet.
        seeds: plays of the made-up town.
        steps: commands asked for in each play.
        on_postgresql: whether it is played on PostgreSQL, too, where there is a server.
    """

    key: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}
    accepts: ClassVar[frozenset[str]] = frozenset()
    reviewed: ClassVar[Path | None] = None
    seeds: ClassVar[Sequence[int]] = (1, 2, 3)
    steps: ClassVar[int] = 150
    on_postgresql: ClassVar[bool] = True

    @pytest.fixture
    def form(self, host: PluginHost) -> ProcedureFormat:
        """Return the format."""
        return host.registry.format(self.key).thing

    def test_its_plugins_are_sound(self, host: PluginHost) -> None:
        """No two plugins offer the same, and none failed to load."""
        assert not host.problems, _told(host.problems)

    def test_nothing_about_it_is_questionable(
        self, form: ProcedureFormat, host: PluginHost
    ) -> None:
        """`formats lint` finds nothing that is not meant to be so."""
        say = Wording(lang="en", catalogues=host.texts("en")).sentence
        found = [
            f"{one.place}: {say(f'lint.{one.code}', one.params)} (accepts={{{one.code!r}}})"
            for one in inspect_format(form, host.registry)
            if one.code not in self.accepts and one.level != "note"
        ]
        assert not found, _told(found)

    def test_every_command_is_decided(self, form: ProcedureFormat, host: PluginHost) -> None:
        """Whatever it allows, somebody decides."""
        known = set(host.registry.deciders)
        lost = [f"{name}: no loaded plugin decides it" for name in sorted(form.commands - known)]
        assert not lost, _told(lost)

    def test_every_stage_can_be_reached(self, form: ProcedureFormat) -> None:
        """Some way leads from the first stage to every other."""
        lost = list(unreached(form))
        assert not lost, _told(lost)

    def test_everything_has_a_name(self, form: ProcedureFormat, host: PluginHost) -> None:
        """Stages, states, steps, commands and roles have names in German."""
        lost = list(unnamed(form, Wording(catalogues=host.texts("de"))))
        assert not lost, _told(lost)

    def test_everything_personal_is_in_the_catalogue(self, host: PluginHost) -> None:
        """Every field of an event or record that can hold words or people says what it holds."""
        offers = (*host.registry.deciders.values(), *host.registry.withheld.values())
        kinds: list[type[Event | Record]] = [*host.event_kinds()]
        kinds += [one.kind for offer in offers for one in offer.thing.records]
        lost = [
            f"{kind.__name__}.{name}: says nothing of personal data; add {name!r} to "
            f"{kind.__name__}.privacy with a kind of partizipation_core.kernel.privacy.kinds"
            for kind in sorted(set(kinds), key=lambda kind: kind.__name__)
            for name in unsaid(kind)
        ]
        assert not lost, _told(lost)

    def test_it_travels_as_a_file(self, form: ProcedureFormat, host: PluginHost) -> None:
        """Written as TOML and read again it is the same format."""
        text = as_toml(format_data(form, host.registry))
        again = read_format(read_plain(text), host.registry)
        assert format_data(again, host.registry) == format_data(form, host.registry)

    def test_its_rights_are_those_people_have_read(
        self, form: ProcedureFormat, host: PluginHost
    ) -> None:
        """The table of permissions is the reviewed one."""
        if self.reviewed is None:
            pytest.skip("no reviewed table is named: reviewed = Path('....csv')")
        import csv

        facts = {name: offer.thing for name, offer in host.registry.deciders.items()}
        now = [record(line) for line in permission_table(form, facts)]
        with self.reviewed.open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        gone = [f"gone: {row}" for row in read if row not in now]
        new = [f"new: {row}" for row in now if row not in read]
        assert not gone + new, _told([*gone, *new, f"read it, then write {self.reviewed} anew"])

    def test_a_made_up_town_breaks_nothing(self, host: PluginHost) -> None:
        """Sensible and silly commands are done or refused, always with words."""
        for seed in self.seeds:
            play = simulate(host, self.key, settings=self.settings, seed=seed, steps=self.steps)
            assert not play.faults, _told([f"seed {seed}", *play.faults])

    def test_the_same_play_ends_the_same(self, host: PluginHost) -> None:
        """Nothing in it depends on chance, clocks or the order of sets."""
        seed = self.seeds[0]
        first, second = (
            simulate(host, self.key, settings=self.settings, seed=seed, steps=self.steps)
            for _ in range(2)
        )
        assert first.story == second.story, (
            f"seed {seed}: two plays with the same commands give different journals; "
            "a rule or decider draws its answer from a clock, from chance or from a set"
        )

    def test_it_plays_the_same_on_postgresql(
        self, host: PluginHost, request: pytest.FixtureRequest
    ) -> None:
        """The same commands lead to the same journal on both databases."""
        if not self.on_postgresql:
            pytest.skip("on_postgresql = False: this format says that it runs on SQLite only")
        address = request.getfixturevalue("partizipation_postgresql")
        told: dict[str, Any] = {
            "settings": self.settings,
            "seed": self.seeds[0],
            "steps": min(self.steps, 50),
        }
        here = simulate(host, self.key, **told)
        with empty_place(address) as place:
            there = simulate(host, self.key, database=place, **told)
            there.close()
        assert not there.faults, _told(["on PostgreSQL", *there.faults])
        assert here.story == there.story, (
            "the same commands give one journal on SQLite and another on PostgreSQL; a rule or "
            "decider of this format depends on the order in which it is shown things: sort them"
        )


class RuleContract(WithHost):
    """What a rule promises to the procedures that pin it.

    Attributes:
        rule: the rule.
        cases: arguments → codes of the objections, or the answer itself where the slot asks for
            another kind of answer.
    """

    rule: ClassVar[Rule]
    cases: ClassVar[Sequence[tuple[tuple[Any, ...], Any]]]

    def test_it_says_what_it_does(self) -> None:
        """Its function has a docstring."""
        assert self.rule.purpose, f"rule {self.rule.name}: give its function a docstring"

    def test_it_answers_as_it_should(self) -> None:
        """Every case has the expected answer."""
        assert self.cases, f"rule {self.rule.name}: name at least one case"
        for given, wanted in self.cases:
            answer = self._ask(given)
            codes = [getattr(one, "code", one) for one in answer] if _many(answer) else answer
            assert codes == (list(wanted) if _many(wanted) else wanted), (
                f"rule {self.rule.name} asked {given}"
            )

    def test_it_asks_nothing_but_its_arguments(self) -> None:
        """No clock, no chance, no files; the same question has the same answer."""
        for given, _ in self.cases:
            with without_effects(f"rule {self.rule.name}"):
                first = self._ask(given)
            assert same(first, self._ask(given)), (
                f"rule {self.rule.name}: asked {given} twice, it answered {first} and otherwise"
            )
        read = list(smells(self.rule.function))
        assert not read, f"rule {self.rule.name}:" + _told(read)

    def test_it_changes_nothing(self) -> None:
        """What it is shown is the same afterwards."""
        for given, _ in self.cases:
            shown = picture(given)
            self._ask(given)
            assert picture(given) == shown, f"rule {self.rule.name} changes its arguments"

    def test_it_creates_no_money(self) -> None:
        """What a count funds and what it leaves are the budget."""
        for given, _ in self.cases:
            lost = list(overspent(self._ask(given)))
            assert not lost, f"rule {self.rule.name}:" + _told(lost)

    def test_its_reasons_can_be_said(self, host: PluginHost) -> None:
        """Every objection has a German sentence with all its parameters, and can be stored."""
        wording = Wording(catalogues=host.texts("de"))
        for given, _ in self.cases:
            lost = list(unspoken(self._ask(given), wording))
            assert not lost, f"rule {self.rule.name}:" + _told(lost)

    def _ask(self, given: tuple[Any, ...]) -> Any:
        return checked_answer(self.rule.slot, self.rule(*given))


def _many(answer: Any) -> bool:
    return isinstance(answer, list | tuple)


class DeciderContract(WithHost):
    """What a command's decider promises.

    Attributes:
        decider: the decider.
        cases: a command and what it sees → codes of the objections, empty where it is done.
    """

    decider: ClassVar[Decider]
    cases: ClassVar[Sequence[tuple[Command, Context, Sequence[str]]]]

    def test_its_command_can_be_stored(self) -> None:
        """A command survives being written and read, as idempotency keys need it."""
        for command, _, _ in self.cases:
            data = json.loads(json.dumps(STORED.dump(command)))
            assert STORED.load(data, type(command)) == command, (
                f"{self.decider.name}: written and read again it is another command: {data}"
            )

    def test_it_decides_as_it_should(self) -> None:
        """Every case is done, or refused with just these codes."""
        assert self.cases, f"{self.decider.name}: name at least one case"
        for command, context, codes in self.cases:
            found = [one.code for one in self.decider.objections(command, context)]
            assert found == list(codes), (
                f"{self.decider.name}: refused with {found}, not with {list(codes)}: {command}"
            )
            if not codes:
                assert list(self.decider.decide(command, context)), (
                    f"{self.decider.name}: allowed, but nothing came of {command}"
                )

    def test_it_asks_nothing_but_its_arguments(self) -> None:
        """No clock, no chance, no files; the same question has the same answer."""
        for command, context, codes in self.cases:
            with without_effects(self.decider.name):
                first = self._all(command, context, codes)
            assert same(first, self._all(command, context, codes)), (
                f"{self.decider.name}: asked twice, it decided differently"
            )
        functions = (self.decider.decide, self.decider.objections)
        read = [told for function in functions for told in smells(function)]
        assert not read, f"{self.decider.name}:" + _told(read)

    def test_it_records_only_what_it_declares(self) -> None:
        """Every event it returns stands in ``events`` of the decider."""
        for command, context, codes in self.cases:
            for fact in [] if codes else self.decider.decide(command, context):
                declared = not isinstance(fact, Event) or isinstance(fact, self.decider.events)
                assert declared, (
                    f"{self.decider.name}: returns {type(fact).__name__}; add it to events=(...)"
                )

    def test_its_reasons_can_be_said(self, host: PluginHost) -> None:
        """Every objection has a German sentence with all its parameters."""
        wording = Wording(catalogues=host.texts("de"))
        for command, context, _ in self.cases:
            lost = list(unspoken(self.decider.objections(command, context), wording))
            assert not lost, f"{self.decider.name}:" + _told(lost)

    def _all(self, command: Command, context: Context, codes: Sequence[str]) -> list[Any]:
        told: list[Any] = list(self.decider.objections(command, context))
        return told if codes else [*told, *self.decider.decide(command, context)]
