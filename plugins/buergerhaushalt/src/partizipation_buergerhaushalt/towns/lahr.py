"""Lahr: five Gulden, by a code that comes by post or on the day; some vote with a sponsor.

Published: 100,000 euros, at most 10,000 for a proposal, which must serve a charitable purpose;
residents from 14 years, others by a sponsor (Patenschaft); five Gulden on the day, or online with
a code sent by post after registration; whoever received money is barred for three years, except
the city's own bodies; the checklist is public (stadtgulden-lahr.de, lahr.de). How a proposal that
does not fit is treated is not published: `misfit` stays for the town to say.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.grants import CoolingOff
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.values import Money

__all__ = ["LAHR"]

LAHR = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_lahr",
    title="Stadtgulden Lahr",
    settings=published(
        VoteSettings,
        pot=Money.euro(100_000),
        cap=Money.euro(10_000),
        min_age=14,
        belongs_by=("main_residence", "secondary_residence", "sponsor"),
        ballot_type="cumulative",
        max_points=5,
        rank_by="points",
        channels=("code", "urn"),
        checklist=("Gemeinnütziger Zweck",),
        cooling_off=CoolingOff(years=3),
    ),
    rules={"eligibility": ["core/min_age", "core/belongs_here"]},
    guards={"shortlist": ["core/cost_known", "core/within_cap"]},
)
