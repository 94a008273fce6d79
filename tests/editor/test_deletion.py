"""Unpublish and delete ask first, say what refers to the page, and are refused where something must not lose it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from wagtail.users.models import UserProfile

from experiences.models import Experience, Study, StudyExperience
from knowledge.models import ItemFile, ItemIndexPage, ItemLink
from portal.models import File, PortalPage


@pytest.fixture
def experience(make_experience) -> Experience:
    return make_experience("Mutuelle de Dangbo")


@pytest.fixture
def study(experience) -> Study:
    study = Study(title_fr="Étude du Borgou", live=False, study_experiences=[StudyExperience(experience=experience)])
    ItemIndexPage.objects.get(slug="studies").add_child(instance=study)
    study.save_revision()
    return study


@pytest.fixture
def linking(experience, make_experience) -> Experience:
    page = make_experience("Union du Borgou")
    page.links = [ItemLink(link_type="derived_from", target=experience)]
    page.save_revision().publish()
    return page


def test_an_experience_that_a_study_names_is_not_deleted_and_the_study_is_named(log_in, publisher, experience, study):
    client = log_in(publisher)
    for method in (client.get, client.post):
        answer = method(f"/admin/pages/{experience.pk}/delete/", follow=True)
        assert answer.status_code == 200
        assert "Rien n’est supprimé" in answer.content.decode() and "Étude du Borgou" in answer.content.decode()
    assert Experience.objects.filter(pk=experience.pk).exists()


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "étude\u00a0: Étude"), ("en", "study: Étude"), ("es", "estudio: Étude")]
)
def test_what_stands_in_the_way_is_punctuated_as_in_the_language(log_in, publisher, experience, study, language, line):
    UserProfile.objects.create(user=publisher, preferred_language=language)
    answer = log_in(publisher).get(f"/admin/pages/{experience.pk}/delete/", follow=True)
    assert f"<li>{line}" in answer.content.decode()


def test_a_catalogue_that_holds_such_an_experience_is_not_deleted_either(log_in, administrator, experience, study):
    catalogue = experience.get_parent()
    answer = log_in(administrator).post(
        f"/admin/pages/{catalogue.pk}/delete/", {"confirm_site_name": "STEP"}, follow=True
    )
    assert "Étude du Borgou" in answer.content.decode()
    assert PortalPage.objects.filter(pk=catalogue.pk).exists()


def test_a_bulk_delete_is_refused_as_a_whole(log_in, publisher, experience, study, make_experience):
    free = make_experience("Libre")
    address = f"/admin/bulk/portal/portalpage/delete/?id={experience.pk}&id={free.pk}&next=/admin/"
    answer = log_in(publisher).post(address, follow=True)
    assert answer.status_code == 200
    assert "Étude du Borgou" in answer.content.decode()
    assert Experience.objects.filter(pk__in=[experience.pk, free.pk]).count() == 2


def test_the_question_before_delete_says_what_links_here(log_in, publisher, experience, linking):
    client = log_in(publisher)
    answer = client.get(f"/admin/pages/{experience.pk}/delete/")
    assert answer.context["usage_count"] == 1
    assert "Union du Borgou" in client.get(answer.context["usage_url"]).content.decode()
    assert Experience.objects.filter(pk=experience.pk).exists()


def test_a_page_that_only_links_name_is_deleted_with_the_links_to_it(log_in, publisher, experience, linking):
    assert log_in(publisher).post(f"/admin/pages/{experience.pk}/delete/").status_code == 302
    assert not Experience.objects.filter(pk=experience.pk).exists()
    assert list(Experience.objects.get(pk=linking.pk).links.all()) == []


def test_the_question_before_unpublish_says_what_links_here_and_can_be_undone(log_in, publisher, experience, linking):
    client = log_in(publisher)
    answer = client.get(f"/admin/pages/{experience.pk}/unpublish/")
    assert answer.context["usage_count"] == 1
    client.post(f"/admin/pages/{experience.pk}/unpublish/")
    page = Experience.objects.get(pk=experience.pk)
    assert not page.live
    page.get_latest_revision().publish()
    assert Experience.objects.get(pk=experience.pk).live


def test_a_file_of_an_item_is_not_deleted(log_in, administrator, experience):
    file = File.objects.create(title="Rapport", file=ContentFile(b"text", name="rapport.txt"))
    experience.files = [ItemFile(file=file)]
    experience.save_revision().publish()
    client = log_in(administrator)
    assert "empêche" in client.get(f"/admin/documents/delete/{file.pk}/").content.decode()
    assert client.post(f"/admin/documents/delete/{file.pk}/", follow=True).status_code == 200
    assert File.objects.filter(pk=file.pk).exists()
