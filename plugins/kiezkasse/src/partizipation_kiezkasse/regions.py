"""The 20 regions of Treptow-Köpenick, whose outlines come with the plugin.

Outlines: Amt für Statistik Berlin-Brandenburg, Lebensweltlich orientierte Räume until 2020,
CC BY 4.0; their content is unchanged.
"""

from __future__ import annotations

from importlib.resources import files

from partizipation_core.areas import AreaCatalogue
from partizipation_core.exchange.geojson import read_areas

__all__ = ["regions"]

FILE = "regions-2020.geojson"


def regions() -> AreaCatalogue:
    """Return the catalogue of the regions (Bezirksregionen), one for each Kiezkasse."""
    text = (files(__package__) / "data" / FILE).read_text(encoding="utf-8")
    return AreaCatalogue(read_areas(text, source=FILE))
