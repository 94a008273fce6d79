"""Mail goes through the queue: what is sent is written with the change that it speaks of, and the worker delivers it.

No page waits for a mail server. While the server is down each mail waits in the queue, and is sent once when it is back.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks import task

logger = logging.getLogger(__name__)

# Seconds before the next try; the last one repeats.
DELAYS = (15, 60, 300, 900, 1800)
# After about ten days a mail is given up: the log says so.
MAX_TRIES = 500


class QueueBackend(BaseEmailBackend):
    """Django's mail backend of the portal: puts each mail, for each of its recipients, in the queue."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the mails and return their number; part of the transaction that is open."""
        messages = list(email_messages)
        for message in messages:
            content = as_data(message)
            for recipient in message.recipients():
                deliver.enqueue(content | {"to": recipient})
        return len(messages)


def as_data(message: EmailMessage) -> dict[str, Any]:
    """Return what a task can carry of a mail. Raises `ValueError` for attachments: the portal links, it attaches nothing."""
    if message.attachments:
        raise ValueError("Mails of the portal carry no attachments")
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    return {
        "subject": " ".join(str(message.subject).split()),  # a title may hold what no header may
        "body": str(message.body),
        "html": next((part.content for part in getattr(message, "alternatives", [])), ""),
        "from_email": message.from_email,
        "reply_to": list(message.reply_to),
        # The same in all tries: a server that got the mail although it told us nothing can drop the second one.
        "headers": {
            "Message-ID": make_msgid(domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]),
            **headers,
        },
    }


@task()
def deliver(content: dict[str, Any], tries: int = 0) -> None:
    """Send one mail to one recipient; put it back in the queue where the server is not reachable."""
    message = EmailMultiAlternatives(
        subject=content["subject"],
        body=content["body"],
        from_email=content["from_email"],
        to=[content["to"]],
        reply_to=content["reply_to"],
        headers=content["headers"],
        connection=get_connection(settings.MAIL_TRANSPORT),
    )
    if content["html"]:
        message.attach_alternative(content["html"], "text/html")
    try:
        message.send()
    except OSError as error:  # that of SMTP too
        if refused_for_good(error) or tries >= MAX_TRIES:
            logger.error("Mail given up after %d tries: %s", tries + 1, type(error).__name__)
            return
        delay = timedelta(seconds=DELAYS[min(tries, len(DELAYS) - 1)])
        deliver.using(run_after=timezone.now() + delay).enqueue(content, tries + 1)


def refused_for_good(error: OSError) -> bool:
    """Return whether a mail server has said that it will never take a mail (RFC 5321: a code from 500 on)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # our own settings are wrong; the mail is not
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
