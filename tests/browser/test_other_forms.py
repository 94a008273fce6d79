"""Every form of the staff beside those of items and leads: opened, filled in, saved with its own button, and kept."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Locator, expect
from wagtail.contrib.redirects.models import Redirect

from knowledge.models import Concept, ItemIndexPage, Organisation, Person
from portal.home.models import HomePage, InfoPage
from portal.models import File, PortalImage
from tests.browser.test_editor import choose_publish, log_in, open_tab
from tests.portal.file_samples import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(live_server, administrator, browser_page):
    """A browser logged in as who may open every form, in French."""
    return log_in(browser_page, live_server, administrator)


@pytest.fixture
def go(live_server, screen):
    """Return a function that opens an address of the admin."""
    return lambda path: screen.goto(f"{live_server.url}/admin/{path}")


def save(screen) -> None:
    """Press the button of a form that has one, and wait until it says that it worked."""
    screen.locator("main form footer button[type=submit], main form > button[type=submit]").first.click()
    done(screen)


def done(screen) -> Locator:
    told = screen.locator(".messages .success").first
    expect(told).to_be_visible()
    return told


def update(screen, **fields: str) -> None:
    """Fill in what is asked of a file that was just uploaded, and save that."""
    form = screen.locator("#upload-list form")
    for name, value in fields.items():
        field = form.locator(f"[name$=-{name}]")
        field.select_option(value) if name == "language" else field.fill(value)
    form.locator("[type=submit]").click()
    expect(form).to_have_count(0)


def publish(screen) -> None:
    choose_publish(screen)
    done(screen)


def test_the_pages_of_the_portal_itself(go, screen):
    home, about = HomePage.objects.get(), InfoPage.objects.get(slug="about")
    catalogue = ItemIndexPage.objects.get(slug="studies")
    for page, field, text in (
        (home, "introduction_en", "What practice knows."),
        (about, "title_es", "Acerca de este portal"),
        (catalogue, "title_pt", "Os estudos"),
    ):
        go(f"pages/{page.pk}/edit/")
        open_tab(screen, {"en": "English", "es": "Español", "pt": "Português"}[field[-2:]])
        screen.fill(f"#id_{field}", text)
        publish(screen)
        assert getattr(type(page).objects.get(pk=page.pk), field) == text
    go(f"pages/add/home/infopage/{home.pk}/")
    screen.fill("#id_title_fr", "Partenaires")
    screen.locator("#panel-child-francais-body_fr-section [contenteditable=true]").click()
    screen.keyboard.type("Ceux qui font vivre le portail.")
    publish(screen)  # at once: a rich text reaches its form a moment after it was typed
    assert "font vivre" in InfoPage.objects.live().get(title_fr="Partenaires").body_fr


def test_concepts_organisations_and_persons(go, screen):
    go("concepts/new/")
    for tab, code, label in (("Français", "fr", "caisse de quartier"), ("English", "en", "neighbourhood fund")):
        open_tab(screen, tab)
        screen.fill(f"#id_label_{code}", label)
    save(screen)
    concept = Concept.objects.get(label_fr="caisse de quartier")
    assert concept.label_en == "neighbourhood fund" and concept.slug
    go("organisations/new/")
    screen.fill("#id_name", "Union des mutuelles de Zinder")
    screen.select_option("#id_country", "NE")
    screen.select_option("#id_kind", index=1)
    save(screen)
    assert Organisation.objects.get(name="Union des mutuelles de Zinder").country == "NE"
    go("people/new/")
    screen.fill("#id_name", "Awa Ndiaye")
    save(screen)
    assert Person.objects.filter(name="Awa Ndiaye").exists()


# Wagtail leaves the temporary files of its renditions to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_files_and_images(go, screen):
    go("documents/multiple/add/")
    screen.set_input_files("#fileupload", {"name": "fiche.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    update(screen, language="es")
    file = File.objects.get()
    assert (file.language, file.format) == ("es", "PDF")
    go(reverse("wagtaildocs:edit", args=[file.pk]).removeprefix("/admin/"))
    screen.fill("#id_title", "La fiche, en espagnol")
    save(screen)
    assert File.objects.get().title == "La fiche, en espagnol"
    drawing = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(drawing, "PNG")
    go("images/multiple/add/")
    screen.set_input_files("#fileupload", {"name": "a.png", "mimeType": "image/png", "buffer": drawing.getvalue()})
    update(screen, description_fr="Une caisse", description_en="A box")
    image = PortalImage.objects.get()
    go(f"images/{image.pk}/")
    screen.fill("#id_description_es", "Una caja")
    save(screen)
    image = PortalImage.objects.get()
    assert [image.described_in(code) for code in ("fr", "en", "es", "pt")] == [
        "Une caisse", "A box", "Una caja", "Une caisse",
    ]  # fmt: skip


def test_accounts_and_addresses(go, screen):
    go("users/new/")
    for field, text in (
        ("username", "fatou"),
        ("email", "fatou@example.org"),
        ("first_name", "Fatou"),
        ("last_name", "Bâ"),
    ):
        screen.fill(f"#id_{field}", text)
    screen.select_option("#id_preferred_language", "pt-pt")
    save(screen)
    user = get_user_model().objects.get(username="fatou")
    assert user.wagtail_userprofile.preferred_language == "pt-pt"
    go(f"users/edit/{user.pk}/")
    screen.fill("#id_last_name", "Diallo")
    save(screen)
    assert get_user_model().objects.get(pk=user.pk).last_name == "Diallo"
    go("redirects/add/")
    screen.fill("#id_old_path", "/fr/ancienne/")
    screen.fill("#id_redirect_link", "https://example.org/fiche")
    save(screen)
    assert Redirect.objects.filter(old_path="/fr/ancienne").exists()
