"""Old addresses: a page that moves, or takes another slug, is still found where it was, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from portal import languages
from portal.models import PortalPage

BATCH = 1_000


@transaction.atomic
def keep_addresses(*, page: PortalPage, old_url_path: str, new_url_path: str) -> None:
    """Redirect the old addresses of a page and of all below it, in each language, to where they are now.

    `old_url_path` and `new_url_path` are paths in the tree ("/home/experiences/x/"), whose first part is the home page.
    """
    if old_url_path == new_url_path:
        return
    for site in Site.objects.select_related("root_page"):
        root = site.root_page.url_path
        if old_url_path.startswith(root) and old_url_path != root:
            rows = [
                Redirect(old_path=path, site=site, redirect_page_id=pk, automatically_created=True)
                for path, pk in old_paths(page, old_url_path, new_url_path, root)
            ]
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                Redirect.objects.filter(site=site, old_path__in=[row.old_path for row in batch]).delete()
                Redirect.objects.bulk_create(batch)


def old_paths(page: PortalPage, old: str, new: str, root: str) -> Iterator[tuple[str, int]]:
    """Give the old path, as `Redirect` keeps it, and the id of each page below `page` and of itself, in each language."""
    rows = PortalPage.objects.descendant_of(page, inclusive=True).values_list("pk", "url_path")
    for pk, url_path in rows.iterator():
        below = url_path.removeprefix(new)
        for language in languages.LANGUAGES:
            path = f"/{language}/{old.removeprefix(root)}{below}"
            yield Redirect.normalise_path(path), pk


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Wagtail's, which never tells of a page that is not public, and finds the chapters of a renamed study (`…/2/`) too."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        for path, chapter in asked(request):
            found = middleware.get_redirect(request, path)
            if found and is_open(found, chapter) and found.link:
                answer = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
                return answer(f"{found.link}{chapter}")
        return response


def asked(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Give the paths under which a redirect may be kept, each with what follows behind its target."""
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    yield from dict.fromkeys([(path, ""), (urlsplit(path).path, "")])
    parent, _slash, last = request.path_info.rstrip("/").rpartition("/")
    if parent and last.isdecimal():
        yield Redirect.normalise_path(parent), f"{last}/"


def is_open(redirect: Redirect, chapter: str) -> bool:
    """Return whether a redirect may be told: one to a page only while that is public, and only pages have chapters."""
    page = redirect.redirect_page
    return page.live if page else not chapter
