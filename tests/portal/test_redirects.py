"""Old addresses redirect in every language."""

from __future__ import annotations

import pytest
from wagtail.contrib.redirects.models import Redirect

from portal.languages import LANGUAGES
from portal.models import PortalPage


def rename(page: PortalPage, slug: str, django_capture_on_commit_callbacks) -> None:
    page.slug = slug
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_takes_another_slug_is_found_at_the_old_address(
    tree, client, language, django_capture_on_commit_callbacks
):
    page = PortalPage.objects.get(slug="about").specific
    for slug in ("about-step", "who-we-are"):
        rename(page, slug, django_capture_on_commit_callbacks)
    for old in ("about", "about-step"):
        answer = client.get(f"/{language}/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, f"/{language}/who-we-are/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_below_a_renamed_one_are_found_too(make_experience, client, language, django_capture_on_commit_callbacks):
    make_experience(slug="dangbo")
    rename(PortalPage.objects.get(slug="experiences").specific, "field", django_capture_on_commit_callbacks)
    answer = client.get(f"/{language}/experiences/dangbo/")
    assert (answer.status_code, answer["Location"]) == (301, f"/{language}/field/dangbo/")


def test_an_old_address_that_is_taken_anew_belongs_to_the_new_page(tree, client, django_capture_on_commit_callbacks):
    about, contact = (PortalPage.objects.get(slug=slug).specific for slug in ("about", "contact"))
    rename(about, "who", django_capture_on_commit_callbacks)
    rename(contact, "about", django_capture_on_commit_callbacks)
    assert client.get("/fr/about/").status_code == 200
    rename(contact, "reach-us", django_capture_on_commit_callbacks)
    assert client.get("/fr/about/")["Location"] == "/fr/reach-us/"


def test_the_chapters_of_a_renamed_study_are_found_too(make_experience, client, django_capture_on_commit_callbacks):
    page = make_experience(slug="dangbo")
    rename(page, "dangbo-benin", django_capture_on_commit_callbacks)
    assert client.get("/es/experiences/dangbo/2/")["Location"] == "/es/experiences/dangbo-benin/2/"
    assert client.get("/es/experiences/nothing/2/").status_code == 404


def test_an_old_address_tells_nothing_of_a_page_that_is_not_public(
    make_experience, client, django_capture_on_commit_callbacks
):
    page = make_experience(slug="dangbo")
    rename(page, "dangbo-benin", django_capture_on_commit_callbacks)
    assert client.get("/fr/experiences/dangbo/").status_code == 301
    PortalPage.objects.get(pk=page.pk).specific.unpublish()
    for address in ("/fr/experiences/dangbo/", "/fr/experiences/dangbo/2/", "/fr/experiences/dangbo/?page=1"):
        assert client.get(address).status_code == 404


def test_a_redirect_made_by_staff_leads_where_they_said(tree, client):
    Redirect.add_redirect("/fr/old/", "/en/about/", is_permanent=False)
    for address in ("/fr/old/", "/fr/old", "/fr/old/?from=mail"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1] == ("/en/about/", 302)
    assert client.get("/fr/old/2/").status_code == 404
