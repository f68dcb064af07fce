"""Baumschulenweg: a hybrid vote, in the room, online and on paper, counted together.

The pilot of the district adds such votes to the assembly (berlin.de/ba-treptow-koepenick,
artikel.1379211). Which Kiez tries it here is made up.
"""

from __future__ import annotations

from attrs import field, mutable

from partizipation_core.commands import (
    AdmitVoters,
    AwardItems,
    CastBallot,
    ConfirmPaperBallot,
    CountBallots,
    EnterPaperBallot,
    Hands,
    RecordHands,
)
from partizipation_core.values import Actor, ItemRef, ParticipantRef, Role
from partizipation_kiezkasse.course import Course
from partizipation_kiezkasse.office import OFFICER

__all__ = ["AREA", "CHANNELS", "HybridCourse"]

AREA = "090103"
"""Key of the region."""

CHANNELS = ("hands", "online", "paper")
"""The channels by which its votes come in."""

_VOTE = "assembly"
_ONLINE, _PAPERS = 12, 8


@mutable(kw_only=True)
class HybridCourse(Course):
    """The year of a Kiez that votes by three channels."""

    shown: dict[ItemRef, Hands] = field(factory=dict)
    present: int = 0

    def meet(self) -> None:
        """Take votes in by all channels; nothing is fixed in the room alone."""
        listed = [item.ref for item in self.handle.items() if item.state == "on_ballot"]
        self.present = self.random.randrange(18, 42)
        guests = [ParticipantRef(f"gast-{AREA}-{n}") for n in range(self.present)]
        self.do(AdmitVoters(people=guests), self.steward)
        self.shown = {ref: self.show(self.present) for ref in listed}
        for number in range(_ONLINE):
            voter = Actor.of(f"online-{AREA}-{number}", Role.RESIDENT)
            self.do(CastBallot(choices=self._choices(listed)), voter)
        first, second = self.kiez.stewards()
        for number in range(1, _PAPERS + 1):
            choices = self._choices(listed)
            self.do(EnterPaperBallot(paper=f"{number:03d}", choices=choices), first)
            self.do(ConfirmPaperBallot(paper=f"{number:03d}", choices=choices), second)

    def award(self) -> None:
        """Count hands and ballots together, and award what the count proposes."""
        hands = RecordHands(vote=_VOTE, present=self.present, hands=self.shown)
        self.do(hands, self.steward)
        self.do(CountBallots(vote=_VOTE), OFFICER)
        self.do(AwardItems(amounts=self.handle.state().proposed), OFFICER)

    def _choices(self, listed: list[ItemRef]) -> dict[ItemRef, int]:
        return {ref: self.random.choice((1, 1, -1)) for ref in listed}
