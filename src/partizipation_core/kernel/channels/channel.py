"""Channels: the ways in which a vote may come in, and what sets them apart."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

__all__ = ["AT_THE_DOOR", "CHANNELS", "FINAL", "OFFLINE", "Channel", "Policy", "Validity"]

Channel: TypeAlias = Literal["online", "code", "paper", "booth", "hands", "urn"]
"""By account, with a code (Abstimmungscode), on paper that is typed in ballot by ballot, from the
file of a booth, by a show of hands (Handzeichen), or into the urn of a polling place that reports
totals only."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)

OFFLINE = frozenset({"paper", "booth", "hands", "urn"})
"""Channels without a screen of one's own; they win where paper wins."""

AT_THE_DOOR = frozenset({"online", "code", "hands", "urn"})
"""Channels that can turn somebody away before anything is cast; paper lies there already."""

FINAL = frozenset({"hands", "urn"})
"""Channels whose votes nobody can take out again, since nobody knows which they are."""

Policy: TypeAlias = Literal["first_counts", "last_counts", "paper_wins", "both_void"]
"""What becomes of two votes of one person."""

Validity: TypeAlias = Literal["valid", "blank", "invalid"]
"""What a ballot on paper is: filled in as the rules ask, left empty, or anything else."""
