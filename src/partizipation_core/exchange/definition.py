"""Definitions by names: a format, or what a procedure pinned, as a file that people can read.

Stages, ways, rights, the path of items, rules, conditions and settings stand in it by their names,
never any code. Whoever reads it back needs the plugins that own these names; nothing else comes
along: no item, no vote, no count, no date. Copying a procedure is writing its definition and
reading it into a new one (T57, T37 in the lessons of other platforms).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from attrs import evolve, field, fields, frozen

from partizipation_core.errors import DefinitionError, InputError
from partizipation_core.exchange.toml import write_toml
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.formats.rules import Rule
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Stage
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.pinning import pin_offer
from partizipation_core.plugins.registry import Offer, Registry
from partizipation_core.serialization import BY_HAND, STORED, parse

__all__ = [
    "as_json",
    "as_toml",
    "definition_data",
    "format_data",
    "read_definition",
    "read_format",
    "read_plain",
]

Names = Mapping[str, tuple[str, ...]]
Rights = Mapping[str, frozenset[str]]

_FORMAT: Literal["partizipation/format-1"] = "partizipation/format-1"
_DEFINITION: Literal["partizipation/definition-1"] = "partizipation/definition-1"


@frozen(kw_only=True)
class FormatFile:
    """What stands in the file of a format.

    Args:
        schema: what kind of file it is.
        key: the format's key.
        title: its name for people.
        settings_of: key of an installed format whose settings it takes.
        replaces: key of the format it takes the place of.
        anytime: rights in every stage.
        overrides: rights to give a command outside its stage.
        rules: slot → names of rules.
        guards: trigger → names of rules.
        conditions: ``stage.edge`` → names of rules.
        lifecycle: the path of items.
        stages: in their usual order.
    """

    schema: Literal["partizipation/format-1"]
    key: str
    title: str
    settings_of: str
    replaces: str = ""
    anytime: Rights = field(factory=dict)
    overrides: Rights = field(factory=dict)
    rules: Names = field(factory=dict)
    guards: Names = field(factory=dict)
    conditions: Names = field(factory=dict)
    lifecycle: Lifecycle
    stages: tuple[Stage, ...]


@frozen(kw_only=True)
class DefinitionFile:
    """What stands in the file of a pinned definition; see `FormatFile` for what both have.

    Args:
        schema: what kind of file it is.
        format: key of the format it was pinned from.
        title: its name for people.
        distribution: the distribution the format came from.
        version: that distribution's version.
        settings: as people write them, amounts as text.
        anytime: rights in every stage.
        overrides: rights to give a command outside its stage.
        rules: slot → names of rules with their versions.
        guards: trigger → names of rules with their versions.
        conditions: ``stage.edge`` → names of rules with their versions.
        lifecycle: the path of items.
        stages: in their usual order.
    """

    schema: Literal["partizipation/definition-1"]
    format: str
    title: str
    distribution: str
    version: str
    settings: Mapping[str, Any] = field(factory=dict)
    anytime: Rights = field(factory=dict)
    overrides: Rights = field(factory=dict)
    rules: Names = field(factory=dict)
    guards: Names = field(factory=dict)
    conditions: Names = field(factory=dict)
    lifecycle: Lifecycle
    stages: tuple[Stage, ...]


# --- out


def format_data(form: ProcedureFormat, registry: Registry) -> dict[str, Any]:
    """Turn a format into plain data that names everything.

    Raises:
        DefinitionError: no installed format offers its settings class.
    """
    names = {"rules": form.rules, "guards": form.guards, "conditions": form.conditions}
    file = FormatFile(
        schema=_FORMAT,
        key=form.key,
        title=form.title,
        settings_of=_settings_owner(form, registry),
        replaces=form.replaces,
        anytime=form.anytime,
        overrides=form.overrides,
        lifecycle=form.lifecycle,
        stages=form.stages,
        **{
            key: {place: tuple(_name(one) for one in rules) for place, rules in given.items()}
            for key, given in names.items()
        },
    )
    return _lean(STORED.dump(file))


def definition_data(definition: Definition, registry: Registry) -> dict[str, Any]:
    """Turn what a procedure pinned into plain data that names everything.

    Raises:
        NotFound: its format is not installed, so nobody knows what its settings mean.
        DefinitionError: the installed format does not take its settings.
    """
    kind = registry.format(definition.format).thing.settings
    settings = STORED.load(definition.settings, kind, place="settings")
    file = DefinitionFile(
        schema=_DEFINITION,
        format=definition.format,
        title=definition.title,
        distribution=definition.distribution,
        version=definition.version,
        settings=_said(settings),
        anytime=definition.anytime,
        overrides=definition.overrides,
        rules=definition.rules,
        guards=definition.guards,
        conditions=definition.conditions,
        lifecycle=definition.lifecycle,
        stages=definition.stages,
    )
    return _lean(STORED.dump(file))


def as_json(data: Mapping[str, Any]) -> str:
    """Write plain data as JSON for people, in the order of the data."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_toml(data: Mapping[str, Any]) -> str:
    """Write plain data as TOML.

    Raises:
        DefinitionError: a setting is none where its default is something else; TOML cannot say so.
    """
    return write_toml(data)


def _settings_owner(form: ProcedureFormat, registry: Registry) -> str:
    offered = {key: offer.thing.settings for key, offer in sorted(registry.formats.items())}
    for key in (form.key, *offered):
        if offered.get(key) is form.settings:
            return key
    name = form.settings.__name__
    raise DefinitionError(f"format {form.key}.settings: no installed format offers {name}")


def _said(settings: ProcedureSettings) -> dict[str, Any]:
    """Write settings as people do: what is none by default is not mentioned."""
    silent = {one.name for one in fields(type(settings)) if one.default is None}
    said = BY_HAND.dump(settings)
    told = {key: value for key, value in said.items() if not (key in silent and value is None)}
    return {key: _mentioned(value) for key, value in told.items()}


def _mentioned(value: Any) -> Any:
    """Leave out of limits and quotas what is none, which is the default wherever it can be."""
    if not isinstance(value, Mapping):
        return value
    return {key: _mentioned(one) for key, one in value.items() if one is not None}


def _name(one: Rule | str) -> str:
    return one.ref if isinstance(one, Rule) else one


_KEPT = {"settings", "lifecycle"}
_EMPTY: tuple[object, ...] = ("", {}, [])


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty anyway: titles, ways, rights that nobody has."""
    lean = {key: one for key, one in data.items() if key in _KEPT or one not in _EMPTY}
    stages = [{k: v for k, v in stage.items() if v not in _EMPTY} for stage in data["stages"]]
    return {**lean, "stages": stages}


# --- in


def read_plain(text: str, *, source: str = "") -> Any:
    """Read JSON or TOML, whichever it is.

    Raises:
        InputError: it is neither.
    """
    try:
        return parse(text.encode()) if text.lstrip().startswith("{") else tomllib.loads(text)
    except RecursionError:
        raise InputError("lists are nested too deeply", source=source) from None
    except ValueError as error:
        raise InputError(str(error), source=source) from error


def read_format(data: Any, registry: Registry) -> ProcedureFormat:
    """Turn plain data into a format again.

    Args:
        data: as `format_data` made it, or as people changed it.
        registry: what is installed; every name must be known there.

    Raises:
        DefinitionError: every fault with its path; contradictions of the format itself.
    """
    file = STORED.load(data, FormatFile)
    form = _format(file, file.key, registry, file.settings_of)
    problems = [
        f"{place}: {told}"
        for group in ("rules", "guards", "conditions")
        for key, names in getattr(file, group).items()
        for place in [f"{group}.{key}"]
        for told in _unknown(names, registry)
    ]
    if problems:
        raise DefinitionError(*problems)
    return evolve(form, replaces=file.replaces)


def read_definition(data: Any, registry: Registry) -> Definition:
    """Turn plain data into a definition again, ready to open a procedure with.

    Args:
        data: as `definition_data` made it, or as people changed it.
        registry: what is installed; every name must be known there.

    Raises:
        DefinitionError: every fault with its path.
    """
    file = STORED.load(data, DefinitionFile)
    form = _format(file, file.format, registry, file.format)
    offer = Offer(form, Origin("", file.distribution, file.version))
    return pin_offer(registry, offer, settings=file.settings)


def _format(
    file: FormatFile | DefinitionFile, key: str, registry: Registry, settings_of: str
) -> ProcedureFormat:
    if settings_of not in registry.formats:
        place = "format" if isinstance(file, DefinitionFile) else "settings_of"
        known = ", ".join(sorted(registry.formats)) or "none"
        raise DefinitionError(
            f"{place}: no format {settings_of!r} is installed; installed are {known}"
        )
    return ProcedureFormat(
        key=key,
        title=file.title,
        settings=registry.format(settings_of).thing.settings,
        anytime=file.anytime,
        overrides=file.overrides,
        rules=file.rules,
        guards=file.guards,
        conditions=file.conditions,
        lifecycle=file.lifecycle,
        stages=file.stages,
    )


def _unknown(names: tuple[str, ...], registry: Registry) -> list[str]:
    found: list[str] = []
    for name in names:
        try:
            registry.rule(name)
        except DefinitionError as error:
            found += error.problems
    return found
