"""The form of a full record, written and saved by hands that have nothing but a keyboard."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from experiences.models import Experience
from knowledge.models import ItemIndexPage
from knowledge.vocabularies import codes
from tests.browser.keyboard import press, tab_to, write
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_tab(page: Page, name: str, arrow: str = "ArrowRight") -> None:
    """Go back to the tabs of the form, and along them to the one named."""
    tab_to(page, "[role=tab]", back=True)
    tab = page.get_by_role("tab", name=name)
    for _tab in range(8):
        if tab.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press(arrow)
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_focused()


def log_in(page: Page, address: str, user) -> None:
    page.goto(f"{address}/admin/login/")
    write(page, "[name=username]", user.username)
    write(page, "[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def test_a_full_record_is_written_and_saved(live_server, author, browser_page):
    page = browser_page
    log_in(page, live_server.url, author)
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    page.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["experiences", "experience", catalogue.pk]))
    tab_to(page, "#tab-label-francais")
    page.keyboard.press("ArrowLeft")  # from the first tab, round to the last
    open_tab(page, "Données", "ArrowLeft")
    press(page, "[name=record_depth]", "ArrowDown")
    open_tab(page, "Français", "ArrowLeft")
    write_texts(page)
    open_tab(page, "Données")
    choose_data(page)
    open_tab(page, "Enseignements")
    add_condition(page)
    press(page, "footer .action-save")
    page.get_by_text("mise à jour").first.wait_for()
    page.reload()
    is_stored(page)


def write_texts(page: Page) -> None:
    write(page, "#id_title_fr", "Mutuelle de Fandène")
    write(page, "#id_summary_fr", "Une mutuelle rurale négocie un tarif avec l’hôpital.")
    write(page, "[data-contentpath=description_fr] [contenteditable=true]", "Chacun cotise après la récolte.")


def choose_data(page: Page) -> None:
    press(page, "#id_places-ADD")
    write(page, "[name=places-0-country]", "Togo")
    press(page, "#id_item_concepts-ADD")
    press(page, "#id_item_concepts-0-concept-chooser button")
    expect(page.locator(".modal")).to_be_focused()
    write(page, ".modal [name=q]", "mutuelle de santé")
    expect(page.locator(".modal [data-chooser-modal-choice]")).to_have_count(1)
    press(page, ".modal [data-chooser-modal-choice]")
    expect(page.locator("#id_item_concepts-0-concept-chooser")).to_contain_text("mutuelle de santé")
    expect(page.locator("#id_item_concepts-0-concept-chooser .chosen button")).to_be_focused()
    press(page, "[name=modalities]", "Space")


def add_condition(page: Page) -> None:
    press(page, "#id_conditions-ADD")
    write(page, "[name=conditions-0-factor]", "Confiance")
    write(page, "[name=conditions-0-text_fr]", "L’infirmière est née au village.")


def is_stored(page: Page) -> None:
    """Check that the form shows again, and the draft holds, all that was written and chosen."""
    expect(page.locator("#id_title_fr")).to_have_value("Mutuelle de Fandène")
    expect(page.locator("[data-contentpath=description_fr] [contenteditable=true]")).to_contain_text("récolte")
    draft = Experience.objects.get().get_latest_revision_as_object()
    assert (draft.record_depth, draft.live, draft.title_fr) == ("full", False, "Mutuelle de Fandène")
    assert draft.summary_fr == "Une mutuelle rurale négocie un tarif avec l’hôpital."
    assert "Chacun cotise après la récolte." in draft.description_fr
    assert (draft.country_codes, draft.codes("extension_modality")) == (["TG"], codes("extension_modality")[:1])
    assert [row.concept.label_fr for row in draft.item_concepts.all()] == ["mutuelle de santé"]
    assert [(row.factor, row.text_fr) for row in draft.conditions.all()] == [
        ("trust", "L’infirmière est née au village.")
    ]
