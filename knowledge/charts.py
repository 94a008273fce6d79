"""Small charts drawn on the server, in units of a box 400 wide; words are the template's, colours the style sheet's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

WIDTH, HEIGHT = 400, 222
# The axis and the right end of its lines; the points stand inside, so that their figures have room.
AXIS, EDGE = 58, 396
LEFT, RIGHT, TOP, BOTTOM = 84, 366, 40, 190
LINES = 4  # of the grid, about
NAMED = 8  # points that all carry their value; of more, the first, the last, the highest and the lowest do
APART = 34  # what a year needs below the axis


@dataclass(frozen=True)
class Point:
    """A value at its place; `named` where there is room to write it."""

    x: int
    y: int
    year: int
    value: Decimal
    named: bool


@dataclass(frozen=True)
class Gap:
    """The years between two values of which nothing is known."""

    start: Point
    end: Point

    @property
    def middle(self) -> tuple[int, int]:
        """Where to say that nothing is known: below the middle of the dashes."""
        return (self.start.x + self.end.x) // 2, (self.start.y + self.end.y) // 2 + 20


@dataclass(frozen=True)
class LineChart:
    """A line through values by year: whole from one year to the next, dashed across years without a value."""

    points: tuple[Point, ...]
    grid: tuple[tuple[int, Decimal], ...]
    ticks: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]
    gaps: tuple[Gap, ...]

    axis, edge = AXIS, EDGE

    @property
    def first(self) -> Point:
        """The oldest value."""
        return self.points[0]

    @property
    def last(self) -> Point:
        """The newest value."""
        return self.points[-1]


def line_chart(values: Sequence[tuple[int, Decimal]]) -> LineChart | None:
    """Return the chart of (year, value) pairs in the order of the years; None where fewer than two years make no line."""
    by_year = dict(values)
    if len(by_year) < 2:
        return None
    years = sorted(by_year)
    low, high, step = _scale(min(by_year.values()), max(by_year.values()))

    def x(year: int) -> int:
        return LEFT + round((RIGHT - LEFT) * (year - years[0]) / (years[-1] - years[0]))

    def y(value: Decimal) -> int:
        return BOTTOM - round((BOTTOM - TOP) * (value - low) / (high - low))

    named = set(years) if len(years) <= NAMED else {years[0], years[-1], *_extremes(by_year)}
    points = tuple(Point(x(year), y(by_year[year]), year, by_year[year], year in named) for year in years)
    count = int((high - low) / step)
    return LineChart(
        points=points,
        grid=tuple((y(low + step * number), low + step * number) for number in range(count + 1)),
        ticks=_ticks(years, x),
        lines=_lines(points),
        gaps=tuple(Gap(one, two) for one, two in pairwise(points) if two.year - one.year > 1),
    )


def _scale(lowest: Decimal, highest: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return the ends of the axis and its step: round numbers, zero among them."""
    lowest, highest = min(lowest, Decimal(0)), max(highest, Decimal(0))
    rough = (highest - lowest) / LINES or Decimal(1)
    power = Decimal(10) ** math.floor(rough.log10())
    step = next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= rough)
    return math.floor(lowest / step) * step, math.ceil(highest / step) * step or step, step


def _extremes(by_year: dict[int, Decimal]) -> tuple[int, int]:
    return min(by_year, key=by_year.__getitem__), max(by_year, key=by_year.__getitem__)


def _ticks(years: list[int], x: Callable[[int], int]) -> tuple[tuple[int, int], ...]:
    """Return (x, year) of the years that are written: the last, and before it those that leave room."""
    ticks: list[tuple[int, int]] = []
    for year in reversed(years):
        if not ticks or ticks[-1][0] - x(year) >= APART:
            ticks.append((x(year), year))
    return tuple(reversed(ticks))


def _lines(points: tuple[Point, ...]) -> tuple[str, ...]:
    """Return runs of neighbouring years as coordinates of polylines."""
    runs: list[list[Point]] = [[points[0]]]
    for one, two in pairwise(points):
        if two.year - one.year > 1:
            runs.append([])
        runs[-1].append(two)
    return tuple(" ".join(f"{point.x},{point.y}" for point in run) for run in runs if len(run) > 1)
