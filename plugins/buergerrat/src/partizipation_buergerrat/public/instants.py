"""Instants in a protocol: ISO 8601 in UTC to the second, so that their texts sort by time."""

from __future__ import annotations

from datetime import UTC, datetime

from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

__all__ = ["checked", "from_seconds"]

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def checked(text: str) -> str:
    """Return an instant as it is, if it is written like ``2026-11-22T18:00:00Z``.

    Args:
        text: the instant.

    Raises:
        InputError: it is written otherwise.
    """
    try:
        if datetime.strptime(text, _FORM).replace(tzinfo=UTC).strftime(_FORM) == text:
            return text
    except (TypeError, ValueError):
        pass
    raise wrong(InputError, "source.no_instant", found=str(text))


def from_seconds(seconds: float) -> str:
    """Write an instant given in seconds since 1970.

    Args:
        seconds: since 1970-01-01, in UTC.
    """
    return datetime.fromtimestamp(seconds, UTC).strftime(_FORM)
