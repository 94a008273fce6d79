"""What is done with messages: received once, dealt with, and in the end no longer known by whom."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log, registry

from knowledge.models import KnowledgeItem
from portal.contact.models import VisitorMessage
from portal.editor.notifications import tell
from portal.languages import InLanguage

# What makes two messages of one form different ones.
CONTENT = ("about", "text", "reference", "address", "name", "email", "phone")


@transaction.atomic
def receive(*, message: VisitorMessage, form_key: str) -> VisitorMessage:
    """Keep a message and tell those who hear of each. Sent twice from one form, it is kept once, and told once."""
    message.sent_as = sent_as(message, form_key)
    known = {field.name: getattr(message, field.name) for field in message._meta.fields if not field.primary_key}
    kept, is_new = VisitorMessage.objects.get_or_create(sent_as=known.pop("sent_as"), defaults=known)
    if is_new:
        url = reverse("visitor_message:edit", args=[kept.pk])
        for person in who_hears():
            tell(person, template="contact/mail/received", context={"message": kept, "message_url": url})
    return kept


def is_kept(*, message: VisitorMessage, form_key: str) -> bool:
    """Return whether this very message has come from this very form before."""
    return VisitorMessage.objects.filter(sent_as=sent_as(message, form_key)).exists()


def sent_as(message: VisitorMessage, form_key: str) -> str:
    """Return what tells a message of one form from every other."""
    content = [form_key, *(getattr(message, name) for name in CONTENT)]
    return sha256("\0".join(content).encode()).hexdigest()


def who_hears() -> Any:
    """Return the accounts that a mail tells of each message; administrators only where their group is among them."""
    return get_user_model().objects.with_perm(
        "contact.hear_of_visitormessage",
        include_superusers=False,
        backend="portal.users.backends.AccountBackend",
    )


class MessageChanged(Exception):
    """Raised when what is to be recorded about a message would replace what its author has not seen."""

    def __init__(self, message: VisitorMessage) -> None:
        super().__init__(title_in_history(message))
        self.message = message


@transaction.atomic
def settle(*, message: VisitorMessage, is_done: bool, note: str, user: Any, seen: str | None = None) -> None:
    """Record what staff did about a message, or that it is open again. When and by whom stays that of the first time.

    `seen` is the state that `user` has read, as `state_of` names it. Raises `MessageChanged` when there is another one by now.
    """
    message = VisitorMessage.objects.select_for_update().get(pk=message.pk)
    if seen is not None and seen != state_of(message):
        raise MessageChanged(message)
    action = "wagtail.edit" if note != message.note else ""
    if is_done != message.is_done:
        message.done_at, message.done_by = (timezone.now(), user) if is_done else (None, None)
        action = "contact.done" if is_done else "contact.reopen"
    message.note = note
    message.save(update_fields=["done_at", "done_by", "note"])
    if action:
        log(instance=message, action=action, user=user, title=title_in_history(message))


@transaction.atomic
def delete(*, message: VisitorMessage, user: Any) -> None:
    """Delete a message; its history says by whom, and keeps no word of it."""
    log(instance=message, action="wagtail.delete", user=user, title=title_in_history(message), deleted=True)
    message.delete()


def title_in_history(message: VisitorMessage) -> str:
    """Return what a message is called where nothing is ever erased."""
    return f"Message {message.pk}"


def changed_last_by(message: VisitorMessage) -> Any:
    """Return the account that last recorded something about a message; None where there is none, or no longer."""
    entry = registry.get_logs_for_instance(message).order_by("-timestamp", "-pk").first()
    return get_user_model().objects.filter(pk=entry.user_id).first() if entry else None


def state_of(message: VisitorMessage) -> str:
    """Return what tells one state of a message from the next: its note, and when it was dealt with."""
    done_at: datetime | None = message.done_at
    return sha256(f"{done_at.isoformat() if done_at else ''}\0{message.note}".encode()).hexdigest()[:16]


def forget_persons() -> int:
    """Erase who wrote from messages that are old enough, and return from how many; what they say stays."""
    return VisitorMessage.objects.with_person_to_forget().update(name="", email="", phone="")


def item_named(reference: str, user: Any) -> InLanguage | None:
    """Return title and language of the item of a reference, for who may see it; None for everybody else."""
    items = KnowledgeItem.objects.visible_to(user)
    item = items.filter(reference=reference).first() if reference else None
    return item.summary_for_visitor if item else None
