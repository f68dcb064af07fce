"""Golden figures: what is published of the Kiezkassen, and what a played year came to.

100,000 over 20 regions, at least 2,600 each, in steps of 100, Altglienicke 10,100; 2,100 approved
in the Allende-Viertel, 1,100 of them released, and no more than these in a second round.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from partizipation_core.kernel.assembly import AssemblyRecorded
from partizipation_core.money.split import Split
from partizipation_core.platform import ProcedureHandle
from partizipation_core.values import Money
from partizipation_kiezkasse.allende import APPROVED, RELEASED
from partizipation_kiezkasse.population import LARGEST
from partizipation_kiezkasse.programme import FLOOR, STEP, TOTAL

__all__ = ["Golden", "golden_figures"]


@frozen(kw_only=True)
class Golden:
    """One published figure beside the one that was found.

    Args:
        code: names it.
        wanted: as published.
        found: as it came out.
    """

    code: str
    wanted: Money
    found: Money

    @property
    def met(self) -> bool:
        """Whether both are the same."""
        return self.wanted == self.found


def golden_figures(shares: Split, allende: ProcedureHandle) -> tuple[Golden, ...]:
    """Compare a played year of `TOTAL` with what is published; nothing for another sum.

    Args:
        shares: of the regions.
        allende: the Kiezkasse of the Allende-Viertel.
    """
    if shares.total != TOTAL:
        return ()
    amounts = shares.amounts
    odd = sum(amount.cents % STEP.cents for amount in amounts.values())
    split = (
        Golden(code="total", wanted=TOTAL, found=Money.total(amounts.values())),
        Golden(code="floor", wanted=FLOOR, found=min(amounts.values())),
        Golden(code="largest", wanted=Money.euro(10_100), found=amounts[LARGEST]),
        Golden(code="steps", wanted=Money(0), found=Money(odd)),
    )
    return (*split, *_allende(allende))


def _allende(handle: ProcedureHandle) -> Iterator[Golden]:
    first, second = (
        one.event for one in handle.journal() if isinstance(one.event, AssemblyRecorded)
    )
    items = {item.ref: item for item in handle.items()}
    three = sorted(first.sums)[:3]
    failed = [ref for ref in three if items[ref].state == "abandoned"]
    approved = Money.total(first.sums[ref] for ref in three)
    released = Money.total(first.sums[ref] for ref in failed)
    again = Money.total(second.sums.values())
    yield Golden(code="allende_approved", wanted=APPROVED, found=approved)
    yield Golden(code="allende_released", wanted=RELEASED, found=released)
    yield Golden(code="allende_second", wanted=RELEASED, found=again)
