"""Plain data in and out: strict with what people write, canonical in what is kept.

`STORED` is for what the library keeps, `BY_HAND` for what people write into files. Both refuse
unknown keys and silent conversions (``"false"`` is not False, ``1.9`` is not 1), and every error
names the path of its place.
"""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs import AttributeValidationNote, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from partizipation_core.errors import DefinitionError
from partizipation_core.values import Money

__all__ = ["BY_HAND", "LARGEST_INTEGER", "STORED", "Serializer", "canonical", "parse"]

T = TypeVar("T")

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8785)."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(data: object) -> bytes:
    """Write plain data as the one sequence of bytes that stands for it.

    UTF-8 JSON with sorted keys, no white space, NFC text, no floats, integers within ±(2^53-1).

    Raises:
        TypeError: a key is no text.
        ValueError: the data holds something else.
    """
    _refuse_inexact(data)
    text = _ENCODER.encode(data)
    return text.encode() if text.isascii() else unicodedata.normalize("NFC", text).encode()


def _refuse_inexact(data: object) -> None:
    kind = type(data)
    if kind is str or data is None:
        return
    if kind is dict or isinstance(data, Mapping):
        _refuse_inexact_table(data)  # type: ignore[arg-type]
    elif isinstance(data, list | tuple):
        for value in data:
            _refuse_inexact(value)
    elif isinstance(data, int):
        if not -LARGEST_INTEGER <= data <= LARGEST_INTEGER:
            msg = f"{data} is beyond the integers that every reader keeps exactly"
            raise ValueError(msg)
    elif not isinstance(data, str):
        msg = f"canonical data has no {type(data).__name__}: {data!r}"
        raise ValueError(msg)


def _refuse_inexact_table(data: Mapping[object, object]) -> None:
    for key, value in data.items():
        if not isinstance(key, str):
            msg = f"canonical data has text keys, not {key!r}"
            raise TypeError(msg)
        # Ballots are mostly small numbers; a call for each would cost more than the check.
        if type(value) is not int or not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            _refuse_inexact(value)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        msg = "a key occurs twice"
        raise ValueError(msg)
    return data


# `json.loads` would make a decoder for every line.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def parse(body: bytes) -> Any:
    """Read canonical bytes back; refuses a key that is written twice.

    Raises:
        ValueError: not JSON in UTF-8, or a key occurs twice.
    """
    return _DECODER.decode(body.decode())


def _exactly(kind: type[T], word: str) -> Any:
    def check(value: object, _: object) -> T:
        if type(value) is not kind:
            msg = f"expected {word}, not {value!r}"
            raise TypeError(msg)
        return value

    return check


def _written_money(value: object, _: object) -> Money:
    if not isinstance(value, str):
        msg = f'write an amount as text, such as "100000 EUR" or "2600.50", not {value!r}'
        raise TypeError(msg)
    return Money.parse(value)


def _stored_money(value: object, _: object) -> Money:
    if type(value) is not int:
        msg = f"expected integer cents, not {value!r}"
        raise TypeError(msg)
    return Money(value)


class Serializer:
    """Turns values into plain data and back.

    Args:
        written_by_people: amounts are texts such as ``"100000 EUR"`` (TOML) instead of integer
            cents (journal).
    """

    def __init__(self, *, written_by_people: bool = False) -> None:
        self._quick = _converter(written_by_people=written_by_people, detailed=False)
        self._converter = _converter(written_by_people=written_by_people, detailed=True)

    def dump(self, value: object, kind: Any = None) -> Any:
        """Turn a value into plain data.

        Args:
            value: an attrs value, or anything made of them.
            kind: its declared type, by default its class.
        """
        return self._converter.unstructure(value, unstructure_as=kind)

    def load(self, data: object, kind: type[T], *, place: str = "") -> T:
        """Turn plain data into a value.

        Args:
            data: dicts, lists, texts, integers, booleans.
            kind: what it shall become.
            place: path to prefix in errors, such as ``settings``.

        Raises:
            DefinitionError: with every fault and its path.
        """
        try:
            return self._quick.structure(data, kind)
        except Exception:  # noqa: BLE001 - the other converter says what it is, and where
            return self._told(data, kind, place)

    def _told(self, data: object, kind: type[T], place: str) -> T:
        try:
            return self._converter.structure(data, kind)
        except (cattrs.BaseValidationError, TypeError, ValueError, KeyError) as error:
            raise DefinitionError(*_faults(error, place)) from error


def _converter(*, written_by_people: bool, detailed: bool) -> cattrs.Converter:
    """Make a converter; both kinds take the same, and one of them says where it is wrong."""
    converter = cattrs.Converter(
        forbid_extra_keys=True, unstruct_collection_overrides={}, detailed_validation=detailed
    )
    for kind, word in ((int, "a whole number"), (bool, "true or false"), (str, "a text")):
        converter.register_structure_hook(kind, _exactly(kind, word))
    converter.register_structure_hook(
        Money, _written_money if written_by_people else _stored_money
    )
    # Named texts are texts to cattrs, which would let any text through.
    converter.register_structure_hook(StrEnum, _member)
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    converter.register_structure_hook_func(_is_literal, _one_of)
    converter.register_structure_hook_func(_is_row, partial(_row, converter))
    converter.register_unstructure_hook(
        Money, str if written_by_people else lambda money: money.cents
    )
    converter.register_unstructure_hook_func(_is_set, sorted)
    converter.register_structure_hook_factory(attrs.has, partial(_structure_fn, converter))
    converter.register_unstructure_hook_factory(
        attrs.has, lambda kind: make_dict_unstructure_fn(kind, converter)
    )
    return converter


def _structure_fn(converter: cattrs.Converter, kind: type) -> Any:
    detailed = converter.detailed_validation
    checked: dict[str, Any] = {
        one.name: override(struct_hook=_checked(converter, one))
        for one in attrs.fields(kind)
        if detailed and one.init and one.validator is not None
    }
    structure: Any = make_dict_structure_fn(
        kind,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=detailed,
        **checked,
    )
    return partial(_of_table, structure)


def _checked(converter: cattrs.Converter, attribute: Any) -> Any:
    """Ask a field's validator where its path is known, so that all faults come at once."""

    def structure(value: object, kind: Any) -> object:
        found = converter.structure(value, kind)
        # A validator that compares fields needs the instance, and is asked when there is one.
        with suppress(AttributeError):
            attribute.validator(None, attribute, found)
        return found

    return structure


def _row(converter: cattrs.Converter, value: object, kind: Any) -> tuple[Any, ...]:
    """Read a list; a text would otherwise pass for the list of its letters."""
    if not isinstance(value, list | tuple):
        msg = f"expected a list, not {value!r}"
        raise TypeError(msg)
    row: Any = list[get_args(kind)[0]]  # type: ignore[misc]  # known only while running
    return tuple(converter.structure(value, row))


def _of_table(structure: Any, data: object, kind: Any) -> Any:
    if type(data) is not dict and not isinstance(data, Mapping):
        msg = f"expected a table, not {data!r}"
        raise TypeError(msg)
    return structure(data, kind)


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _one_of(value: object, kind: Any) -> object:
    if value not in get_args(kind):
        msg = f"expected one of {', '.join(map(str, get_args(kind)))}, not {value!r}"
        raise ValueError(msg)
    return value


def _member(value: object, kind: type[StrEnum]) -> StrEnum:
    known = [member.value for member in kind]
    if value not in known:
        msg = f"expected one of {', '.join(known)}, not {value!r}"
        raise ValueError(msg)
    return kind(value)


def _is_row(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _is_set(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) in (set, frozenset)


def _faults(error: BaseException, path: str) -> Iterator[str]:
    """Go down to every fault and put its path before it."""
    if isinstance(error, cattrs.ClassValidationError | cattrs.IterableValidationError):
        inside, others = error.group_exceptions()
        for one, note in inside:
            yield from _faults(one, f"{path}{_step(note)}")
        for one in others:
            yield from _faults(one, path)
    elif isinstance(error, cattrs.ForbiddenExtraKeysError):
        known = [one.name for one in attrs.fields(error.cl) if one.init]
        for key in sorted(error.extra_fields):
            yield _at(f"{path}.{key}", f"unknown key; {_near(key, known)}")
    else:
        yield _at(path, _in_words(error))


def _step(note: AttributeValidationNote | IterableValidationNote) -> str:
    return f".{note.name}" if isinstance(note, AttributeValidationNote) else f"[{note.index!r}]"


def _at(path: str, message: str) -> str:
    where = path.lstrip(".")
    return f"{where}: {message}" if where else message


def _in_words(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return "is missing and has no default"
    return str(error.args[0]) if error.args else type(error).__name__


def _near(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"


# A converter compiles what it does with a class once. These two are therefore all there are.
STORED = Serializer()
"""Amounts are integer cents: lines of the journal, rows of tables, files between systems."""

BY_HAND = Serializer(written_by_people=True)
"""Amounts are texts such as ``"2600.50 EUR"``: settings and formats in TOML."""
