"""A whole list of results as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from experiences.models import Experience
from search import exports, indexing
from search.engines.base import MAX_HITS
from tests import factories
from tests.search.reading import get


def table(client, address: str) -> list[list[str]]:
    """The lines of an export."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    content = b"".join(answer.streaming_content).decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:])))


def test_an_export_holds_what_the_list_shows_in_its_order(client, index):
    factories.experience(title_fr="Une mutuelle au Bénin", countries=("BJ",), start_year=1999, end_year=2004)
    factories.experience(title_fr="La mutuelle des mutuelles", countries=("RW", "BJ"))
    factories.experience(title_fr="Autre chose", countries=("SN",))
    indexing.drain_all()
    header, *lines = table(client, "/fr/search/export.csv?q=mutuelle&country=BJ")
    assert header[:4] == ["Référence", "Type", "Titre", "Résumé"]
    page = Experience.objects.get(title_fr="Une mutuelle au Bénin")
    assert {line[2] for line in lines} == {"Une mutuelle au Bénin", "La mutuelle des mutuelles"}
    line = next(line for line in lines if line[2] == page.title_fr)
    assert line[0] == page.reference
    assert line[4:8] == ["français", "français", "Bénin", "1999–2004"]
    assert line[-1].endswith(page.url)
    html = get(client, "/fr/search/?q=mutuelle&country=BJ")
    assert 'href="/fr/search/export.csv?q=mutuelle&amp;country=BJ" rel="nofollow"' in html


@pytest.mark.parametrize(("language", "title"), [("en", "Title"), ("es", "Título"), ("pt", "Título")])
def test_the_header_is_in_the_visitors_language(client, index, language, title):
    assert table(client, f"/{language}/search/export.csv")[0][2] == title


def test_catalogues_export_their_types(client, index):
    page = factories.experience(title_fr="Une expérience")
    factories.study(experiences=[page], title_fr="Une étude")
    indexing.drain_all()
    assert [line[2] for line in table(client, "/fr/studies/export.csv")[1:]] == ["Une étude"]
    assert [line[2] for line in table(client, "/fr/experiences/export.csv")[1:]] == ["Une expérience"]


def test_an_export_goes_on_behind_the_last_page_of_a_list(client, index, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy.SCANNED", 5)
    monkeypatch.setattr("search.engines.elasticsearch.PAGE", 5)
    monkeypatch.setattr("search.engines.tantivy.MAX_HITS", 10)
    monkeypatch.setattr("search.engines.elasticsearch.MAX_HITS", 10)
    monkeypatch.setattr(exports, "BATCH", 3)
    for number in range(13):
        factories.experience(title_fr=f"Fiche {number}")
    indexing.drain_all()
    assert len(table(client, "/fr/search/export.csv")) == 14
    assert MAX_HITS == 10_000


def test_cells_are_no_formulas(client, index):
    factories.experience(title_fr="=cmd|' /C calc'!A0", summary_fr="@SUM(1+1)")
    indexing.drain_all()
    [line] = table(client, "/fr/search/export.csv")[1:]
    assert line[2:4] == ["'=cmd|' /C calc'!A0", "'@SUM(1+1)"]


def test_what_is_not_public_is_in_no_export(client, index):
    factories.experience(publish=False, title_fr="Canari brouillon")
    page = factories.experience(title_fr="Canari retiré")
    indexing.drain_all()
    page.unpublish()
    assert len(table(client, "/fr/search/export.csv")) == 1


def test_without_an_engine_the_database_is_exported(client, tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    factories.experience(title_fr="Canari")
    factories.experience(title_fr="Perruche")
    assert [line[2] for line in table(client, "/fr/search/export.csv?q=canari")[1:]] == ["Canari"]


def test_exports_are_kept_nowhere_and_limited(client, index, monkeypatch):
    answer = client.get("/fr/search/export.csv")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="step-search-fr.csv"'
    monkeypatch.setattr(exports, "PER_HOUR", 1)
    assert client.get("/fr/search/export.csv").status_code == 429


def test_an_export_costs_the_same_queries_for_one_and_for_three(client, index, count_queries):
    def cost() -> int:
        indexing.drain_all()
        table(client, "/fr/search/export.csv")
        return count_queries(lambda: table(client, "/fr/search/export.csv"))

    factories.experience()
    one = cost()
    factories.experience(countries=("BF", "RW"))
    factories.experience()
    assert cost() == one
