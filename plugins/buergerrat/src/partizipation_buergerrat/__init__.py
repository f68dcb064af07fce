"""Bürgerrat: citizens' assemblies drawn by lot, fairly and so that anybody can check it.

The draw is in `sortition`, which knows no files and no procedure, what makes it public in
`public`, and the tables of offices in `files`. Lostöpfe, the public draw and its verifier need the
standard library only; fair chances need numpy and highspy, which are loaded when they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from partizipation_core.plugins import hookimpl

if TYPE_CHECKING:
    import click

__all__ = ["register_commands", "register_texts"]


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Contribute ``partizipation sortition``."""
    from partizipation_buergerrat.cli import sortition

    cli.add_command(sortition)


@hookimpl
def register_texts() -> Mapping[str, Mapping[str, str]]:
    """Contribute the sentences of this plugin."""
    from partizipation_buergerrat.texts import PACKAGE
    from partizipation_core.texts import languages, load

    return {lang: load(PACKAGE, lang) for lang in languages(PACKAGE)}
