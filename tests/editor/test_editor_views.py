"""Previews in each language, copies, what is switched off, and finding pages in the admin."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.users.models import UserProfile

from experiences.models import Experience, Study
from knowledge import vocabularies
from knowledge.models import ItemIndexPage
from portal.home.models import HomePage, InfoPage
from portal.models import PortalPage
from tests.editor.screens import Screen, create, edit
from tests.factories.experiences import make_snapshot, publish

pytestmark = pytest.mark.django_db
NAMES = {"fr": "Mutuelle de Thiès", "en": "Thiès mutual", "es": "Mutual de Thiès", "pt": "Mútua de Thiès"}


@pytest.fixture
def page(tree):
    others = {f"title_{code}": title for code, title in NAMES.items() if code != "fr"}
    return publish(make_snapshot(**others, summary_pt="Uma mútua.", language_state_pt="draft"))


@pytest.mark.parametrize("language", NAMES)
def test_a_draft_is_previewed_in_each_language_although_it_is_not_public(log_in, publisher, page, language):
    client = log_in(publisher)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = edit(client, page).data
    assert client.post(url, data.dict() | {"title_pt": "Mútua de Thiès"}).json() == {
        "is_valid": True,
        "is_available": True,
    }
    response = client.get(url, {"mode": language})
    assert response.status_code == 200
    assert NAMES[language] in response.content.decode()
    assert f'<html lang="{language}"' in response.content.decode()


def test_the_preview_of_a_page_without_title_or_address_does_not_crash(log_in, author, tree):
    client = log_in(author)
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    url = reverse("wagtailadmin_pages:preview_on_add", args=["experiences", "experience", catalogue.pk])
    data = create(client, Experience, catalogue).data
    assert client.post(url, data.dict()).json()["is_valid"]
    response = client.get(url, {"mode": "pt"})
    assert response.status_code == 200
    assert not Experience.objects.exists()


def test_a_draft_can_be_viewed_by_its_link(log_in, publisher, page):
    response = log_in(publisher).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), {"mode": "en"})
    assert "Thiès mutual" in response.content.decode()


def test_a_copy_is_a_draft_with_all_languages_and_a_reference_of_its_own(log_in, publisher, page):
    client = log_in(publisher)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    html = client.get(url).content.decode()
    assert 'name="alias"' not in html and 'name="publish_copies"' not in html
    parent = page.get_parent().pk
    data = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": parent, "alias": "on", "publish_copies": "on"}
    assert client.post(url, data).status_code == 302
    copy = Experience.objects.get(slug="copie")
    draft = copy.get_latest_revision_as_object()
    assert not copy.live and copy.alias_of is None
    assert (draft.title_fr, draft.title_en, draft.title_pt) == ("Copie", "Thiès mutual", "Mútua de Thiès")
    assert copy.reference and copy.reference != page.reference and draft.reference == copy.reference
    assert copy.country_codes == draft.country_codes == ["SN"]


def test_there_is_no_page_privacy(log_in, administrator, page):
    client = log_in(administrator)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    screen = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert address not in screen and "set-privacy" not in screen
    assert client.get(address).status_code in (302, 403)


@pytest.mark.parametrize("language", NAMES)
def test_lists_show_titles_in_the_language_of_the_staff_member(log_in, administrator, page, language):
    UserProfile.objects.create(user=administrator, preferred_language=language)
    page = publish_all(page)
    response = log_in(administrator).get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    assert NAMES[language] in response.content.decode()


def publish_all(page):
    draft = page.get_latest_revision_as_object()
    for code, title in NAMES.items():
        setattr(draft, f"title_{code}", title)
        setattr(draft, f"summary_{code}", title)
        setattr(draft, f"language_state_{code}", "summary")
    draft.save_revision(clean=False)
    return publish(page)


@pytest.mark.parametrize("title", NAMES.values())
def test_search_in_the_admin_finds_titles_in_every_language(log_in, administrator, page, title):
    publish_all(page)
    call_command("update_index", verbosity=0)
    response = log_in(administrator).get(reverse("wagtailadmin_pages:search"), {"q": title.split()[0][:5]})
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in response.content.decode()
    assert page.pk in [found.pk for found in PortalPage.objects.autocomplete(title.split()[0][:4])]


@pytest.mark.parametrize("model", [HomePage, InfoPage, ItemIndexPage])
def test_the_pages_of_the_portal_itself_are_edited_and_published(log_in, administrator, tree, model):
    client = log_in(administrator)
    page = model.objects.first()
    assert edit(client, page).set(title_en="Another title").post("action-publish").status_code == 302
    page = model.objects.get(pk=page.pk)
    assert page.title_en == "Another title" and page.title_fr


def test_a_study_is_started_as_a_draft(log_in, author, tree):
    studies = ItemIndexPage.objects.get(slug="studies")
    screen = create(log_in(author), Study, studies)
    screen.set(title_es="Estudio", questions_es="¿Por qué?", **{f"body_{code}-count": "0" for code in NAMES})
    assert screen.post().status_code == 302
    study = Study.objects.get().get_latest_revision_as_object()
    assert study.original_language == "es" and study.questions_es == "¿Por qué?"


def test_two_versions_are_compared_field_by_field_choices_included(log_in, publisher, page):
    old = page.get_latest_revision()
    codes = vocabularies.codes("extension_modality")
    texts = {"summary_fr": "Autre chose.", "summary_es": "Un resumen."}
    screen = edit(log_in(publisher), page).set(**texts, modalities=codes[3:4])
    screen.add_row("conditions", factor="trust", effect="enabling", text_en="Trust").post()
    new = Experience.objects.get().get_latest_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, old.pk, new.pk])
    html = log_in(publisher).get(url).content.decode()
    assert "Modalités d’extension" in html and vocabularies.label("extension_modality", codes[3]) in html
    assert "Autre chose." in html and "Un resumen." in html and "Trust" in html


def test_an_older_version_is_taken_up_again(log_in, publisher, page):
    old = page.get_latest_revision()
    client = log_in(publisher)
    edit(client, page).set(summary_fr="Autre chose.").post("action-publish")
    screen = Screen(client, reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, old.pk]))
    assert screen.data["summary_fr"] == "Une mutuelle."
    assert screen.post("action-publish").status_code == 302
    assert Experience.objects.get().summary_fr == "Une mutuelle."
