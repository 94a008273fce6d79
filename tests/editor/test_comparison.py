"""What the comparison of two versions, and the message above an older one, say to staff."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from experiences.models import Experience
from tests.factories.experiences import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(publisher):
    """The page and its two versions: before and after a date, a number and a tick were set."""
    page = make_snapshot(owner=publisher, consent_obtained=False)
    first = page.latest_revision
    draft = page.get_latest_revision_as_object()
    draft.review_due_on, draft.start_year, draft.consent_obtained = date(2027, 11, 21), 1999, True
    return Experience.objects.get(pk=page.pk), first, draft.save_revision(user=publisher, clean=False)


def test_values_that_are_no_text_are_written_as_elsewhere(log_in, publisher, versions):
    page, first, second = versions
    html = log_in(publisher).get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]))
    shown = BeautifulSoup(html.content.decode(), "html.parser").select_one("main").text
    assert "21/11/2027" in shown and "1999" in shown and "NonOui" in "".join(shown.split())
    assert "None" not in shown and "2027-11-21" not in shown and "False" not in shown


def test_an_older_version_is_by_a_person_with_a_name(log_in, publisher, versions):
    page, _first, second = versions
    publisher.first_name, publisher.last_name = "Inês", "Tavares"
    publisher.save()
    answer = log_in(publisher).get(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, second.pk]))
    warning = " ".join(str(message) for message in answer.context["messages"])
    assert "Inês Tavares" in warning and "pierre" not in BeautifulSoup(warning, "html.parser").text
