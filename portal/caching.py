"""Whole public pages, kept per process under a key that carries a counter which every publication raises.

Only answers to visitors without a session are kept: they set no cookie, carry no token, and depend on their address alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.cache import caches
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

SECONDS = 3600
# "/" looks at Accept-Language; the others are never the same for all.
NOT_KEPT = ("/admin/", "/static/", "/media/", "/files/", "/healthz", "/readyz")


def version() -> int:
    """Return the counter: one query by primary key."""
    from portal.models import ContentVersion  # noqa: PLC0415  (middleware is imported before the models)

    return ContentVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def forget() -> None:
    """Make all processes forget all pages at once; part of the transaction that changes what visitors see."""
    from portal.models import ContentVersion  # noqa: PLC0415

    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.get_or_create(pk=1, defaults={"number": 1})


def may_keep(request: HttpRequest) -> bool:
    """Return whether the answer to a request may be the same for every visitor."""
    from django.conf import settings  # noqa: PLC0415

    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and request.path_info != "/"
        and not request.path_info.startswith(NOT_KEPT)
    )


class PageCacheMiddleware:
    """Answers anonymous repeats from memory, with 304 where the browser has the page already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_keep(request):
            return self.get_response(request)
        cache = caches["pages"]
        parts = (
            request.get_host(),
            request.get_full_path(),
            "gzip" in request.headers.get("Accept-Encoding", ""),
            "HX-Request" in request.headers,
        )
        key = f"{version()}:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
        response = cache.get(key)
        if response is None:
            response = self.get_response(request)
            said = response.get("Cache-Control", "")
            refused = "no-store" in said or "private" in said
            if response.status_code == 200 and not response.streaming and not response.cookies and not refused:
                patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
                if not response.has_header("ETag"):
                    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
                cache.set(key, response, SECONDS)
        return get_conditional_response(request, etag=response.get("ETag"), response=response) or response
