"""How the outlines of countries become the small file that the maps are drawn from.

Source: Natural Earth, 1:110m, public domain (naturalearthdata.com), as TopoJSON, where neighbours share their border: what is
simplified once stays closed on both sides. `manage.py make_map_shapes` calls this; the portal reads only its result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.core import get_global

from portal.countries import WEST_AND_CENTRAL_AFRICA

Point = tuple[float, float]
Line = list[Point]

# Natural Earth draws these without an ISO number.
CODES_BY_NAME = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}
# Beyond the frame a line may go so far, in units of the drawing.
MARGIN = 3
# Smaller parts of a country are left out, in square units.
SMALLEST = 2
LABEL_STEPS = 24


def plate(longitude: float, latitude: float) -> Point:
    """Project as it is measured: fair near the equator."""
    return math.radians(longitude), -math.radians(latitude)


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project with true areas (Šavrič, Patterson, Jenny 2018), seen from 10° east."""
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    angle = math.asin(root * math.sin(math.radians(latitude)))
    two, six = angle**2, angle**6
    x = math.radians(longitude - 10) * math.cos(angle) / (root * (a + 3 * b * two + six * (7 * c + 9 * d * two)))
    return x, -angle * (a + b * two + six * (c + d * two))


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the earth and how it is drawn: `west`, `south`, `east`, `north` in degrees, the rest in units."""

    project: Callable[[float, float], Point]
    bounds: tuple[float, float, float, float]
    width: int
    tolerance: float
    codes: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        west, _south, east, _north = self.bounds
        return self.width / (self.project(east, 0)[0] - self.project(west, 0)[0])

    @property
    def height(self) -> int:
        _west, south, _east, north = self.bounds
        return round((self.project(0, south)[1] - self.project(0, north)[1]) * self.scale)

    def place(self, point: Point) -> Point:
        """Return where a point of the earth stands in the drawing, held near the frame."""
        west, _south, _east, north = self.bounds
        x, y = self.project(*point)
        x, y = (x - self.project(west, 0)[0]) * self.scale, (y - self.project(0, north)[1]) * self.scale
        return min(max(x, -MARGIN), self.width + MARGIN), min(max(y, -MARGIN), self.height + MARGIN)


FRAMES = {
    "africa": Frame(plate, (-18.2, -18.3, 31.2, 27.6), 400, 0.8, WEST_AND_CENTRAL_AFRICA),
    "world": Frame(equal_earth, (-118, -56, 155, 63), 480, 0.9),
}


def shapes(topology: Mapping[str, Any]) -> dict[str, Any]:
    """Return, for each frame, its size, the land of all countries, and each country's outline and label."""
    return {name: _drawn(frame, topology) for name, frame in FRAMES.items()}


def _drawn(frame: Frame, topology: Mapping[str, Any]) -> dict[str, Any]:
    arcs = [simplified([frame.place(point) for point in arc], frame.tolerance) for arc in _arcs(topology)]
    countries: dict[str, list[Line]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        countries.setdefault(_code(geometry), []).extend(_rings(geometry, arcs))
    drawn = {code: list(_visible(frame, rings)) for code, rings in sorted(countries.items())}
    land = [ring for geometry in topology["objects"]["land"]["geometries"] for ring in _rings(geometry, arcs)]
    return {
        "width": frame.width,
        "height": frame.height,
        "land": "" if frame.codes else path(_visible(frame, land)),
        "countries": {
            code: [path(rings), *label_place(max(rings, key=area))]
            for code, rings in drawn.items()
            if rings and (not frame.codes or code in frame.codes)
        },
    }


def _arcs(topology: Mapping[str, Any]) -> Iterator[Line]:
    """Yield the lines of a TopoJSON in degrees; they are written as steps of a grid."""
    (scale_x, scale_y), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + west, y * scale_y + south))
        yield line


def _code(geometry: Mapping[str, Any]) -> str:
    number = geometry.get("id")
    return get_global("territory_aliases")[number][0] if number else CODES_BY_NAME[geometry["properties"]["name"]]


def _rings(geometry: Mapping[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """Yield the outer rings of a geometry; lakes and enclaves are too small to draw."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part, arcs)
        return
    for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
        ring: Line = []
        for number in polygon[0]:
            line = arcs[number] if number >= 0 else arcs[~number][::-1]
            ring += line[1:] if ring else line
        yield ring


def _visible(frame: Frame, rings: Iterable[Line]) -> Iterator[Line]:
    """Yield rings on whole units, without those that are too small or outside."""
    for ring in rings:
        rounded: Line = [(round(x), round(y)) for x, y in ring]
        whole = [point for point, before in zip(rounded, [None, *rounded], strict=False) if point != before]
        inside = any(0 <= x <= frame.width and 0 <= y <= frame.height for x, y in whole)
        if len(whole) > 3 and inside and area(whole) >= SMALLEST:
            yield whole[:-1]


def simplified(line: Line, tolerance: float) -> Line:
    """Return a line without the points that lie nearer than `tolerance` to the rest (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def distance(point: Point) -> float:
        x, y = point
        return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)

    farthest = max(range(1, len(line) - 1), key=lambda number: distance(line[number]))
    if distance(line[farthest]) <= tolerance:
        return [line[0], line[-1]]
    return simplified(line[: farthest + 1], tolerance)[:-1] + simplified(line[farthest:], tolerance)


def area(ring: Line) -> float:
    """Return the area of a ring."""
    pairs = zip(ring[-1:] + ring[:-1], ring, strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def path(rings: Iterable[Line]) -> str:
    """Return rings as the data of an SVG path, in steps of whole units."""
    text = ""
    for ring in rings:
        steps = " ".join(f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False))
        text += f"M{ring[0][0]} {ring[0][1]}l{steps.replace(' -', '-')}z"
    return text


def label_place(ring: Line) -> tuple[int, int, int]:
    """Return the point of a ring that is farthest from its edge, and how far: where a label fits, and whether."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    steps = range(1, LABEL_STEPS)
    points = [(left + width * i / LABEL_STEPS, top + height * j / LABEL_STEPS) for i in steps for j in steps]
    inside = [point for point in points if _is_inside(point, ring)] or [(left + width / 2, top + height / 2)]
    x, y = max(inside, key=lambda point: _from_edge(point, ring))
    return round(x), round(y), int(_from_edge((x, y), ring))


def _is_inside(point: Point, ring: Line) -> bool:
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def _from_edge(point: Point, ring: Line) -> float:
    x, y = point
    nearest = math.inf
    for (ax, ay), (bx, by) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0, min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0
        nearest = min(nearest, math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return nearest
