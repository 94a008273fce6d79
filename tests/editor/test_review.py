"""The words of the review: the programme's, in the language of the staff member, and never two ways to publish side by side."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from wagtail.users.models import UserProfile

from tests.factories.experiences import make_snapshot

pytestmark = pytest.mark.django_db


def actions(client, page) -> list[str]:
    """Return what the main button and its menu offer."""
    html = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    buttons = BeautifulSoup(html, "html.parser").select("footer .actions button")
    return [" ".join(button.text.split()) for button in buttons if button.text.strip()]


def submit(page, author):
    page.get_workflow().start(page, author)
    return type(page).objects.get(pk=page.pk)


def test_an_author_sends_to_review_and_is_told_when_it_comes_back(log_in, author, reviewer, tree):
    page = make_snapshot(owner=author)
    client = log_in(author)
    assert "Envoyer en relecture" in actions(client, page)
    page = submit(page, author)
    page.current_workflow_state.current_task_state.reject(user=reviewer)
    assert "Renvoyer en relecture" in actions(client, page) and "Envoyer en relecture" not in actions(client, page)


def test_a_reviewer_hands_on_and_the_publisher_publishes(log_in, author, reviewer, publisher, administrator, tree):
    page = submit(make_snapshot(owner=author), author)
    offered = actions(log_in(reviewer), page)
    assert "Approuver et transmettre" in offered and not [text for text in offered if text.startswith("Publier")]
    assert "Publier sans attendre la relecture" in actions(log_in(administrator), page)
    page.current_workflow_state.current_task_state.approve(user=reviewer)
    offered = actions(log_in(publisher), page)
    assert {"Approuver et publier", "Approuver et publier, avec une remarque"} <= set(offered)
    assert not [text for text in offered if text.startswith("Publier")]


@pytest.mark.parametrize(
    ("language", "send", "step"),
    [
        ("en", "Send for review", "Review"),
        ("es", "Enviar a revisión", "Revisión"),
        ("pt-pt", "Enviar para revisão", "Revisão"),
    ],
)
def test_the_review_speaks_the_language_of_the_staff_member(log_in, author, tree, language, send, step):
    UserProfile.objects.create(user=author, preferred_language=language)
    page = make_snapshot(owner=author)
    client = log_in(author)
    offered = actions(client, page)
    assert send in offered and not [text for text in offered if "Capitalisation" in text]
    submit(page, author)
    assert f"<strong>{step}</strong>" in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
