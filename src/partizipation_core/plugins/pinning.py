"""Pinning: a format, a town's settings and its choice of rules become one definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from partizipation_core.errors import DefinitionError, PartizipationError, PluginError
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import Named, ProcedureFormat
from partizipation_core.formats.rules import SLOTS, Rule
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import RuleBook
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.registry import Offer, Registry
from partizipation_core.serialization import Serializer

__all__ = ["Pinned", "pin", "unpin"]

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

    def __call__(self, *arguments: object) -> Any:
        """Ask the rule; a generator runs to its end here, where its failure can be named."""
        try:
            answer = self.rule(*arguments)
            return list(answer) if hasattr(answer, "__next__") else answer
        except PartizipationError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
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
    offer = registry.format(key)
    problems: list[str] = []
    chosen = _chosen(registry, offer.thing, rules, problems)
    guards = {t: _refs(registry, g, problems) for t, g in offer.thing.guards.items()}
    try:
        written = Serializer(written_by_people=True)
        structured = written.load(settings, offer.thing.settings, place="settings")
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
        rules=chosen,
        guards=guards,
        settings=Serializer().dump(structured),
    )


def _chosen(
    registry: Registry, form: ProcedureFormat, rules: Mapping[str, Choice], problems: list[str]
) -> dict[str, tuple[str, ...]]:
    answers: dict[str, Iterable[Named]] = dict(form.rules)
    for slot, choice in rules.items():
        names = (choice,) if isinstance(choice, str) else tuple(choice)
        if slot not in SLOTS or slot == "guard":
            problems.append(f"rules.{slot}: unknown slot; slots are {', '.join(sorted(SLOTS))}")
        elif len(names) != 1 and not SLOTS[slot].many:
            problems.append(f"rules.{slot}: takes one rule, not {len(names)}")
        else:
            answers[slot] = names
    return {slot: _refs(registry, names, problems, slot) for slot, names in answers.items()}


def _refs(
    registry: Registry, rules: Iterable[Named], problems: list[str], slot: str = "guard"
) -> tuple[str, ...]:
    refs = []
    for one in rules:
        try:
            rule = one if isinstance(one, Rule) else registry.rule(one).thing
        except DefinitionError as error:
            problems += (f"rules.{slot}: {problem}" for problem in error.problems)
            continue
        if rule.slot != slot:
            problems.append(f"rules.{slot}: {rule.ref} answers slot {rule.slot!r}")
        refs.append(rule.ref)
    return tuple(refs)


def unpin(registry: Registry, definition: Definition) -> Pinned:
    """Find what stands behind a definition's names; what is missing makes it read-only."""
    missing: list[str] = []
    slots = {
        slot: _answering(registry, refs, missing) for slot, refs in definition.rules.items()
    }
    guards = {
        trigger: _answering(registry, refs, missing)
        for trigger, refs in definition.guards.items()
    }
    settings = ProcedureSettings()
    form = registry.formats.get(definition.format)
    if form is None:
        missing.append(f"format {definition.format} of {definition.distribution}")
    else:
        place = f"pinned settings of {definition.format}"
        settings = Serializer().load(definition.settings, form.thing.settings, place=place)
    book = RuleBook(slots=slots, guards=guards, missing=tuple(missing))
    return Pinned(definition, settings, book)


def _answering(
    registry: Registry, refs: Iterable[str], missing: list[str]
) -> tuple[Answering, ...]:
    found: list[Offer[Rule]] = []
    for ref in refs:
        try:
            found.append(registry.rule(ref))
        except DefinitionError:
            missing.append(f"rule {ref}")
    return tuple(Answering(offer.thing, offer.origin) for offer in found)
