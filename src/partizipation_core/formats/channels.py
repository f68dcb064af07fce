"""The words for channels: how votes come in, and what becomes of two votes of one person."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

__all__ = ["CHANNELS", "METHODS", "OWN_CHANNELS", "Channel", "Method", "Policy"]

Channel: TypeAlias = Literal["online", "code", "paper", "booth", "hands", "urn"]
"""By account, with a code (Abstimmungscode), on paper that is typed in ballot by ballot, from the
file of a booth, by a show of hands (Handzeichen), or into the urn of a polling place that reports
totals only."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)

OWN_CHANNELS: frozenset[str] = frozenset({"online"})
"""Channels that somebody may name who casts a ballot; every other one has commands of its own,
given by those who are answerable for it."""

Method: TypeAlias = Literal["hands", "cards", "paper", "points"]
"""How an assembly counts: hands or cards that are held up (Handzeichen, Stimmkarten), slips of
paper that are counted in the room (Stimmzettel), or points that everybody hands out (Punkte)."""

METHODS: tuple[Method, ...] = get_args(Method)

Policy: TypeAlias = Literal["first_counts", "last_counts", "paper_wins", "both_void"]
"""What becomes of two votes of one person."""
