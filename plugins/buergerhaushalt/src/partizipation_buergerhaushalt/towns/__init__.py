"""Towns: the published rules of German Bürgerhaushalte, each a format derived from a family."""

from __future__ import annotations

from partizipation_buergerhaushalt.towns.eberswalde import EBERSWALDE
from partizipation_buergerhaushalt.towns.equal_shares import EQUAL_SHARES
from partizipation_buergerhaushalt.towns.koeln import KOELN
from partizipation_buergerhaushalt.towns.stuttgart import STUTTGART
from partizipation_buergerhaushalt.towns.unterschleissheim import UNTERSCHLEISSHEIM
from partizipation_buergerhaushalt.towns.wuppertal import WUPPERTAL

__all__ = ["TOWNS"]

TOWNS = (
    STUTTGART,
    KOELN,
    WUPPERTAL,
    EBERSWALDE,
    UNTERSCHLEISSHEIM,
    EQUAL_SHARES,
)
"""Every town, in the order of the page on towns."""
