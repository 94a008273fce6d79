"""How often a visitor may ask for something; counted by a digest of the address, which is forgotten after an hour."""

from __future__ import annotations

import time
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from portal.users.backends import client_address

HOUR = 3600


def exceeded(name: str, request: HttpRequest, per_hour: int) -> bool:
    """Count one more `name` from the visitor's address and return whether that is too many."""
    key = f"{name}:{sha256((client_address(request) or '').encode()).hexdigest()}"
    now = time.time()
    count, until = cache.get(key) or (0, 0.0)
    if until <= now:
        count, until = 0, now + HOUR
    # Not incr(): a cache of files would give what it counts another time to live.
    cache.set(key, (count + 1, until), max(1, until - now))
    return count >= per_hour
