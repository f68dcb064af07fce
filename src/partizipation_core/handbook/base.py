"""The base of all directives: what a page asks is answered by the installed plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from partizipation_core.errors import NotFound
from partizipation_core.handbook import entries
from partizipation_core.handbook.nodes import heading, table
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.registry import Registry
from partizipation_core.texts.wording import Wording

__all__ = ["FromCode", "Options"]

Options = dict[str, Callable[[str], object]]
"""Options of a directive: name → how it is read."""


class FromCode(SphinxDirective):
    """A directive that asks the installed plugins.

    What is not there is an error at the directive's line, which ``sphinx -W`` makes a failure.
    """

    optional_arguments = 1
    option_spec: ClassVar[Options] = {"lang": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return what stands in the place of the directive."""
        try:
            return list(self.said(self.arguments[0] if self.arguments else ""))
        except (KeyError, NotFound, ImportError, AttributeError) as error:
            return [self.state.document.reporter.error(f"{self.name}: {error}", line=self.lineno)]

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return what is said of the thing that the directive names."""
        raise NotImplementedError

    @property
    def host(self) -> PluginHost:
        """Return the installed plugins, looked up once in a build."""
        if not hasattr(self.env.app, "partizipation_host"):
            self.env.app.partizipation_host = PluginHost.discover()  # type: ignore[attr-defined]
        host: PluginHost = self.env.app.partizipation_host  # type: ignore[attr-defined]
        return host

    @property
    def registry(self) -> Registry:
        """Return what is installed."""
        return self.host.registry

    @property
    def wording(self) -> Wording:
        """Return how to write in the page's language."""
        lang = self.options.get("lang") or self.config.language or "en"
        return Wording(lang=lang, catalogues=self.host.texts(lang))

    def word(self, key: str) -> str:
        """Return a heading."""
        return self.wording.label("handbook", key)

    def part(self, name: str, rows: Iterator[entries.Row]) -> Iterator[nodes.Node]:
        """Return a table under its heading; nothing where it is empty."""
        if made := table(rows, self.word):
            yield heading(self.word(name))
            yield from made
