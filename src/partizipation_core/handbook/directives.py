"""The directives for settings, slots, hooks, commands and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.handbook import entries
from partizipation_core.handbook.base import FromCode, Options
from partizipation_core.handbook.formats import FormatDirective
from partizipation_core.handbook.nodes import paragraph, table

__all__ = ["DIRECTIVES"]


class SettingsDirective(FromCode):
    """What a town may set: of a format, or of a settings class by its dotted name."""

    required_arguments = 1
    optional_arguments = 0
    option_spec: ClassVar[Options] = {
        "lang": directives.unchanged,
        "beyond": directives.unchanged,
    }

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return a table of the settings."""
        beyond = self.options.get("beyond")
        rows = entries.settings(self._kind(named), self._kind(beyond) if beyond else None)
        return iter(table(rows, self.word))

    def _kind(self, named: str) -> type[ProcedureSettings]:
        if "." not in named:
            return self.registry.format(named).thing.settings
        module, _, name = named.rpartition(".")
        kind: type[ProcedureSettings] = getattr(import_module(module), name)
        return kind


class SlotDirective(FromCode):
    """A rule slot: its arguments, what it asks, and every installed rule."""

    required_arguments = 1
    optional_arguments = 0

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return what the slot asks and its rules."""
        exact, purpose = entries.slot(named)
        yield paragraph(f"``{exact}``: {purpose}")
        yield from table(entries.rules(self.registry, named), self.word)


class HookDirective(FromCode):
    """A hook: its exact arguments and what it is for."""

    required_arguments = 1
    optional_arguments = 0

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return what the hook is for and its arguments."""
        exact, purpose, arguments = entries.hook(named)
        yield paragraph(f"``{exact}``: {purpose}")
        rows = ({"argument": f"``{name}``", "meaning": text} for name, text in arguments.items())
        yield from table(rows, self.word)


class CommandsDirective(FromCode):
    """The commands of a distribution, or of all, with their fields and events."""

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return a table of commands."""
        return iter(table(entries.commands(self.registry, named), self.word))


class EventsDirective(FromCode):
    """The events of a distribution, or of all, with their fields and causes."""

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return a table of events."""
        return iter(table(entries.events(self.registry, named), self.word))


DIRECTIVES: Sequence[tuple[str, type[FromCode]]] = (
    ("partizipation-format", FormatDirective),
    ("partizipation-settings", SettingsDirective),
    ("partizipation-slot", SlotDirective),
    ("partizipation-hook", HookDirective),
    ("partizipation-commands", CommandsDirective),
    ("partizipation-events", EventsDirective),
)
"""Name in a page → what stands there."""
