"""What cannot be is refused as soon as the form is saved, a draft too, beside its field."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.users.models import UserProfile

from experiences.models import Experience
from knowledge import vocabularies
from tests.editor.screens import edit, messages
from tests.factories.experiences import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "1995 précède 2004, l’année de début."),
        ("en", "1995 is before 2004, the start year."),
        ("es", "1995 es anterior a 2004, el año de inicio."),
        ("pt", "1995 é anterior a 2004, o ano de início."),
    ],
)
def test_an_end_before_the_beginning_is_refused_in_a_draft(log_in, author, tree, language, said):
    page = make_snapshot(owner=author)
    UserProfile.objects.create(user=author, preferred_language=language)
    response = edit(log_in(author), page).set(start_year="2004", end_year="1995").post()
    assert response.context["form"].errors["end_year"] == [said]
    assert said in messages(response)
    assert Experience.objects.get().get_latest_revision_as_object().end_year is None


def test_it_is_said_once_when_publishing(log_in, publisher, tree):
    response = edit(log_in(publisher), make_snapshot()).set(start_year="2004", end_year="1995").post("action-publish")
    assert len(response.context["form"].errors["end_year"]) == 1
    assert not Experience.objects.get().live


def test_a_draft_whose_years_are_one_is_kept(log_in, author, tree):
    page = make_snapshot(owner=author)
    assert edit(log_in(author), page).set(start_year="2004", end_year="2004").post().status_code == 302


def test_a_review_before_the_documentation_is_refused(log_in, author, tree):
    page = make_snapshot(owner=author)
    screen = edit(log_in(author), page).set(documented_on="2024-03-02", review_due_on="2024-03-01")
    assert list(screen.post().context["form"].errors) == ["review_due_on"]
    assert screen.set(review_due_on="2024-03-03").post().status_code == 302


def test_what_was_documented_was_not_documented_in_the_future(log_in, author, tree):
    page = make_snapshot(owner=author)
    today = timezone.localdate()
    screen = edit(log_in(author), page).set(documented_on=str(today + timedelta(days=2)))
    assert list(screen.post().context["form"].errors) == ["documented_on"]
    assert screen.set(documented_on=str(today)).post().status_code == 302


def test_a_date_that_was_kept_before_is_not_asked_again(log_in, author, tree):
    page = make_snapshot(owner=author, documented_on=timezone.localdate() + timedelta(days=30))
    assert edit(log_in(author), page).set(source="Autre").post().status_code == 302


def test_a_record_does_not_come_from_itself(log_in, author, tree):
    page = make_snapshot(owner=author)
    screen = edit(log_in(author), page).add_row("links", link_type="derived_from", target=page.pk, note="")
    response = screen.post()
    assert "Une fiche ne renvoie pas à elle-même." in response.context["form"].formsets["links"].non_form_errors()


@pytest.mark.parametrize(
    ("table", "row", "wrong"),
    [
        ("places", {"country": "SN", "latitude": "91", "longitude": "0"}, "latitude"),
        ("places", {"country": "SN", "latitude": "0", "longitude": "-181"}, "longitude"),
        ("indicators", {"year": "20260", "value": "1", "source": "Rapport"}, "year"),
    ],
)
def test_a_row_beyond_what_exists_is_refused(log_in, author, tree, table, row, wrong):
    page = make_snapshot(owner=author)
    if table == "indicators":
        row = row | {"indicator": vocabularies.codes("indicator")[0]}
    response = edit(log_in(author), page).set(record_depth="full").add_row(table, **row).post()
    assert [list(form.errors) for form in response.context["form"].formsets[table].forms if form.errors] == [[wrong]]


def test_a_lead_is_not_heard_of_tomorrow(log_in, author):
    day = timezone.localdate() + timedelta(days=2)
    data = {"kind": "document", "subject": "Guide", "where_heard": "Radio", "heard_on": str(day), "language": "fr"}
    answer = log_in(author).post("/admin/leads/new/", data)
    assert list(answer.context["form"].errors) == ["heard_on"]
