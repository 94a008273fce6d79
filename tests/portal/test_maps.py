"""Maps of countries: classes, links, gaps, and what no map can show."""

from __future__ import annotations

import json

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from portal import countries, map_shapes, maps


def address(code: str) -> str:
    return f"/{code}/"


@pytest.fixture(autouse=True)
def _in_french():
    with override("fr"):
        yield


def by_name(drawing) -> dict:
    return {country["name"]: country for frame in drawing["frames"] for country in frame["countries"]}


def test_up_to_four_classes_each_wider_than_the_one_before():
    assert maps.limits(0) == []
    assert maps.limits(1) == [(3, 1, 1)]
    assert [(lower, upper) for _tint, lower, upper in maps.limits(4)] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert [(lower, upper) for _tint, lower, upper in maps.limits(71)] == [(1, 3), (4, 8), (9, 24), (25, 71)]
    for most in range(1, 300):
        classes = maps.limits(most)
        assert classes[0][1] == 1 and classes[-1][2] == most
        assert all(before[2] + 1 == after[1] for before, after in zip(classes, classes[1:], strict=False))
        assert all(lower <= upper for _tint, lower, upper in classes)


def test_a_country_with_items_is_tinted_named_and_linked_and_one_without_is_a_link_too():
    drawn = by_name(maps.drawn({"SN": 5, "BJ": 1}, address))
    assert (drawn["Sénégal"]["tint"], drawn["Sénégal"]["url"], drawn["Sénégal"]["number"]) == (4, "/SN/", 5)
    assert drawn["Bénin"]["tint"] == 1
    assert (drawn["Niger"]["tint"], drawn["Niger"]["url"]) == (0, "/NE/")
    assert by_name(maps.drawn({"SN": 5}, address, link_gaps=False))["Niger"]["url"] == ""


def test_the_world_is_shown_only_where_it_has_something_to_tell():
    assert [frame["name"] for frame in maps.drawn({"SN": 1, "CV": 2}, address)["frames"]] == ["africa"]
    drawing = maps.drawn({"SN": 1, "PE": 2}, address)
    assert [frame["name"] for frame in drawing["frames"]] == ["africa", "world"]
    assert {country["name"] for country in drawing["frames"][1]["countries"]} == {"Pérou", "Sénégal"}


def test_the_list_holds_what_the_map_cannot_show_and_says_what_is_no_country():
    listed = maps.listed({"CV": 2, "ZZ": 9, "SN": 2}, address)
    assert [row["label"] for row in listed] == ["Cabo Verde", "Sénégal", "Pays inconnu (ZZ)"]
    assert [row["count"] for row in listed] == [2, 2, 9]
    assert "Pays inconnu" not in json.dumps(maps.drawn({"ZZ": 9}, address), ensure_ascii=False)


def test_gaps_are_the_countries_served_first_that_no_item_speaks_of():
    assert maps.gaps(dict.fromkeys(countries.WEST_AND_CENTRAL_AFRICA, 1) | {"TG": 0, "GM": 0}) == ["GM", "TG"]
    assert set(maps.shapes()["africa"]["countries"]) <= set(countries.WEST_AND_CENTRAL_AFRICA)


def test_a_map_weighs_at_most_12_kb():
    africa = maps.drawn(dict.fromkeys(countries.WEST_AND_CENTRAL_AFRICA, 3), lambda code: f"/fr/countries/{code}/")
    assert len(render_to_string("components/map.html", {"map": africa})) <= 12_000
    assert "Niger" not in render_to_string("components/map.html", {"map": africa, "light": True})


def test_what_is_nearly_straight_is_simplified_and_shared_borders_stay_shared():
    assert map_shapes.simplified([(0, 0), (5, 0.1), (10, 0)], 0.5) == [(0, 0), (10, 0)]
    assert map_shapes.simplified([(0, 0), (5, 3), (10, 0)], 0.5) == [(0, 0), (5, 3), (10, 0)]
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    assert map_shapes.area(square) == 100
    assert map_shapes.path([square]) == "M0 0l10 0 0 10-10 0z"
    assert map_shapes.label_place(square) == (5, 5, 5)
