"""Participation procedures as values: stages, items, rules, ballots, money, results.

The public names. They are loaded when they are first used, so that counting alone needs the
standard library only and no script pays for a database it does not open.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partizipation_core.clock import FrozenClock, Instant, SystemClock
    from partizipation_core.errors import (
        Conflict,
        DefinitionError,
        InputError,
        NotFound,
        PartizipationError,
        PluginError,
        Refused,
        StorageError,
    )
    from partizipation_core.formats.ballots import BallotLimits, Quota
    from partizipation_core.formats.format import ProcedureFormat
    from partizipation_core.formats.lifecycle import Lifecycle
    from partizipation_core.formats.rules import Rule, View, rule
    from partizipation_core.formats.settings import ProcedureSettings, VoteSettings
    from partizipation_core.formats.stages import Stage, StageKind
    from partizipation_core.platform import Municipality, Platform, ProcedureHandle
    from partizipation_core.plugins import hookimpl
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.values import Actor, ItemRef, Money, Objection, Role

__version__ = "0.1.0"

_HOMES = {
    "Actor": "values",
    "BallotLimits": "formats.ballots",
    "Conflict": "errors",
    "DefinitionError": "errors",
    "FrozenClock": "clock",
    "InputError": "errors",
    "Instant": "clock",
    "ItemRef": "values",
    "Lifecycle": "formats.lifecycle",
    "Money": "values",
    "Municipality": "platform",
    "NotFound": "errors",
    "Objection": "values",
    "PartizipationError": "errors",
    "Platform": "platform",
    "PluginError": "errors",
    "PluginHost": "plugins.host",
    "ProcedureFormat": "formats.format",
    "ProcedureHandle": "platform",
    "ProcedureSettings": "formats.settings",
    "Quota": "formats.ballots",
    "Refused": "errors",
    "Role": "values",
    "Rule": "formats.rules",
    "Stage": "formats.stages",
    "StageKind": "formats.stages",
    "StorageError": "errors",
    "SystemClock": "clock",
    "View": "formats.rules",
    "VoteSettings": "formats.settings",
    "hookimpl": "plugins",
    "rule": "formats.rules",
}

__all__ = [
    "Actor",
    "BallotLimits",
    "Conflict",
    "DefinitionError",
    "FrozenClock",
    "InputError",
    "Instant",
    "ItemRef",
    "Lifecycle",
    "Money",
    "Municipality",
    "NotFound",
    "Objection",
    "PartizipationError",
    "Platform",
    "PluginError",
    "PluginHost",
    "ProcedureFormat",
    "ProcedureHandle",
    "ProcedureSettings",
    "Quota",
    "Refused",
    "Role",
    "Rule",
    "Stage",
    "StageKind",
    "StorageError",
    "SystemClock",
    "View",
    "VoteSettings",
    "__version__",
    "hookimpl",
    "rule",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
