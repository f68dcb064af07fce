"""Turnout: who could vote, who did, by which channel, and what was valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.results.figures import Absence, Figure, plain

__all__ = ["ChannelTurnout", "Turnout"]


@frozen(kw_only=True)
class ChannelTurnout:
    """Ballots that came in by one channel (Weg).

    Args:
        cast: all of them, or people present where hands were shown.
        blank: ballots that name nothing.
        invalid: ballots that could not be counted.
        identity: how people were identified: as the town declared it, or else the least strength
            with which its rules let anybody vote by this channel.
    """

    cast: int
    blank: Figure = 0
    invalid: Figure = 0
    identity: str = ""

    @property
    def valid(self) -> int:
        """Ballots that name something and were counted."""
        lost = (one for one in (self.blank, self.invalid) if not isinstance(one, Absence))
        return self.cast - sum(lost)


@frozen(kw_only=True)
class Turnout:
    """Who took part in a vote (Beteiligung).

    Args:
        channels: channel → what came in by it.
        eligible: people on the roll when the vote opened.
    """

    channels: Mapping[str, ChannelTurnout] = field(factory=dict, converter=as_mapping)
    eligible: Figure = Absence.NOT_RECORDED

    @property
    def cast(self) -> int:
        """All ballots, and people present where hands were shown."""
        return sum(one.cast for one in self.channels.values())

    @property
    def valid(self) -> int:
        """All valid ballots."""
        return sum(one.valid for one in self.channels.values())

    @property
    def blank(self) -> Figure:
        """All ballots that name nothing."""
        return _sum(one.blank for one in self.channels.values())

    @property
    def invalid(self) -> Figure:
        """All ballots that could not be counted."""
        return _sum(one.invalid for one in self.channels.values())

    def whole(self, base: str) -> Figure:
        """Return the number that a base of percentages stands for."""
        found: Figure = getattr(self, base)
        return found

    def rows(self) -> list[dict[str, Figure | str]]:
        """Return one row a channel, and one for all of them."""
        total = ChannelTurnout(cast=self.cast, blank=self.blank, invalid=self.invalid)
        named = {**self.channels, "all": total}
        return [
            {
                "channel": name,
                "cast": one.cast,
                "valid": one.valid,
                "blank": one.blank,
                "invalid": one.invalid,
                "identity": one.identity,
            }
            for name, one in named.items()
        ]

    def to_data(self) -> dict[str, object]:
        """Return the turnout as plain data."""
        rows = ({k: _told(v) for k, v in row.items()} for row in self.rows())
        return {"eligible": plain(self.eligible), "channels": list(rows)}


def _sum(figures: Iterable[Figure]) -> Figure:
    found = list(figures)
    numbers = [one for one in found if not isinstance(one, Absence)]
    return sum(numbers) if numbers or not found else Absence.NOT_APPLICABLE


def _told(cell: Figure | str) -> object:
    return plain(cell) if isinstance(cell, Absence | int) else cell
