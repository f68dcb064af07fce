"""Pinning: a format, a town's settings and its choice of rules become one definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from attrs import evolve, fields, frozen

from partizipation_core.counting import NeedsBallots, UndecidedTie
from partizipation_core.errors import DefinitionError, PluginError
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import Named, ProcedureFormat
from partizipation_core.formats.lint import slot_problem
from partizipation_core.formats.rules import SLOTS, Rule, slot_of
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import RuleBook
from partizipation_core.kernel.override import overridable
from partizipation_core.plugins.answers import checked_answer
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.registry import Offer, Registry, near
from partizipation_core.plugins.watching import guarded, told
from partizipation_core.serialization import BY_HAND, STORED

__all__ = ["Pinned", "missing_parts", "pin", "pin_offer", "repin", "unpin"]

Choice = str | Iterable[str]


@frozen
class Pinned:
    """A definition together with what stands behind its names here and now."""

    definition: Definition
    settings: ProcedureSettings
    rules: RuleBook


@frozen
class Answering:
    """A rule that names its distribution when it fails."""

    rule: Rule
    origin: Origin

    @property
    def needs_seed(self) -> bool:
        """Whether it draws lots."""
        return self.rule.needs_seed

    @property
    def facts(self) -> Mapping[str, str]:
        """What it must know of people."""
        return self.rule.facts

    @property
    def facts_only(self) -> bool:
        """Whether its answer hangs on nothing else of a person than their facts."""
        return self.rule.facts_only

    @property
    def records(self) -> tuple[type, ...]:
        """Kinds of records that it reads."""
        return self.rule.records

    def __call__(self, *arguments: object) -> Any:
        """Ask the rule; what it raises or wrongly answers is told under its name."""
        try:
            given = map(guarded, arguments)
            return checked_answer(self.rule.slot, self.rule.function(*given))
        except (UndecidedTie, NeedsBallots):
            raise  # answers of their own: which items nobody can put in order, what is missing
        except KeyboardInterrupt as interrupt:
            interrupt.add_note(f"while rule {self.rule.ref} of {self.origin} was asked")
            raise
        except BaseException as error:
            reason = f"{type(error).__name__}: {told(error)}"
            hook = f"rule {self.rule.ref}"
            raise PluginError(
                self.origin.distribution, self.origin.version, hook, reason=reason
            ) from error


def pin(
    registry: Registry,
    key: str,
    *,
    settings: Mapping[str, object],
    rules: Mapping[str, Choice],
) -> Definition:
    """Resolve a format with a town's settings and rules.

    Args:
        registry: what is installed.
        key: the format.
        settings: as written by people, amounts as text.
        rules: slot → names of the rules that shall answer it instead of the format's.

    Raises:
        NotFound: no such format.
        DefinitionError: every fault in settings and rules, each with its path.
    """
    return pin_offer(registry, registry.format(key), settings=settings, rules=rules)


def pin_offer(
    registry: Registry,
    offer: Offer[ProcedureFormat],
    *,
    settings: Mapping[str, object],
    rules: Mapping[str, Choice] = MappingProxyType({}),
) -> Definition:
    """Resolve a format that need not be installed itself; otherwise as `pin`."""
    problems: list[str] = []
    chosen = _chosen(registry, offer.thing, rules, problems)
    conditions = {
        edge: _refs(registry, named, problems, "condition", f"conditions.{edge}")
        for edge, named in offer.thing.conditions.items()
    }
    guards = {
        trigger: _refs(registry, named, problems, "guard", f"guards.{trigger}")
        for trigger, named in offer.thing.guards.items()
    }
    problems += _commands(registry, offer.thing, chosen)
    try:
        structured = BY_HAND.load(settings, offer.thing.settings, place="settings")
        problems += _votes(offer.thing, structured)
        problems += _strengths(registry, offer.thing, structured)
    except DefinitionError as error:
        problems += error.problems
    if problems:
        raise DefinitionError(*problems)
    return Definition(
        format=offer.thing.key,
        title=offer.thing.title,
        distribution=offer.origin.distribution,
        version=offer.origin.version,
        stages=offer.thing.stages,
        lifecycle=offer.thing.lifecycle,
        anytime=offer.thing.anytime,
        overrides=offer.thing.overrides,
        rules=chosen,
        guards=guards,
        conditions=conditions,
        settings=STORED.dump(structured),
        origins=_origins(registry, (chosen, guards, conditions)),
    )


def repin(
    registry: Registry,
    definition: Definition,
    *,
    settings: Mapping[str, object] = MappingProxyType({}),
    rules: Mapping[str, Choice] = MappingProxyType({}),
) -> Definition:
    """Change settings and rules of a definition; all else stays in the versions it was pinned in.

    Args:
        registry: what is installed.
        definition: what a procedure pinned.
        settings: those that change, as written by people.
        rules: slots that are answered otherwise from now on → names of the rules.

    Raises:
        NotFound: its format is not installed any more.
        DefinitionError: every fault in settings and rules, each with its path.
    """
    offer = registry.format(definition.format)
    now = BY_HAND.dump(unpin(registry, definition).settings)
    fresh = pin_offer(registry, offer, settings={**now, **settings}, rules=rules)
    chosen = {**definition.rules, **{slot: fresh.rules[slot] for slot in rules}}
    origins = {**fresh.origins, **definition.origins}
    used = {ref for refs in chosen.values() for ref in refs} | set(definition.origins)
    return evolve(
        definition,
        settings=fresh.settings,
        rules=chosen,
        origins={ref: origins[ref] for ref in sorted(used) if ref in origins},
    )


def _origins(
    registry: Registry, groups: Iterable[Mapping[str, tuple[str, ...]]]
) -> dict[str, str]:
    """Tell where each pinned rule came from."""
    pinned = {ref for group in groups for refs in group.values() for ref in refs}
    origins = {ref: registry.rule(ref).origin for ref in sorted(pinned)}
    return {ref: f"{origin.distribution} {origin.version}" for ref, origin in origins.items()}


def _chosen(
    registry: Registry, form: ProcedureFormat, rules: Mapping[str, Choice], problems: list[str]
) -> dict[str, tuple[str, ...]]:
    answers: dict[str, Iterable[Named]] = dict(form.rules)
    for slot, choice in rules.items():
        names = _names(choice)
        if problem := slot_problem(slot, [stage.key for stage in form.stages]):
            problems.append(f"rules.{slot}: {problem}")
        elif names is None:
            problems.append(f"rules.{slot}: a name or a list of names, not {choice!r}")
        elif len(names) != 1 and not SLOTS[slot_of(slot)].many:
            problems.append(f"rules.{slot}: takes one rule, not {len(names)}")
        else:
            answers[slot] = names
    return {
        slot: _refs(registry, names, problems, slot_of(slot), f"rules.{slot}")
        for slot, names in answers.items()
    }


def _votes(form: ProcedureFormat, settings: ProcedureSettings) -> Iterator[str]:
    """Say which stages are given limits of their own for a vote that they do not hold."""
    held = [stage.key for stage in form.stages if stage.puts_on_ballot]
    for key in sorted(set(settings.votes) - set(held)):
        known = ", ".join(held) or "none"
        yield f"settings.votes.{key}: no vote is held in a stage of that name; there is {known}"


def _names(choice: object) -> tuple[str, ...] | None:
    if isinstance(choice, str):
        return (choice,)
    if not isinstance(choice, Iterable) or isinstance(choice, Mapping):
        return None
    names = tuple(choice)
    return names if all(isinstance(name, str) for name in names) else None


def _commands(
    registry: Registry, form: ProcedureFormat, chosen: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Say which commands nobody decides, and which need a slot that nothing fills."""
    places = {f"stages.{stage.key}.allows": stage.allows for stage in form.stages}
    more = {"anytime": form.anytime, "overrides": form.overrides}
    for place, allows in {**places, **more}.items():
        for name in allows:
            offer = registry.deciders.get(name)
            if offer is None:
                hint = near(name, registry.deciders)
                yield f"format {form.key}.{place}.{name}: no loaded plugin decides it{hint}"
                continue
            if place == "overrides" and not overridable(offer.thing):
                yield f"format {form.key}.overrides.{name}: can never be overridden"
            for slot in sorted(offer.thing.asks):
                if not chosen.get(slot):
                    yield f"rules.{slot}: no rule is named, but {place} needs one for {name}"


def _strengths(
    registry: Registry, form: ProcedureFormat, settings: ProcedureSettings
) -> Iterator[str]:
    """Say where a strength is asked for of what nobody can do; it would protect nothing."""
    stages = {"", *(stage.key for stage in form.stages)}
    for place in settings.least_strength:
        stage, _, command = place.rpartition(".")
        if command not in registry.deciders:
            hint = near(command, registry.deciders)
            yield f"settings.least_strength.{place}: no loaded plugin decides it{hint}"
        elif stage not in stages:
            yield f"settings.least_strength.{place}: there is no stage {stage!r}"


def _refs(
    registry: Registry, rules: Iterable[Named], problems: list[str], slot: str, place: str
) -> tuple[str, ...]:
    refs = []
    for one in rules:
        try:
            rule = one if isinstance(one, Rule) else registry.rule(one).thing
        except DefinitionError as error:
            problems += (f"{place}: {problem}" for problem in error.problems)
            continue
        if rule.slot != slot:
            problems.append(f"{place}: {rule.ref} answers slot {rule.slot!r}")
        refs.append(rule.ref)
    return tuple(refs)


def unpin(registry: Registry, definition: Definition) -> Pinned:
    """Find what stands behind a definition's names; what is missing makes it read-only.

    Where another version of the format is installed, or none, the settings are those that every
    format shares: how secret a vote is or how long a key is kept does not hang on a plugin.
    """
    return _unpinned(registry, definition, {})


def missing_parts(registry: Registry, definition: Definition) -> dict[str, str]:
    """Tell what a definition pinned and nobody offers → the distribution that offered it then."""
    missing: dict[str, str] = {}
    _unpinned(registry, definition, missing)
    return missing


def _unpinned(registry: Registry, definition: Definition, missing: dict[str, str]) -> Pinned:
    find = partial(_answering, registry, definition, missing)
    slots = {slot: find(refs) for slot, refs in definition.rules.items()}
    guards = {trigger: find(refs) for trigger, refs in definition.guards.items()}
    settings = _settings(registry, definition, missing)
    conditions = {edge: find(refs) for edge, refs in definition.conditions.items()}
    named = tuple(f"{what} of {origin}" for what, origin in missing.items())
    book = RuleBook(slots=slots, guards=guards, conditions=conditions, missing=named)
    return Pinned(definition, settings, book)


def _settings(
    registry: Registry, definition: Definition, missing: dict[str, str]
) -> ProcedureSettings:
    form = registry.formats.get(definition.format)
    own = f"{definition.distribution} {definition.version}"
    if form is None:
        missing[f"format {definition.format}"] = own
    else:
        try:
            return STORED.load(definition.settings, form.thing.settings)
        except DefinitionError:
            # The format has been replaced or has changed since; its own version knows them.
            missing["settings"] = own
    shared = {one.name for one in fields(ProcedureSettings)}
    try:
        held = {name: value for name, value in definition.settings.items() if name in shared}
        return STORED.load(held, ProcedureSettings)
    except DefinitionError:
        return ProcedureSettings()


def _answering(
    registry: Registry, definition: Definition, missing: dict[str, str], refs: Iterable[str]
) -> tuple[Answering, ...]:
    found: list[Offer[Rule]] = []
    for ref in refs:
        try:
            found.append(registry.rule(ref))
        except DefinitionError:
            own = f"{definition.distribution} {definition.version}"
            missing[f"rule {ref}"] = definition.origins.get(ref, own)
    return tuple(Answering(offer.thing, offer.origin) for offer in found)
