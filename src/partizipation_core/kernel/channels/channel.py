"""What sets channels apart when the same person votes in two of them."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["AT_THE_DOOR", "FINAL", "OFFLINE", "Validity"]

OFFLINE = frozenset({"paper", "booth", "hands", "urn"})
"""Channels without a screen of one's own; they win where paper wins."""

AT_THE_DOOR = frozenset({"online", "code", "hands", "urn"})
"""Channels that can turn somebody away before anything is cast; paper lies there already."""

FINAL = frozenset({"hands", "urn"})
"""Channels whose votes nobody can take out again, since nobody knows which they are."""

Validity: TypeAlias = Literal["valid", "blank", "invalid"]
"""What a ballot on paper is: filled in as the rules ask, left empty, or anything else."""
