"""Köln: pro minus contra, more pro on ties; the ten best of each district and of the whole city.

Published: proposals are ranked by pro minus contra votes, and among equals by more pro votes
(FAQ 2016, buergerhaushalt.stadt-koeln.de/2016/faq); in 2017 the ten best of each district and of
the city as a whole went on (…/2017/node/2092). The district's council, committees and the council
decide, and an account is published; outcomes in use were realised, not feasible, to be examined
and merely noted (report-k.de 2012). Nothing was found on equals in both numbers: the lot is used
here, and a town may name another rule.
"""

from __future__ import annotations

from partizipation_buergerhaushalt.advice import RATED
from partizipation_buergerhaushalt.rules import best_of_each_area
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.settings import RankingSettings

__all__ = ["KOELN"]

KOELN = RATED.derive(
    key="buergerhaushalt_koeln",
    title="Bürgerhaushalt Köln",
    settings=published(
        RankingSettings,
        ballot_type="pro_contra",
        rank_by="pro_minus_contra",
        shortlist_per_area=10,
    ),
    rules={"shortlist": best_of_each_area, "tie": ["core/more_votes", "core/lot"]},
)
