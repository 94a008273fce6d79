"""What the portal adds to each answer."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from portal.publication import PublicationRefused

# Wagtail's admin holds inline scripts and styles, and shows previews in a frame of its own host.
ADMIN_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
# A preview is a public page, answered through a request of its own that Wagtail makes.
PREVIEW_POLICY = {"frame-ancestors": [SELF]}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy for public pages, Wagtail's needs for the admin; a preview may stand in a frame of the admin."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.replace = ADMIN_POLICY
        elif getattr(request, "is_preview", False):
            parts.replace = PREVIEW_POLICY
        return parts


def tell_refusal(request: HttpRequest, refused: PublicationRefused) -> None:
    """Add the message that says which page is not published, and what it lacks."""
    text = format_html(
        "{}<ul>{}</ul>",
        _("« %(title)s » n’est pas publiée : il manque quelque chose.")
        % {"title": refused.page.get_admin_display_title()},
        format_html_join("", "<li>{}</li>", ((item.message,) for item in refused.missing)),
    )
    messages.error(request, text)


class PublicationRefusedMiddleware:
    """Turns a refused publication, on whatever route, into a message that names the fields, on the page's form."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PublicationRefused):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            sentences = [item.message for item in exception.missing]
            return JsonResponse({"error": _("Publication refusée"), "missing": sentences}, status=422)
        tell_refusal(request, exception)
        return redirect("wagtailadmin_pages:edit", exception.page.pk)
