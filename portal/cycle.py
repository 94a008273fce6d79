"""The knowledge cycle in figures and as a drawing: four quarters, clockwise from the top left, one tick per item (§32-§45).

Rows of ticks fill from inside outwards, like the rings of a tree: a thin quarter is a gap that one sees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

CENTRE = 230
INNER, OUTER = 90, 220
ARROWS = 78
INSET = 4
# Length of a tick and its gap along a row, from large to small: a young portal has few ticks, and large ones. The style sheet has
# their strokes, as .tick-24 … .tick-7.
PITCHES = (24, 20, 17, 15, 13, 11, 9.5, 8.4, 7.4)
STEP, STROKE = 2.16, 1.62
# How many items one tick stands for, when one is too few.
UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

# Where each quarter begins, in degrees clockwise from the right.
STARTS = {1: 180, 2: 270, 3: 0, 4: 90}
LABELS = {1: _("État des connaissances"), 2: _("Création"), 3: _("Partage"), 4: _("Retours")}
TEXTS = {
    1: _("Ce qui existe : des expériences repérées, décrites, comparées."),
    2: _("Ce que l’on met à l’épreuve : recherches et essais de terrain."),
    3: _("Ce que l’on transmet : publications, outils, formations, appuis."),
    4: _("Ce que l’usage apprend : adaptations, questions nouvelles."),
}
#: The types of the portal: quarter, kind as search names it, label of many.
ACTIVITIES = (
    (1, "experience", _("Expériences")),
    (1, "case_study", _("Études de cas")),
    (1, "synthesis", _("Synthèses")),
)


@dataclass(frozen=True, slots=True)
class Activity:
    """One type of items within a quarter."""

    label: Any
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the cycle with its items; without any, its address is the text that says so."""

    number: int
    label: Any
    text: Any
    activities: Sequence[Activity]
    total: int
    url: str


def quarters(kinds: Mapping[str, int]) -> list[Quarter]:
    """Return the four quarters with the real numbers of items, by kind."""
    return [_quarter(number, kinds) for number in STARTS]


def _quarter(number: int, kinds: Mapping[str, int]) -> Quarter:
    mine = [(kind, label, kinds.get(kind, 0)) for place, kind, label in ACTIVITIES if place == number]
    search, total = reverse("search"), sum(count for _kind, _label, count in mine)
    activities = [Activity(label, count, f"{search}?kind={kind}") for kind, label, count in mine]
    choice = "&".join(f"kind={kind}" for kind, _label, _count in mine)
    return Quarter(
        number, LABELS[number], TEXTS[number], activities, total, f"{search}?{choice}" if total else f"#phase-{number}"
    )


def drawing(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """Return what components/cycle.html draws: size of the ticks, how many items one stands for, lines by quarter."""
    pitch, unit = _fitting([quarter.total for quarter in quarters])
    return {
        "tick": int(pitch),
        "unit": unit,
        "total": sum(quarter.total for quarter in quarters),
        "quarters": [
            {
                "quarter": quarter,
                "lines": list(_lines(quarter, pitch, unit)),
                "arrow": _arrow(quarter.number),
                "frame": _frame(quarter.number, pitch),
                "hint": _point(STARTS[quarter.number] + 45, _radius(0, pitch)),
                "sector": _sector(quarter.number),
            }
            for quarter in quarters
        ],
    }


def _fitting(totals: Sequence[int]) -> tuple[float, int]:
    """Return the largest tick, and the smallest number of items for each, with which every quarter has room."""
    for unit in UNITS:
        ticks = max(-(-total // unit) for total in totals)
        for pitch in PITCHES:
            if ticks <= sum(_capacity(row, pitch) for row in range(_rows(pitch))):
                return pitch, unit
    return PITCHES[-1], UNITS[-1]


def _rows(pitch: float) -> int:
    return int((OUTER - INNER) / (pitch * STEP))


def _radius(row: int, pitch: float) -> float:
    return INNER + (row + 0.5) * pitch * STEP


def _capacity(row: int, pitch: float) -> int:
    return int(math.radians(90 - 2 * INSET) * _radius(row, pitch) / pitch)


def _lines(quarter: Quarter, pitch: float, unit: int) -> Iterator[dict[str, Any]]:
    """Yield one line per row and activity: `ticks` of it from one angle to another, every second activity fainter."""
    row = taken = 0
    for place, activity in enumerate(quarter.activities):
        left = -(-activity.number // unit)
        while left and row < _rows(pitch):
            room = _capacity(row, pitch)
            ticks = min(left, room - taken)
            start, degrees = STARTS[quarter.number] + INSET, (90 - 2 * INSET) / room
            path = _arc(start + taken * degrees, start + (taken + ticks) * degrees, _radius(row, pitch))
            yield {"path": path, "ticks": ticks, "faint": place % 2 == 1}
            left, taken = left - ticks, taken + ticks
            if taken == room:
                row, taken = row + 1, 0


def _point(angle: float, radius: float) -> tuple[str, str]:
    x, y = (CENTRE + radius * part(math.radians(angle)) for part in (math.cos, math.sin))
    return f"{x:.1f}", f"{y:.1f}"


def _arc(start: float, end: float, radius: float, *, to: str = "M", back: bool = False) -> str:
    (ax, ay), (bx, by) = _point(start, radius), _point(end, radius)
    return f"{to}{ax} {ay}A{radius:.1f} {radius:.1f} 0 0 {0 if back else 1} {bx} {by}"


def _arrow(number: int) -> str:
    """Return the line that leads through a quarter to the next one, with its head."""
    start, end = STARTS[number] + INSET, STARTS[number] + 90 - INSET
    (ax, ay), (bx, by), (cx, cy) = _point(end - 5, ARROWS - 5), _point(end, ARROWS), _point(end - 5, ARROWS + 5)
    return f"{_arc(start, end, ARROWS)}M{ax} {ay}L{bx} {by} {cx} {cy}"


def _frame(number: int, pitch: float) -> str:
    """Return the outline of a quarter's innermost row: what stands there when it has no item."""
    start, end = STARTS[number] + INSET, STARTS[number] + 90 - INSET
    half, radius = pitch * STROKE / 2, _radius(0, pitch)
    return _arc(start, end, radius - half) + _arc(end, start, radius + half, to="L", back=True) + "z"


def _sector(number: int) -> str:
    """Return the whole of a quarter, for the pointer."""
    start, end = STARTS[number], STARTS[number] + 90
    return _arc(start, end, INNER - 20) + _arc(end, start, OUTER, to="L", back=True) + "z"
