"""Lists: the whole search, the catalogues of experiences and studies, concepts and countries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from knowledge.models import Concept
from portal import countries, languages, maps
from search import facets
from search.documents import audience_of
from search.engines.base import MAX_HITS, one_question
from search.finding import Answer, find
from search.parameters import PAGE_SIZE, Parameters
from search.rows import rows


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list with its types preset."""

    name: str
    title: Any
    lead: Any = ""
    kinds: frozenset[str] = frozenset()


EVERYTHING = Catalogue("search", gettext_lazy("Toutes les connaissances"))
EXPERIENCES = Catalogue(
    "experiences",
    gettext_lazy("Expériences"),
    gettext_lazy("Ce qui a été tenté quelque part pour étendre la protection sociale, et ce qu’on en a appris."),
    frozenset({"experience"}),
)
STUDIES = Catalogue(
    "studies",
    gettext_lazy("Études"),
    gettext_lazy("Études de cas et synthèses, chacune avec les expériences dont elle parle."),
    frozenset({"case_study", "synthesis"}),
)


@require_safe
def search(request: HttpRequest, catalogue: Catalogue = EVERYTHING) -> HttpResponse:
    """A list by words, filters, order and page; as a fragment where htmx asks."""
    parameters = Parameters.read(request.GET)
    with one_question():
        answer, parameters = _answer(request, parameters, catalogue.kinds)
    context = _context(request, catalogue, parameters, answer)
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    in_place = htmx and not htmx.history_restore_request
    template = "search/results.html" if in_place else "search/search.html"
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if answer.reduced:
        add_never_cache_headers(response)
    return response


@require_safe
def concept(request: HttpRequest, slug: str) -> HttpResponse:
    """A concept: its labels, what stands above and below, and its items."""
    found: Concept = get_object_or_404(Concept.objects.select_related("broader"), slug=slug)
    others = [(code, labels[0], labels[1:]) for code in languages.LANGUAGES if (labels := found.labels(code))]
    context = {
        "concept": found,
        "labels": others,
        "narrower": found.narrower.all(),
        "page_title": str(found),
        "section": "themes",
        "breadcrumbs": [(_("Par thème"), reverse("concepts")), (capfirst(str(found)), None)],
    }
    return _landing(request, "search/concept.html", "theme", found.slug, context)


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """A country and its items."""
    if code != code.upper():
        return HttpResponsePermanentRedirect(reverse("country", args=[code.upper()]))
    if not countries.exists(code):
        raise Http404
    name = countries.name(code)
    context = {
        "country": code,
        "page_title": name,
        "section": "countries",
        "breadcrumbs": [(_("Par pays"), reverse("countries")), (name, None)],
    }
    return _landing(request, "search/country.html", "country", code, context)


def _landing(request: HttpRequest, template: str, name: str, value: str, context: dict[str, Any]) -> HttpResponse:
    parameters = Parameters(filters={name: (value,)}, order="date")
    query = parameters.query(languages.active(), audience_of(request.user), frozenset())
    answer = find(replace(query, facets=("kind",)), request.user)
    kinds = answer.results.facets.get("kind", ())
    context |= {
        "rows": rows(answer.results.hits, query, request.user),
        "total": answer.results.total,
        "kinds": [(facets.label("kind", kind.value), kind.count) for kind in kinds],
        "all_url": reverse("search") + parameters.address(),
        "reduced": answer.reduced,
    }
    response = TemplateResponse(request, template, context)
    if answer.reduced:
        add_never_cache_headers(response)
    return response


def _answer(request: HttpRequest, parameters: Parameters, preset: frozenset[str]) -> tuple[Answer, Parameters]:
    """The answer; a page behind the last one is the last one."""
    language, audience = languages.active(), audience_of(request.user)
    query = parameters.query(language, audience, preset)
    answer = find(query, request.user, literal=parameters.literal)
    if answer.reduced and parameters.view == "map":  # the database counts no countries: a list it is
        return _answer(request, replace(parameters, view="list"), preset)
    if not answer.results.hits and answer.results.total and parameters.page > 1:
        parameters = replace(parameters, page=_last_page(answer.results.total))
        query = parameters.query(language, audience, preset)
        answer = find(query, request.user, literal=parameters.literal)
    return answer, parameters


def _context(request: HttpRequest, catalogue: Catalogue, parameters: Parameters, answer: Answer) -> dict[str, Any]:
    results, understanding = answer.results, answer.understanding
    on_map = parameters.view == "map"
    shown = [] if on_map else rows(results.hits, understanding.query, request.user)
    first = (parameters.page - 1) * PAGE_SIZE + 1
    title = parameters.words or str(catalogue.title)
    return {
        "catalogue": catalogue,
        "action": request.path,
        "parameters": parameters,
        "rows": shown,
        "total": results.total,
        "first": first,
        "last": first + len(results.hits) - 1,
        "reduced": answer.reduced,
        "suggestion": understanding.suggestion,
        "also": understanding.also,
        "expanded": bool(understanding.also),
        "literal_url": parameters.address(literal=True),
        "broad_url": parameters.address(literal=False),
        "facets": facets.facets(results, parameters, catalogue.kinds),
        "chosen": sum(map(len, parameters.filters.values())) + bool(parameters.year_from) + bool(parameters.year_to),
        "chips": facets.chips(parameters, catalogue.kinds),
        "clear_url": parameters.address(filters={}, year_from=None, year_to=None),
        "relevance_url": parameters.address(order="relevance"),
        "date_url": parameters.address(order="date"),
        "list_url": parameters.address(view="list"),
        "map_url": parameters.address(view="map"),
        **(_map(parameters, answer) if on_map else {}),
        "everywhere_url": reverse("search") + Parameters(words=parameters.words).address(),
        "miss_url": f"{reverse('search_miss')}{parameters.address()}",
        "export_url": f"{reverse(f'{catalogue.name}_export')}{parameters.address()}",
        "page_title": title,
        "section": catalogue.name,
        "breadcrumbs": [(str(catalogue.title), None)],
        **_pages(parameters, min(results.total, MAX_HITS)),
    }


def _map(parameters: Parameters, answer: Answer) -> dict[str, Any]:
    """The countries of all results, each leading to its own in a list; of chosen countries, those only."""
    chosen = parameters.filters.get("country", ())
    values = answer.results.facets.get("country", ())
    numbers = {value.value: value.count for value in values if not chosen or value.value in chosen}

    def address(code: str) -> str:
        return parameters.address(view="list", filters={**parameters.filters, "country": (code,)})

    return {"map": maps.drawn(numbers, address, link_gaps=False), "places": maps.listed(numbers, address)}


def _pages(parameters: Parameters, total: int) -> dict[str, Any]:
    """Links to the first, last and neighbouring pages."""
    last, now = _last_page(total), parameters.page
    near = sorted({1, 2, now - 1, now, now + 1, last} & set(range(1, last + 1)))
    pages: list[dict[str, Any] | None] = []
    for number in near:
        if pages and pages[-1] and number - pages[-1]["number"] > 1:
            pages.append(None)
        pages.append({"number": number, "url": parameters.address(page=number), "current": number == now})
    return {
        "pages": pages,
        "previous_url": parameters.address(page=now - 1) if now > 1 else "",
        "next_url": parameters.address(page=now + 1) if now < last else "",
    }


def _last_page(total: int) -> int:
    return max(1, -(-min(total, MAX_HITS) // PAGE_SIZE))
