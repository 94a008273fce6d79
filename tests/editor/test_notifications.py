"""Mails of the review steps: to whom they go, in which language, with the remarks."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils.translation import override
from wagtail.models import TaskState
from wagtail.users.models import UserProfile

from portal.editor.notifications import remarks_on


@pytest.fixture
def start(make_experience, author):
    """Return a function that submits a new experience of the author to the review."""

    def start():
        page = make_experience("Mutuelle de Dangbo", live=False, owner=author)
        page.get_workflow().start(page, author)
        return page

    return start


def speaks(user, language: str) -> None:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()


def step(page) -> TaskState:
    return page.current_workflow_state.current_task_state


def test_a_submitted_page_is_announced_to_the_reviewers_only(start, reviewer, publisher, administrator):
    start()
    assert [message.to for message in mail.outbox] == [[reviewer.email]]
    assert mail.outbox[0].subject == "Relecture\u00a0: «\u202fMutuelle de Dangbo\u202f» vous attend"


def test_the_remarks_of_the_reviewer_reach_the_publisher_and_then_the_author(
    start, author, reviewer, publisher, settings
):
    page = start()
    mail.outbox.clear()
    step(page).approve(user=reviewer, comment="Vérifier l’année & la source")
    (to_publisher,) = mail.outbox
    assert to_publisher.to == [publisher.email]
    assert "rokia (Relecture)\u00a0: Vérifier l’année & la source" in to_publisher.body
    mail.outbox.clear()
    step(page).approve(user=publisher, comment="Vérifié")
    (to_author,) = mail.outbox
    assert to_author.to == [author.email]
    assert "rokia (Relecture)" in to_author.body and "pierre (Publication)\u00a0: Vérifié" in to_author.body
    assert f"{settings.BASE_URL}/fr/experiences/mutuelle-de-dangbo/" in to_author.body


def test_a_page_that_is_sent_back_tells_its_author_why(start, author, reviewer):
    page = start()
    reviewer.first_name, reviewer.last_name = "Rokia", "Sawadogo"
    reviewer.save()
    mail.outbox.clear()
    step(page).reject(user=reviewer, comment="Il manque la source")
    (message,) = mail.outbox
    assert message.to == [author.email]
    assert "Rokia Sawadogo vous renvoie «\u202fMutuelle de Dangbo\u202f»" in message.body
    assert "Il manque la source" in message.body
    assert f"/admin/pages/{page.pk}/edit/" in message.body


def test_remarks_that_were_answered_are_not_repeated(start, author, reviewer, publisher):
    page = start()
    step(page).reject(user=reviewer, comment="Il manque la source")
    assert [remark["text"] for remark in remarks_on(page.current_workflow_state)] == ["Il manque la source"]
    mail.outbox.clear()
    page.current_workflow_state.resume(user=author)
    (to_reviewer,) = mail.outbox
    assert "Il manque la source" in to_reviewer.body  # what to look at now
    mail.outbox.clear()
    step(page).approve(user=reviewer)
    (to_publisher,) = mail.outbox
    assert to_publisher.to == [publisher.email] and "Remarques" not in to_publisher.body
    assert remarks_on(page.current_workflow_state) == []
    mail.outbox.clear()
    step(page).reject(user=publisher, comment="Et la date\u202f?")
    assert "Et la date\u202f?" in mail.outbox[0].body and "Il manque la source" not in mail.outbox[0].body
    page.current_workflow_state.resume(user=author)
    mail.outbox.clear()
    step(page).approve(user=publisher)
    assert mail.outbox[0].to == [author.email] and "Remarques" not in mail.outbox[0].body


def test_a_mail_is_in_the_language_of_who_gets_it(start, reviewer, make_user):
    other = make_user("rui", "Relecture")
    speaks(reviewer, "fr")
    speaks(other, "pt-pt")
    start()
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert bodies[reviewer.email].startswith("Bonjour rokia")
    assert set(bodies) == {reviewer.email, other.email}


def test_who_turned_mails_off_gets_none(start, reviewer):
    profile = UserProfile.get_for_user(reviewer)
    profile.submitted_notifications = False
    profile.save()
    start()
    assert mail.outbox == []


def test_a_page_has_the_address_of_its_language_for_staff_who_work_in_a_variant_of_it(start):
    page = start()
    with override("pt-pt"):
        assert page.url == "/pt/experiences/mutuelle-de-dangbo/"
