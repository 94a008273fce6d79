"""Concept and country pages, and the feed of new items."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from portal.languages import State
from search import indexing
from tests import factories
from tests.search.reading import get, titles


def test_a_concept_page_tells_its_labels_neighbours_and_items(client, index):
    page = factories.experience()
    indexing.drain_all()
    html = get(client, "/fr/concepts/mutuelle-de-sante/")
    assert titles(html) == [page.title_fr]
    assert '<dd lang="en"><b>mutual health organisation</b>' in html
    assert "/fr/concepts/spsc/" in html
    assert titles(get(client, "/fr/concepts/spsc/")) == [page.title_fr]
    get(client, "/fr/concepts/nonsense/", 404)


def test_a_country_page_tells_its_items_and_a_country_without_any_says_so(client, index):
    page = factories.experience(countries=("RW",))
    indexing.drain_all()
    assert titles(get(client, "/fr/countries/RW/")) == [page.title_fr]
    assert "Aucune fiche" in get(client, "/fr/countries/PE/")
    assert client.get("/fr/countries/rw/")["Location"] == "/fr/countries/RW/"
    for code in ("XX", "R", "RWA", "%00"):
        get(client, f"/fr/countries/{code}/", 404)


@pytest.mark.parametrize(
    ("language", "words", "code", "name"),
    [
        ("fr", "RDC", "CD", "République démocratique du Congo"),
        ("fr", "Cap-Vert", "CV", "Cabo Verde"),
        ("es", "Kenia", "KE", "Kenya"),
        ("pt", "Costa do Marfim", "CI", "Côte d’Ivoire"),
    ],
)
def test_a_country_has_the_name_of_the_united_nations_and_is_found_by_others(
    client, index, language, words, code, name
):
    page = factories.translate(factories.experience(countries=(code,)), language, State.SUMMARY, title="Otra")
    factories.experience(countries=("RW",))
    indexing.drain_all()
    html = get(client, f"/{language}/search/?q={words}&exact=1")
    assert len(titles(html)) == 1 and page.slug in html and name in html
    assert f"<h1>{name}</h1>" in get(client, f"/{language}/countries/{code}/")


def test_the_feed_holds_the_newest_items_in_the_language_of_its_address(client, index):
    page = factories.translate(factories.experience(title_fr="Un & deux"), "en", State.SUMMARY, title="One & two")
    for language, title in (("fr", "Un & deux"), ("en", "One & two"), ("es", "Un & deux")):
        answer = client.get(f"/{language}/feed/")
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)  # noqa: S314  (our own)
        entry = feed.find("{http://www.w3.org/2005/Atom}entry")
        assert entry.find("{http://www.w3.org/2005/Atom}title").text == title
        address = entry.find("{http://www.w3.org/2005/Atom}link").get("href")
        assert address.endswith(f"/{language}/experiences/{page.slug}/")
