"""The pages of all themes and of all countries, and the numbers that they share with the home page."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from knowledge.models import Concept
from search import counts, indexing
from search.counts import count_items
from tests import factories
from tests.search.reading import get

QUERIES = 6


def counted(html: str) -> dict[str, int]:
    """Addresses in lists with their numbers."""
    return {
        address: int(number)
        for address, number in re.findall(r'<li><a href="([^"]+)">[^<]*</a><span class="count">(\d+)</span>', html)
    }


def test_the_engine_and_the_database_count_the_same(client, index):
    first = factories.experience(countries=("SN", "PE"))
    factories.study(experiences=[first])
    factories.experience(publish=False, countries=("TG",))
    indexing.drain_all()
    from_engine = count_items(None)
    from_database = counts._from_database(None)
    assert from_engine.total == from_database.total == 2
    assert from_engine.countries == from_database.countries == {"SN": 1, "PE": 1, "BF": 1}
    assert from_engine.kinds == {kind: number for kind, number in from_database.kinds.items() if number}
    assert from_engine.themes["mutuelle-de-sante"] == from_database.themes["mutuelle-de-sante"] == 2
    assert (from_engine.reduced, from_database.reduced) == (False, True)


def test_countries_are_listed_west_and_central_africa_first_and_gaps_are_named(client, index):
    factories.experience(countries=("SN", "PE"))
    factories.experience(countries=("SN", "CV"))
    indexing.drain_all()
    html = get(client, "/fr/countries/")
    numbers = counted(html)
    assert numbers == {"/fr/countries/SN/": 2, "/fr/countries/CV/": 1, "/fr/countries/PE/": 1}
    assert list(numbers) == ["/fr/countries/SN/", "/fr/countries/CV/", "/fr/countries/PE/"]
    assert 'class="map-africa"' in html and 'class="map-world"' in html
    assert '<li><a href="/fr/countries/NE/">Niger</a></li>' in html
    assert 'href="/pt/countries/"' in html and 'aria-current="true">Par pays' in html


def test_themes_stand_under_their_branch_and_count_what_is_narrower(client, index):
    factories.experience()
    indexing.drain_all()
    html = get(client, "/fr/concepts/")
    assert counted(html)["/fr/concepts/mutuelle-de-sante/"] == 1
    assert counted(html)["/fr/concepts/spsc/"] == 1
    for concept in Concept.objects.all():
        assert f'href="/fr/concepts/{concept.slug}/"' in html


def test_a_country_that_is_none_is_told_as_unknown(client, index):
    factories.experience(countries=("ZZ",))
    indexing.drain_all()
    html = get(client, "/fr/countries/")
    assert '<a href="/fr/search/?country=ZZ">Pays inconnu (ZZ)</a>' in html
    get(client, "/fr/search/?country=ZZ")


@pytest.mark.parametrize("path", ["/fr/concepts/", "/fr/countries/"])
def test_an_overview_costs_the_same_with_one_item_and_with_many(client, index, count_queries, path):
    factories.experience(countries=("SN",))
    indexing.drain_all()
    client.get(path)
    client.cookies["sessionid"] = "none"
    with_one = count_queries(lambda: client.get(path))
    for country in ("BF", "PE", "ML"):
        factories.experience(countries=(country,))
    indexing.drain_all()
    client.get(path)
    assert count_queries(lambda: client.get(path)) == with_one <= QUERIES


def test_the_sitemap_lists_themes_and_countries_with_items_and_no_others(client, index, count_queries):
    client.get("/sitemap-1.xml?warm")
    first = factories.experience(countries=("SN", "ZZ"))
    draft = factories.experience(publish=False, countries=("TG",))
    indexing.drain_all()
    with_one = count_queries(lambda: client.get("/sitemap-1.xml?one"))
    text = get(client, "/sitemap-1.xml")
    for address in ("concepts/mutuelle-de-sante", "concepts/spsc", "countries/SN"):  # "spsc" is broader
        [entry] = re.findall(rf"<url><loc>{settings.BASE_URL}/pt/{address}/</loc>.*?</url>", text)
        alternates = re.findall(rf'hreflang="(..)" href="{settings.BASE_URL}/(..)/{address}/"', entry)
        assert alternates == [(code, code) for code in ("fr", "en", "es", "pt")]
    listed = set(re.findall(r"<loc>[^<]*/fr/(?:concepts|countries)/([^/<]+)/</loc>", text))
    assert listed == {slug for slug, number in count_items(None).themes.items() if number} | {"SN"}
    for country in ("BF", "PE"):
        factories.experience(countries=(country,))
    indexing.drain_all()
    assert count_queries(lambda: client.get("/sitemap-1.xml?three")) == with_one
    assert "/fr/countries/PE/" in get(client, "/sitemap-1.xml")
    first.unpublish()
    indexing.drain_all()
    assert "/countries/SN/" not in get(client, "/sitemap-1.xml")
    assert not draft.live


def test_a_sitemap_counted_by_the_database_is_not_kept(client, index):
    factories.experience(countries=("SN",))
    indexing.drain_all()
    index.drop()
    for address in ("/sitemap.xml", "/sitemap-1.xml"):
        assert "no-store" in client.get(address)["Cache-Control"]
    assert "/fr/countries/SN/" in get(client, "/sitemap-1.xml")


def test_both_are_in_the_sitemap_in_every_language(client, tree):
    text = get(client, "/sitemap-1.xml")
    for code in ("fr", "en", "es", "pt"):
        assert f"/{code}/concepts/</loc>" in text and f"/{code}/countries/</loc>" in text
