"""The results of a search as a map of countries, at an address of its own."""

from __future__ import annotations

import re

import pytest

from search import indexing
from tests import factories
from tests.search.reading import get, titles


@pytest.fixture
def three(index):
    """Items of three countries, one of them far away, and one of no country that exists."""
    factories.experience(title_fr="Pirogue", countries=("SN",), scheme_status="operating")
    factories.experience(title_fr="Pirogue et barque", countries=("SN", "PE"), scheme_status="ended")
    factories.experience(title_fr="Charrette", countries=("TG", "ZZ"))
    indexing.drain_all()


def places(html: str) -> dict[str, int]:
    found = re.findall(r'<li><a href="([^"]+)">[^<]*</a><span class="count">(\d+)</span>', html)
    return {re.search(r"country=(\w\w)", address).group(1): int(number) for address, number in found}


def test_the_map_counts_the_countries_of_all_results_and_leads_to_their_list(client, three):
    html = get(client, "/fr/search/?view=map")
    assert places(html) == {"SN": 2, "PE": 1, "TG": 1, "ZZ": 1}
    assert titles(html) == []
    assert "Pays inconnu (ZZ)" in html
    assert html.count('href="?country=SN"') == 3  # on both maps, and in the list
    assert titles(get(client, "/fr/search/?country=PE")) == ["Pirogue et barque"]


def test_the_map_follows_words_and_filters_and_keeps_them(client, three):
    html = get(client, "/fr/search/?q=pirogue&status=ended&view=map")
    assert places(html) == {"SN": 1, "PE": 1}
    assert 'href="?q=pirogue&amp;country=PE&amp;status=ended"' in html
    assert '<input type="hidden" name="view" value="map">' in html
    assert 'href="?q=pirogue&amp;view=map"' in html  # the chip, without its filter
    assert 'href="?q=pirogue&amp;status=ended">Liste</a>' in html


def test_of_chosen_countries_the_map_shows_those_only(client, three):
    assert places(get(client, "/fr/search/?country=SN&view=map")) == {"SN": 2}


def test_a_catalogue_has_its_map_and_the_list_links_to_it(client, three):
    assert 'href="?view=map">Carte</a>' in get(client, "/fr/experiences/")
    assert places(get(client, "/fr/experiences/?view=map"))["SN"] == 2


def test_nothing_found_is_said_on_the_map_too(client, three):
    html = get(client, "/fr/search/?q=qxvzkw&view=map")
    assert 'class="empty' in html and 'class="map' not in html


def test_without_the_engine_the_list_answers_in_place_of_the_map(client, tree):
    factories.experience(title_fr="Pirogue")
    html = get(client, "/fr/search/?view=map")
    assert titles(html) == ["Pirogue"] and ">Carte</a>" not in html


def test_the_light_mode_keeps_the_list_of_the_map(client, three):
    client.cookies["light"] = "1"
    html = get(client, "/fr/search/?view=map")
    assert places(html)["SN"] == 2 and 'class="map' not in html
