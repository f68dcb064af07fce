"""One rule for all commands: help is English, and ``--lang`` says how people are told the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import click

__all__ = ["LANGUAGES", "headings", "lang_option", "language_of", "speaking"]

F = TypeVar("F", bound=Callable[..., Any])

LANGUAGES = ("de", "en", "de-x-leicht")
_VARIABLE = "PARTIZIPATION_LANG"
_NAME = "--lang"
_ABOUT: dict[str, Any] = {
    "type": click.Choice(LANGUAGES),
    "default": LANGUAGES[0],
    "show_default": True,
    "envvar": _VARIABLE,
    "help": "Language of the output.",
}


def lang_option(command: F) -> F:
    """Let a command ask for a language."""
    return click.option(_NAME, **_ABOUT)(command)


def speaking(command: click.Command) -> click.Command:
    """Let all commands of a group ask for a language.

    One that writes nothing but data may still be refused, and why is told in that language.

    Args:
        command: a command or a group, of a plugin, too.
    """
    if isinstance(command, click.Group):
        for one in command.commands.values():
            speaking(one)
    elif not any(_NAME in option.opts for option in command.params):
        command.params.append(click.Option([_NAME], expose_value=False, **_ABOUT))
    return command


def headings(lang: str, *columns: str) -> tuple[str, ...]:
    """Return the headings of a table in a language.

    Args:
        lang: the language.
        columns: names of headings in the catalogue.
    """
    from partizipation_core.texts.wording import Wording  # slow to load

    word = Wording(lang=lang)
    return tuple(word.label("heading", column) for column in columns)


def language_of(arguments: Sequence[str]) -> str:
    """Return the language that a command line asks for.

    Args:
        arguments: what stands on it.
    """
    named = [value for name, value in pairwise(arguments) if name == _NAME]
    named += [one.partition("=")[2] for one in arguments if one.startswith(f"{_NAME}=")]
    return next((one for one in (*named, os.environ.get(_VARIABLE, "")) if one in LANGUAGES), "de")
