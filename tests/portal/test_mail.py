"""Mail goes through the queue: no page waits for the server, no mail is lost, each is sent once."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

SENDERS = {"subject": "Bonjour", "message": "Texte", "from_email": None}


class Down(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


class Unwilling(EmailBackend):
    """A mail server that knows no such recipient."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"unknown")})


@pytest.fixture
def queue(db, settings):
    """The queue of production, with a mail server in memory; `work()` does what is due."""
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work():
        waiting = DBTaskResult.objects.filter(status="READY")
        waiting.update(run_after=timezone.now())
        for result in list(waiting):  # what db_worker does, without its hold on the connection
            result.claim("tests")
            result.task.call(*result.task_result.args, **result.task_result.kwargs)
            result.set_successful(None)

    return work


def here(name: str) -> str:
    return f"{__name__}.{name}"


def test_a_mail_waits_in_the_queue_and_is_sent_once(queue):
    send_mail(**SENDERS, recipient_list=["a@example.org", "b@example.org"])
    assert mail.outbox == []
    queue()
    queue()
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org"]
    assert {message.subject for message in mail.outbox} == {"Bonjour"}


def test_a_mail_is_sent_once_when_the_server_is_back(queue, settings):
    settings.MAIL_TRANSPORT = here("Down")
    send_mail(**SENDERS, recipient_list=["a@example.org"])
    for _try in range(7):
        queue()
    assert mail.outbox == []
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    queue()
    queue()
    assert len(mail.outbox) == 1


def test_the_next_try_waits(queue, settings):
    settings.MAIL_TRANSPORT = here("Down")
    send_mail(**SENDERS, recipient_list=["a@example.org"])
    queue()
    waiting = DBTaskResult.objects.get(status="READY")
    assert waiting.run_after > timezone.now()


def test_a_mail_that_is_refused_for_good_is_not_tried_again(queue, settings):
    settings.MAIL_TRANSPORT = here("Unwilling")
    send_mail(**SENDERS, recipient_list=["a@example.org"])
    queue()
    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_a_mail_that_is_written_in_a_change_that_fails_is_not_sent(queue, transactional_db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send_mail(**SENDERS, recipient_list=["a@example.org"])
        raise ZeroDivisionError
    queue()
    assert mail.outbox == []


def test_the_html_part_and_the_headers_are_kept_and_all_tries_have_one_message_id(queue):
    message = EmailMultiAlternatives("Bonjour", "Texte", to=["a@example.org"], headers={"List-Unsubscribe": "<x>"})
    message.attach_alternative("<p>Texte</p>", "text/html")
    message.send()
    queue()
    (sent,) = mail.outbox
    assert sent.alternatives[0].content == "<p>Texte</p>"
    assert sent.extra_headers["List-Unsubscribe"] == "<x>"
    assert sent.extra_headers["Message-ID"]


def test_a_subject_is_one_line(queue):
    send_mail("Publiée : Mutuelles\r\nBcc: all@example.org", "Texte", None, ["a@example.org"])
    queue()
    assert [message.subject for message in mail.outbox] == ["Publiée : Mutuelles Bcc: all@example.org"]
    assert mail.outbox[0].to == ["a@example.org"]
