"""One way to write data as bytes, so that everybody gets the same hash."""

from __future__ import annotations

import json
from hashlib import sha256

from partizipation_core.errors import InputError

__all__ = ["canonical", "digest"]


def canonical(data: object) -> str:
    """Write data as JSON: keys sorted, no blanks, no escapes, whole numbers only.

    Args:
        data: dicts, lists, texts, whole numbers, booleans and None.

    Raises:
        InputError: it holds a float, which not every program writes alike.
    """
    _refuse_floats(data)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_floats(data: object) -> None:
    if isinstance(data, float):
        raise InputError("only whole numbers belong into what is hashed")
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for part in parts:
        _refuse_floats(part)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal.

    Args:
        text: what is hashed.
    """
    return sha256(text.encode()).hexdigest()
