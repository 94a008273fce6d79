"""What the clock has messages do."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.contact.messages import forget_persons
from portal.schedule import time_passed


@receiver(time_passed)
def forget_who_wrote(sender: Any, **kwargs: Any) -> None:
    """Erase name, address and number of messages that are old enough."""
    forget_persons()
