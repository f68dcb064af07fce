"""What is kept of people: each fact with its purpose, its basis, its end, and what is forgotten.

A fact of the register is kept only if a rule of the procedure needs it, or letters are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import frozen

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import RuleBook
from partizipation_core.kernel.electorate.age import Born

__all__ = ["FACTS", "TRACES", "Fact", "Trace", "about_people", "kept", "wanted"]

_RULES = "Prüfen, ob jemand teilnehmen darf"
_LETTERS = "Briefe an Teilnahmeberechtigte"
_BASIS = "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 des Landesdatenschutzgesetzes; {law}"
_GROUP = "§ 46 Abs. 2 BMG"
_WITHIN = "§ 37 Abs. 1 BMG"
_UNTIL = "bis register_until, danach gelöscht"


@frozen
class Fact:
    """One kind of fact about a person in the register.

    Args:
        name: how rules know it.
        purpose: what for.
        law: on what the office may pass it on.
        retention: for how long.
        forget: what is left of it when the person is forgotten.
    """

    name: str
    purpose: str
    law: str = _GROUP
    retention: str = _UNTIL
    forget: str = "gelöscht"

    @property
    def basis(self) -> str:
        """The legal basis in full."""
        return _BASIS.format(law=self.law)


@frozen
class Trace:
    """Something else that is kept of people, in another table than the register.

    Args:
        table: which.
        holds: what stands in it.
        purpose: what for.
        retention: for how long.
        forget: what is left of it when a person is forgotten, and why that tells nothing.
    """

    table: str
    holds: str
    purpose: str
    retention: str
    forget: str


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        fact.name: fact
        for fact in (
            Fact("birth", _RULES, f"{_GROUP} (Alter), {_WITHIN} (Geburtsdatum)"),
            Fact("area", _RULES, f"{_GROUP} (aus der Anschrift)"),
            Fact("residence", _RULES, f"{_GROUP} (zur Anschrift)"),
            Fact("nationalities", _RULES),
            Fact("sex", _RULES),
            Fact("family_name", _LETTERS),
            Fact("given_names", _LETTERS),
            Fact("doctorate", _LETTERS),
            Fact("address", _LETTERS),
            Fact("guardian", _LETTERS),
        )
    }
)
"""Everything that may be kept in the register."""

LETTERS = ("family_name", "given_names", "doctorate", "address", "guardian")

_KEY = "bis der Schlüssel der Abstimmung vernichtet ist"

TRACES: tuple[Trace, ...] = (
    Trace(
        "electorate",
        "geheim verschlüsselte Kennung je Abstimmung, bei Gebietsregeln das Gebiet",
        "Feststehen, wer abstimmen darf",
        _KEY,
        "bleibt; ohne den Schlüssel gehört die Kennung zu niemandem",
    ),
    Trace(
        "identification",
        "geheim verschlüsselte Kennung je Abstimmung, Stärke des Identitätsnachweises",
        "Angeben, wie sicher die Identität der Abstimmenden war",
        _KEY,
        "bleibt; ohne den Schlüssel gehört die Kennung zu niemandem",
    ),
    Trace(
        "roll",
        "geheim verschlüsselte Kennung je Abstimmung",
        "Jede Person stimmt einmal ab",
        _KEY,
        "bleibt; ohne den Schlüssel gehört die Kennung zu niemandem",
    ),
)
"""What is kept of people besides the register; none of it can be told to belong to anybody."""


def about_people(rules: RuleBook) -> Iterator[Any]:
    """Return every pinned rule about people, those of single stages included."""
    for key, answers in rules.slots.items():
        if key.rpartition(".")[2] in ("eligibility", "territory"):
            yield from answers


def wanted(rules: Iterable[Any], settings: ProcedureSettings) -> Mapping[str, frozenset[str]]:
    """Return the facts that rules need → the settings for whose sake, empty where always.

    Args:
        rules: the pinned rules about people.
        settings: what the town has set; a rule whose setting is empty needs nothing.
    """
    found: dict[str, set[str]] = {name: {""} for name in LETTERS if settings.letters}
    for rule in rules:
        for fact, setting in rule.facts.items():
            if fact in FACTS and (not setting or _is_set(getattr(settings, setting, None))):
                found.setdefault(fact, set()).add(setting)
    return {fact: frozenset(settings_) for fact, settings_ in found.items()}


def _is_set(value: object) -> bool:
    return value is not None and value not in ("", (), False)


def kept(
    facts: Mapping[str, str],
    needed: Mapping[str, frozenset[str]],
    settings: ProcedureSettings,
    days: tuple[date, date],
) -> dict[str, str]:
    """Leave out of what an extract says everything that no rule needs.

    Args:
        facts: what it says of one person.
        needed: as `wanted` returns it.
        settings: the town's settings.
        days: the first and the last day on which an age may count.
    """
    left = {name: value for name, value in facts.items() if name in needed and value}
    if "birth" in left and (ages := _turning_points(needed, settings)):
        left["birth"] = str(Born.read(left["birth"]).coarse(ages, *days))
    return left


def _turning_points(
    needed: Mapping[str, frozenset[str]], settings: ProcedureSettings
) -> frozenset[int]:
    """Return the ages at which an answer changes; none where a rule wants to know more."""
    limits = {name: getattr(settings, name, None) for name in needed["birth"]}
    if set(limits) - {"min_age", "max_age"}:
        return frozenset()
    return frozenset(
        age + (name == "max_age") for name, age in limits.items() if isinstance(age, int)
    )
