"""The sitemap for search engines: an index, and files of so many pages that none grows too long."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from portal import languages
from portal.models import PortalPage
from portal.pages import PortalPageQuerySet

#: Addresses in one file: a page has one for each language in which it is public. The protocol allows 50,000 and 50 MB, which the
#: alternates of each address would reach.
MOST_ADDRESSES = 10_000


def pages_per_file() -> int:
    """Return how many pages fit into a file although all are public in every language."""
    return max(1, MOST_ADDRESSES // len(languages.LANGUAGES))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the files of the sitemap."""
    count = -(-_pages(request, _root(request)).count() // pages_per_file())
    addresses = [f"{settings.BASE_URL}/sitemap-{number}.xml" for number in range(1, max(1, count) + 1)]
    return _xml(request, "portal/sitemap_index.xml", {"addresses": addresses})


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """List public pages in each language in which they are public, with their alternates (hreflang)."""
    root, size = _root(request), pages_per_file()
    if not 0 < number < 50_000:
        raise Http404
    pages = list(_pages(request, root).order_by("pk")[(number - 1) * size : number * size])
    if not pages and number > 1:
        raise Http404
    return _xml(request, "portal/sitemap.xml", {"entries": [(page, _addresses(page, root)) for page in pages]})


def _root(request: HttpRequest) -> Page:
    return Site.find_for_request(request).root_page


def _pages(request: HttpRequest, root: Page) -> PortalPageQuerySet:
    return PortalPage.objects.visible_to(request.user).descendant_of(root, inclusive=True)


def _addresses(page: PortalPage, root: Page) -> list[tuple[str, str]]:
    """Return (language, address) for each language in which a page is public."""
    path = page.url_path.removeprefix(root.url_path)
    return [(code, f"{settings.BASE_URL}/{code}/{path}") for code in page.public_languages]


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return TemplateResponse(request, template, context, content_type="application/xml")
