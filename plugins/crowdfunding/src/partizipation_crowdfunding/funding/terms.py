"""Terms (Finanzierungsart): when a campaign has succeeded.

All four kinds share one lifecycle. They differ in what is asked before a campaign may take one of
the three ways out of its window: on to a second round, to success, or to failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.values import Money, Objection

__all__ = ["MODES", "WAYS", "Mode", "Reached", "Terms", "against", "way"]

Mode = Literal["all_or_nothing", "keep_it_all", "two_rounds", "start_level"]
MODES: tuple[Mode, ...] = ("all_or_nothing", "keep_it_all", "two_rounds", "start_level")

WAYS = ("next_round", "succeed", "fail")
"""Triggers that end a round, in the order in which they are tried."""


@frozen(kw_only=True)
class Terms:
    """What a campaign asks for.

    Args:
        mode: ``all_or_nothing`` succeeds with the goal, ``keep_it_all`` with any pledge,
            ``start_level`` with the minimum, however far the goal is; ``two_rounds`` must reach
            the minimum in the first and goes on towards the goal in the second.
        goal: what it wants to raise (Fundingziel, Optimum); more than nothing.
        minimum: what it needs at the least (Startlevel, Minimum); not more than the goal.
    """

    mode: Mode = field(default="all_or_nothing", validator=in_(MODES))
    goal: Money
    minimum: Money = Money(0)

    @property
    def needed(self) -> Money:
        """What must be raised to succeed."""
        match self.mode:
            case "all_or_nothing":
                return self.goal
            case "keep_it_all":
                return Money(1)
            case _:
                return self.minimum

    def faults(self) -> Iterator[Objection]:
        """Say what makes no sense."""
        if self.goal.cents <= 0:
            yield Objection("goal_missing")
        if self.mode in ("two_rounds", "start_level") and not (
            0 < self.minimum.cents <= self.goal.cents
        ):
            params = {"minimum": self.minimum.cents, "goal": self.goal.cents}
            yield Objection("minimum_not_below_goal", params)


@frozen(kw_only=True)
class Reached:
    """How a campaign stands.

    Args:
        raised: what counts towards the goal; a pledge counts once its payment is secured.
        waiting: pledges whose payment is neither secured nor refused.
        round: which round it is in, from 1.
        over: whether the window has closed.
    """

    raised: Money
    waiting: int = 0
    round: int = 1
    over: bool = True


def against(trigger: str, terms: Terms, reached: Reached) -> Iterator[Objection]:
    """Say what speaks against a way out of the window.

    Args:
        trigger: one of `WAYS`.
        terms: what the campaign asks for.
        reached: how it stands.
    """
    if not reached.over:
        yield Objection("window_still_open")
    if reached.waiting:
        yield Objection("payments_waiting", {"waiting": reached.waiting})
    enough = reached.raised >= terms.needed
    if enough is (trigger == "fail"):
        params = {"raised": reached.raised.cents, "needed": terms.needed.cents}
        yield Objection("goal_reached" if enough else "goal_not_reached", params)
    more = terms.mode == "two_rounds" and reached.round == 1
    if trigger == "next_round" and not more:
        yield Objection("no_further_round", {"round": reached.round})
    if trigger == "succeed" and more and enough:
        yield Objection("round_to_come", {"round": reached.round + 1})


def way(terms: Terms, reached: Reached) -> str:
    """Return the trigger that nothing speaks against; empty while there is none."""
    return next((one for one in WAYS if not any(against(one, terms, reached))), "")
