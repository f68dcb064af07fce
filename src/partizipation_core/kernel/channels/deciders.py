"""Everything that can be asked of the channels of a vote, in one place."""

from partizipation_core.kernel.channels import (
    booth,
    bycode,
    codes,
    hands,
    method,
    outside,
    paper,
    totals,
)

__all__ = ["DECIDERS"]

DECIDERS = (
    *codes.DECIDERS,
    *bycode.DECIDERS,
    *paper.DECIDERS,
    *totals.DECIDERS,
    *method.DECIDERS,
    *hands.DECIDERS,
    *booth.DECIDERS,
    *outside.DECIDERS,
)
