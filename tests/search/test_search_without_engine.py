"""While no engine answers, the database does."""

from __future__ import annotations

import pytest

from search import indexing
from tests import factories
from tests.search.reading import get, titles


@pytest.mark.parametrize(
    "address", ["/fr/search/?q=canari", "/fr/experiences/?country=BF&q=Canari", "/fr/search/?kind=experience"]
)
def test_the_database_answers_with_a_notice_while_there_is_no_index(client, tree, settings, tmp_path, address):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    page = factories.experience(title_fr="Canari", start_year=2000)
    factories.experience(publish=False, title_fr="Canari brouillon")
    answer = client.get(address)
    html = answer.content.decode()
    assert (answer.status_code, titles(html)) == (200, [page.title_fr])
    assert "au plus simple" in html
    assert "no-store" in answer["Cache-Control"]
    indexing.rebuild()
    assert "au plus simple" not in get(client, address)


def test_what_the_database_does_not_find_is_not_called_a_gap(client, tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    html = get(client, "/fr/search/?q=canari")
    assert "La recherche complète trouverait peut-être davantage" in html
    assert "un trou dans les connaissances" not in html
    indexing.rebuild()
    assert "un trou dans les connaissances" in get(client, "/fr/search/?q=canari")


FILTERS_OF_THE_DATABASE = [
    ("country=BF", ["A"]), ("country=RW", ["B"]), ("theme=mecanismes", ["A", "B"]), ("theme=spsc&country=BF", ["A"]),
    ("modality=microinsurance", ["A", "B"]), ("modality=x", []), ("status=ended", ["B"]), ("language=fr", ["A", "B"]),
    ("language=en", []), ("kind=nonsense", []), ("from=1990&to=1999", ["B"]), ("from=2001", ["A"]), ("q=a+zzz", []),
    ("page=99", ["A", "B"]),
]  # fmt: skip


def test_the_database_heeds_filters_too(client, tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    factories.experience(title_fr="A", start_year=2000)
    factories.experience(title_fr="B", countries=("RW",), start_year=1990, end_year=1995, scheme_status="ended")
    for query, expected in FILTERS_OF_THE_DATABASE:
        assert sorted(titles(get(client, f"/fr/search/?{query}"))) == expected, query
