"""Entries: what a reference says of formats, settings, slots, hooks, commands and events."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import NOTHING, Attribute, fields

from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import SLOTS, Rule
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.handbook.docstrings import read
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.plugins.hookspecs import Hooks
from partizipation_core.plugins.registry import Offer, Registry

__all__ = [
    "Row",
    "commands",
    "events",
    "hook",
    "hooks",
    "rights",
    "rules",
    "settings",
    "signature",
    "slot",
]

Row = Mapping[str, str]
"""One line of a table: heading → text; code stands between backticks."""


def settings(kind: type[ProcedureSettings], beyond: type | None = None) -> Iterator[Row]:
    """List what a town may set.

    Args:
        kind: the settings class of a format.
        beyond: a class whose settings are left out, unless their default differs.
    """
    known = {one.name: _default(one) for one in fields(beyond)} if beyond else {}
    for one in fields(kind):
        default = _default(one)
        if one.name.startswith("_") or known.get(one.name, ...) == default:
            continue
        yield {
            "setting": f"``{one.name}``",
            "type": f"``{_type(one.type)}``",
            "default": f"``{default}``" if default else "",
            "meaning": _meaning(kind, one.name),
        }


def _default(one: Attribute[Any]) -> str:
    """Write a default as a town would, or nothing where there is none."""
    if one.default is NOTHING:
        return ""
    make = getattr(one.default, "factory", None)
    value = make() if make else one.default
    return repr(value) if isinstance(value, str) else str(value)


def _type(kind: object) -> str:
    if isinstance(kind, str):
        return kind
    return getattr(kind, "__name__", None) or str(kind)


def _meaning(kind: type, name: str) -> str:
    """Find what a class, or the nearest that it descends from, says of a field."""
    told = (read(one).arguments.get(name) for one in kind.__mro__)
    return next((meaning for meaning in told if meaning), "")


def rights(form: ProcedureFormat) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """List who may do what when: stage (empty for any), command, roles."""
    for stage in form.stages:
        for command, roles in stage.allows.items():
            yield stage.key, command, tuple(sorted(roles))
    for command, roles in form.anytime.items():
        yield "", command, tuple(sorted(roles))


def signature(function: Any) -> str:
    """Write the exact arguments of a function."""
    return ", ".join(name for name in inspect.signature(function).parameters if name != "self")


def slot(name: str) -> tuple[str, str]:
    """Return the signature and the purpose of a rule slot.

    Raises:
        KeyError: there is no such slot.
    """
    found = SLOTS[name]
    return f"{name}({signature(found.signature.__call__)})", found.purpose


def rules(registry: Registry, name: str) -> Iterator[Row]:
    """List the installed rules of a slot."""
    offers = (one for versions in registry.rules.values() for one in versions.values())
    for offer in sorted(offers, key=lambda offer: offer.thing.ref):
        rule: Rule = offer.thing
        if rule.slot == name:
            yield {
                "rule": f"``{rule.ref}``",
                "answer": rule.purpose,
                "distribution": offer.origin.distribution,
            }


def hooks() -> tuple[str, ...]:
    """Return the names of all hooks."""
    return tuple(name for name in vars(Hooks) if not name.startswith("_"))


def hook(name: str) -> tuple[str, str, Mapping[str, str]]:
    """Return the signature, the purpose and the arguments of a hook.

    Raises:
        KeyError: there is no such hook.
    """
    if name not in hooks():
        raise KeyError(name)
    function = getattr(Hooks, name)
    told = read(function)
    return f"{name}({signature(function)})", told.summary, told.arguments


def commands(registry: Registry, distribution: str = "") -> Iterator[Row]:
    """List commands with their fields and the events that they may lead to.

    Args:
        registry: what is installed.
        distribution: whose commands; empty for all.
    """
    for name, offer in sorted(_deciders(registry, distribution).items()):
        kind: type[Command] = offer.thing.command
        told = ", ".join(f"``{event.__name__}``" for event in offer.thing.events)
        yield {
            "command": f"``{name}``",
            "fields": _fields(kind),
            "purpose": read(kind).summary,
            "events": told,
        }


def events(registry: Registry, distribution: str = "") -> Iterator[Row]:
    """List events with their fields, and the commands that they come of.

    Args:
        registry: what is installed.
        distribution: whose events; empty for all.
    """
    causes: dict[type[Event], list[str]] = {}
    for name, offer in sorted(_deciders(registry, distribution).items()):
        for kind in offer.thing.events:
            causes.setdefault(kind, []).append(name)
    for kind, names in sorted(causes.items(), key=lambda each: each[0].__name__):
        yield {
            "event": f"``{kind.__name__}``",
            "fields": _fields(kind),
            "meaning": read(kind).summary,
            "commands": ", ".join(f"``{name}``" for name in names),
        }


def _deciders(registry: Registry, distribution: str) -> Mapping[str, Offer[Any]]:
    wanted = registry.deciders.items()
    return {
        name: offer
        for name, offer in wanted
        if not distribution or offer.origin.distribution == distribution
    }


def _fields(kind: type) -> str:
    return ", ".join(f"``{one.name}``" for one in fields(kind))
