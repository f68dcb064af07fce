"""The one result of a vote: every number that any page, table, notice or program tells."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import asdict, field, frozen

from partizipation_core.counting import Result, Tie
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.results.figures import Absence, Figure, Shares, plain
from partizipation_core.kernel.results.turnout import Turnout
from partizipation_core.values import ItemRef

__all__ = ["Correction", "CountedOutside", "Line", "VoteResult"]


@frozen(kw_only=True)
class Line:
    """What one item came to.

    Args:
        item: its reference.
        title: its title when the vote was counted.
        cost: its price on the ballot, in minor units.
        votes: votes or hands for it.
        points: points it received, where there are points.
        contra: votes or hands against it.
        abstain: abstentions that were declared.
        score: what it was ranked by.
        rank: 1 for the best.
        outcome: ``funded``, ``rejected``, ``agreed``, ``not_agreed``, or empty where the count
            proposes nothing.
        missing: votes or points that it lacked.
        channels: channel → votes for it.
    """

    item: ItemRef
    title: str
    cost: Figure = Absence.NOT_APPLICABLE
    votes: Figure = Absence.NOT_RECORDED
    points: Figure = Absence.NOT_APPLICABLE
    contra: Figure = Absence.NOT_APPLICABLE
    abstain: Figure = Absence.NOT_APPLICABLE
    score: Figure | Fraction = Absence.NOT_APPLICABLE
    rank: Figure = Absence.NOT_APPLICABLE
    outcome: str = ""
    missing: Figure = Absence.NOT_APPLICABLE
    channels: Mapping[str, Figure] = field(factory=dict, converter=as_mapping)


_FIGURES = ("cost", "votes", "points", "contra", "abstain", "rank", "missing")


@frozen(kw_only=True)
class Correction:
    """Why a result took the place of another.

    Args:
        reason: what was wrong.
        awards: items whose awards rest on the earlier result.
        affected: those of them that the new result proposes otherwise.
    """

    reason: str
    awards: tuple[ItemRef, ...] = field(default=(), converter=as_tuple)
    affected: tuple[ItemRef, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class CountedOutside:
    """Where a vote was held that nobody has counted here.

    Args:
        system: name of the system outside.
        ballots: ballots that it reports.
        document: SHA-256 of its signed report.
        proof: SHA-256 of what proves its numbers.
    """

    system: str
    ballots: int
    document: str
    proof: str


@frozen(kw_only=True)
class VoteResult:
    """The result of a vote (Abstimmungsergebnis).

    Args:
        vote: which vote.
        status: ``draft``, ``certified``, ``published``, ``corrected`` or ``superseded``.
        revision: 1 for the first published result, one more for each correction; 0 before.
        turnout: who took part.
        lines: what each item came to, best first.
        shares: percentages of the votes.
        rule: the pinned rule that decided it, as ``name@version``; empty where none did.
        electorate: the pinned rules that said who may vote.
        seed: digits drawn in public, empty where no lot was needed.
        ties: ties and how they were put in order.
        budget: money to award, in minor units.
        rest: money left, in minor units.
        printed: the money that stood on the ballot paper; another sum than ``budget`` where money
            came in or was lost while people voted.
        count: the full protocol of the count; None for a show of hands.
        correction: why it took the place of another; None for the first.
        outside: the system outside that reported the numbers; None where they were counted here.
    """

    vote: str
    status: str
    revision: int = 1
    turnout: Turnout = field(factory=Turnout)
    lines: tuple[Line, ...] = field(default=(), converter=as_tuple)
    shares: Shares
    rule: str = ""
    electorate: tuple[str, ...] = field(default=(), converter=as_tuple)
    seed: str = ""
    ties: tuple[Tie, ...] = field(default=(), converter=as_tuple)
    budget: Figure = Absence.NOT_APPLICABLE
    rest: Figure = Absence.NOT_APPLICABLE
    printed: Figure = Absence.NOT_APPLICABLE
    count: Result | None = None
    correction: Correction | None = None
    outside: CountedOutside | None = None

    def line(self, item: str) -> Line | None:
        """Return what an item came to; None where it did not stand on the ballot."""
        return next((line for line in self.lines if line.item == item), None)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels by which votes came in."""
        return tuple(self.turnout.channels)

    @property
    def money_moved(self) -> bool:
        """Whether another sum was awarded than stood on the ballot paper."""
        sums = (self.printed, self.budget)
        return all(isinstance(one, int) for one in sums) and self.printed != self.budget

    def rows(self) -> list[dict[str, Figure | str]]:
        """Return one flat row an item, with tenths of percent and votes by channel."""
        return [self._row(line) for line in self.lines]

    def _row(self, line: Line) -> dict[str, Figure | str]:
        figures: dict[str, Figure | str] = {name: getattr(line, name) for name in _FIGURES}
        by_channel = {f"votes.{name}": n for name, n in line.channels.items()}
        return {
            "item": line.item,
            "title": line.title,
            **figures,
            "score": str(line.score) if isinstance(line.score, Fraction) else line.score,
            "share": self.shares.tenths[line.item],
            "outcome": line.outcome,
            **by_channel,
        }

    def to_data(self) -> dict[str, object]:
        """Return everything as plain data: no floats, and absences that are no numbers."""
        return {
            "vote": self.vote,
            "status": self.status,
            "revision": self.revision,
            "rule": self.rule,
            "electorate": list(self.electorate),
            "seed": self.seed,
            "budget": plain(self.budget),
            "rest": plain(self.rest),
            "printed": plain(self.printed),
            "turnout": self.turnout.to_data(),
            "shares": {
                "base": self.shares.base,
                "whole": plain(self.shares.whole),
                "rounding": self.shares.rounding,
                "unit": "tenths of a percent",
            },
            "lines": [{k: _told(v) for k, v in row.items()} for row in self.rows()],
            "ties": [tie.to_data() for tie in self.ties],
            "correction": _correction(self.correction),
            **({"outside": asdict(self.outside)} if self.outside else {}),
        }


def _told(cell: Figure | str) -> object:
    return plain(cell) if isinstance(cell, Absence | int) else cell


def _correction(found: Correction | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "reason": found.reason,
        "awards": list(found.awards),
        "affected": list(found.affected),
    }
