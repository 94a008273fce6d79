"""Field sheets: two pages of paper in each language, made at publication, for who may see the experience."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from experiences import sheet_layout
from experiences.models import Condition, Experience, ExperienceLesson, FieldSheet, Indicator, Weakness
from portal import countries
from portal.files.models import private_storage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree", "sheets")]


def sheet_of(client, page: Experience, language: str = "fr") -> PdfReader:
    answer = client.get(f"/{language}/experiences/{page.slug}/sheet.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    content = b"".join(answer.streaming_content)
    assert len(content) <= 150_000
    return PdfReader(BytesIO(content))


def etag_of(client, page: Experience) -> str:
    answer = client.get(f"/fr/experiences/{page.slug}/sheet.pdf")
    b"".join(answer.streaming_content)
    return answer["ETag"]


def words_of(sheet: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in sheet.pages).split())


def with_rows(page: Experience, number: int, words: str) -> Experience:
    """Publish a page with `number` rows of so many `words` in its tables."""
    page = page.get_latest_revision_as_object()
    page.conditions = [Condition(factor="trust", text_fr=f"{words} {n}", sort_order=n) for n in range(number)]
    page.weaknesses = [Weakness(text_fr=words, remedy_fr=words, sort_order=n) for n in range(number)]
    page.lessons = [ExperienceLesson(text_fr=f"Leçon {n} : {words}", sort_order=n) for n in range(number)]
    page.indicators = [
        Indicator(indicator="members", year=2000 + n, value="1200.5", source="Registre", sort_order=n)
        for n in range(min(number, 25))
    ]
    page.save_revision().publish()
    return Experience.objects.get(pk=page.pk)


def test_a_published_experience_has_a_sheet_in_each_language(client):
    page = factories.translate(factories.experience(), "en")
    french, english, spanish = (words_of(sheet_of(client, page, code)) for code in ("fr", "en", "es"))
    assert page.title_fr in french and "Un résumé." in french and "Lieu" in french
    assert "Title en" in english and "Place" in english
    assert page.title_fr in spanish and "francés" in spanish


def test_the_page_offers_it_with_format_language_and_size(client):
    page = factories.experience()
    html = client.get(page.url).content.decode()
    assert f'href="/fr/experiences/{page.slug}/sheet.pdf"' in html
    assert "Fiche de terrain" in html and "PDF · français · 1 page · " in html


@pytest.mark.parametrize(("number", "length"), [(1, 1), (6, 1), (12, 12), (200, 3)])
def test_whatever_the_record_holds_it_has_two_pages_at_most(client, number, length):
    page = with_rows(factories.experience(), number, "Les membres se réunissent chaque mois au marché. " * length)
    sheet = sheet_of(client, page)
    assert 1 <= len(sheet.pages) <= 2
    assert ("autres dans la fiche complète" in words_of(sheet)) == (number >= 12)


def test_odd_words_break_nothing(client):
    page = factories.experience(
        countries=tuple(countries.names("fr"))[:60],
        title_fr="<b>& " + "x" * 240,
        summary_fr="حماية اجتماعية " + "y" * 80 + " 😀 ɖɛ ŋ",
    )
    words = words_of(sheet_of(client, with_rows(page, 3, "<para>" + "z" * 80 + "&amp;")))
    assert "<b>&" in words and "ɖɛ" in words and "<para>" in words and "et 56 autres" in words


def test_the_sheet_carries_the_short_address_that_leads_to_the_page(client):
    page = factories.experience()
    short = reverse("short_address", args=[page.pk])
    assert short in words_of(sheet_of(client, page)).replace(" ", "")
    assert client.get(short)["Location"] == page.url


def test_a_new_publication_replaces_it(client):
    page = factories.experience()
    former = set(FieldSheet.objects.filter(page=page).values_list("file", flat=True))
    etag = etag_of(client, page)
    page = page.get_latest_revision_as_object()
    page.title_fr = "Un autre titre"
    page.save_revision().publish()
    assert "Un autre titre" in words_of(sheet_of(client, page))
    assert etag_of(client, page) != etag
    now = set(FieldSheet.objects.filter(page=page).values_list("file", flat=True))
    assert len(now) == 4 and all(private_storage().exists(name) for name in now)
    assert now.isdisjoint(former)


def test_what_is_not_public_has_neither_sheet_nor_short_address(client):
    page = factories.experience()
    page.unpublish()
    assert client.get(f"/fr/experiences/{page.slug}/sheet.pdf").status_code == 404
    assert client.get(f"/fr/r/{page.pk}").status_code == 404


def test_a_deleted_experience_leaves_no_file(client, django_capture_on_commit_callbacks):
    page = factories.experience()
    names = list(FieldSheet.objects.filter(page=page).values_list("file", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        page.delete()
    assert names and not any(private_storage().exists(name) for name in names)


def test_a_language_that_is_withdrawn_leaves_the_sheet(client):
    page = factories.translate(factories.experience(), "en", summary="A secret of the draft")
    page = page.get_latest_revision_as_object()
    page.language_state_en = "draft"
    page.save_revision().publish()
    assert "A secret of the draft" not in words_of(sheet_of(client, page, "en"))


@pytest.mark.parametrize("width", range(60, 130, 10))
def test_no_line_begins_with_the_sign_that_a_no_break_space_ties_to_its_word(width):
    sheet_layout.fonts()
    paragraph = sheet_layout.text("des mutuelles\u00a0: une convention\u202f; à 12\u202f000 francs " * 5)
    paragraph.wrap(width, 5000)
    lines = [" ".join(words) for _rest, words in paragraph.blPara.lines]
    assert len(lines) > 4
    assert not [line for line in lines if line.startswith((":", ";", "000"))]
