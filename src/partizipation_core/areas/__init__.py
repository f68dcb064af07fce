"""Areas: outlines of neighbourhoods, which of them a place lies in, and what became of them."""

from partizipation_core.areas.catalogue import Area, AreaCatalogue, Succession
from partizipation_core.areas.mapping import Fault, map_faults
from partizipation_core.areas.outline import Outline, Point

__all__ = ["Area", "AreaCatalogue", "Fault", "Outline", "Point", "Succession", "map_faults"]
