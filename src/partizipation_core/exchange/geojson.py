"""GeoJSON (RFC 7946): outlines of areas in and out.

A feature becomes an `Area`. Its properties ``id`` (or ``key``) and ``name`` are asked for;
``residents``, ``since`` and ``until`` (ISO days) are read where they are there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from partizipation_core.areas import Area, Outline, Point
from partizipation_core.areas.outline import UNITS, Ring
from partizipation_core.errors import InputError

__all__ = ["read_areas", "write_areas"]

_MOST_PEOPLE = 10**10


def read_areas(text: str, *, source: str = "", key: str = "id") -> tuple[Area, ...]:
    """Read the areas of a collection of features.

    Args:
        text: GeoJSON with polygons or multi-polygons in WGS84.
        source: name of the file, for messages.
        key: property that holds an area's key; ``key`` is taken where it is missing.

    Raises:
        InputError: it is no GeoJSON, or a feature is not what an area needs; names the feature.
    """
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as error:
        raise InputError(
            f"no JSON: {error.msg}", source=source, line=error.lineno, column=error.colno
        ) from error
    except InvalidOperation:
        raise InputError("a number has too many digits", source=source) from None
    except RecursionError:
        raise InputError("lists are nested too deeply", source=source) from None
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise InputError("a FeatureCollection is expected", source=source)
    found = data.get("features")
    if not isinstance(found, list):
        raise InputError("features: a list is expected", source=source)
    return tuple(
        _area(one, f"features[{number}]", source, key) for number, one in enumerate(found)
    )


def write_areas(areas: Iterable[Area], *, name: str = "") -> str:
    """Write areas as a collection of features, one line each; reading gives the same areas."""
    features = ",\n".join(json.dumps(_feature(one), ensure_ascii=False) for one in areas)
    title = f'"name": {json.dumps(name, ensure_ascii=False)},\n' if name else ""
    return f'{{"type": "FeatureCollection",\n{title}"features": [\n{features}\n]}}\n'


# --- in


def _area(feature: Any, place: str, source: str, key: str) -> Area:
    try:
        told = feature["properties"]
        return Area(
            key=_text(told, key if key in told else "key"),
            name=_text(told, "name"),
            outline=_outline(feature.get("geometry")),
            since=_day(told.get("since")),
            until=_day(told.get("until")),
            residents=_whole(told.get("residents")),
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        missing = f"property {error} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{place}: {missing}", source=source) from error


def _text(properties: Mapping[str, Any], name: str) -> str:
    value = properties[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name}: a text is expected, not {value!r}")
    return value.strip()


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _whole(value: Any) -> int | None:
    if value is not None and (not 0 <= value <= _MOST_PEOPLE or value != int(value)):
        raise ValueError(f"residents: a whole number is expected, not {value}")
    return None if value is None else int(value)


def _outline(geometry: Any) -> Outline | None:
    if geometry is None:
        return None
    kind, parts = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"geometry: a Polygon or MultiPolygon, not {kind}")
    polygons = [parts] if kind == "Polygon" else parts
    return Outline([_ring(ring) for polygon in polygons for ring in polygon])


def _ring(corners: Sequence[Sequence[Decimal]]) -> Ring:
    return tuple(Point.degrees(corner[0], corner[1]) for corner in corners)


# --- out


def _feature(area: Area) -> dict[str, Any]:
    told = {
        "id": area.key,
        "name": area.name,
        "since": area.since.isoformat() if area.since else None,
        "until": area.until.isoformat() if area.until else None,
        "residents": area.residents,
    }
    properties = {name: value for name, value in told.items() if value is not None}
    return {"type": "Feature", "properties": properties, "geometry": _geometry(area.outline)}


def _geometry(outline: Outline | None) -> dict[str, Any] | None:
    """Write each outer ring with the holes that lie in it."""
    if outline is None:
        return None
    polygons: list[list[Ring]] = []
    for ring in outline.rings:
        owner = next((one for one in polygons if ring[0] in Outline([one[0]])), None)
        if owner is None:
            polygons.append([ring])
        else:
            owner.append(ring)
    parts = [[[_degrees(corner) for corner in ring] for ring in one] for one in polygons]
    return {"type": "MultiPolygon", "coordinates": parts}


def _degrees(point: Point) -> list[float]:
    return [point.lon / UNITS, point.lat / UNITS]
