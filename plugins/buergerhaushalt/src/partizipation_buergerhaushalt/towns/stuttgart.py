"""Stuttgart: every proposal is rated "gut" or "weniger gut", the best 100 go to the council.

Published for 2025: each proposal is rated once by each person, only "gut" counts and the others
are information (rules of the procedure, buergerhaushalt-stuttgart.de/seite/2); the list of 100
takes the two best of each of the 23 districts first and is then filled up; ties at rank 100 are
probably added (…/node/7). Who lives there, with a main or second home, takes part; there is no
age limit. The districts' names and whether ties are added are left for the town's own file.
"""

from __future__ import annotations

from partizipation_buergerhaushalt.advice import RATED
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.settings import RankingSettings

__all__ = ["STUTTGART"]

STUTTGART = RATED.derive(
    key="buergerhaushalt_stuttgart",
    title="Bürgerhaushalt Stuttgart",
    settings=published(
        RankingSettings,
        ballot_type="pro_contra",
        rank_by="pro",
        shortlist_size=100,
        shortlist_per_area=2,
        shortlist_ties="include_all",
    ),
    rules={"eligibility": ["core/min_age", "core/belongs_here"], "tie": "core/lot"},
)
