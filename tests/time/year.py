"""A procedure whose dates are all that matters."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from partizipation_core.clock import FrozenClock, Instant, from_wall
from partizipation_core.platform import Platform, ProcedureHandle
from partizipation_core.values import Actor, ItemRef, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("office", Role.OFFICER)
REVIEWER = Actor.of("expert", Role.REVIEWER)
WINDOWS = {
    "ideas": {"until": date(2027, 3, 31)},
    "review": {"from": date(2027, 4, 1), "until": date(2027, 5, 10)},
    "vote": {"from": date(2027, 5, 15), "until": date(2027, 5, 31)},
    "fund": date(2027, 6, 2),
    "implement": date(2027, 7, 1),
}


def at(*wall: int) -> Instant:
    """Return the instant of a local time in Berlin."""
    return from_wall(datetime(*wall), BERLIN)  # noqa: DTZ001


class Year:
    """A year in a town: a clock, and a Bürgerhaushalt on it."""

    def __init__(self) -> None:
        self.clock = FrozenClock(at(2027, 3, 1, 9))
        self.platform = Platform(clock=self.clock)
        self.town = self.platform.municipality("12060052")

    def open(self, schedule=None, form="buergerhaushalt", **settings) -> ProcedureHandle:
        """Open a procedure with windows."""
        wanted = {"pot": "1000 EUR", "misfit": "skip", **settings}
        return self.town.open(
            "budget",
            form,
            actor=OFFICER,
            settings=wanted,
            schedule=WINDOWS if schedule is None else schedule,
        )

    def go(self, handle: ProcedureHandle, *wall: int) -> ProcedureHandle:
        """Let time pass until a local time."""
        self.clock.set(at(*wall))
        handle.tick()
        return handle


def on_ballot(handle: ProcedureHandle, clock: FrozenClock, ref: str = "i-1") -> None:
    """Bring one idea to the shortlist, from the stage of ideas."""
    from partizipation_core.commands import (
        AdvanceStage,
        ReviewItem,
        ShortlistItem,
        SubmitItem,
        TakeUpReview,
    )

    item = ItemRef(ref)
    anna = Actor.of("anna", Role.RESIDENT)
    handle.execute(SubmitItem(item=item, title="Bank", cost=Money.euro(700)), actor=anna)
    if handle.state().stage == "ideas":
        handle.execute(AdvanceStage(), actor=OFFICER)
    handle.execute(TakeUpReview(item=item), actor=REVIEWER)
    handle.execute(ReviewItem(item=item, outcome="feasible"), actor=REVIEWER)
    handle.execute(ShortlistItem(item=item), actor=OFFICER)
