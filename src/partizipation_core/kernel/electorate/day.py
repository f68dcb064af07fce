"""The day on which the age counts."""

from __future__ import annotations

from datetime import date

from partizipation_core.clock import Instant, to_wall
from partizipation_core.formats.rules import View

__all__ = ["day_that_counts"]


def day_that_counts(view: View) -> date | None:
    """Return the local day that the setting ``age_on`` names; None where it is not known yet.

    The day of ``close`` is the last day of the stage: a stage that ends at midnight does not
    reach into the day that begins then.
    """
    named = view.settings.age_on
    if named == "today":
        return _local(view.now, view)
    if named == "opening":
        return None if view.opens is None else _local(view.opens, view)
    if named == "close":
        return None if view.closes is None else _local(Instant(view.closes - 1), view)
    return date.fromisoformat(named)


def _local(at: Instant, view: View) -> date:
    return to_wall(at, view.settings.timezone).date()
