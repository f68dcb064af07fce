"""Neukölln: the 25 best that have at least ten votes go to the offices and the district assembly.

Published: votes on mein.berlin, the 25 best proposals with ten votes or more are checked by the
specialist offices and decided by the district assembly (mein.berlin.de, Neukölln 2022/23). Nothing
was found on equals at rank 25: the lot is used here, and a district may name another rule.
"""

from __future__ import annotations

from partizipation_buergerhaushalt.advice import RATED
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.settings import RankingSettings

__all__ = ["NEUKOELLN"]

NEUKOELLN = RATED.derive(
    key="buergerhaushalt_neukoelln",
    title="Bürgerhaushalt Neukölln",
    settings=published(
        RankingSettings, ballot_type="support", shortlist_size=25, shortlist_minimum=10
    ),
    rules={"tie": "core/lot"},
)
