"""What robots read: the sitemap in files of bounded length, robots.txt, the icon."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from portal import languages, sitemap
from portal.languages import State
from portal.models import PortalPage
from search.overviews import lists_for
from tests import factories

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def read(client, address: str) -> ElementTree.Element:
    answer = client.get(address.removeprefix(settings.BASE_URL))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert not answer.cookies
    return ElementTree.fromstring(answer.content)  # noqa: S314  (our own answer)


def files(client, address: str = "/sitemap.xml") -> list[str]:
    return [place.text for place in read(client, address).findall("s:sitemap/s:loc", NAMES)]


def addresses(client, file: str) -> list[str]:
    return [place.text for place in read(client, file).findall("s:url/s:loc", NAMES)]


def test_robots_txt_names_the_index(client, tree):
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml\n" in client.get("/robots.txt").content.decode()


def test_each_public_address_is_in_one_file_and_no_file_holds_more_than_it_may(client, tree, monkeypatch):
    page = factories.experience(title_fr="Mutuelle de Dangbo")
    factories.translate(page, "en", State.SUMMARY, title="Dangbo mutual")
    expected = sum(len(page.public_languages) for page in PortalPage.objects.live().descendant_of(tree, inclusive=True))
    expected += len(lists_for(None).addresses) * len(languages.LANGUAGES)
    assert files(client) == [f"{settings.BASE_URL}/sitemap-1.xml"]
    whole = addresses(client, "/sitemap-1.xml")
    assert len(whole) == expected

    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 8)
    # Another query than that of the answer which is kept.
    parts = [addresses(client, f"{file}?small") for file in files(client, "/sitemap.xml?small")]
    assert len(parts) > 2
    assert all(0 < len(part) <= 8 for part in parts)
    assert [address for part in parts for address in part] == whole


def test_an_address_names_the_others_of_its_item(client, tree):
    page = factories.translate(factories.experience(title_fr="Mutuelle"), "en", State.SUMMARY, title="Mutual")
    here = f"{settings.BASE_URL}/en/experiences/{page.slug}/"
    entry = next(url for url in read(client, "/sitemap-1.xml") if url.find("s:loc", NAMES).text == here)
    assert [(link.get("hreflang"), link.get("href")) for link in entry.findall("x:link", NAMES)] == [
        ("fr", here.replace("/en/", "/fr/")),
        ("en", here),
    ]


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
def test_a_file_that_is_not_in_the_index_is_not_found(client, tree, number):
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_file_costs_the_same_number_of_queries_however_many_pages_it_holds(client, tree, count_queries):
    client.get("/sitemap-1.xml?warm")
    few = count_queries(lambda: client.get("/sitemap-1.xml?few"))
    for number in range(3):
        factories.experience(title_fr=f"Mutuelle {number}")
    assert count_queries(lambda: client.get("/sitemap-1.xml?more")) == few


def test_the_icon_is_found_where_browsers_look_for_it(client, tree):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert re.fullmatch(r"/static/img/icon[^/]*\.svg", answer["Location"])
    assert not answer.cookies
