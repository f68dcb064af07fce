"""What plugins offered, by name; two that offer the same are an error that names both."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from attrs import frozen

from partizipation_core.errors import DefinitionError, NotFound
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.record import Record
from partizipation_core.plugins.loader import Origin

__all__ = ["Offer", "Registry", "near"]

T = TypeVar("T")


@frozen
class Offer(Generic[T]):
    """A thing and the plugin it came from."""

    thing: T
    origin: Origin


class Registry:
    """All formats, rules and deciders that the loaded plugins offer.

    Attributes:
        problems: conflicts, each naming both sides; empty if all is well.
        withheld: deciders of commands that no format gives to anybody, by the command's name.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._offered: list[Offer[ProcedureFormat]] = []
        self._formats: dict[str, Offer[ProcedureFormat]] = {}
        self._rules: dict[str, dict[int, Offer[Rule]]] = {}
        self._deciders: dict[str, Offer[Decider]] = {}
        self._kinds: dict[str, Offer[type[Record]]] = {}
        self._contested: set[str] = set()
        self.withheld: dict[str, Offer[Decider]] = {}

    def add_formats(self, formats: Iterable[ProcedureFormat], origin: Origin) -> None:
        """Take in formats together with the rules they are made of."""
        for form in formats:
            self._offered.append(Offer(form, origin))
            used = (*form.rules.values(), *form.guards.values(), *form.conditions.values())
            inline = (rule for rules in used for rule in rules if isinstance(rule, Rule))
            self.add_rules(inline, origin)

    def add_rules(self, rules: Iterable[Rule], origin: Origin) -> None:
        """Take in rules; the very same function may come more than once."""
        for rule in rules:
            versions = self._rules.setdefault(rule.name, {})
            known = versions.setdefault(rule.version, Offer(rule, origin))
            if known.thing.function is not rule.function:
                self._clash(f"rule {rule.ref}", known.origin, origin)

    def add_deciders(self, deciders: Iterable[Decider], origin: Origin) -> None:
        """Take in deciders; one for each command."""
        for decider in deciders:
            known = self._deciders.setdefault(decider.name, Offer(decider, origin))
            if known.thing is not decider:
                self._contested.add(decider.name)
                self._clash(f"command {decider.name}", known.origin, origin)
            self._add_kinds((reading.kind for reading in decider.records), origin)

    def _add_kinds(self, kinds: Iterable[type[Record]], origin: Origin) -> None:
        for kind in kinds:
            known = self._kinds.setdefault(kind.kind, Offer(kind, origin))
            if known.thing is not kind:
                self._clash(f"record kind {kind.kind!r}", known.origin, origin)

    def settle(self) -> None:
        """Let formats take the places of those they replace."""
        plain = [offer for offer in self._offered if not offer.thing.replaces]
        for offer in plain:
            known = self._formats.setdefault(offer.thing.key, offer)
            if known is not offer:
                self._clash(f"format {offer.thing.key!r}", known.origin, offer.origin)
        replacers: dict[str, Offer[ProcedureFormat]] = {}
        for offer in (offer for offer in self._offered if offer.thing.replaces):
            self._replace(offer, replacers)

    def withhold(self, vocabulary: Origin) -> None:
        """Take back commands that no format names: a permission nobody has thought of.

        Args:
            vocabulary: whose commands stay in any case, since formats are made of them.
        """
        named = {name for offer in self._formats.values() for name in offer.thing.commands}
        self.withheld = {
            name: offer
            for name, offer in self._deciders.items()
            if not (offer.thing.internal or offer.origin == vocabulary)
            and name not in named | self._contested
        }
        for name in self.withheld:
            del self._deciders[name]

    def _replace(
        self, offer: Offer[ProcedureFormat], replacers: dict[str, Offer[ProcedureFormat]]
    ) -> None:
        form = offer.thing
        first = replacers.setdefault(form.replaces, offer)
        if first is not offer:
            self._clash(f"the replacement of {form.replaces!r}", first.origin, offer.origin)
        elif form.replaces not in self._formats:
            self.problems.append(
                f"{offer.origin} replaces format {form.replaces!r}, which nobody offers"
            )
        elif form.key != form.replaces and form.key in self._formats:
            self._clash(f"format {form.key!r}", self._formats[form.key].origin, offer.origin)
        else:
            self._formats[form.replaces] = self._formats[form.key] = offer

    def _clash(self, what: str, first: Origin, second: Origin) -> None:
        self.problems.append(
            f"{what} is offered by {first} and by {second}; "
            "uninstall one, or let one declare that it replaces the other"
        )

    @property
    def formats(self) -> Mapping[str, Offer[ProcedureFormat]]:
        """All formats by key, replaced keys included."""
        return self._formats

    @property
    def rules(self) -> Mapping[str, Mapping[int, Offer[Rule]]]:
        """All rules by name and version."""
        return self._rules

    @property
    def deciders(self) -> Mapping[str, Offer[Decider]]:
        """All deciders by the name of their command."""
        return self._deciders

    def format(self, key: str) -> Offer[ProcedureFormat]:
        """Return a format.

        Raises:
            NotFound: nobody offers it.
        """
        if key not in self._formats:
            msg = f"no format is called {key!r}{near(key, self._formats)}"
            raise NotFound(msg)
        return self._formats[key]

    def rule(self, ref: str) -> Offer[Rule]:
        """Return a rule by ``name`` (its latest version) or ``name@version``.

        Raises:
            DefinitionError: nobody offers it.
        """
        name, _, number = ref.partition("@")
        versions = self._rules.get(name, {})
        chosen = versions.get(int(number)) if number.isdecimal() else None
        if not number and versions:
            chosen = versions[max(versions)]
        if chosen is None:
            raise DefinitionError(f"no rule is called {ref!r}{near(name, self._rules)}")
        return chosen


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the name that was probably meant, or list what there is."""
    close = difflib.get_close_matches(name, list(known), n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; installed are {', '.join(sorted(known)) or 'none'}"
