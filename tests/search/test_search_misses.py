"""What was looked for in vain is told to us."""

from __future__ import annotations

from search.models import SearchMiss
from tests.search.reading import get


def test_what_was_looked_for_is_kept_without_a_word_about_who(client, index):
    address = "/es/search/not-found/"
    html = get(client, f"{address}?q=drones&country=RW")
    assert 'value="drones"' in html
    assert 'value="Ruanda"' in html
    answer = client.post(
        address, {"query": "drones", "note": "Para llevar medicinas", "filters": "Ruanda", "language": "xx"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?thanks=1")
    miss = SearchMiss.objects.get()
    assert (miss.query, miss.note, miss.filters, miss.language) == ("drones", "Para llevar medicinas", "Ruanda", "es")
    assert {field.name for field in SearchMiss._meta.fields} == {
        "id",
        "query",
        "language",
        "filters",
        "note",
        "created_at",
    }
    assert "<form method" not in get(client, f"{address}?thanks=1")


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client, index):
    answer = client.post("/fr/search/not-found/", {"query": " ", "note": "Ma note"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Ma note" in html
    assert 'href="#id_query"' in html
    assert not SearchMiss.objects.exists()
    assert client.post("/fr/search/not-found/", {"query": "x" * 501}).status_code == 400
    assert client.post("/fr/search/not-found/", {"query": "\0\0"}).status_code == 400


def test_the_form_is_never_cached_and_limited(client, index):
    assert "no-store" in client.get("/fr/search/not-found/")["Cache-Control"]
    answers = [client.post("/fr/search/not-found/", {"query": f"mot {n}"}) for n in range(22)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429, 429]
    assert 'value="mot 21"' in answers[21].content.decode(), "what was typed is still there"
    assert SearchMiss.objects.count() == 20
