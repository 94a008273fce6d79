"""The pages of experiences and studies as a visitor reads them."""

from __future__ import annotations

import pytest

from experiences.models import Condition, Experience, ExperienceLesson, Indicator, Weakness
from knowledge.models import ItemLink, Place
from portal.languages import State
from tests import factories

QUERIES_OF_A_RECORD = 25
QUERIES_OF_THE_HOME_PAGE = 8


def with_rows(page: Experience, number: int) -> Experience:
    """Publish a page with `number` rows in each of its tables."""
    page = page.get_latest_revision_as_object()
    page.conditions = [Condition(factor="trust", text_fr=f"Confiance {n}", sort_order=n) for n in range(number)]
    page.weaknesses = [Weakness(text_fr=f"Faiblesse {n}", remedy_fr="", sort_order=n) for n in range(number)]
    page.lessons = [ExperienceLesson(text_fr=f"Leçon {n}", sort_order=n) for n in range(number)]
    page.indicators = [
        Indicator(indicator="members", year=2000 + n, value="1200.5", source="Registre", sort_order=n)
        for n in range(number)
    ]
    page.save_revision().publish()
    return Experience.objects.get(pk=page.pk)


def warm(client, path: str):
    """Ask once, so that what is kept per process is there, and forget the page itself."""
    client.get(path)
    client.cookies["sessionid"] = "none"  # pages of who has a session are never kept
    return path


def test_an_experience_is_shown_in_the_visitors_language(client, tree):
    page = factories.translate(factories.experience(), "en")
    html = client.get(f"/en/experiences/{page.slug}/").content.decode()
    assert '<h1 lang="en">Title en</h1>' in html
    assert "Cette fiche est en" not in html


def test_the_missing_language_is_said_and_the_other_ones_are_linked(client, tree):
    page = factories.translate(factories.experience(), "en")
    html = client.get(f"/pt/experiences/{page.slug}/").content.decode()
    assert f'<h1 lang="fr">{page.title_fr}</h1>' in html
    assert '<html lang="pt"' in html
    assert f'<a href="/en/experiences/{page.slug}/" lang="en" hreflang="en">English</a>' in html


def test_a_summary_alone_is_no_whole_record(client, tree):
    page = factories.translate(factories.experience(), "es", State.SUMMARY)
    html = client.get(f"/es/experiences/{page.slug}/").content.decode()
    assert f'<h1 lang="fr">{page.title_fr}</h1>' in html
    assert html.index("<p>Summary es</p>") < html.index('<p class="lead" lang="fr">')


def test_units_and_sources_of_indicators_are_marked_with_the_language_they_are_written_in(client, tree):
    page = factories.experience().get_latest_revision_as_object()
    page.indicators = [Indicator(indicator="members", year=2000, value="12", unit="ménages", source="Registre")]
    page.save_revision().publish()
    page = factories.translate(Experience.objects.get(pk=page.pk), "en")
    html = client.get(f"/en/experiences/{page.slug}/").content.decode()
    assert '<span class="muted" lang="fr">(ménages)</span>' in html
    assert '<span lang="fr">Registre</span>' in html


def test_an_area_that_is_the_country_itself_under_another_name_is_not_repeated(client, tree):
    page = factories.experience(countries=("RW",)).get_latest_revision_as_object()
    page.places = [Place(country="RW", area="Rwanda"), Place(country="RW", area="Byumba")]
    page.save_revision().publish()
    html = client.get(f"/es/experiences/{page.slug}/").content.decode()
    assert "Ruanda</a> (Byumba)" in html


def test_an_item_without_anything_optional_has_no_empty_section(client, tree):
    html = client.get(f"/fr/experiences/{factories.experience().slug}/").content.decode()
    for section in (
        "story",
        "people",
        "conditions",
        "strengths",
        "weaknesses",
        "lessons",
        "results",
        "files",
        "lineage",
    ):
        assert f'id="{section}"' not in html
    assert 'id="cite"' in html


def test_the_studies_that_name_an_experience_come_from_it(client, tree):
    page = factories.experience()
    for title in ("Ce que la mutuelle apprend", "Trois mutuelles comparées"):
        factories.study(experiences=[page], title_fr=title)
    linking = factories.study(experiences=[page], title_fr="La mutuelle, dix ans après").get_latest_revision_as_object()
    linking.links = [ItemLink(link_type="compares", target=page)]
    linking.save_revision().publish()
    factories.study(experiences=[page], title_fr="Un brouillon que nul ne lit", publish=False)
    html = client.get(f"/fr/experiences/{page.slug}/").content.decode()
    lineage = html.partition('id="lineage"')[2].partition("</section>")[0]
    assert "documente cette fiche" in lineage and "compare cette fiche" in lineage
    for title in ("Ce que la mutuelle apprend", "Trois mutuelles comparées", "La mutuelle, dix ans après"):
        assert lineage.count(title) == 1
    assert "nul ne lit" not in html


def test_what_is_not_known_is_said_and_a_figure_keeps_its_source(client, tree):
    page = with_rows(factories.experience(), 2)
    html = client.get(f"/fr/experiences/{page.slug}/").content.decode()
    assert '<dd class="missing">' in html
    assert "n. d." in html.replace("\xa0", " ")
    assert "1\u202f200,5" in html.replace("\xa0", "\u202f")
    assert html.count("Registre") == 1
    assert html.count("même source") == 1


def test_a_record_costs_the_same_with_one_row_and_with_many(client, tree, count_queries):
    page = with_rows(factories.experience(), 1)
    path = warm(client, f"/fr/experiences/{page.slug}/")
    with_one = count_queries(lambda: client.get(path))
    with_rows(page, 12)
    assert count_queries(lambda: client.get(path)) == with_one
    assert with_one <= QUERIES_OF_A_RECORD


def test_the_home_page_costs_the_same_with_one_item_and_with_many(client, tree, count_queries):
    first = factories.experience(countries=("BJ",))
    path = warm(client, "/fr/")
    with_one = count_queries(lambda: client.get(path))
    for country in ("BF", "SN", "ML"):
        factories.experience(countries=(country,))
    factories.study(experiences=[first])
    assert count_queries(lambda: client.get(path)) == with_one
    assert with_one <= QUERIES_OF_THE_HOME_PAGE


@pytest.fixture
def long_study(tree):
    chapters = [
        ("chapter", {"title": f"Chapitre {n}", "content": [{"type": "paragraph", "value": f"<p>Texte {n}</p>"}]})
        for n in (1, 2, 3)
    ]
    return factories.study(experiences=[factories.experience()], body_fr=chapters)


def test_a_study_is_read_chapter_by_chapter(client, long_study):
    path = f"/fr/studies/{long_study.slug}/"
    first, second = client.get(path).content.decode(), client.get(f"{path}2/").content.decode()
    assert "Texte 1" in first and "Texte 2" not in first
    assert f'rel="next" href="{path}2/#chapter"' in first and 'rel="prev"' not in first
    assert f'rel="prev" href="{path}#chapter"' in second and f'rel="next" href="{path}3/#chapter"' in second
    assert 'id="experiences"' in first and 'id="experiences"' not in second


@pytest.mark.parametrize("chapter", ["0", "4", "999", "abc", "1000"])
def test_a_chapter_that_does_not_exist_is_not_found(client, long_study, chapter):
    assert client.get(f"/fr/studies/{long_study.slug}/{chapter}/").status_code == 404
