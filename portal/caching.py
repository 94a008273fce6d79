"""Whole public pages, kept per process under a key that carries a counter which every publication raises.

Only answers to visitors without a session are kept: they set no cookie, carry no token, and depend on their address alone
(and on whether the visitor asked for light pages: each is kept in two forms at most. Caches on the way ask again each time,
and the tags of the two forms differ).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

from portal import light

SECONDS = 3600
# "/" looks at Accept-Language; the others are never the same for all.
NOT_KEPT = ("/admin/", "/static/", "/media/", "/files/")
# A longer answer (the sitemap of many items) is made anew: kept under many addresses, it would fill the memory.
MOST_BYTES = 500_000
# Who is logged in, and who is to be told something once.
COOKIES_OF_ONE_VISITOR = {settings.SESSION_COOKIE_NAME, "messages"}
# htmx may ask for a part of a page, at the same address.
FRAGMENT_HEADERS = ("HX-Request", "HX-History-Restore-Request")


def version() -> int:
    """Return the counter: one query by primary key, written out, as building it would take a third of a kept page's time."""
    from portal.models import ContentVersion  # noqa: PLC0415  (middleware is imported before the models)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {ContentVersion._meta.db_table} WHERE id = 1")  # noqa: S608
        row = cursor.fetchone()
    return row[0] if row else 0


def forget() -> None:
    """Make all processes forget all pages at once; part of the transaction that changes what visitors see."""
    from portal.models import ContentVersion  # noqa: PLC0415

    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.get_or_create(pk=1, defaults={"number": 1})


def may_keep(request: HttpRequest) -> bool:
    """Return whether the answer to a request may be the same for every visitor."""
    return (
        request.method in ("GET", "HEAD")
        and not COOKIES_OF_ONE_VISITOR & request.COOKIES.keys()
        and request.path_info != "/"
        and not request.path_info.startswith(NOT_KEPT)
    )


class PageCacheMiddleware:
    """Answers anonymous repeats from memory, with 304 where the browser has the page already.

    It stands before all that costs time; EtagMiddleware gives it the tag of the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_keep(request):
            return self._for_one_visitor(request)
        key = self._key(request)
        response = caches["pages"].get(key)
        if response is None:
            response = self.get_response(request)
            if self._is_for_all(response):
                patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
                # The answer to HEAD may lack what the answer to GET holds.
                if request.method == "GET" and len(response.content) <= MOST_BYTES:
                    caches["pages"].set(key, response, SECONDS)
        etag = response.get("ETag") if response.status_code == 200 else None
        return get_conditional_response(request, etag=etag, response=response) or response

    def _for_one_visitor(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and COOKIES_OF_ONE_VISITOR & request.COOKIES.keys():
            patch_cache_control(response, private=True, no_store=True)
        return response

    @staticmethod
    def _key(request: HttpRequest) -> str:
        parts = (
            request.get_host(),
            request.get_full_path(),
            "gzip" in request.headers.get("Accept-Encoding", ""),
            light.is_on(request),
            *(request.headers.get(name) for name in FRAGMENT_HEADERS),
        )
        return f"{version()}:{hashlib.sha256(repr(parts).encode()).hexdigest()}"

    @staticmethod
    def _is_for_all(response: HttpResponse) -> bool:
        said = response.get("Cache-Control", "")
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "no-store" not in said
            and "private" not in said
        )


class EtagMiddleware:
    """Tags each page by its content, before compression, which gives other bytes each time and in each process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 200 and not response.streaming and not response.cookies:
            set_response_etag(response)
        return response
