"""Eberswalde: five tokens to heap or spread, dropped into vases on the day; most tokens win.

Published: 100,000 euros a year (50,000 in 2023), at most 15,000 for a proposal, residents from 14
years (moz.de 2020, barnim-aktuell.de 2023); five Stimmtaler that may be cumulated, awarded from
the top until the pot is used up (jugend-budget.de); whoever received money is barred for three
years, except the city itself (partizipendium.de). How a proposal that does not fit is treated is
not published: `misfit` stays for the town to say. The city's own bodies are named in
``cooling_off.exempt``.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.grants import CoolingOff
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.values import Money

__all__ = ["EBERSWALDE"]

EBERSWALDE = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_eberswalde",
    title="Bürgerbudget Eberswalde",
    settings=published(
        VoteSettings,
        pot=Money.euro(100_000),
        cap=Money.euro(15_000),
        min_age=14,
        ballot_type="cumulative",
        max_points=5,
        rank_by="points",
        channels=("online", "urn"),
        cooling_off=CoolingOff(years=3),
    ),
    guards={"shortlist": ["core/cost_known", "core/within_cap"]},
)
