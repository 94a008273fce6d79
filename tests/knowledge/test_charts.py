"""The small charts: what is known is drawn where it belongs, what is not is dashed and never zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.charts import BOTTOM, LEFT, RIGHT, TOP, line_chart


def chart_of(values: dict[int, str]):
    return line_chart([(year, Decimal(value)) for year, value in values.items()])


@pytest.mark.parametrize("values", [{}, {2020: "5"}])
def test_one_year_makes_no_line(values):
    assert chart_of(values) is None


def test_years_keep_their_distance_and_values_their_height():
    chart = chart_of({2019: "80", 2020: "40", 2024: "0"})
    assert [(point.x, point.y) for point in chart.points] == [(LEFT, TOP), (LEFT + 56, 115), (RIGHT, BOTTOM)]


def test_years_without_a_value_are_dashed_and_said_to_be_unknown():
    chart = chart_of({2019: "68", 2020: "61", 2022: "44", 2023: "31"})
    assert [(gap.start.year, gap.end.year) for gap in chart.gaps] == [(2020, 2022)]
    one, two = chart.points[1:3]
    assert one.x < chart.gaps[0].middle[0] < two.x
    assert len(chart.lines) == 2


def test_a_lone_value_between_gaps_is_a_point_without_a_line():
    chart = chart_of({1989: "1", 2005: "2", 2022: "2"})
    assert len(chart.gaps) == 2 and chart.lines == () and len(chart.points) == 3


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ({2019: "68", 2024: "27"}, [0, 20, 40, 60, 80]),
        ({2019: "-5", 2024: "12"}, [-5, 0, 5, 10, 15]),
        ({2019: "0", 2024: "0"}, [0, 1]),
        ({2019: "0.004", 2024: "0.0123"}, [0, Decimal("0.005"), Decimal("0.01"), Decimal("0.015")]),
    ],
)
def test_the_scale_is_round_and_holds_zero(values, scale):
    chart = chart_of(values)
    assert [value for _y, value in chart.grid] == scale
    assert all(TOP <= point.y <= BOTTOM for point in chart.points)


def test_forty_years_name_only_what_has_room():
    chart = chart_of({year: str(year % 7) for year in range(1985, 2025)})
    assert {point.year for point in chart.points if point.named} >= {1985, 2024}
    assert sum(point.named for point in chart.points) <= 4
    places = [x for x, _year in chart.ticks]
    assert places[-1] == RIGHT and all(two - one >= 34 for one, two in zip(places, places[1:], strict=False))


def test_values_in_any_order_are_drawn_by_year():
    assert chart_of({2024: "1", 2020: "2"}).first.year == 2020
