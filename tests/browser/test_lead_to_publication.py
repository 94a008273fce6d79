"""Staff take what somebody heard of to a published experience and the case study that names it, each with their own account."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.site import serve
from tests.browser.visitor import DESK, Visitor

pytestmark = pytest.mark.browser

ACCOUNTS = ("author", "reviewer", "publisher")
PASSWORD = "demonstration"
COOKIES = {"sessionid", "csrftoken", "messages"}
EXPERIENCE = "La mutuelle des artisans de Zinder"
SUMMARY = "Quatre-vingts artisans du cuir cotisent chaque jour de marché."
STUDY = "Pourquoi les artisans de Zinder cotisent"
CHAPTER_TEXT = "Chacun connaît chacun."
DATA = {"fr": "Données", "en": "Data", "es": "Datos", "pt": "Dados"}
LANGUAGE_OF_ADMIN = {"fr": "fr", "en": "en", "es": "es", "pt": "pt-pt"}


@pytest.fixture(scope="module")
def site(demonstration, tmp_path_factory):
    """A demonstration to write in."""
    with serve(demonstration, tmp_path_factory.mktemp("written") / "var", to_write_in=True) as site:
        yield site


@pytest.fixture(scope="module")
def staff(browser, site):
    """The windows of the staff, each logged in with their own account."""
    windows = {name: Visitor(browser, site.address, "fr", viewport=DESK) for name in ACCOUNTS}
    for name, one in windows.items():
        log_in(one, name)
    yield {name: one.page for name, one in windows.items()}
    for one in windows.values():
        # Wagtail's own screens warn in the console, and refuse an automatic save by a status of its own.
        one.problems = [problem for problem in one.problems if not problem.startswith("console:")]
        one.close(COOKIES)


def log_in(one: Visitor, name: str) -> None:
    page = one.go("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


# --- What staff do in the editor ------------------------------------------------------------------------------------


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def choose_action(page: Page, selector: str) -> None:
    """Open the menu of the main button and choose from it."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator(f"footer {selector}").click()


def add_row(page: Page, table: str) -> str:
    """Add a row to a table and return its prefix."""
    number = int(page.input_value(f"#id_{table}-TOTAL_FORMS"))
    page.locator(f"#id_{table}-ADD").click()
    page.locator(f"#inline_child_{table}-{number}").wait_for()
    return f"{table}-{number}"


def choose(page: Page, field: str, words: str) -> None:
    """Choose the first thing that a chooser finds for the words."""
    chooser = page.locator(f"#id_{field}-chooser")
    chooser.locator("[data-chooser-action-choose]").first.click()
    page.fill(".modal [name=q]", words)
    page.locator(".modal a[data-chooser-modal-choice], .modal .choose-page", has_text=words).first.click()
    page.locator(f"#id_{field}-chooser:not(.blank)").wait_for()


def complete(page: Page) -> None:
    """Fill in what a snapshot needs besides its texts, its place and its source."""
    open_tab(page, "Données")
    choose(page, f"{add_row(page, 'item_concepts')}-concept", "mutuelle de santé")
    page.get_by_label("Micro-assurance").first.check()
    open_tab(page, "Publication")
    page.check("#id_consent_obtained")


def step(page: Page, action: str, number: int = 0, remark: str = "") -> None:
    """Take a step of the review; `number` tells two buttons of the same action apart."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator(f"footer button[data-workflow-action-name={action}]").nth(number).click()
    if remark:
        page.fill(".modal textarea", remark)
        page.locator(".modal form button[type=submit], .modal form input[type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/(pages/\d+/)?$"))
    expect(page.locator(".messages .success").first).to_be_visible()


def submit(page: Page) -> None:
    choose_action(page, "button[name=action-submit]")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))
    expect(page.locator(".messages .success").first).to_be_visible()


def find(visitor, address: str, title: str) -> Page:
    """Open an address as a visitor until the drainer has brought the title there."""
    one = visitor("fr")
    for _attempt in range(40):
        page = one.go(address)
        if page.get_by_role("link", name=title).count():
            return page
        page.wait_for_timeout(250)
    raise AssertionError(f"{title} is not at {address}")


# --- The journey ------------------------------------------------------------------------------------------------------


def test_a_lead_becomes_an_experience_and_a_case_study_that_visitors_find(staff, site, visitor):
    author, reviewer, publisher = (staff[name] for name in ACCOUNTS)
    note_lead(site, author)
    address = retain(reviewer)
    write_experience(author, address)
    send_back(reviewer)
    take_up(author)
    approve(reviewer)
    publish(publisher, address)
    page = find(visitor, "/fr/search/?q=artisans+du+cuir", EXPERIENCE)
    page.get_by_role("link", name=EXPERIENCE).click()
    expect(page.locator("h1")).to_have_text(EXPERIENCE)
    public = page.url
    write_study(site, publisher)
    page.goto(public)
    expect(page.get_by_role("link", name=STUDY).first).to_be_visible()
    page = find(visitor, "/fr/studies/?q=artisans", STUDY)
    page.get_by_role("link", name=STUDY).click()
    expect(page.locator("h1")).to_have_text(STUDY)
    expect(page.get_by_text(CHAPTER_TEXT, exact=True)).to_be_visible()


def note_lead(site, page):
    page.goto(site("/admin/leads/new/"))
    page.fill("[name=subject]", EXPERIENCE)
    page.fill("[name=where_heard]", "Entretien avec la présidente, mars 2026")
    page.select_option("[name=country]", "NE")
    page.fill("[name=interest]", "Des artisans cotisent chaque jour de marché.")
    page.locator("footer button[type=submit]").first.click()
    page.wait_for_url("**/admin/leads/")
    expect(page.get_by_role("link", name=EXPERIENCE)).to_be_visible()


def retain(page):
    page.reload()
    page.get_by_role("link", name=EXPERIENCE).click()
    page.get_by_label("Fiche courte seulement").check()
    page.fill("[name=reason]", "Rare au Niger.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.wait_for_url("**/edit/")
    expect(page.locator("#id_title_fr")).to_have_value(EXPERIENCE)
    expect(page.locator("#id_places-0-country")).to_have_value("NE")
    expect(page.locator("#id_source")).to_have_value("Entretien avec la présidente, mars 2026")
    return page.url


def write_experience(page, address):
    page.goto(address.split("/admin/")[0] + "/admin/")
    page.get_by_role("link", name=EXPERIENCE).first.click()
    choose_action(page, "button[name=action-submit]")
    refusal = page.locator(".messages .error").first
    for missing in ("Confirmez le consentement", "Choisissez une modalité", "Choisissez au moins un concept"):
        expect(refusal).to_contain_text(missing)
    complete(page)
    submit(page)


def send_back(page):
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    page.get_by_role("link", name=EXPERIENCE).first.click()
    step(page, "reject", remark="Combien d’artisans ?")


def take_up(page):
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    page.get_by_role("link", name=EXPERIENCE).first.click()
    expect(page.locator(".remarks")).to_contain_text("Combien d’artisans")
    page.fill("#id_summary_fr", SUMMARY)
    open_tab(page, "English")
    page.fill("#id_title_en", "The mutual of the craftsmen of Zinder")
    page.fill("#id_summary_en", "Eighty leather workers contribute on market day.")
    page.select_option("#id_language_state_en", "published")
    page.locator("button[data-side-panel-toggle=preview]").click()
    shown = page.frame_locator("[data-side-panel=preview] iframe").last.locator("h1")
    expect(shown).to_have_text("The mutual of the craftsmen of Zinder")  # the language of the tab
    page.select_option("[data-side-panel=preview] [name=preview_mode]", "fr")
    expect(shown).to_have_text(EXPERIENCE)
    submit(page)


def approve(page):
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    page.get_by_role("link", name=EXPERIENCE).first.click()
    step(page, "approve", 1, remark="Très clair.")


def publish(page, address):
    page.goto(address)
    expect(page.locator(".remarks")).to_contain_text("Très clair.")
    step(page, "approve")


def insert_text(page: Page, chapters: Locator) -> Locator:
    """Insert a text into the first chapter, and once more if Wagtail's list of blocks lost the choice; return its editor."""
    editor = chapters.locator("[contenteditable=true]").first
    for _attempt in range(3):
        chapters.get_by_role("button", name="Insérer un bloc").nth(1).click()
        page.get_by_role("option", name="texte").click()
        with contextlib.suppress(TimeoutError):
            editor.wait_for(timeout=10_000)
            break
    return editor


def write_study(site, page):
    page.goto(site("/admin/pages/"))
    catalogue = page.request.get(site("/admin/api/main/pages/?slug=studies&fields=id")).json()["items"][0]["id"]
    page.goto(site(f"/admin/pages/add/experiences/study/{catalogue}/"))
    page.fill("#id_title_fr", STUDY)
    page.fill("#id_summary_fr", "Ce que la confiance entre gens de métier permet.")
    page.fill("#id_questions_fr", "Pourquoi cotisent-ils ?")
    page.fill("#id_method_fr", "Douze entretiens au marché.")
    chapters = page.locator("[data-contentpath=body_fr]")
    chapters.get_by_role("button", name="Insérer un bloc").first.click()
    page.fill("[name=body_fr-0-value-title]", "La confiance")
    insert_text(page, chapters).fill(CHAPTER_TEXT)
    open_tab(page, "Données")
    page.select_option("#id_study_kind", "case_study")
    page.fill("#id_year", "2026")
    choose(page, f"{add_row(page, 'study_experiences')}-experience", EXPERIENCE)
    page.select_option(f"#id_{add_row(page, 'places')}-country", "NE")
    choose(page, f"{add_row(page, 'item_concepts')}-concept", "mutuelle de santé")
    page.get_by_label("Micro-assurance").first.check()
    page.fill(f"#id_{add_row(page, 'lessons')}-text_fr", "Commencer par un métier organisé.")
    open_tab(page, "Acteurs")
    choose(page, f"{add_row(page, 'contributors')}-person", "STEP")
    page.fill("#id_source", "Enquête de 2026")
    choose_action(page, "button[name=action-publish]")
    expect(page.locator(".messages .error").first).to_contain_text("Confirmez le consentement")
    open_tab(page, "Publication")
    page.check("#id_consent_obtained")
    choose_action(page, "button[name=action-publish]")
    expect(page.locator(".messages .success").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGE_OF_ADMIN)
def test_the_admin_speaks_the_language_of_the_account(site, staff, language):
    page = staff["publisher"]
    page.goto(site("/admin/account/"))
    open_locale = page.locator("[name=locale-preferred_language]")
    if not open_locale.is_visible():
        page.get_by_role("tab").nth(1).click()
    open_locale.select_option(LANGUAGE_OF_ADMIN[language])
    # Saving an account changes the key of the session: what is asked meanwhile with the old one would end it.
    with page.expect_navigation():
        page.locator("footer button[type=submit], main form button[type=submit]").last.click()
    catalogue = page.request.get(site("/admin/api/main/pages/?slug=experiences&fields=id")).json()["items"][0]["id"]
    record = page.request.get(site("/admin/api/main/pages/?slug=mutuelles-de-sante-rwanda")).json()["items"][0]["id"]
    for path in (
        "",
        "leads/",
        "leads/new/",
        "leads/1/decide/",
        f"pages/{catalogue}/",
        "translations/",
        "reports/workflow/",
    ):
        answer = page.request.get(site(f"/admin/{path}"))
        assert (answer.status, path) == (200, path)
        assert re.search(f'<html[^>]* lang="{language}', answer.text()), path
    for path in (f"pages/add/experiences/experience/{catalogue}/", f"pages/{record}/edit/"):
        page.goto(site(f"/admin/{path}"))
        expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
        expect(page.get_by_role("tab").nth(4)).to_have_text(re.compile(DATA[language]))
