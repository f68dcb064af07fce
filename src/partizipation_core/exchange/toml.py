"""Writing TOML: small and strict, for plain data with text keys and nothing that TOML lacks.

Python reads TOML and does not write it. What is written here is read back as the very same data;
what TOML cannot say (none, fractions that are not exact, lists of mixed kinds) is refused with its
path instead of being written differently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from partizipation_core.errors import DefinitionError

__all__ = ["write_toml"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LARGEST = 2**63 - 1


def write_toml(data: Mapping[str, object]) -> str:
    """Write plain data as TOML.

    Args:
        data: texts, whole numbers, booleans, lists of these, mappings, and lists of mappings.

    Raises:
        DefinitionError: TOML has no way to say something, with its path.
    """
    return "\n".join(_table(data, ())).strip("\n") + "\n"


def _table(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """Write plain values first, since whatever follows a heading belongs to it."""
    inner = {key: one for key, one in table.items() if _has_heading(one)}
    for key, value in table.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value, (*path, key))}"
    for key, value in inner.items():
        place = (*path, key)
        if isinstance(value, Mapping):
            yield from ("", f"[{_dotted(place)}]")
            yield from _table(value, place)
        elif isinstance(value, Sequence):
            for one in value:
                yield from ("", f"[[{_dotted(place)}]]")
                yield from _table(one, place)


def _has_heading(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    is_list = isinstance(value, list | tuple) and bool(value)
    return is_list and all(isinstance(one, Mapping) for one in value)  # type: ignore[attr-defined]


def _value(value: object, path: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one, (*path, str(n))) for n, one in enumerate(value))}]"
    raise DefinitionError(f"{'.'.join(path)}: TOML has no way to say {value!r} here; use JSON")


def _text(text: str) -> str:
    # A basic string of TOML escapes what JSON escapes, and the delete sign besides.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(map(_key, path))
