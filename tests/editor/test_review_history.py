"""Histories and reports of the review name it and its steps in the language of the person reading."""

from __future__ import annotations

import pytest
from wagtail.models import Task, Workflow
from wagtail.users.models import UserProfile

from tests.factories.experiences import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(author, reviewer, tree):
    """An item that went from the first step to the second."""
    page = make_snapshot(owner=author)
    page.get_workflow().start(page, author)
    page = type(page).objects.get(pk=page.pk)
    page.current_workflow_state.current_task_state.approve(user=reviewer)
    return page


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/{page}/history/",
        "/admin/pages/{page}/workflow_history/",
        "/admin/pages/{page}/workflow_history/detail/{review}/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
        "/admin/reports/site-history/",
    ],
)
def test_the_steps_are_named_in_the_language_of_the_person_reading(log_in, administrator, reviewed, address):
    review = reviewed.workflow_states.get()
    url = address.format(page=reviewed.pk, review=review.pk)
    client = log_in(administrator)
    french = client.get(url).content.decode()
    assert "Relecture" in french or "Capitalisation" in french
    UserProfile.objects.create(user=administrator, preferred_language="es")
    spanish = client.get(url).content.decode()
    assert "Relecture" not in spanish and "Capitalisation" not in spanish
    assert "Revisión" in spanish


def test_the_names_stay_as_they_are_kept(log_in, administrator, reviewed):
    UserProfile.objects.create(user=administrator, preferred_language="en")
    log_in(administrator).get("/admin/reports/workflow/")
    assert Workflow.objects.get().name == "Capitalisation"
    assert "Relecture" in Task.objects.values_list("name", flat=True)
