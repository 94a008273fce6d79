"""How people are called on the screens and in the mails of staff."""

from __future__ import annotations

from typing import Any


def name_of(user: Any, unknown: str = "") -> str:
    """Return how colleagues call a person; `unknown` for nobody, and for an account that is gone."""
    return (user.get_full_name() or user.get_username()) if user else unknown
