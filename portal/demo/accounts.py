"""The accounts of the demonstration, one per role; their password is published, so they open nothing elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from portal.home.setup import AUTHORS, PUBLISHERS, REVIEWERS

PASSWORD = settings.DEMO_PASSWORD


@dataclass(frozen=True)
class Account:
    """A person of the demonstration; `role` is what the terminal says of them."""

    username: str
    role: str
    first_name: str
    last_name: str
    groups: tuple[str, ...] = ()
    is_superuser: bool = False


ACCOUNTS = (
    Account("author", "writes and translates", "Awa", "Diop", (AUTHORS,)),
    Account("reviewer", "reviews, decides about leads", "Koffi", "Mensah", (REVIEWERS,)),
    Account("publisher", "publishes, keeps the thesaurus", "Inês", "Tavares", (PUBLISHERS,)),
    Account("admin", "administers accounts and settings", "Rosa", "Quispe", is_superuser=True),
)


@transaction.atomic
def make() -> None:
    """Create the accounts that are missing. Raises `ImproperlyConfigured` outside a demonstration."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Accounts with a published password are for a demonstration only.")
    for account in ACCOUNTS:
        user, created = get_user_model().objects.get_or_create(
            username=account.username,
            defaults={
                "email": f"{account.username}@demonstration.example",
                "first_name": account.first_name,
                "last_name": account.last_name,
                "is_superuser": account.is_superuser,
                "is_staff": account.is_superuser,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save()
            user.groups.set(Group.objects.filter(name__in=account.groups))
