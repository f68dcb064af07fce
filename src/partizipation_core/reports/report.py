"""Report: everything a result page tells, as one value that every number is taken from.

It names no persons: neither authors nor voters have a field here.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.results.vote_result import VoteResult

__all__ = ["Check", "Entry", "Milestone", "Refusal", "Report"]

_SETTLED = frozenset({"done", "abandoned"})


@frozen(kw_only=True)
class Entry:
    """One proposal and what became of it.

    Args:
        item: its reference.
        title: its title.
        category: what kind it is, empty for none.
        cost: what it is expected to cost, in minor units.
        score: what it was ranked by; None where nothing was counted.
        score_label: the score with its unit, such as ``132 Stimmen``.
        award: what it was awarded, in minor units; None where it was not.
        state: code of where it stands, such as ``in_progress``.
        reason: why it was or was not awarded, as a sentence.
        percent: how far it has come, 0 to 100.
        spent: money spent so far, in minor units; None where none was reported.
        note: what the public is told about its progress.
    """

    item: str
    title: str
    category: str = ""
    cost: int | None = None
    score: int | None = None
    score_label: str = ""
    award: int | None = None
    state: str = ""
    reason: str = ""
    percent: int = 0
    spent: int | None = None
    note: str = ""

    @property
    def funded(self) -> bool:
        """Whether it was awarded money."""
        return self.award is not None

    @property
    def bound(self) -> int:
        """Money that is spent or kept for it: what came back to the pot no longer counts."""
        spent = self.spent or 0
        return spent if self.state in _SETTLED else max(self.award or 0, spent)


@frozen(kw_only=True)
class Check:
    """One proof that was tried.

    Args:
        name: what was checked.
        ok: whether it held.
        detail: the figures.
    """

    name: str
    ok: bool
    detail: str = ""


@frozen(kw_only=True)
class Refusal:
    """Something that was asked for and not allowed.

    Args:
        who: label of the role; never a person.
        what: label of the command.
        sentence: why not.
    """

    who: str
    what: str
    sentence: str


@frozen(kw_only=True)
class Milestone:
    """Something that happened to the procedure as a whole.

    Args:
        at: when.
        what: such as the title of the stage that began.
    """

    at: Instant
    what: str


@frozen(kw_only=True)
class Report:
    """A procedure and its result, ready to be published.

    Args:
        title: name of the procedure.
        municipality: name of the town.
        format: title of the format.
        stage: title of the stage it is in.
        generated_at: when the report was made.
        entries: all proposals, best first.
        pot: money to award, in minor units; None where the procedure gives advice only.
        unit: minor units in one unit of the currency.
        currency: three letters (ISO 4217).
        zone: name of the procedure's time zone.
        ballots: number of ballots counted.
        present: people entitled to vote who were in the assembly; None where none was held.
        turnout: channel → number of people or ballots that came in by it.
        rule: how it was counted, in sentences.
        ties: a sentence for each tie and how it was decided.
        refusals: what was not allowed on the way.
        milestones: the course of the procedure, oldest first.
        checks: the proofs.
        source: where the data come from.
        result: the one result that all numbers of votes are taken from; None before it is known.
    """

    title: str
    municipality: str
    format: str
    stage: str
    generated_at: Instant
    entries: tuple[Entry, ...] = field(default=(), converter=as_tuple)
    pot: int | None = None
    unit: int = 100
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    ballots: int = 0
    present: int | None = None
    turnout: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    rule: str = ""
    ties: tuple[str, ...] = field(default=(), converter=as_tuple)
    refusals: tuple[Refusal, ...] = field(default=(), converter=as_tuple)
    milestones: tuple[Milestone, ...] = field(default=(), converter=as_tuple)
    checks: tuple[Check, ...] = field(default=(), converter=as_tuple)
    source: str = ""
    result: VoteResult | None = None

    @property
    def funded(self) -> tuple[Entry, ...]:
        """The proposals that were awarded money."""
        return tuple(entry for entry in self.entries if entry.funded)

    @property
    def not_funded(self) -> tuple[Entry, ...]:
        """The proposals that were not."""
        return tuple(entry for entry in self.entries if not entry.funded)

    @property
    def advises(self) -> bool:
        """Whether it gives advice only: there is no pot and nothing was awarded."""
        return self.pot is None and not self.funded

    @property
    def awarded(self) -> int:
        """All awards together, in minor units."""
        return sum(entry.award or 0 for entry in self.entries)

    @property
    def spent(self) -> int:
        """All money spent, in minor units."""
        return sum(entry.spent or 0 for entry in self.entries)

    @property
    def returned(self) -> int:
        """Money that was awarded and came back, in minor units."""
        return self.awarded - self.bound

    @property
    def bound(self) -> int:
        """Money spent or kept for proposals, in minor units."""
        return sum(entry.bound for entry in self.entries)

    @property
    def rest(self) -> int:
        """Money left in the pot, in minor units; negative where more is bound than was there."""
        return (self.pot or 0) - self.bound
