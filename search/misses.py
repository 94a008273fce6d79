"""The form of what was not found, on an address of its own that no cache keeps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import languages
from portal.throttling import HOUR, exceeded
from search import facets
from search.forms import SearchMissForm
from search.parameters import MAX_QUERY, Parameters, QueryTooLong

#: What one address may tell us in an hour.
PER_HOUR = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search_miss(request: HttpRequest) -> HttpResponse:
    """Ask what was looked for; keep it; thank. What is refused, or comes too often, is shown again as typed."""
    form, status = SearchMissForm(initial=_asked(request)), 200
    if request.method == "POST":
        form, status = SearchMissForm(request.POST), 400
        if form.is_valid():
            if not exceeded("search-miss", request, PER_HOUR):
                form.instance.language = languages.active()
                form.save()
                return redirect(f"{reverse('search_miss')}?thanks=1")
            status = 429
    context = {
        "form": form,
        "too_many": status == 429,
        "thanks": request.method != "POST" and request.GET.get("thanks") == "1",
        "page_title": _("Dites-nous ce que vous cherchiez"),
        "section": "search",
        "breadcrumbs": [(_("Chercher"), reverse("search")), (_("Dites-nous ce que vous cherchiez"), None)],
    }
    headers = {"Retry-After": str(HOUR)} if status == 429 else {}
    return TemplateResponse(request, "search/miss.html", context, status=status, headers=headers)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The search from which the visitor comes."""
    try:
        parameters = Parameters.read(request.GET)
    except QueryTooLong:
        return {"query": request.GET["q"][:MAX_QUERY]}
    return {"query": parameters.words, "filters": facets.described(parameters)[:1000]}
