"""Towns: the published rules of German Bürgerhaushalte, each a format derived from a family."""

from __future__ import annotations

from partizipation_buergerhaushalt.towns.brandenburg_an_der_havel import BRANDENBURG
from partizipation_buergerhaushalt.towns.eberswalde import EBERSWALDE
from partizipation_buergerhaushalt.towns.equal_shares import EQUAL_SHARES
from partizipation_buergerhaushalt.towns.freiburg import FREIBURG
from partizipation_buergerhaushalt.towns.koeln import KOELN
from partizipation_buergerhaushalt.towns.konstanz import KONSTANZ
from partizipation_buergerhaushalt.towns.lahr import LAHR
from partizipation_buergerhaushalt.towns.lichtenberg import LICHTENBERG
from partizipation_buergerhaushalt.towns.marzahn_hellersdorf import MARZAHN_HELLERSDORF
from partizipation_buergerhaushalt.towns.neukoelln import NEUKOELLN
from partizipation_buergerhaushalt.towns.potsdam import POTSDAM
from partizipation_buergerhaushalt.towns.stuttgart import STUTTGART
from partizipation_buergerhaushalt.towns.unterschleissheim import UNTERSCHLEISSHEIM
from partizipation_buergerhaushalt.towns.wuppertal import WUPPERTAL

__all__ = ["TOWNS"]

TOWNS = (
    STUTTGART,
    KOELN,
    POTSDAM,
    WUPPERTAL,
    EBERSWALDE,
    LAHR,
    KONSTANZ,
    UNTERSCHLEISSHEIM,
    MARZAHN_HELLERSDORF,
    NEUKOELLN,
    LICHTENBERG,
    FREIBURG,
    BRANDENBURG,
    EQUAL_SHARES,
)
"""Every town, in the order of the page on towns."""
