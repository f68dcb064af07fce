"""Sentences of the plugin, one folder a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from partizipation_core.errors import PartizipationError

__all__ = ["PACKAGE", "say", "wrong"]

E = TypeVar("E", bound=PartizipationError)

PACKAGE = __name__


def say(code: str, params: Mapping[str, Any], lang: str = "de") -> str:
    """Write the sentence of a code.

    Args:
        code: such as ``draw.infeasible``.
        params: fills it.
        lang: the reader's language.
    """
    from partizipation_core.texts import load, render  # slow to load, and not everybody speaks

    own = [load(PACKAGE, tongue) for tongue in dict.fromkeys((lang, "de"))]
    return render(code, params, lang=lang, catalogues=own)


def wrong(kind: type[E], code: str, **params: object) -> E:
    """Make an error that tells an office what is wrong; the sentence is German.

    Args:
        kind: of the error.
        code: names the sentence.
        params: fill it.
    """
    return kind(say(code, params))
