"""Inspection: what is questionable about a format, about a town's file, about a procedure.

Everything that can be known before it hurts, with its place: contradictions that keep a format
from being made or a procedure from being opened, and what `formats.advice` finds beyond them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from attrs import evolve

from partizipation_core.configuration import (
    ProcedureConfig,
    read_configuration,
    window_of,
)
from partizipation_core.errors import DefinitionError, NotFound, PartizipationError
from partizipation_core.formats.advice import Finding, Level, advice, money_advice
from partizipation_core.formats.deadlines import deadline_advice
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.permissions import CommandFacts
from partizipation_core.formats.rules import ItemView
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Timing, Window
from partizipation_core.plugins.pinning import pin, unpin
from partizipation_core.plugins.registry import Registry

__all__ = [
    "contradictions",
    "inspect_definition",
    "inspect_format",
    "inspect_procedure",
    "inspect_town",
]


def inspect_format(form: ProcedureFormat, registry: Registry) -> tuple[Finding, ...]:
    """Say what is questionable about a format.

    Args:
        form: the format.
        registry: whose deciders tell what its commands do.
    """
    return advice(form, _facts(registry))


def inspect_definition(definition: Definition, registry: Registry) -> tuple[Finding, ...]:
    """Say what is questionable about what a procedure pinned."""
    screening = unpin(registry, definition).settings.screening
    return advice(definition, _facts(registry), screening=screening)


def inspect_procedure(  # noqa: PLR0913 - all that a running procedure is
    definition: Definition,
    settings: ProcedureSettings,
    *,
    schedule: Mapping[str, Window],
    items: Iterable[ItemView],
    registry: Registry,
    state: str,
) -> tuple[Finding, ...]:
    """Say what is questionable about a procedure as it stands.

    Args:
        definition: what it pinned.
        settings: its settings.
        schedule: its windows.
        items: its items.
        registry: whose deciders tell what its commands do.
        state: federal state whose holidays count, where its settings name none.
    """
    return (
        *inspect_definition(definition, registry),
        *money_advice(settings, items, definition.lifecycle),
        *deadline_advice(schedule, settings.timezone, settings.federal_state or state),
    )


def inspect_town(
    text: str, registry: Registry, *, source: str = "", state: str = ""
) -> tuple[Finding, ...]:
    """Say what is questionable about the procedures in a town's TOML.

    Args:
        text: the file's content.
        registry: what is installed.
        source: the file's name, for errors.
        state: federal state whose holidays count, where settings name none.

    Raises:
        InputError: not TOML, with line and column.
    """
    try:
        wanted = read_configuration(text, source=source)
    except DefinitionError as error:
        return contradictions(error)
    return tuple(
        evolve(finding, place=f"procedure.{ref}.{finding.place}".rstrip("."))
        for ref, config in wanted.items()
        for finding in _inspect_config(config, registry, state)
    )


def contradictions(error: PartizipationError) -> tuple[Finding, ...]:
    """Turn what keeps something from being read into findings, each at its place."""
    told = error.problems if isinstance(error, DefinitionError) else (str(error),)
    return tuple(map(_contradiction, told))


def _contradiction(told: str) -> Finding:
    place, colon, problem = told.partition(": ")
    params = {"problem": problem if colon else told}
    return Finding(
        place=place if colon else "", level=Level.ERROR, code="contradiction", params=params
    )


def _inspect_config(config: ProcedureConfig, registry: Registry, state: str) -> Iterator[Finding]:
    try:
        definition = pin(registry, config.format, settings=config.settings, rules=config.rules)
    except NotFound as error:
        yield from (evolve(one, place="format") for one in contradictions(error))
        return
    except DefinitionError as error:
        yield from contradictions(error)
        return
    settings = unpin(registry, definition).settings
    windows: dict[str, Window] = {}
    for stage, timing in config.schedule.items():
        yield from _window(stage, timing, settings.timezone, windows)
    yield from _unknown_stages(windows, definition)
    yield from inspect_procedure(
        definition, settings, schedule=windows, items=(), registry=registry, state=state
    )


def _window(
    stage: str, timing: Timing, zone: ZoneInfo, windows: dict[str, Window]
) -> Iterator[Finding]:
    """Note when a stage is on, or say why that is no time."""
    place = f"schedule.{stage}"
    try:
        windows[stage] = window_of(timing, zone)
    except ValueError as error:
        if _is_empty(timing, zone):
            params = {"stage": stage}
            yield Finding(place=place, level=Level.ERROR, code="window_empty", params=params)
        else:
            yield _contradiction(f"{place}: {error}")


def _is_empty(timing: Timing, zone: ZoneInfo) -> bool:
    """Tell whether both ends are times that exist, so that only their order is wrong."""
    if not isinstance(timing, Mapping):
        return False
    try:
        for key, moment in timing.items():
            window_of({key: moment}, zone)
    except ValueError:
        return False
    return True


def _unknown_stages(schedule: Mapping[str, Window], definition: Definition) -> Iterator[Finding]:
    known = [stage.key for stage in definition.stages]
    for key in schedule:
        if key not in known:
            yield _contradiction(f"schedule.{key}: no such stage; there are {', '.join(known)}")


def _facts(registry: Registry) -> dict[str, CommandFacts]:
    return {name: offer.thing for name, offer in registry.deciders.items()}
