"""Public pages are the same for all visitors, kept in memory, and new at once after a publication."""

from __future__ import annotations

import gzip

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client

from knowledge.models import Organisation
from portal import caching
from portal.models import File
from search import indexing
from search.engines import get_engine
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/fr/",
    "/en/search/",
    "/es/experiences/",
    "/pt/about/",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/robots.txt",
    "/fr/feed/",
]


@pytest.fixture
def index(settings, tmp_path, tree):
    """An index: without one, answers of the search are for the moment only."""
    settings.SEARCH_PATH = tmp_path / "search"
    indexing.rebuild()
    yield
    get_engine().close()


@pytest.fixture
def page(tree):
    return factories.experience(title_fr="Mutuelle de Thiès")


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_carries_nothing_of_a_visitor(client, index, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in text(answer)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_page_of_an_item_carries_nothing_of_a_visitor(client, page):
    answer = client.get(page.get_url())
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in text(answer)


def test_a_repeat_costs_one_query(client, page, django_assert_num_queries):
    first = client.get(page.get_url())
    with django_assert_num_queries(1):
        again = client.get(page.get_url())
    assert again.content == first.content
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_browser_that_has_the_page_gets_304(client, page):
    etag = client.get(page.get_url())["ETag"]
    answer = client.get(page.get_url(), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == etag


def test_the_tag_is_the_same_in_each_process_and_compression(client, page):
    compressed = client.get(page.get_url(), headers={"Accept-Encoding": "gzip"})
    caches["pages"].clear()
    again = client.get(page.get_url(), headers={"Accept-Encoding": "gzip"})
    plain = client.get(page.get_url())
    assert gzip.decompress(compressed.content) == gzip.decompress(again.content) == plain.content
    assert compressed["ETag"] == again["ETag"] == f"W/{plain['ETag']}"
    caches["pages"].clear()
    assert client.get(page.get_url(), headers={"If-None-Match": compressed["ETag"]}).status_code == 304


def test_languages_are_kept_apart(client, page):
    for _time in range(2):
        assert '<html lang="fr"' in text(client.get("/fr/about/", headers={"Accept-Language": "pt"}))
        assert '<html lang="pt"' in text(client.get("/pt/about/", headers={"Accept-Language": "fr"}))


def test_the_language_choice_is_made_for_each_visitor(client, tree):
    assert client.get("/", headers={"Accept-Language": "es"})["Location"] == "/es/"
    answer = client.get("/", headers={"Accept-Language": "pt"})
    assert answer["Location"] == "/pt/"
    assert "Accept-Language" in answer["Vary"]


def test_parts_for_htmx_are_kept_apart_from_whole_pages(client, index):
    part = {"HX-Request": "true"}
    restored = part | {"HX-History-Restore-Request": "true"}
    for _time in range(2):
        assert "<!doctype html>" in text(client.get("/fr/search/"))
        assert "<!doctype html>" in text(client.get("/fr/search/", headers=restored))
        assert "<!doctype html>" not in text(client.get("/fr/search/", headers=part))
    assert "HX-Request" in client.get("/fr/search/")["Vary"]


def test_query_strings_are_kept_apart(client, index):
    nothing = client.get("/fr/search/?q=introuvable")
    assert client.get("/fr/search/?q=mutuelle").content != nothing.content
    assert client.get("/fr/search/?q=introuvable").content == nothing.content


def test_what_was_published_is_seen_at_once(client, page):
    etag = client.get(page.get_url())["ETag"]
    page.title_fr = "Union de Thiès"
    page.save_revision().publish()
    answer = client.get(page.get_url(), headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "Union de Thiès" in text(answer)
    assert "Union de Thiès" in text(client.get("/fr/"))


def test_what_was_deleted_is_gone_at_once(client, page):
    client.get(page.get_url())
    page.delete()
    assert client.get(page.get_url()).status_code == 404


def test_a_draft_changes_nothing_for_visitors(client, page):
    before = caching.version()
    page.title_fr = "Brouillon"
    page.save_revision()
    assert caching.version() == before


def test_what_pages_name_is_renamed_at_once(tree):
    for change in (
        lambda: Organisation.objects.create(name="Union"),
        lambda: Organisation.objects.get().save(),
        lambda: File.objects.create(title="Note", file=ContentFile(b"Texte", "note.txt")),
        lambda: File.objects.all().delete(),
    ):
        before = caching.version()
        change()
        assert caching.version() > before


def test_staff_never_get_the_page_of_visitors_nor_visitors_that_of_staff(page, author):
    visitor, staff = Client(), Client()
    staff.force_login(author)
    before = caching.version()
    for first, second in ((staff, visitor), (visitor, staff)):
        caches["pages"].clear()
        answers = {client: client.get(page.get_url()) for client in (first, second)}
        assert answers[staff]["Cache-Control"] == "private, no-store"
        assert answers[visitor]["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert not answers[visitor].cookies
    etag = visitor.get(page.get_url())["ETag"]
    assert staff.get(page.get_url(), headers={"If-None-Match": etag}).status_code == 200
    assert caching.version() == before


def test_who_is_to_be_told_something_gets_no_kept_page(client, page):
    client.get(page.get_url())
    client.cookies["messages"] = "anything"
    assert client.get(page.get_url())["Cache-Control"] == "private, no-store"


def test_head_is_answered_like_get(client, page):
    head = client.head(page.get_url())
    assert (head.status_code, head.content) == (200, b"")
    get = client.get(page.get_url())
    assert "Mutuelle de Thiès" in text(get)
    assert head["ETag"] == get["ETag"]
    assert client.head(page.get_url(), headers={"If-None-Match": get["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("address", "status"), [("/fr/nothing/", 404), ("/admin/", 302), ("/fr/search/not-found/", 200)]
)
def test_other_answers_are_not_kept(client, tree, address, status):
    assert client.get(address).status_code == status
    assert not caches["pages"]._cache


def test_a_visitor_who_holds_a_token_leaves_none_in_kept_pages(client, page):
    client.get("/fr/search/not-found/")
    assert client.cookies
    answer = client.get(page.get_url())
    assert "csrfmiddlewaretoken" not in text(answer)
    assert "csrfmiddlewaretoken" not in text(Client().get("/fr/search/"))


def test_a_very_long_answer_fills_no_memory(client, index, page, monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 1_000)
    answer = client.get("/sitemap-1.xml?anything")
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not caches["pages"]._cache
    again = client.get("/sitemap-1.xml?anything", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
