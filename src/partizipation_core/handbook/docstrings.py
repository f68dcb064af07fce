"""Docstrings: what the code says of itself, in the parts that a reference shows apart."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping

from attrs import field, frozen

__all__ = ["Docstring", "read"]

_SECTION = re.compile(r"^(Args|Returns|Raises|Yields|Attributes|Note|Example)s?:$")
_ENTRY = re.compile(r"^    (\w[\w.]*): (.*)$")


@frozen
class Docstring:
    """The parts of a docstring.

    Args:
        summary: its first sentence.
        arguments: name → what it means.
        returns: what comes back; empty where nothing is said.
    """

    summary: str
    arguments: Mapping[str, str] = field(factory=dict)
    returns: str = ""


def read(thing: object) -> Docstring:
    """Read the docstring of a class or function; an empty one where there is none.

    Args:
        thing: a class or function whose docstring is in the style of Google.
    """
    own = thing.__dict__.get("__doc__") if isinstance(thing, type) else thing.__doc__
    if not own:
        return Docstring("")
    parts = _parts(inspect.cleandoc(own))
    summary = " ".join(parts.get("", "").partition("\n\n")[0].split())
    returns = " ".join(parts.get("Returns", "").split())
    return Docstring(summary, _entries(parts.get("Args", "")), returns)


def _parts(text: str) -> Mapping[str, str]:
    """Cut a docstring at its headings: heading → what stands below; what comes first has none."""
    parts: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.splitlines():
        if heading := _SECTION.match(line):
            name = heading[1]
            parts[name] = []
        else:
            parts[name].append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}


def _entries(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if entry := _ENTRY.match(line):
            last = entry[1]
            found[last] = entry[2]
        elif last and line.strip():
            found[last] += f" {line.strip()}"
    return found
