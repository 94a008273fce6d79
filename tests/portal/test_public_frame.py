"""The frame of every public page: languages, addresses, errors, weight, and what it must not carry."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import OperationalError

from portal import views
from tests import factories

CODES = [code for code, _name in settings.LANGUAGES]
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def compressed(name: str) -> int:
    """Return the size of a static file as it travels."""
    with open(finders.find(name), "rb") as file:
        return len(gzip.compress(file.read()))


def head_links(html: str, rel: str) -> list[str]:
    return re.findall(rf'<link rel="{rel}"[^>]*href="([^"]+)"', html)


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_components_shows_them_in_each_language(client, tree, code):
    answer = client.get(f"/{code}/components/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{code}" dir="ltr">' in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize("code", ["en", "es", "pt"])
def test_the_words_of_the_interface_among_the_components_are_in_the_visitors_language(client, tree, code):
    html = client.get(f"/{code}/components/").content.decode()
    for french in ("Publier", "Supprimer", "Réessayez dans un moment", "Année de fin", "Femmes", "dérive de"):
        assert french not in html


def test_the_page_of_components_shows_waiting_charts_and_paths_too(client, tree):
    html = client.get("/fr/components/").content.decode()
    for shown in ('class="loading" aria-hidden', 'class="chart"', 'class="depth"', 'class="chapter-links"', 'class="jump"',
                  'class="breadcrumbs"'):  # fmt: skip
        assert shown in html


@pytest.mark.parametrize("path", ["/fr/", "/en/about/", "/es/components/", "/pt/nothing-here/"])
def test_a_public_page_carries_no_cookie_no_token_and_nothing_inline(client, tree, path):
    answer = client.get(path)
    html = answer.content.decode()
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in html
    assert not INLINE.search(html)
    assert "://" not in "".join(re.findall(r'(?:src|href)="([^"]+\.(?:js|css|svg))"', html))


def test_the_language_switch_keeps_page_and_query(client, tree):
    html = client.get("/fr/about/?reference=STEP-EXP-00001").content.decode()
    for code in ("en", "es", "pt"):
        assert f'<a href="/{code}/about/?reference=STEP-EXP-00001" lang="{code}" hreflang="{code}"' in html


def test_a_page_names_its_address_and_its_languages_without_the_query(client, tree):
    html = client.get("/es/about/").content.decode()
    assert head_links(html, "canonical") == [f"{settings.BASE_URL}/es/about/"]
    assert head_links(html, "alternate")[:4] == [f"{settings.BASE_URL}/{code}/about/" for code in CODES]


def graph(html: str) -> list[tuple[str, str]]:
    return [
        (name, unescape(text)) for name, text in re.findall(r'<meta property="og:([^"]+)" content="([^"]*)">', html)
    ]


def test_open_graph_names_languages_with_their_region_and_tells_the_image_in_the_language_of_the_page(client, tree):
    regions = {"fr": "fr_FR", "en": "en_GB", "es": "es_ES", "pt": "pt_PT"}
    told = set()
    for code, region in regions.items():
        found = graph(client.get(f"/{code}/about/").content.decode())
        assert ("type", "website") in found and ("locale", region) in found
        others = [text for name, text in found if name == "locale:alternate"]
        assert others == [other for other in regions.values() if other != region]
        told |= {text for name, text in found if name == "image:alt"}
    assert len(told) == len(regions) and all(told)


def test_open_graph_calls_an_item_an_article_and_names_only_the_languages_that_it_has(client, tree):
    page = factories.translate(factories.experience(), "pt")
    found = graph(client.get(page.url).content.decode())
    assert ("type", "article") in found
    assert [text for name, text in found if name == "locale:alternate"] == ["pt_PT"]


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
@pytest.mark.parametrize("code", CODES)
def test_an_error_is_told_in_the_language_of_the_address_and_without_the_database(rf, status, code):
    answer = views.error(rf.get(f"/{code}/somewhere/"), status)
    html = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{code}"' in html
    assert f'href="/{code}/"' in html
    assert head_links(html, "canonical") == []


def test_what_is_no_path_is_an_unknown_page(rf):
    request = rf.get("/")
    request.path = request.path_info = "*"  # OPTIONS * HTTP/1.1
    assert views.not_found(request).status_code == 404


def test_more_than_the_portal_reads_is_said_to_be_too_much(client, tree, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/fr/search/not-found/", {"query": "drones", "note": "x" * 1_000})
    assert answer.status_code == 413
    assert "trop lourd" in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(OperationalError("database is locked"), 503), (KeyError("x"), 500)])
def test_a_database_that_does_not_answer_is_a_pause_and_no_fault(client, tree, monkeypatch, error, status):
    def fail(*args, **kwargs):
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr("portal.caching.version", fail)
    answer = client.get("/es/about/")
    assert answer.status_code == status
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.parametrize("code", CODES)
def test_an_unknown_page_is_told_in_the_language_of_its_address(client, tree, code):
    answer = client.get(f"/{code}/nothing-here/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert f'<html lang="{code}"' in html
    assert f'role="search" action="/{code}/search/"' in html


def test_demonstration_content_is_said_to_be_so(client, tree):
    assert "Contenu de démonstration" in client.get("/fr/").content.decode()


def test_styles_and_scripts_keep_to_their_weight():
    assert compressed("css/portal.css") <= 15_000
    assert compressed("js/portal.js") + compressed("django_htmx/htmx-2.min.js") <= 20_000
