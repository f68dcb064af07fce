"""Places: where in an event stand the texts that the journal only commits to.

A place is written like a JSON pointer (RFC 6901) without the leading slash: ``text``,
``attachments/0/name``.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import fields, has

from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.privacy.catalogue import TEXTS_IN_PLAIN, TEXTS_WITHIN, kind_of
from partizipation_core.kernel.privacy.kinds import STATEMENT, Kind
from partizipation_core.kernel.record import Record
from partizipation_core.values import ParticipantRef

__all__ = ["Path", "commitment", "items_at", "kind_at", "paths", "put", "unsaid", "withhold"]

Path: TypeAlias = tuple[str, ...]
"""Names of fields on the way to a text; ``*`` stands for every element."""

_EACH = "*"


def commitment(salt: bytes, text: str) -> str:
    """Commit to a text: HMAC-SHA256 with a salt of 32 bytes over its UTF-8 in NFC, hexadecimal."""
    body = unicodedata.normalize("NFC", text).encode()
    return hmac.new(salt, body, hashlib.sha256).hexdigest()


def paths(event: type[Event]) -> tuple[Path, ...]:
    """Return the ways to all texts of an event that its journal line only commits to."""
    hints = get_type_hints(event)
    found: dict[Path, None] = {}
    for one in fields(event):
        kind = kind_of(event, one.name)
        committed = kind is not None and kind.committed
        ways = _ways(hints[one.name], (event,), committed=committed)
        found |= {(one.name, *way): None for way in ways}
        if way := TEXTS_IN_PLAIN.get(f"{event.__name__}.{one.name}"):
            found[one.name, *way] = None
    return tuple(found)


def kind_at(event: type[Event], place: str) -> Kind:
    """Return what a text at a place of an event is; a statement where only its value says so."""
    kind = kind_of(event, place.partition("/")[0])
    return kind if kind is not None and kind.committed else STATEMENT


def items_at(event: type[Event], data: Any, place: str) -> frozenset[str]:
    """Name the items that a text is about: keys on the way to it, ``item`` and ``id``."""
    parts = _parts(place)
    way = next(one for one in paths(event) if _leads(one, parts))
    found = set()
    for part, step in zip(parts, way, strict=True):
        if isinstance(data, Mapping):
            found |= {part} if step == _EACH else {data.get("item", ""), data.get("id", "")}
        data = data[int(part) if isinstance(data, list | tuple) else part]
    return frozenset(found) - {""}


def _leads(way: Path, parts: list[str]) -> bool:
    if len(way) != len(parts):
        return False
    return all(step in (_EACH, part) for step, part in zip(way, parts, strict=True))


def _parts(place: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in place.split("/")]


def withhold(data: Any, ways: Iterable[Path]) -> tuple[Any, dict[str, str]]:
    """Take texts out of plain data.

    Returns:
        the data with an empty text in each place, and place → text; what was empty is not named.
    """
    found: dict[str, str] = {}
    for way in ways:
        data = _without(data, way, "", found)
    return data, found


def put(data: Any, place: str, text: str) -> None:
    """Put a text into plain data.

    Raises:
        LookupError: there is no such place.
        ValueError: there is no such place.
        TypeError: there is no such place.
    """
    *way, last = _parts(place)
    for part in way:
        data = data[int(part) if isinstance(data, list) else part]
    key = int(last) if isinstance(data, list) else last
    if data[key] != "":
        raise LookupError(place)
    data[key] = text


def unsaid(kept: type[Event | Record]) -> tuple[str, ...]:
    """Name the fields of an event or record that can hold words or people, with no word of it."""
    hints = get_type_hints(kept)
    names = (one.name for one in fields(kept) if _open(hints[one.name], (kept,)))
    return tuple(name for name in names if kind_of(kept, name) is None)


def _open(hint: Any, within: tuple[type, ...]) -> bool:
    """Tell whether anything can be written into a value: texts, plain data, pseudonyms."""
    if hint in (str, Any, ParticipantRef):
        return True
    if get_origin(hint) is not None:
        return get_origin(hint) is not Literal and any(
            _open(one, within) for one in get_args(hint)
        )
    if not (isinstance(hint, type) and has(hint)) or hint in within:
        return False
    hints = get_type_hints(hint)
    return any(_open(hints[one.name], (*within, hint)) for one in fields(hint))


def _ways(hint: Any, within: tuple[type, ...], *, committed: bool) -> Iterator[Path]:
    origin = get_origin(hint)
    if hint is str and committed:
        yield ()
    elif origin in (Union, UnionType):
        for one in get_args(hint):
            yield from _ways(one, within, committed=committed)
    elif origin is not None and origin is not Literal and not _is_set(origin):
        # Elements of a row stand first among its arguments, values of a mapping second.
        inner = get_args(hint)[1 if issubclass(origin, Mapping) else 0]
        yield from ((_EACH, *way) for way in _ways(inner, within, committed=committed))
    elif isinstance(hint, type) and has(hint) and hint not in within:
        hints, texts = get_type_hints(hint), _texts_within(hint)
        for one in fields(hint):
            ways = _ways(hints[one.name], (*within, hint), committed=one.name in texts)
            yield from ((one.name, *way) for way in ways)


def _is_set(origin: Any) -> bool:
    return issubclass(origin, set | frozenset)


def _texts_within(value: type) -> tuple[str, ...]:
    own: Mapping[str, Kind] = getattr(value, "privacy", {})
    told = tuple(name for name, kind in own.items() if kind.committed)
    return told or TEXTS_WITHIN.get(value.__name__, ())


def _without(data: Any, way: Path, place: str, found: dict[str, str]) -> Any:
    if not way:
        if not isinstance(data, str) or not data:
            return data
        found[place] = unicodedata.normalize("NFC", data)
        return ""
    first, *rest = way
    if isinstance(data, Mapping):
        inside = {
            key: _without(value, tuple(rest), _below(place, key), found)
            for key, value in data.items()
            if first in (_EACH, key)
        }
        return {**data, **inside}
    if first == _EACH and isinstance(data, list | tuple):
        return [_without(one, tuple(rest), _below(place, n), found) for n, one in enumerate(data)]
    return data


def _below(place: str, key: object) -> str:
    part = str(key).replace("~", "~0").replace("/", "~1")
    return f"{place}/{part}" if place else part
