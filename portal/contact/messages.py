"""What is done with messages: received once, dealt with, and in the end no longer known by whom."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from portal.contact.models import VisitorMessage
from portal.editor.notifications import tell

# What makes two messages of one form different ones.
CONTENT = ("about", "text", "reference", "address", "name", "email")


@transaction.atomic
def receive(*, message: VisitorMessage, form_key: str) -> VisitorMessage:
    """Keep a message and tell those who hear of each. Sent twice from one form, it is kept once, and told once."""
    content = [form_key, *(getattr(message, name) for name in CONTENT)]
    message.sent_as = sha256("\0".join(content).encode()).hexdigest()
    known = {field.name: getattr(message, field.name) for field in message._meta.fields if not field.primary_key}
    kept, is_new = VisitorMessage.objects.get_or_create(sent_as=known.pop("sent_as"), defaults=known)
    if is_new:
        url = reverse("visitor_message:edit", args=[kept.pk])
        for person in who_hears():
            tell(person, template="contact/mail/received", context={"message": kept, "message_url": url})
    return kept


def who_hears() -> Any:
    """Return the accounts that a mail tells of each message; administrators only where their group is among them."""
    return get_user_model().objects.with_perm(
        "contact.hear_of_visitormessage",
        include_superusers=False,
        backend="portal.users.backends.AccountBackend",
    )


@transaction.atomic
def settle(*, message: VisitorMessage, is_done: bool, note: str, user: Any) -> None:
    """Record what staff did about a message, or that it is open again. When and by whom stays that of the first time."""
    message = VisitorMessage.objects.select_for_update().get(pk=message.pk)
    if is_done != message.is_done:
        message.done_at, message.done_by = (timezone.now(), user) if is_done else (None, None)
        log(instance=message, action="contact.done" if is_done else "contact.reopen", user=user)
    message.note = note
    message.save(update_fields=["done_at", "done_by", "note"])


def state_of(message: VisitorMessage) -> str:
    """Return what tells one state of a message from the next: its note, and when it was dealt with."""
    done_at: datetime | None = message.done_at
    return sha256(f"{done_at.isoformat() if done_at else ''}\0{message.note}".encode()).hexdigest()[:16]


def forget_persons() -> int:
    """Erase name and address from messages that are old enough, and return from how many; what they say stays."""
    return VisitorMessage.objects.with_person_to_forget().update(name="", email="")
