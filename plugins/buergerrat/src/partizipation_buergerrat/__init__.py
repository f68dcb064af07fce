"""Bürgerrat: citizens' assemblies drawn by lot, fairly and so that anybody can check it.

The format is in `assembly`, its commands in `procedure`, what only the office may know in `desk`.
The draw is in `sortition`, which knows no files and no procedure, what makes it public in
`public`, and the tables of offices in `files`. Lostöpfe, the public draw and its verifier need the
standard library only; fair chances need numpy and highspy, which are loaded when they are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from partizipation_buergerrat.assembly import BUERGERRAT, DECIDERS, LOT, SEATS
from partizipation_buergerrat.conditions import CONDITIONS
from partizipation_buergerrat.methods import METHODS
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.kernel.decider import Decider
from partizipation_core.plugins import hookimpl

if TYPE_CHECKING:
    import click

    from partizipation_core.plugins.story import Story

__all__ = [
    "BUERGERRAT",
    "LOT",
    "SEATS",
    "register_commands",
    "register_deciders",
    "register_formats",
    "register_rules",
    "register_stories",
    "register_texts",
]


@hookimpl
def register_formats() -> Iterable[ProcedureFormat]:
    """Contribute the Bürgerrat."""
    return (BUERGERRAT,)


@hookimpl
def register_deciders() -> Iterable[Decider]:
    """Contribute its commands."""
    return DECIDERS


@hookimpl
def register_stories() -> Mapping[str, Story]:
    """Contribute what ``partizipation demo`` plays."""
    from partizipation_buergerrat.story import STORIES

    return STORIES


@hookimpl
def register_rules() -> Iterable[Rule]:
    """Contribute the methods of drawing, and what must be done before a stage is left."""
    return (*METHODS, *CONDITIONS)


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Contribute ``partizipation sortition`` and ``partizipation buergerrat``."""
    from partizipation_buergerrat.cli import buergerrat, sortition

    cli.add_command(sortition)
    cli.add_command(buergerrat)


@hookimpl
def register_texts() -> Mapping[str, Mapping[str, str]]:
    """Contribute the sentences of this plugin."""
    from partizipation_buergerrat.texts import PACKAGE
    from partizipation_core.texts import languages, load

    return {lang: load(PACKAGE, lang) for lang in languages(PACKAGE)}
