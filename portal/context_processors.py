"""What the frame of every public page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal import languages, light


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the same page's address in each language, whether this is the demonstration, and whether pages are to be light."""
    path, active = request.get_full_path(), languages.active()
    _slash, first, rest = (*path.split("/", 2), "", "")[:3]
    tail = f"/{rest}" if first in languages.LANGUAGES else "/"
    return {
        "alternates": [(code, f"/{code}{tail}") for code in languages.LANGUAGES],
        "canonical": settings.BASE_URL + request.path,
        "base_url": settings.BASE_URL,
        "is_demo": settings.DEMO,
        "active_language": active,
        "light": light.is_on(request),
    }
