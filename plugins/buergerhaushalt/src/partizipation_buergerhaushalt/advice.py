"""The family that advises: a vote without a pot puts proposals in order, a council decides."""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.stages import (
    COUNCIL,
    DELIVERED,
    MODERATED,
    OPINIONS,
    RATING,
)
from partizipation_core.formats.settings import RankingSettings

__all__ = ["ADVICE", "RATED"]

ADVICE = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_advice",
    title="Bürgerhaushalt, der den Rat berät",
    settings=RankingSettings,
    rules={"count": "core/ranked_list", "shortlist": "core/best"},
    guards={"shortlist": ()},
    replace=[COUNCIL, DELIVERED],
    lifecycle=PATH,
)
"""Ideas, review, a vote that makes a ranked list, the council, and an account of what became."""

RATED = ADVICE.derive(
    key="buergerhaushalt_rated",
    title="Bürgerhaushalt mit Bewertung aller Vorschläge",
    without=["review", "vote"],
    insert_after={"ideas": [MODERATED, RATING, OPINIONS]},
)
"""Everything is rated; offices give opinions on the best, and the council decides on them."""
