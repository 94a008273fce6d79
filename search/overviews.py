"""All themes and all countries, with their numbers of items, and which of them have none; and those with some, for robots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from portal import countries as all_names
from portal import languages, maps
from portal.sitemap import Lists
from search.concepts import thesaurus
from search.counts import Counts, count_items, country_address, theme_links


@require_safe
def concepts(request: HttpRequest) -> HttpResponse:
    """The thesaurus by branch: themes with items, then those without any."""
    counts, words, language = count_items(request.user), thesaurus(), languages.active()

    def named(slug: str) -> str:
        return capfirst(words.preferred(slug, language) or slug)

    def by_name(slugs: Iterable[str]) -> list[str]:
        return sorted(slugs, key=lambda slug: all_names.collation(named(slug)))

    branches = [
        {
            "slug": top,
            "label": named(top),
            "count": counts.themes.get(top, 0),
            "links": theme_links(counts.themes, below, words),
            "without": [
                (named(slug), reverse("concept", args=[slug])) for slug in by_name(below) if not counts.themes.get(slug)
            ],
        }
        for top, below in words.branches().items()
    ]
    branches.sort(
        key=lambda branch: (-counts.themes.get(str(branch["slug"]), 0), all_names.collation(str(branch["label"])))
    )
    return _overview(request, "search/concepts.html", counts, "themes", _("Thèmes"), {"branches": branches})


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """The map of the world, and the countries: West and Central Africa first, with those that no item speaks of."""
    counts = count_items(request.user)
    near, far = maps.near_and_far(counts.countries)
    context = {
        "map": maps.drawn(counts.countries, country_address),
        "near": maps.listed(near, country_address),
        "far": maps.listed(far, country_address),
        "gaps": [(maps.name(code), country_address(code)) for code in maps.gaps(counts.countries)],
    }
    return _overview(request, "search/countries.html", counts, "countries", pgettext("liste", "Pays"), context)


def lists_for(user: Any) -> Lists:
    """Return what the sitemap lists besides pages: both overviews, then each theme and each country with items."""
    counts = count_items(user)
    themes = [
        slug for top, below in thesaurus().branches().items() for slug in (top, *below) if counts.themes.get(slug)
    ]
    places = [code for code, number in counts.countries.items() if number and all_names.exists(code)]
    addresses: list[tuple[str, tuple[str, ...]]] = [("concepts", ()), ("countries", ())]
    addresses += [("concept", (slug,)) for slug in sorted(themes)] + [("country", (code,)) for code in sorted(places)]
    return Lists(addresses, counts.reduced)


def _overview(
    request: HttpRequest, template: str, counts: Counts, section: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    frame = {"page_title": title, "section": section, "breadcrumbs": [(title, None)]}
    response = TemplateResponse(request, template, frame | context)
    if counts.reduced:
        add_never_cache_headers(response)
    return response
