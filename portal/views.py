"""Views that belong to no app: language choice, errors, what robots read."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from portal import languages


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send a visitor of "/" to the home page in the language that the browser asks for: the only page that looks at it."""
    code = get_language_from_request(request).split("-")[0]
    response = redirect(f"/{code if code in languages.LANGUAGES else settings.LANGUAGE_CODE}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say what robots may read: pages, not the combinations of filters, nor the form once more for each page that leads to it."""
    searches = "".join(f"Disallow: /{code}/search/\nDisallow: /{code}/message/\n" for code in languages.LANGUAGES)
    text = f"User-agent: *\nDisallow: /admin/\n{searches}Sitemap: {settings.BASE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a vulnerability (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(languages.LANGUAGES)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Send who asks for the icon without having read a page to where it is."""
    return redirect(static("img/icon.svg"))


def error(request: HttpRequest, status: int) -> HttpResponse:
    """Return the error page of a status, in the language of the address."""
    first = request.path_info.lstrip("/").split("/", 1)[0]
    with override(first if first in languages.LANGUAGES else languages.active()):
        return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense; or 413: it is larger than the portal reads."""
    return error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed."""
    return error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was open for too long, or that another site sent."""
    return error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for this visitor."""
    return error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; or 503: the database does not answer now. Pages that need neither database nor context."""
    if not isinstance(sys.exc_info()[1], OperationalError):
        return error(request, 500)
    response = error(request, 503)
    response["Retry-After"] = "60"
    return response


def too_many_attempts(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429: too many wrong passwords for this account or from this address."""
    response = error(request, 429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response
