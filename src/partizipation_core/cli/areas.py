"""``partizipation areas``: maps of areas, and which area a place lies in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.output import ExitCode, emit, emit_json
from partizipation_core.errors import InputError, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from partizipation_core.areas import Area, AreaCatalogue

__all__ = ["areas"]

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_KEY = click.option("--key", default="id", help="Property that holds the key of an area.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_DAY = click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="On which day.")


@click.group()
def areas() -> None:
    """Check maps (GeoJSON) and find the area of a place."""


@areas.command()
@_FILE
@_KEY
@_DAY
@_JSON
def check(file: Path, key: str, day: datetime | None, as_json: bool) -> int:
    """Check that the areas of a map adjoin without gaps.

    Exit code 1 if gaps, overlaps or unequal borders were found.
    """
    from partizipation_core.areas import map_faults

    found = _read(file, key, day).areas
    faults = map_faults(found)
    if as_json:
        told = [{"kind": one.kind, "areas": one.areas, "at": str(one.at)} for one in faults]
        emit_json({"areas": len(found), "faults": told})
    else:
        for one in faults:
            emit(f"{_KINDS[one.kind]} bei {one.at}: {', '.join(one.areas)}")
        emit(f"{len(found)} Gebiete, {len(faults) or 'keine'} Fehler")
    return ExitCode.FAILED if faults else ExitCode.OK


_KINDS = {
    "gap": "Lücke",
    "overlap": "Überschneidung",
    "border": "Ungleich gezeichnete Grenze",
}


@areas.command()
@_FILE
@click.argument("longitude")
@click.argument("latitude")
@_KEY
@_DAY
@_JSON
def find(
    *,
    file: Path,
    longitude: str,
    latitude: str,
    key: str,
    day: datetime | None,
    as_json: bool,
) -> int:
    """Find the area of a place: longitude, then latitude in degrees."""
    from partizipation_core.areas import Point

    try:
        place = Point.degrees(longitude, latitude)
    except ValueError as error:
        raise InputError(str(error)) from error
    area = _read(file, key, day).at(place)
    if area is None:
        raise NotFound(f"no area of {file.name} holds {place}")
    _tell(area, as_json)
    return ExitCode.OK


def _tell(area: Area, as_json: bool) -> None:
    if as_json:
        emit_json({"key": area.key, "name": area.name})
    else:
        emit(f"{area.key} {area.name}")


def _read(file: Path, key: str, day: datetime | None) -> AreaCatalogue:
    from partizipation_core.areas import AreaCatalogue
    from partizipation_core.exchange.geojson import read_areas

    catalogue = AreaCatalogue(
        read_areas(file.read_text(encoding="utf-8"), source=str(file), key=key)
    )
    return catalogue.on(day.date()) if day else catalogue
