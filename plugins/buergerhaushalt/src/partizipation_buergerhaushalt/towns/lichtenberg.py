"""Lichtenberg: all year, a steering panel sends each proposal one of four ways.

Published: people who live or work there hand in all year, online, by letter, by phone or at an
event; the Begleitgremium recommends a proposal to the district assembly where it can be funded
now, sends it to the votation, rejects it, or hands it to the Kiezfonds jury of its Stadtteil
(buergerhaushalt-lichtenberg.de, blog on the Begleitgremium); the votation gives points, in 2009 at
26 places and by a household survey; the district assembly decides, and the life-cycle of each
proposal is public. How many points people have was not found: the district's file says it.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.advice import ADVICE
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.stages import DELIVERED
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.commands import (
    ForwardItem,
    ReviewItem,
    ShortlistItem,
    TakeUpReview,
)
from partizipation_core.formats.settings import RankingSettings
from partizipation_core.formats.stages import Stage, StageKind, allowed

__all__ = ["LICHTENBERG"]

PANEL = "steering_panel"

(_IDEAS,) = (stage for stage in BUERGERHAUSHALT.stages if stage.key == "ideas")

ALL_YEAR = Stage(
    "ideas",
    kind=StageKind.IDEA,
    title="Vorschläge das ganze Jahr",
    allows={
        **_IDEAS.allows,
        **allowed(
            {
                TakeUpReview: [PANEL],
                ForwardItem: [PANEL],
                ReviewItem: [PANEL],
                ShortlistItem: [PANEL],
            }
        ),
    },
)
"""Recommended or handed over is forwarded; rejected is infeasible; the votation is a shortlist."""

LICHTENBERG = ADVICE.derive(
    key="buergerhaushalt_lichtenberg",
    title="Bürgerhaushalt Lichtenberg",
    settings=published(
        RankingSettings,
        ballot_type="cumulative",
        rank_by="points",
        belongs_by=("main_residence", "secondary_residence", "work"),
    ),
    rules={"eligibility": ["core/min_age", "core/belongs_here"], "tie": "core/lot"},
    without=["review"],
    replace=[
        ALL_YEAR,
        Stage(
            DELIVERED.key,
            kind=DELIVERED.kind,
            title=DELIVERED.title,
            allows=DELIVERED.allows,
            edges={"next_round": "ideas"},
        ),
    ],
    lifecycle=PATH,
)
