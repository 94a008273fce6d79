"""A lead becomes a public experience, through the hands of an author, a reviewer and a publisher (§34-35)."""

from __future__ import annotations

import pytest
from django.core import mail

from experiences.models import Experience, Lead
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def enter(live_server, browser_page):
    """Return a function by which a person logs in, in the same window, and comes to an address."""

    def enter(person, address="/admin/"):
        browser_page.context.clear_cookies()
        browser_page.goto(f"{live_server.url}/admin/login/")
        browser_page.fill("[name=username]", person.username)
        browser_page.fill("[name=password]", PASSWORD)
        browser_page.click("button[type=submit]")
        browser_page.wait_for_url("**/admin/")
        if address != "/admin/":
            browser_page.goto(live_server.url + address)
        return browser_page

    return enter


def note_lead(screen) -> None:
    screen.fill("[name=subject]", "Mutuelle des taxis de Dakar")
    screen.fill("[name=where_heard]", "Radio Rurale, 3 mai 2026")
    screen.fill("[name=interest]", "Des chauffeurs cotisent chaque soir.")
    screen.select_option("[name=country]", "SN")
    screen.get_by_role("button", name="Créer").click()
    screen.get_by_text("est notée").wait_for()


def retain_lead(screen) -> None:
    screen.get_by_role("link", name="Mutuelle des taxis de Dakar").click()
    screen.check("input[value=to_capitalise]")
    screen.fill("[name=reason]", "Seule expérience de ce métier")
    screen.get_by_role("button", name="Enregistrer la décision").click()
    screen.wait_for_url("**/pages/*/edit/")


def complete_record(screen) -> None:
    """Choose what the lead does not say: the concept in the tree, an author who is noted on the spot, consent."""
    screen.get_by_role("tab", name="Données").click()
    screen.locator("#id_item_concepts-ADD").click()
    screen.get_by_role("button", name="Choisir un concept").first.click()
    screen.locator(".modal [name=q]").fill("third-party payment")
    screen.locator(".modal a", has_text="tiers payant").click()
    screen.get_by_label("Micro-assurance").first.check()
    screen.get_by_role("tab", name="Acteurs").click()
    assert screen.get_by_text("Radio Rurale, 3 mai 2026").first.is_visible()
    screen.locator("#id_contributors-ADD").click()
    screen.get_by_role("button", name="Choisir une personne").first.click()
    screen.get_by_role("tab", name="Nouvelle personne").click()
    screen.locator(".modal [name$=name]").fill("Moussa Sow")
    screen.locator(".modal").get_by_role("button", name="Ajouter").click()
    screen.get_by_text("Moussa Sow").first.wait_for()
    screen.get_by_role("tab", name="Publication").click()
    screen.check("#id_consent_obtained")


def choose_action(screen, name: str) -> None:
    """Open the menu of the main button and choose an action."""
    screen.locator("footer [data-w-dropdown-target=toggle]").click()
    screen.locator("footer").get_by_role("button", name=name, exact=True).click()


def approve(screen, remark: str) -> None:
    screen.get_by_role("link", name="Mutuelle des taxis de Dakar").click()
    choose_action(screen, "Approuver avec un commentaire")
    screen.locator(".modal textarea").fill(remark)
    screen.locator(".modal").get_by_role("button").last.click()
    screen.wait_for_url("**/pages/*/")


def test_a_lead_becomes_a_public_experience(live_server, enter, author, reviewer, publisher):
    note_lead(enter(author, "/admin/leads/new/"))
    retain_lead(enter(reviewer, "/admin/leads/"))
    page = Lead.objects.get().becomes
    assert page.owner == author

    screen = enter(author)
    screen.get_by_role("link", name="Mutuelle des taxis de Dakar").click()
    complete_record(screen)
    choose_action(screen, "Soumettre à Capitalisation")
    screen.wait_for_url("**/pages/*/")

    approve(enter(reviewer), "Vérifier l’année")
    assert not Experience.objects.get(pk=page.pk).live
    approve(enter(publisher), "Vérifié")

    assert [message.to for message in mail.outbox] == [[reviewer.email], [publisher.email], [author.email]]
    assert "Vérifier l’année" in mail.outbox[1].body
    screen.context.clear_cookies()
    screen.goto(f"{live_server.url}/fr/experiences/mutuelle-des-taxis-de-dakar/")
    assert screen.get_by_text("Des chauffeurs cotisent chaque soir.").first.is_visible()
    assert screen.get_by_text("Moussa Sow").first.is_visible()
