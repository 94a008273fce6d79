"""How often a visitor may ask for something; counted by a digest of the address, which is forgotten after an hour."""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from portal.users.backends import client_address


def exceeded(name: str, request: HttpRequest, per_hour: int) -> bool:
    """Count one more `name` from the visitor's address and return whether that is too many."""
    key = f"{name}:{sha256((client_address(request) or '').encode()).hexdigest()}"
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) > per_hour
    except ValueError:  # forgotten between the two
        return False
