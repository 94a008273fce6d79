"""Two editors at once: different fields are put together, the same field is refused with both texts shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connections
from django.test import Client
from wagtail.admin.models import EditingSession

from experiences.models import Experience
from knowledge import vocabularies
from portal.editor.stale_saves import StaleSaves
from tests.conftest import PASSWORD
from tests.editor.screens import edit, messages
from tests.factories.experiences import add_conditions, make_snapshot, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(log_in, publisher):
    return log_in(publisher)


@pytest.fixture
def second(administrator):
    client = Client()
    client.post("/admin/login/", {"username": administrator.username, "password": PASSWORD})
    return client


def draft(page) -> Experience:
    return Experience.objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.mark.parametrize("live", [False, True])
def test_different_languages_are_put_together(first, second, tree, live):
    page = make_snapshot()
    page = publish(page) if live else page
    mine, theirs = edit(first, page), edit(second, page)
    assert theirs.set(title_es="Mutual de Thiès").post().status_code == 302
    response = mine.set(title_pt="Mútua de Thiès").post()
    assert draft(page).title_es == "Mutual de Thiès" and draft(page).title_pt == "Mútua de Thiès"
    assert response.status_code == 302
    assert "réunies" in messages(first.get(response.url))


def test_a_publication_asked_from_a_stale_form_is_asked_again(first, second, tree):
    page = make_snapshot()
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(title_es="Mutual de Thiès").post()
    response = mine.set(title_pt="Mútua de Thiès").post("action-publish")
    assert response.status_code == 302
    assert "Rien n’est encore publié" in messages(first.get(response.url))
    assert not Experience.objects.get(pk=page.pk).live


@pytest.mark.parametrize("live", [False, True])
def test_the_same_field_is_refused_with_both_texts_and_saving_again_decides(first, second, tree, live):
    page = make_snapshot()
    page = publish(page) if live else page
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(summary_fr="Leur résumé.", title_es="Su título").post()
    response = mine.set(summary_fr="Mon résumé.", title_pt="O meu título").post()
    assert response.status_code == 200
    [difference] = response.context["differences"]
    assert (difference.theirs, difference.mine, difference.language) == ("Leur résumé.", "Mon résumé.", "fr")
    html = response.content.decode()
    assert "Leur résumé." in html and "Mon résumé." in html and "ada" in html
    assert draft(page).summary_fr == "Leur résumé."
    mine.load(response)
    assert mine.data["summary_fr"] == "Mon résumé." and mine.data["title_es"] == "Su título"
    assert mine.post().status_code == 302
    result = draft(page)
    assert (result.summary_fr, result.title_es, result.title_pt) == ("Mon résumé.", "Su título", "O meu título")


def test_a_value_that_both_changed_is_written_as_elsewhere(first, second, tree):
    page = make_snapshot()
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(documented_on="2024-03-05").post()
    differences = mine.set(documented_on="2024-03-06").post().context["differences"]
    assert [(found.theirs, found.mine) for found in differences] == [("05/03/2024", "06/03/2024")]


@pytest.mark.parametrize("live", [False, True])
def test_rows_of_a_table_are_put_together_field_by_field(first, second, tree, live):
    page = make_snapshot()
    page = publish(page) if live else page
    page = add_conditions(page, 3, text_fr="Confiance")
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(**{"conditions-1-text_en": "Trust"}).post()
    assert mine.set(**{"conditions-1-text_es": "Confianza", "conditions-2-text_fr": "Autre"}).post().status_code == 302
    rows = list(draft(page).conditions.all())
    assert (rows[1].text_fr, rows[1].text_en, rows[1].text_es) == ("Confiance 1", "Trust", "Confianza")
    assert rows[2].text_fr == "Autre" and len(rows) == 3


@pytest.mark.parametrize("live", [False, True])
def test_rows_added_by_both_are_all_kept(first, second, tree, live):
    page = make_snapshot()
    page = add_conditions(publish(page) if live else page, 2, text_fr="Confiance")
    mine, theirs = edit(first, page), edit(second, page)
    theirs.add_row("conditions", factor="trust", effect="enabling", text_fr="La leur").post()
    assert mine.add_row("conditions", factor="trust", effect="enabling", text_fr="La mienne").post().status_code == 302
    assert [row.text_fr for row in draft(page).conditions.all()] == [
        "Confiance 0",
        "Confiance 1",
        "La leur",
        "La mienne",
    ]


def test_choices_ticked_by_both_are_all_kept(first, second, tree):
    page = make_snapshot()
    fields, measures = vocabularies.codes("field_of_action")[:1], vocabularies.codes("risk_measure")[:2]
    mine, theirs = edit(first, page), edit(second, page)
    had = mine.data.getlist("modalities")
    theirs.set(fields_of_action=fields).post()
    assert mine.set(risk_measures=measures).post().status_code == 302
    result = draft(page)
    assert result.codes("extension_modality") == had
    assert (result.codes("field_of_action"), result.codes("risk_measure")) == (fields, measures)


def test_a_stale_form_with_a_wrong_value_comes_back_and_is_still_compared_afterwards(first, second, tree):
    page = make_snapshot()
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(title_es="Mutual de Thiès").post()
    response = mine.set(start_year="deux mille", title_pt="Mútua").post()
    assert response.context["form"].errors["start_year"]
    mine.load(response)
    assert mine.data["title_pt"] == "Mútua"
    assert mine.set(start_year="2003").post().status_code == 302
    result = draft(page)
    assert (result.title_es, result.title_pt, result.start_year) == ("Mutual de Thiès", "Mútua", 2003)


def test_an_automatic_save_on_an_old_version_is_refused(first, second, tree):
    page = make_snapshot()
    mine, theirs = edit(first, page), edit(second, page)
    theirs.set(title_es="Mutual de Thiès").post()
    response = mine.set(title_pt="Mútua").post(headers={"accept": "application/json"})
    assert response.json()["error_code"] == "invalid_revision"


def test_an_automatic_save_does_not_overwrite_the_version_that_another_has_open(first, second, tree):
    page = make_snapshot()
    typing = edit(first, page)
    saved = typing.set(title_es="Mu").post(headers={"accept": "application/json"}).json()
    other = edit(second, page)
    typing.set(overwrite_revision_id=saved["revision_id"], title_es="Mutual")
    again = typing.post(headers={"accept": "application/json"}).json()
    assert again["success"] and again["revision_id"] != saved["revision_id"]
    assert other.set(title_pt="Mútua").post().status_code == 302
    assert (draft(page).title_es, draft(page).title_pt) == ("Mutual", "Mútua")


@pytest.mark.parametrize("live", [False, True])
def test_ones_own_automatic_save_under_way_is_no_other_editor(first, tree, live):
    page = make_snapshot()
    page = add_conditions(publish(page) if live else page, 1, text_fr="Confiance")
    screen = edit(first, page)
    screen.set(summary_fr="Un résu").add_row("conditions", factor="trust", effect="enabling", text_fr="Dro")
    assert screen.post(headers={"accept": "application/json"}).json()["success"]
    screen.set(**{"summary_fr": "Un résumé.", "conditions-1-text_fr": "Droit"})
    assert screen.post("action-publish").status_code == 302
    page = Experience.objects.get(pk=page.pk)
    assert page.live and page.summary_fr == "Un résumé."
    assert [row.text_fr for row in page.conditions.all()] == ["Confiance 0", "Droit"]


def test_ones_own_automatic_save_over_the_loaded_version_duplicates_no_row(first, tree):
    page = make_snapshot()
    started = edit(first, page).set(summary_fr="Un").post(headers={"accept": "application/json"}).json()
    EditingSession.objects.all().delete()  # that window is closed
    screen = edit(first, page)
    screen.add_row("conditions", factor="trust", effect="enabling", text_fr="Dro")
    screen.set(overwrite_revision_id=started["revision_id"])
    assert screen.post(headers={"accept": "application/json"}).json()["revision_id"] == started["revision_id"]
    screen.data.pop("overwrite_revision_id")
    assert screen.set(**{"conditions-0-text_fr": "Droit"}).post().status_code == 302
    assert [row.text_fr for row in draft(page).conditions.all()] == ["Droit"]


def test_a_second_window_of_the_same_person_overwrites_nothing_silently(first, tree):
    page = make_snapshot()
    one, other = edit(first, page), edit(first, page)
    assert one.set(summary_fr="Écrit à gauche.", title_es="Mutual de Thiès").post().status_code == 302
    response = other.set(summary_fr="Écrit à droite.").post()
    assert response.status_code == 200 and "vous-même, dans une autre fenêtre" in messages(response)
    [difference] = response.context["differences"]
    assert (difference.theirs, difference.mine) == ("Écrit à gauche.", "Écrit à droite.")
    assert draft(page).summary_fr == "Écrit à gauche."
    other.load(response)
    assert other.post().status_code == 302
    assert (draft(page).summary_fr, draft(page).title_es) == ("Écrit à droite.", "Mutual de Thiès")


def test_an_automatic_save_of_one_window_is_merged_into_another_of_the_same_person(first, tree):
    page = make_snapshot()
    one, other = edit(first, page), edit(first, page)
    saved = one.set(title_es="Mutual").post(headers={"accept": "application/json"}).json()
    one.set(overwrite_revision_id=saved["revision_id"], title_es="Mutual de Thiès")
    assert one.post(headers={"accept": "application/json"}).json()["success"]
    assert other.set(title_pt="Mútua de Thiès").post().status_code == 302
    assert (draft(page).title_es, draft(page).title_pt) == ("Mutual de Thiès", "Mútua de Thiès")


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment_are_put_together_one_after_the_other(first, second, tree, monkeypatch):
    page = make_snapshot()
    forms = [edit(first, page).set(title_es="Mutual de Thiès"), edit(second, page).set(title_pt="Mútua de Thiès")]
    edit(first, page).set(title_en="Mutual of Thiès").post()
    both, merged_with = Barrier(2), StaleSaves.merged_with

    def merge_when_the_other_does(*args):
        with suppress(BrokenBarrierError):  # the other waits for this one
            both.wait(3)
        return merged_with(*args)

    def post(form) -> int:
        try:
            return form.post().status_code
        finally:
            connections.close_all()

    monkeypatch.setattr(StaleSaves, "merged_with", merge_when_the_other_does)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(post, forms)) == [302, 302]
    saved = draft(page)
    assert (saved.title_en, saved.title_es, saved.title_pt) == ("Mutual of Thiès", "Mutual de Thiès", "Mútua de Thiès")
