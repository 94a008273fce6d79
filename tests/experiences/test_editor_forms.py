"""What the forms of experiences keep, accept and refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest
from wagtail.users.models import UserProfile

from experiences.models import Experience
from knowledge import vocabularies
from knowledge.models import Concept, ItemIndexPage
from tests.editor.screens import create, edit, messages
from tests.factories.experiences import make_snapshot, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(tree):
    return ItemIndexPage.objects.get(slug="experiences")


def fill_snapshot(screen, language="fr"):
    screen.set(
        **{f"title_{language}": "Mutuelle de Thiès", f"summary_{language}": "Une mutuelle de santé."},
        source="Visite de mars 2024",
        consent_obtained="on",
        modalities=vocabularies.codes("extension_modality")[:2],
    )
    screen.add_row("places", country="SN").add_row("item_concepts", concept=Concept.objects.first().pk)
    return screen


def test_a_snapshot_is_created_and_published_at_once(log_in, publisher, catalogue):
    response = fill_snapshot(create(log_in(publisher), Experience, catalogue)).post("action-publish")
    assert response.status_code == 302, response.context["form"].errors
    page = Experience.objects.get()
    assert page.live and page.title_fr == "Mutuelle de Thiès" and page.slug == "mutuelle-de-thies"
    assert page.codes("extension_modality") == vocabularies.codes("extension_modality")[:2]
    assert page.country_codes == ["SN"]


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt"])
def test_a_draft_can_be_started_in_any_language_from_any_screen(log_in, author, catalogue, language):
    UserProfile.objects.create(user=author, preferred_language="en")
    response = create(log_in(author), Experience, catalogue).set(**{f"title_{language}": "Titre"}).post()
    assert response.status_code == 302
    page = Experience.objects.get().get_latest_revision_as_object()
    assert page.original_language == language and page.draft_title == "Titre"
    assert [getattr(page, f"title_{code}") or "" for code in ("fr", "en", "es", "pt")].count("Titre") == 1
    assert page.slug == "titre"


def test_a_draft_without_any_title_comes_back_with_what_was_typed(log_in, author, catalogue):
    response = create(log_in(author), Experience, catalogue).set(summary_fr="Le résumé").post()
    assert response.status_code == 200
    assert response.context["form"].errors["title_fr"]
    assert "Le résumé" in response.content.decode()


def test_publishing_names_every_field_and_table_that_lacks_something(log_in, publisher, catalogue):
    response = create(log_in(publisher), Experience, catalogue).set(title_fr="Titre").post("action-publish")
    form = response.context["form"]
    assert {"summary_fr", "source", "consent_obtained", "modalities"} <= form.errors.keys()
    assert form.formsets["places"].non_form_errors() and form.formsets["item_concepts"].non_form_errors()
    assert "Indiquez au moins un pays." in messages(response)
    assert not Experience.objects.exists()


def test_publishing_a_new_page_keeps_the_translation_that_is_not_ready(log_in, publisher, catalogue):
    screen = fill_snapshot(create(log_in(publisher), Experience, catalogue))
    assert screen.set(title_pt="Rascunho", language_state_pt="draft").post("action-publish").status_code == 302
    page = Experience.objects.get()
    assert page.live and not page.title_pt
    assert page.get_latest_revision_as_object().title_pt == "Rascunho"


def test_choices_are_kept_in_the_revision_of_a_live_page(log_in, publisher, tree):
    page = publish(make_snapshot())
    codes = vocabularies.codes("extension_modality")
    assert edit(log_in(publisher), page).set(modalities=codes[1:3]).post().status_code == 302
    assert page.codes("extension_modality") == codes[:1]
    assert Experience.objects.get().get_latest_revision_as_object().codes("extension_modality") == codes[1:3]
    publish(page)
    assert Experience.objects.get().codes("extension_modality") == codes[1:3]


def test_a_change_of_choices_only_is_a_change(log_in, publisher, tree, rf):
    page = make_snapshot()
    form_class = Experience.get_edit_handler().get_form_class()
    assert "modalities" in form_class.base_fields
    screen = edit(log_in(publisher), page)
    unchanged = form_class(screen.data, instance=page.get_latest_revision_as_object(), for_user=publisher)
    assert "modalities" not in unchanged.changed_data
    screen.set(modalities=[])
    changed = form_class(screen.data, instance=page.get_latest_revision_as_object(), for_user=publisher)
    assert "modalities" in changed.changed_data and changed.has_changed()


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt"])
def test_saving_an_untouched_form_changes_no_text_whatever_the_language_of_the_screen(log_in, author, tree, language):
    page = make_snapshot("en", title_pt="Rascunho", language_state_pt="draft", owner=author)
    UserProfile.objects.create(user=author, preferred_language=language)
    before = page.get_latest_revision().content
    assert edit(log_in(author), page).post().status_code == 302
    after = Experience.objects.get().get_latest_revision().content
    ignored = {"latest_revision", "latest_revision_created_at", "has_unpublished_changes"}
    different = {
        name: (before[name], after[name]) for name in before if (before[name] or None) != (after[name] or None)
    }
    assert not {name: values for name, values in different.items() if name not in ignored}
    [columns] = Experience.objects.raw_values("title", "draft_title")
    assert set(columns.values()) == {"Mutuelle de Thiès"}


def test_twelve_conditions_in_two_languages_are_all_kept(log_in, publisher, tree):
    page = publish(make_snapshot())
    screen = edit(log_in(publisher), page).set(record_depth="full")
    factor = vocabularies.codes("condition_factor")[0]
    for number in range(12):
        texts = {"text_fr": f"Confiance {number}", "text_en": f"Trust {number}"}
        screen.add_row("conditions", factor=factor, effect="enabling", **texts)
    assert screen.post().status_code == 302
    rows = Experience.objects.get().get_latest_revision_as_object().conditions.all()
    assert [(row.text_fr, row.text_en) for row in rows] == [(f"Confiance {n}", f"Trust {n}") for n in range(12)]
    assert not Experience.objects.get().conditions.exists()


def test_the_address_follows_the_title_until_the_first_publication(log_in, publisher, tree):
    page = make_snapshot()
    client = log_in(publisher)
    edit(client, page).set(title_fr="Union de Thiès").post()
    assert Experience.objects.get().slug == "union-de-thies"
    publish(page)
    edit(client, page).set(title_fr="Fédération de Thiès").post("action-publish")
    assert Experience.objects.get().slug == "union-de-thies"


def test_a_wrong_value_in_a_row_is_named_with_its_table_and_line(log_in, publisher, tree):
    page = make_snapshot()
    response = edit(log_in(publisher), page).set(**{"places-0-latitude": "95"}).post()
    assert "Lieux, ligne 1, Latitude" in messages(response)


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_a_new_page_posted_after_its_automatic_save_is_still_one_page(log_in, publisher, catalogue, action):
    screen = fill_snapshot(create(log_in(publisher), Experience, catalogue))
    assert screen.post(headers={"accept": "application/json"}).json()["success"]
    assert screen.set(summary_fr="Une mutuelle de santé rurale.").post(action).status_code == 302
    page = Experience.objects.get()
    assert page.get_latest_revision_as_object().summary_fr == "Une mutuelle de santé rurale."
    assert page.live == bool(action) and page.places.count() == 1


@pytest.mark.parametrize(
    ("language", "typed", "stored"),
    [
        ("fr", "1240,5", "1240.5"),
        ("fr", "1\u202f240,5", "1240.5"),
        ("fr", "1240.5", "1240.5"),
        ("pt-pt", "1240,5", "1240.5"),
        ("en", "1240.5", "1240.5"),
        ("en", "1240,5", None),
        ("es", "1.240", None),
        ("fr", "0.125", "0.125"),
        ("fr", "beaucoup", None),
    ],
)
def test_a_figure_is_read_as_its_language_writes_it_or_refused(log_in, author, catalogue, language, typed, stored):
    UserProfile.objects.create(user=author, preferred_language=language)
    screen = create(log_in(author), Experience, catalogue).set(title_fr="Titre")
    screen.add_row("indicators", indicator="members", year="2012", value=typed, unit="", source="Registre")
    response = screen.post()
    if stored is None:
        assert response.context["form"].formsets["indicators"].forms[0].errors["value"]
        assert typed in response.content.decode()
    else:
        assert response.status_code == 302
        assert Experience.objects.get().indicators.get().value == Decimal(stored)


def test_a_figure_is_shown_as_its_language_writes_it(log_in, author, catalogue):
    screen = create(log_in(author), Experience, catalogue).set(title_fr="Titre")
    screen.add_row("indicators", indicator="members", year="2012", value="1240,5", unit="", source="Registre").post()
    assert edit(screen.client, Experience.objects.get()).data["indicators-0-value"] == "1240,5"
