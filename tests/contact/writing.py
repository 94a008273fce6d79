"""What the tests of messages write."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import timezone

from portal.contact.models import VisitorMessage

FORM = "/fr/message/"
NUMBERS = count()


def written(days_ago: int = 0, **fields) -> VisitorMessage:
    """Return a message as it lies in the database."""
    known = {"text": "Une caisse de maraîchères", "language": "fr", "sent_as": f"test-{next(NUMBERS)}"}
    return VisitorMessage.objects.create(**known | fields, created_at=timezone.now() - timedelta(days=days_ago))
