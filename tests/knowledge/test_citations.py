"""How items are cited: on their page, in files for reference managers, and in what search engines read."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Contributor, KnowledgeItem, Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(tree) -> KnowledgeItem:
    """An item by two authors whose words are odd for every format."""
    page = factories.experience(title_fr="L’été à 50 % & l’œuvre : « tiers_payant » {oui}")
    page = page.get_latest_revision_as_object()
    people = [Person.objects.create(name=name) for name in ("Awa Ndiaye", "José Kaboré")]
    page.contributors = [Contributor(person=person, role="author") for person in people]
    page.save_revision().publish()
    return KnowledgeItem.objects.get(pk=page.pk)


def file_of(client, item: KnowledgeItem, extension: str, language: str = "fr"):
    return client.get(f"/{language}/citations/{item.reference}.{extension}")


def test_the_page_cites_the_item_in_two_styles(client, item):
    html = client.get(item.url).content.decode()
    author_date, note = re.findall(r'<p class="cite"[^>]*>(.*?)</p>', html)
    assert author_date.startswith(f"Awa Ndiaye et José Kaboré ({item.published_year}). <i>L’été")
    assert note.startswith("Awa Ndiaye et José Kaboré, <i>L’été")
    assert all(item.reference in style and item.url in style for style in (author_date, note))


def test_bibtex_is_read_back_by_its_library(client, item):
    answer = file_of(client, item, "bib")
    entry = bibtexparser.parse_string(
        answer.content.decode(), append_middleware=[bibtexparser.middlewares.LatexDecodingMiddleware()]
    ).entries[0]
    assert answer["Content-Disposition"] == f'attachment; filename="{item.reference}.bib"'
    assert answer.content.isascii()
    assert entry.key == item.reference
    assert entry["author"] == "Awa Ndiaye and José Kaboré"
    assert b"author = {{Awa Ndiaye} and {Jos" in answer.content  # no word of a name is taken for a particle
    assert "50 %" in entry["title"] and "œuvre" in entry["title"] and "tiers_payant" in entry["title"]
    assert entry["url"].endswith(item.url)


def test_ris_is_read_back_by_its_library(client, item):
    entry = rispy.loads(file_of(client, item, "ris").content.decode())[0]
    assert entry["type_of_reference"] == "RPRT"
    assert entry["authors"] == ["Awa Ndiaye", "José Kaboré"]
    assert entry["title"] == item.title_fr
    assert entry["year"] == str(item.published_year)


def test_csl_json_says_the_same(client, item):
    entry = json.loads(file_of(client, item, "json").content)[0]
    assert entry["author"] == [{"literal": "Awa Ndiaye"}, {"literal": "José Kaboré"}]
    assert entry["issued"] == {"date-parts": [[item.published_year]]}
    assert (entry["id"], entry["language"]) == (item.reference, "fr")


def test_an_item_that_nobody_signed_is_cited_under_the_programme(client, tree):
    page = factories.experience().get_latest_revision_as_object()
    page.contributors = []
    page.save_revision().publish()
    item = KnowledgeItem.objects.get(pk=page.pk)
    assert json.loads(file_of(client, item, "json").content)[0]["author"] == [{"literal": "STEP"}]
    assert "AU  - STEP" in file_of(client, item, "ris").content.decode()


def test_the_citation_is_in_the_language_in_which_the_item_is_read(client, tree):
    page = factories.translate(factories.experience(), "en")
    assert json.loads(file_of(client, page, "json", "en").content)[0]["title"] == page.title_en
    assert json.loads(file_of(client, page, "json", "pt").content)[0]["title"] == page.title_fr


def test_search_engines_read_what_the_item_is_and_its_translations(client, tree):
    page = factories.translate(factories.experience(title_fr="</script><b>"), "en")
    html = client.get(page.url).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html).group(1))
    assert (data["@type"], data["name"], data["inLanguage"]) == ("Report", "</script><b>", "fr")
    assert [one["inLanguage"] for one in data["workTranslation"]] == ["en"]
    assert data["workTranslation"][0]["@id"].endswith(f"/en/experiences/{page.slug}/")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["STEP", "Awa Ndiaye"], [("Organization", "STEP"), ("Person", "Awa Ndiaye")]),
        ([], [("Organization", "STEP")]),
    ],
)
def test_the_programme_signs_as_an_organisation_and_not_as_a_person(client, tree, names, expected):
    page = factories.experience().get_latest_revision_as_object()
    people = [Person.objects.create(name=name) for name in names]
    page.contributors = [Contributor(person=person, role="author") for person in people]
    page.save_revision().publish()
    html = client.get(page.url).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html).group(1))
    assert [(one["@type"], one["name"]) for one in data["author"]] == expected


def test_what_is_not_public_has_no_citation(client, item):
    address = f"/fr/citations/{item.reference}.bib"
    item.specific.unpublish()
    assert client.get(address).status_code == 404
    assert client.get("/fr/citations/STEP-EXP-99999.bib").status_code == 404


def test_an_unknown_format_is_not_found(client, item):
    assert file_of(client, item, "docx").status_code == 404


def test_a_citation_costs_the_same_with_one_author_and_with_three(client, item):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/fr/citations/{item.reference}.json?{len(captured)}")
        return len(captured)

    client.cookies["sessionid"] = "none"  # pages of who has a session are never kept
    queries()
    two = queries()
    page = item.specific.get_latest_revision_as_object()
    page.contributors = [Contributor(person=Person.objects.create(name=f"Auteur {n}"), role="author") for n in range(5)]
    page.save_revision().publish()
    queries()
    assert queries() == two
