"""Potsdam: five points, fifteen to go on, merged points add up, and a second vote for the top 20.

Published: people from 14 with a main or second home give five points, to heap or spread; a team of
citizens, politics and administration checks, merges and sorts what goes on into lists of 10 for
savings, 20 for running costs and 10 for investments; a second vote makes the top 20, and the
council decides item by item (buergerbeteiligung.potsdam.de 2017, 2019). In 2011 at least 15 points
were needed to go on, and the points of merged proposals were added up (…/node/1786). Nothing was
found on ties: the lot is used here, and a town may name another rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_buergerhaushalt.advice import ADVICE
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.rules import lists_in_order
from partizipation_buergerhaushalt.stages import MODERATED, PRESELECTED_UNCHECKED, SHORTLISTED
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.settings import RankingSettings
from partizipation_core.freezing import as_mapping

__all__ = ["POTSDAM", "ListSettings"]


@frozen(kw_only=True)
class ListSettings(RankingSettings):
    """What a second vote asks that is held on several lists.

    Args:
        list_places: category → how many of it the second vote has.
    """

    list_places: Mapping[str, int] = field(factory=dict, converter=as_mapping)


POTSDAM = ADVICE.derive(
    key="buergerhaushalt_potsdam",
    title="Bürgerhaushalt Potsdam",
    settings=published(
        ListSettings,
        min_age=14,
        ballot_type="cumulative",
        max_points=5,
        rank_by="points",
        shortlist_minimum=15,
        advice_size=20,
        categories=("Sparvorschläge", "Laufende Kosten", "Investitionen"),
        list_places={"Sparvorschläge": 10, "Laufende Kosten": 20, "Investitionen": 10},
    ),
    rules={"eligibility": ["core/min_age", "core/belongs_here"], "tie": "core/lot"},
    without=["review"],
    insert_before={"vote": [MODERATED, PRESELECTED_UNCHECKED, SHORTLISTED]},
    conditions={"shortlisting.advance": lists_in_order},
    # The team merges once the vote is over and before anybody has counted it.
    lifecycle=PATH.extend(key="buergerhaushalt_potsdam", moves={"on_ballot": {"merge": "merged"}}),
)
