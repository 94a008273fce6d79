"""The light mode: pages without pictures and charts, whose tables stay, and which say what they weigh.

One cookie remembers it: a preference that the visitor states by pressing a button, which names nobody and needs no consent.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal import languages
from portal.templatetags.portal_tags import file_size

COOKIE = "light"
REMEMBERED = 365 * 24 * 3600
# Stands in the page where its weight is to be read (portal/base.html).
PLACE_OF_WEIGHT = b"<data hidden></data>"


def is_on(request: HttpRequest) -> bool:
    """Return whether the visitor asked for light pages."""
    return request.COOKIES.get(COOKIE) == "1"


@csrf_exempt  # the button stands on pages that carry no token, and another site could only press it
@never_cache
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn the light mode on (`on=1`) or off, and go back to the page (`next`)."""
    page = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        page = f"/{languages.active()}/"
    response = redirect(page)
    if request.POST.get("on") == "1":
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, "1", max_age=REMEMBERED, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


class WeightMiddleware:
    """Writes into a light page what it weighs on the line, as compressed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_on(request) and not response.streaming and PLACE_OF_WEIGHT in response.content:
            weight = file_size(len(gzip.compress(response.content)))
            response.content = response.content.replace(PLACE_OF_WEIGHT, weight.encode())
        return response
