"""Discovery: which plugins are installed, one at a time, so that one cannot stop the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points, version

from attrs import frozen

__all__ = ["GROUP", "Breakage", "Origin", "Plugin", "allowed_names", "discover"]

GROUP = "partizipation"
ALLOW_LIST = "PARTIZIPATION_PLUGINS"


@frozen
class Origin:
    """Where a plugin came from.

    Args:
        plugin: name of its entry point.
        distribution: the installed distribution.
        version: that distribution's version.
    """

    plugin: str
    distribution: str
    version: str

    def __str__(self) -> str:
        return f"{self.plugin} (distribution {self.distribution} {self.version})"


@frozen
class Plugin:
    """A plugin that was imported; ``code`` is a module or any object with hook functions."""

    origin: Origin
    code: object


@frozen
class Breakage:
    """Something that keeps a plugin, or a part of one, from being used."""

    origin: Origin
    problem: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.problem}"


def core_origin() -> Origin:
    """Name the core itself as a plugin."""
    return Origin("core", "partizipation-core", version("partizipation-core"))


def allowed_names() -> frozenset[str] | None:
    """Read the allow-list ``PARTIZIPATION_PLUGINS`` (names with commas); None if it is not set."""
    listed = os.environ.get(ALLOW_LIST)
    if listed is None:
        return None
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


def discover(
    allow: frozenset[str] | None, points: Iterable[EntryPoint] | None = None
) -> Iterator[Plugin | Breakage]:
    """Import every installed plugin.

    Args:
        allow: names to load; None for all.
        points: entry points to look at; by default those of the group ``partizipation``.
    """
    found = sorted(
        entry_points(group=GROUP) if points is None else points,
        key=lambda point: (point.name, _origin(point).distribution),
    )
    for point in found:
        if allow is None or point.name in allow:
            yield _load(point)
    missing = (allow or frozenset()) - {point.name for point in found}
    for name in sorted(missing):
        yield Breakage(Origin(name, "?", "?"), f"named in {ALLOW_LIST} but not installed")


def _origin(point: EntryPoint) -> Origin:
    if point.dist is None:
        return Origin(point.name, point.value, "?")
    return Origin(point.name, point.dist.name, point.dist.version)


def _load(point: EntryPoint) -> Plugin | Breakage:
    origin = _origin(point)
    try:
        return Plugin(origin, point.load())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it does, the others load
        return Breakage(origin, f"cannot be imported: {type(error).__name__}: {error}")
