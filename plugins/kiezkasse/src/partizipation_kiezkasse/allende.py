"""Allende-Viertel: two permits refused, 1,100 of 2,100 come back, and are shared out once more.

As in December 2016, when 1,100 of the 2,100 that three projects had been approved came back
because two of them got no permit (press release 535722 of 25 November 2016). The share of the
region is a later and higher one here; a fourth project takes what goes beyond those 2,100.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import mutable

from partizipation_core.commands import (
    AbandonDelivery,
    AdmitVoters,
    AdvanceStage,
    AwardItems,
    Hands,
    PutOnBallot,
    RecordAssembly,
)
from partizipation_core.kernel.state import Item
from partizipation_core.values import ItemRef, Money, ParticipantRef
from partizipation_kiezkasse.course import Course, Idea
from partizipation_kiezkasse.office import OFFICER

__all__ = ["APPROVED", "AREA", "RELEASED", "AllendeCourse"]

AREA = "090414"
"""Key of the region."""

APPROVED = Money.euro(2_100)
"""What three projects were approved."""

RELEASED = Money.euro(1_100)
"""What two of them gave back."""

_KEPT, *_FAILED = Money.euro(1_000), Money.euro(600), Money.euro(500)
_PRESENT = 24
_AGREED = Hands(yes=20, no=1, abstain=3)
_REMAINDER_DAY = (9, 15)


@mutable(kw_only=True)
class AllendeCourse(Course):
    """The year of the Allende-Viertel."""

    def ideas(self) -> list[Idea]:
        """Name three projects for 2,100 and one for what is left."""
        rest = self.kiez.share.amount - APPROVED
        return [
            self.idea(1, "Bänke vor dem Ärztehaus", _FAILED[0], "online"),
            self.idea(2, "Wegweiser im Park", _FAILED[1], "paper"),
            self.idea(3, "Fest der Nachbarschaft", _KEPT, "email"),
            self.idea(4, "Bühne für alle", rest, "assembly"),
        ]

    def meet(self) -> None:
        """Agree to everything, as far as the share goes."""
        items = [item for item in self.handle.items() if item.state == "on_ballot"]
        self._agree(items, {item.ref: item.cost or Money(0) for item in items})

    def saved(self) -> Money:
        """Save nothing, so that what comes back are the two projects alone."""
        return Money(0)

    def carry_out(self) -> Iterator[date]:
        """Lose two projects, and hold a second assembly on what they gave back."""
        first, second, *others = self.awarded()
        yield date(self.kiez.year, 7, 1)
        for item in others:
            self.office.grant(item)
        for item in (first, second):
            reason = "Die Genehmigung wurde versagt."
            self.do(AbandonDelivery(item=item.ref, reason=reason), OFFICER)
        yield date(self.kiez.year, *_REMAINDER_DAY)
        yield from self._remainder_round()

    def _remainder_round(self) -> Iterator[date]:
        free = self.handle.ledger().available()
        self.do(AdvanceStage(edge="remainder_round", reason="Restmittelrunde"), OFFICER)
        idea = self.idea(5, "Lichter im Winter", free + Money.euro(100), "assembly")
        self.hand_in(idea)
        self.admit([idea])
        self.do(PutOnBallot(item=idea.ref), self.steward)
        items = [self.handle.item(idea.ref)]
        beyond = RecordAssembly(
            present=_PRESENT, hands={idea.ref: _AGREED}, sums={idea.ref: free + Money(1)}
        )
        self.is_refused(beyond, self.steward)
        self._agree(items, {idea.ref: free})
        self.do(AdvanceStage(), OFFICER)
        self.do(AwardItems(amounts=self.handle.state().proposed), OFFICER)
        self.do(AdvanceStage(), OFFICER)
        self.office.grant(self.handle.item(idea.ref))
        yield date(self.kiez.year, *_REMAINDER_DAY)

    def _agree(self, items: list[Item], sums: dict[ItemRef, Money]) -> None:
        guests = [ParticipantRef(f"gast-{AREA}-{n}") for n in range(_PRESENT)]
        self.do(AdmitVoters(people=guests), self.steward)
        hands = {item.ref: _AGREED for item in items}
        self.do(RecordAssembly(present=_PRESENT, hands=hands, sums=sums), self.steward)
