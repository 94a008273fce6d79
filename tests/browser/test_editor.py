"""The editor's screens in a real browser: with its scripts, its automatic saves, its tabs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from experiences.models import Experience, Lead, Study, StudyExperience, StudyLesson
from knowledge.models import Concept, Contributor, ItemConcept, ItemIndexPage, Person, Place
from tests.browser.visitor import PATIENCE
from tests.conftest import PASSWORD
from tests.factories.experiences import make_snapshot, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(live_server, publisher, browser_page):
    """A browser logged in as a publisher, in French."""
    return log_in(browser_page, live_server, publisher)


@pytest.fixture
def other_screen(live_server, reviewer, browser_page):
    """The browser of a reviewer, beside that of the publisher."""
    page = browser_page.context.browser.new_page(locale="fr-FR")
    page.set_default_timeout(PATIENCE)
    return log_in(page, live_server, reviewer)


def log_in(page, live_server, user):
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


def log_in_elsewhere(screen, live_server, user):
    """Log in again, as in another tab of the same browser."""
    address = f"{live_server.url}/admin/login/"
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', screen.request.get(address).text())[1]
    form = {"csrfmiddlewaretoken": token, "username": user.username, "password": PASSWORD}
    assert screen.request.post(address, form=form).ok


def open_tab(screen, name):
    screen.get_by_role("tab", name=name).click()


def add_row(screen, table):
    """Add a row to a table and return its prefix."""
    number = int(screen.input_value(f"#id_{table}-TOTAL_FORMS"))
    screen.locator(f"#id_{table}-ADD").click()
    screen.locator(f"#inline_child_{table}-{number}").wait_for(state="visible")
    return f"{table}-{number}"


def choose_publish(screen):
    """Open the menu of the main button and choose to publish."""
    screen.locator("footer [data-w-dropdown-target=toggle]").click()
    screen.locator("button[name=action-publish]").click()


def test_a_rich_text_is_called_by_its_label(live_server, screen):
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    screen.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["experiences", "experience", catalogue.pk]))
    screen.select_option("select[name=record_depth]", "full", force=True)
    expect(screen.get_by_role("textbox", name="Récit", exact=True)).to_be_visible()


def test_a_snapshot_is_written_in_french_and_published(live_server, screen):
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    screen.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["experiences", "experience", catalogue.pk]))
    screen.fill("#id_title_fr", "Mutuelle de Fandène")
    screen.fill("#id_summary_fr", "Une mutuelle de santé rurale négocie un tarif avec l’hôpital.")
    assert not screen.locator("#id_problem_fr").is_visible()
    open_tab(screen, "Données")
    screen.select_option(f"#id_{add_row(screen, 'places')}-country", "SN")
    concept = add_row(screen, "item_concepts")
    choose_concept(screen, concept)
    screen.get_by_label("Micro-assurance").first.check()
    open_tab(screen, "Acteurs")
    screen.fill("#id_source", "Visite de mars 2024")
    open_tab(screen, "Publication")
    screen.check("#id_consent_obtained")
    choose_publish(screen)
    screen.get_by_text(re.compile("créée et publiée|publiée", re.I)).first.wait_for()
    page = Experience.objects.get()
    assert page.live and page.title_fr == "Mutuelle de Fandène" and page.slug == "mutuelle-de-fandene"
    assert page.country_codes == ["SN"] and page.codes("extension_modality") and page.item_concepts.exists()


def test_twelve_conditions_in_two_languages_are_all_there_after_reloading(live_server, screen):
    page = publish(make_snapshot())
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk])
    screen.goto(address)
    open_tab(screen, "Données")
    screen.select_option("#id_record_depth", "full")
    open_tab(screen, "Enseignements")
    for number in range(12):
        row = add_row(screen, "conditions")
        screen.select_option(f"#id_{row}-factor", "trust")
        screen.fill(f"#id_{row}-text_fr", f"Confiance {number}")
        screen.fill(f"#id_{row}-text_en", f"Trust {number}")
    screen.locator("footer button[type=submit]").first.click()
    screen.get_by_text("mise à jour").first.wait_for()
    screen.goto(address)
    assert screen.input_value("#id_conditions-TOTAL_FORMS") == "12"
    for number in range(12):
        assert screen.input_value(f"#id_conditions-{number}-text_fr") == f"Confiance {number}"
        assert screen.input_value(f"#id_conditions-{number}-text_en") == f"Trust {number}"


def test_a_refused_publication_counts_what_is_missing_in_each_tab(live_server, screen):
    page = make_snapshot(source="", consent_obtained=False)
    screen.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk]))
    choose_publish(screen)
    screen.get_by_text("Indiquez la source.").first.wait_for()
    screen.get_by_role("tab", name="Publication").get_by_text("1 erreur").wait_for(state="attached")
    assert not Experience.objects.get().live


def choose_concept(screen, row):
    """Choose the first concept offered, in a list or in a chooser."""
    if screen.locator(f"select#id_{row}-concept").count():
        screen.select_option(f"#id_{row}-concept", index=1)
        return
    screen.locator(f"#id_{row}-concept-chooser [data-chooser-action-choose]").first.click()
    screen.locator(".modal a[data-chooser-modal-choice]").first.click()
    screen.locator(f"#id_{row}-concept-chooser.blank").wait_for(state="detached")


def saved_by_itself(screen, *, taken=True):
    """Wait, in a `with`, for an automatic save that the portal took, or refused."""
    return screen.expect_response(lambda answer: is_automatic(answer.request) and answer.ok == taken)


def is_automatic(request):
    return request.method == "POST" and request.headers.get("accept") == "application/json" and "/pages/" in request.url


def new_experience(live_server):
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    return live_server.url + reverse("wagtailadmin_pages:add", args=["experiences", "experience", catalogue.pk])


def latest():
    return Experience.objects.get().get_latest_revision_as_object()


def test_what_is_typed_in_english_is_saved_by_itself_as_an_english_draft(live_server, screen):
    screen.goto(new_experience(live_server))
    open_tab(screen, "English")
    screen.locator("#id_title_en").press_sequentially("A rural mutual", delay=30)
    screen.wait_for_url("**/edit/", wait_until="commit")
    screen.wait_for_function("document.querySelector('#id_original_language').value === 'en'")
    with saved_by_itself(screen):
        screen.fill("#id_summary_en", "Members pay a little each month.")
    page = latest()
    assert (page.original_language, page.title_en, page.title_fr) == ("en", "A rural mutual", None)
    assert page.summary_en == "Members pay a little each month." and page.slug == "a-rural-mutual"


def test_what_is_typed_while_a_save_is_under_way_is_saved_next(live_server, screen):
    page, held = make_snapshot(), []
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk])
    screen.goto(address)
    screen.route(address, lambda route: route.continue_() if held else held.append(route))
    with screen.expect_request(is_automatic):
        screen.fill("#id_title_fr", "Un autre titre")
    screen.fill("#id_summary_fr", "Un autre résumé.")
    with saved_by_itself(screen):
        held[0].continue_()
    with saved_by_itself(screen):
        pass
    assert (latest().title_fr, latest().summary_fr) == ("Un autre titre", "Un autre résumé.")


def test_a_button_pressed_while_a_save_is_under_way_waits_for_its_end(live_server, screen, publisher):
    page, held = make_snapshot(), []
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk])
    screen.goto(address)
    screen.route(address, lambda route: route.continue_() if held else held.append(route))
    with screen.expect_request(is_automatic):
        screen.fill("#id_title_fr", "Un autre titre")
    choose_publish(screen)
    screen.wait_for_timeout(500)
    assert screen.url == address and not Experience.objects.get().live
    with saved_by_itself(screen):
        held[0].continue_()
    screen.get_by_text("publiée", exact=False).first.wait_for()
    experience = Experience.objects.get()
    assert experience.live and experience.title_fr == "Un autre titre"
    assert experience.revisions.filter(user=publisher).count() <= 2


def test_no_save_starts_by_itself_once_a_form_was_sent(live_server, screen):
    page, held, automatic = make_snapshot(), [], []
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk])
    screen.goto(address)
    screen.wait_for_timeout(2500)  # Wagtail has looked at the form
    screen.route(address, lambda route: route.continue_() if held else held.append(route))
    screen.on("request", lambda request: automatic.append(request) if is_automatic(request) else None)
    screen.evaluate("document.querySelector('#id_title_fr').value = 'Un autre titre'")
    screen.locator("footer [data-w-dropdown-target=toggle]").click()
    screen.locator("button[name=action-publish]").click(no_wait_after=True)  # the answer is held
    screen.wait_for_timeout(1500)
    assert len(held) == 1 and not automatic
    held[0].continue_()
    screen.get_by_text("publiée", exact=False).first.wait_for()
    assert Experience.objects.get().title_fr == "Un autre titre"


def test_what_is_typed_after_the_log_in_expired_is_saved_after_the_next_one(live_server, screen, publisher):
    page = make_snapshot()
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk])
    screen.goto(address)
    screen.context.clear_cookies()
    screen.fill("#id_summary_fr", "Un autre résumé.")
    screen.keyboard.press("ControlOrMeta+s")
    screen.locator(".messages").get_by_text("Votre session est finie").wait_for()
    choose_publish(screen)
    screen.wait_for_timeout(500)
    assert screen.url == address and screen.input_value("#id_summary_fr") == "Un autre résumé."
    log_in_elsewhere(screen, live_server, publisher)
    screen.locator("button[name=action-publish]").click()
    screen.wait_for_url(re.compile(r"/admin/pages/\d+/$"))
    assert Experience.objects.get().live and Experience.objects.get().summary_fr == "Un autre résumé."


def test_a_form_is_not_sent_into_a_network_that_is_gone(live_server, screen):
    screen.goto(live_server.url + "/admin/leads/new/")
    screen.fill("#id_subject", "La mutuelle de Zinder")
    screen.context.set_offline(True)
    screen.locator("footer button[type=submit]").first.click()
    screen.locator(".messages").get_by_text("Le portail ne répond pas").wait_for()
    assert screen.input_value("#id_subject") == "La mutuelle de Zinder"
    screen.context.set_offline(False)
    screen.fill("#id_where_heard", "Marché")
    screen.locator("footer button[type=submit]").first.click()
    screen.wait_for_url("**/admin/leads/")
    assert Lead.objects.get().subject == "La mutuelle de Zinder"


@pytest.mark.parametrize(("typed", "stored"), [("02/05/2024", date(2024, 5, 2)), ("bientôt", None)])
def test_a_date_is_what_was_typed_or_refused(live_server, screen, typed, stored):
    screen.goto(live_server.url + "/admin/leads/new/")
    screen.fill("#id_subject", "La mutuelle de Zinder")
    screen.fill("#id_where_heard", "Marché")
    screen.fill("#id_heard_on", typed)
    screen.keyboard.press("Tab")
    screen.locator("footer button[type=submit]").first.click()
    if stored:
        screen.wait_for_url("**/admin/leads/")
        assert Lead.objects.get().heard_on == stored
    else:
        screen.get_by_text("Saisissez une date valide").first.wait_for()
        assert screen.input_value("#id_heard_on") == typed and not Lead.objects.exists()


def test_a_text_that_is_too_long_is_refused_whole(live_server, screen):
    page, text = make_snapshot(), "Une mutuelle de santé rurale. " * 25
    screen.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk]))
    screen.locator("#id_summary_fr").fill("")
    screen.keyboard.insert_text(text)
    assert screen.input_value("#id_summary_fr") == text
    screen.locator("footer button[type=submit]").first.click()
    screen.get_by_text("(actuellement 749)").first.wait_for()
    assert screen.input_value("#id_summary_fr").strip() == text.strip()


def test_a_form_shown_again_with_its_errors_goes_on_being_saved(live_server, screen):
    page = make_snapshot(source="", consent_obtained=False)
    screen.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk]))
    with saved_by_itself(screen):
        choose_publish(screen)
    screen.get_by_text("Indiquez la source.").first.wait_for()
    for summary in ("Un autre résumé.", "Un résumé encore."):
        with saved_by_itself(screen):
            screen.fill("#id_summary_fr", summary)
        assert latest().summary_fr == summary


def test_two_people_in_the_same_field_see_both_texts(live_server, screen, settings):
    # Without scripts that notice the other version before the button is pressed: what is asked then is Wagtail's dialog.
    settings.WAGTAIL_AUTOSAVE_INTERVAL, settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 0, 600_000
    page = make_snapshot()
    screen.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[page.pk]))
    theirs = Experience.objects.get().get_latest_revision_as_object()
    theirs.summary_fr, theirs.title_es = "Leur résumé.", "Su título"
    theirs.save_revision(clean=False)
    screen.fill("#id_summary_fr", "Mon résumé.")
    screen.locator("footer button[type=submit]").first.click()
    conflict = screen.locator(".conflicts")
    conflict.get_by_text("Leur résumé.").wait_for()
    assert conflict.get_by_text("Mon résumé.").is_visible()
    assert screen.input_value("#id_summary_fr") == "Mon résumé."
    screen.locator("footer button[type=submit]").first.click()
    screen.get_by_text("mise à jour").first.wait_for()
    page = Experience.objects.get().get_latest_revision_as_object()
    assert (page.summary_fr, page.title_es) == ("Mon résumé.", "Su título")


def press_save_in_spite_of_the_warning(screen):
    screen.locator("[data-w-session-intercept-value=conflict]").wait_for(state="attached")
    screen.locator("footer button[type=submit]").first.click()
    screen.locator("#w-save-confirmation-dialog [data-w-dialog-target=confirm]").click()


def test_two_people_whose_texts_are_saved_by_themselves_see_both_and_overwrite_nothing(
    live_server, screen, other_screen
):
    address = live_server.url + reverse("wagtailadmin_pages:edit", args=[make_snapshot().pk])
    screen.goto(address)
    other_screen.goto(address)
    with saved_by_itself(other_screen):
        other_screen.fill("#id_summary_fr", "Leur résumé.")
    with saved_by_itself(screen, taken=False):
        screen.fill("#id_summary_fr", "Mon résumé.")
    press_save_in_spite_of_the_warning(screen)
    for text in ("Leur résumé.", "Mon résumé."):
        screen.locator(".conflicts").get_by_text(text).wait_for()
    assert latest().summary_fr == "Leur résumé."
    screen.locator("footer button[type=submit]").first.click()
    screen.get_by_text("mise à jour").first.wait_for()
    assert latest().summary_fr == "Mon résumé."
    with saved_by_itself(other_screen, taken=False):
        other_screen.fill("#id_summary_fr", "Leur résumé, plus long.")
    press_save_in_spite_of_the_warning(other_screen)
    for text in ("Mon résumé.", "Leur résumé, plus long."):
        other_screen.locator(".conflicts").get_by_text(text).wait_for()
    assert latest().summary_fr == "Mon résumé."


def test_a_study_with_two_chapters_is_published(live_server, screen):
    experience = publish(make_snapshot())
    person = Person.objects.create(name="Awa Ndiaye")
    catalogue = ItemIndexPage.objects.get(slug="studies")
    study = Study(live=False, original_language="fr", title_fr="Étude", source="Terrain", consent_obtained=True)
    study.summary_fr, study.questions_fr, study.method_fr = "Résumé.", "Pourquoi ?", "Entretiens."
    study.places, study.contributors = [Place(country="SN")], [Contributor(person=person)]
    study.item_concepts = [ItemConcept(concept=Concept.objects.first())]
    study.study_experiences, study.lessons = (
        [StudyExperience(experience=experience)],
        [StudyLesson(text_fr="Négocier.")],
    )
    catalogue.add_child(instance=study)
    study.save_revision(clean=False)
    screen.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[study.pk]))
    body = screen.locator("#panel-child-francais-body_fr-section")
    for number, title in enumerate(["Le contexte", "Les résultats"]):
        body.locator("button.c-sf-add-button").last.click()
        screen.fill(f"[name=body_fr-{number}-value-title]", title)
    choose_publish(screen)
    screen.get_by_text("publiée", exact=False).first.wait_for()
    study = Study.objects.get()
    assert study.live and [block.value["title"] for block in study.body_fr] == ["Le contexte", "Les résultats"]
    assert study.lessons.get().text_fr == "Négocier."
