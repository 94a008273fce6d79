"""The sitemap for search engines: an index, and files of so many pages that none grows too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from portal import languages
from portal.models import PortalPage
from portal.pages import PortalPageQuerySet

#: Addresses in one file: a page has one for each language in which it is public. The protocol allows 50,000 and 50 MB, which the
#: alternates of each address would reach.
MOST_ADDRESSES = 10_000


class Lists(NamedTuple):
    """Public lists that are no pages of the tree: name of the address and its arguments. `reduced` is not to be kept."""

    addresses: list[tuple[str, tuple[str, ...]]]
    reduced: bool = False


def pages_per_file() -> int:
    """Return how many pages fit into a file although all are public in every language."""
    return max(1, MOST_ADDRESSES // len(languages.LANGUAGES))


@require_safe
def index(request: HttpRequest, lists_for: Callable[[Any], Lists]) -> HttpResponse:
    """List the files of the sitemap; `lists_for` says which lists a user may see."""
    lists = lists_for(request.user)
    count = _pages(request, _root(request)).count() + len(lists.addresses)
    addresses = [f"{settings.BASE_URL}/sitemap-{number}.xml" for number in range(1, -(-count // pages_per_file()) + 1)]
    return _xml(request, "portal/sitemap_index.xml", {"addresses": addresses}, lists.reduced)


@require_safe
def part(request: HttpRequest, number: int, lists_for: Callable[[Any], Lists]) -> HttpResponse:
    """List public pages in each language in which they are public, with their alternates (hreflang); the lists come last."""
    root, size = _root(request), pages_per_file()
    if not 0 < number < 50_000:
        raise Http404
    start = (number - 1) * size
    found = _pages(request, root).order_by("pk")
    pages = list(found[start : start + size])
    entries: list[tuple[PortalPage | None, list[tuple[str, str]]]] = [(page, _addresses(page, root)) for page in pages]
    lists = Lists([])
    if len(pages) < size:
        lists = lists_for(request.user)
        told = 0 if pages else max(0, start - found.count())
        here = lists.addresses[told : told + size - len(pages)]
        entries += [(None, _addresses_of_list(name, arguments)) for name, arguments in here]
    if not entries:
        raise Http404
    return _xml(request, "portal/sitemap.xml", {"entries": entries}, lists.reduced)


def _root(request: HttpRequest) -> Page:
    return Site.find_for_request(request).root_page


def _pages(request: HttpRequest, root: Page) -> PortalPageQuerySet:
    return PortalPage.objects.visible_to(request.user).descendant_of(root, inclusive=True)


def _addresses(page: PortalPage, root: Page) -> list[tuple[str, str]]:
    """Return (language, address) for each language in which a page is public."""
    path = page.url_path.removeprefix(root.url_path)
    return [(code, f"{settings.BASE_URL}/{code}/{path}") for code in page.public_languages]


def _addresses_of_list(name: str, arguments: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the same of a list that is no page of the tree."""
    addresses = []
    for code in languages.LANGUAGES:
        with override(code):
            addresses.append((code, f"{settings.BASE_URL}{reverse(name, args=arguments)}"))
    return addresses


def _xml(request: HttpRequest, template: str, context: dict[str, object], reduced: bool) -> HttpResponse:
    response = TemplateResponse(request, template, context, content_type="application/xml")
    if reduced:
        add_never_cache_headers(response)
    return response
