"""Procedures as a town writes them down: TOML, read strictly, every fault with its path.

.. code-block:: toml

    [procedure.buergerhaushalt-2027]
    format = "buergerhaushalt"

    [procedure.buergerhaushalt-2027.settings]
    pot = "100000 EUR"
    misfit = "skip"

    [procedure.buergerhaushalt-2027.rules]
    tie = ["core/lower_cost", "core/lot"]

    [procedure.buergerhaushalt-2027.schedule]
    vote = { from = 2027-05-01, until = 2027-05-15 }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from partizipation_core.clock import Instant, Moment, end_of_day, from_wall, start_of_day
from partizipation_core.commands import OpenProcedure
from partizipation_core.errors import DefinitionError, InputError
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Timing, Window
from partizipation_core.plugins.pinning import pin, unpin
from partizipation_core.plugins.registry import Registry
from partizipation_core.values import ProcedureRef, reference

__all__ = ["ProcedureConfig", "read_configuration", "resolve", "window_of", "windows_of"]

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLES = ("settings", "rules", "schedule")


@frozen(kw_only=True)
class ProcedureConfig:
    """What a town wants of one procedure.

    Args:
        ref: reference of the procedure.
        format: key of the format.
        settings: as written, checked when the procedure is opened.
        rules: slot → names of rules.
        schedule: stage → day or local time at which it begins, or ``from`` and ``until``.
    """

    ref: ProcedureRef
    format: str
    settings: Mapping[str, object] = field(factory=dict)
    rules: Mapping[str, Any] = field(factory=dict)
    schedule: Mapping[str, Timing] = field(factory=dict)


def read_configuration(text: str, *, source: str = "") -> dict[str, ProcedureConfig]:
    """Read procedures from TOML.

    Args:
        text: the file's content.
        source: its name, for errors.

    Returns:
        reference of each procedure → what is wanted of it.

    Raises:
        InputError: not TOML, with line and column.
        DefinitionError: every unknown or ill-typed key, with its path.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _at_its_place(str(error), text, source) from error
    except ValueError:
        raise InputError("a number has too many digits", source=source) from None
    except RecursionError:
        raise InputError("lists are nested too deeply", source=source) from None
    problems = [f"{key}: unknown table; procedures are [procedure.NAME]" for key in data]
    procedures = data.get("procedure", {})
    if isinstance(procedures, dict):
        problems = [one for one in problems if not one.startswith("procedure:")]
        wanted = {ref: _config(ref, table, problems) for ref, table in procedures.items()}
    if problems:
        raise DefinitionError(*problems)
    return wanted


def _at_its_place(message: str, text: str, source: str) -> InputError:
    found = _PLACE.search(message)
    *before, last = text.split("\n")
    end = (len(before) + 1, len(last) + 1)
    line, column = (found[1], found[2]) if found and found[1] else end
    return InputError(_PLACE.sub("", message), source=source, line=int(line), column=int(column))


def _config(ref: str, table: object, problems: list[str]) -> ProcedureConfig:
    place = f"procedure.{ref}"
    try:
        reference(ref)
    except ValueError as error:
        problems.append(f"{place}: {error}")
    if not isinstance(table, dict) or not isinstance(table.get("format"), str):
        problems.append(f"{place}.format: names the format, as a text")
        return ProcedureConfig(ref=ProcedureRef(ref), format="")
    unknown = sorted(set(table) - {"format", *_TABLES})
    known_keys = ", ".join(("format", *_TABLES))
    problems += (f"{place}.{key}: unknown key; known are {known_keys}" for key in unknown)
    for key in _TABLES:
        if not isinstance(table.get(key, {}), dict):
            problems.append(f"{place}.{key}: is a table, [{place}.{key}]")
            return ProcedureConfig(ref=ProcedureRef(ref), format=table["format"])
    for stage, timing in table.get("schedule", {}).items():
        problems += (f"{place}.schedule.{stage}{told}" for told in _timing_problems(timing))
    known = {key: table[key] for key in _TABLES if key in table}
    return ProcedureConfig(ref=ProcedureRef(ref), format=table["format"], **known)


def _timing_problems(timing: object) -> Iterator[str]:
    if isinstance(timing, date):
        return
    if not isinstance(timing, dict):
        yield f": a day or time, or from and until, not {timing!r}"
        return
    for key, moment in timing.items():
        if key not in ("from", "until"):
            yield f".{key}: unknown key; known are from, until"
        elif not isinstance(moment, date):
            yield f".{key}: a day or a local time, not {moment!r}"


def resolve(registry: Registry, config: ProcedureConfig) -> OpenProcedure:
    """Turn what a town wants into the command that opens it.

    Args:
        registry: what is installed.
        config: what is wanted.

    Raises:
        NotFound: no such format.
        DefinitionError: every fault in settings, rules and schedule, with its path.
    """
    definition = pin(registry, config.format, settings=config.settings, rules=config.rules)
    zone = unpin(registry, definition).settings.timezone
    windows = windows_of(config.schedule, definition, zone)
    return OpenProcedure(ref=config.ref, definition=definition, schedule=windows)


def windows_of(
    schedule: Mapping[str, Timing], definition: Definition, zone: ZoneInfo
) -> dict[str, Window]:
    """Turn what people say of the time of stages into windows.

    Args:
        schedule: stage → when it is on.
        definition: whose stages they are.
        zone: the procedure's zone.

    Raises:
        DefinitionError: every fault with its path.
    """
    known = [stage.key for stage in definition.stages]
    name = definition.format
    problems = [
        f"schedule.{key}: format {name!r} has no such stage; it has {', '.join(known)}"
        for key in schedule
        if key not in known
    ]
    windows: dict[str, Window] = {}
    for stage, timing in schedule.items():
        try:
            windows[stage] = window_of(timing, zone)
        except ValueError as error:
            problems.append(f"schedule.{stage}: {error}")
    if problems:
        raise DefinitionError(*problems)
    return windows


def window_of(timing: Timing, zone: ZoneInfo) -> Window:
    """Turn what people say of a stage's time into instants.

    Args:
        timing: a day or time at which it begins, or ``from`` and ``until``; a day named as the
            last one is meant whole.
        zone: the procedure's zone.

    Raises:
        ValueError: a time that does not exist there or exists twice, or an end before its start.
    """
    if isinstance(timing, Window):
        return timing
    if not isinstance(timing, Mapping):
        return Window(start=_instant(timing, zone, start_of_day))
    begin, until = timing.get("from"), timing.get("until")
    return Window(
        start=None if begin is None else _instant(begin, zone, start_of_day),
        end=None if until is None else _instant(until, zone, end_of_day),
    )


def _instant(
    moment: Moment | Instant, zone: ZoneInfo, of_day: Callable[[date, ZoneInfo], Instant]
) -> Instant:
    if isinstance(moment, datetime):
        return from_wall(moment, zone)
    return of_day(moment, zone) if isinstance(moment, date) else moment
