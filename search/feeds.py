"""New items as an Atom feed, one per language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import languages
from search.analysis import tidy
from search.rows import newest_items

NEWEST = 30


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """The newest public items, whoever asks: a feed is fetched by programs and kept by others."""
    language = languages.active()
    anyone = AnonymousUser()
    home = f"{settings.BASE_URL}/{language}/"
    feed = Atom1Feed(
        title=_("Nouveautés du portail STEP"),
        link=home,
        description=_("Expériences et études publiées récemment."),
        language=language,
        feed_url=settings.BASE_URL + reverse("feed"),
        feed_guid=settings.BASE_URL + reverse("feed"),
        author_name="STEP",
    )
    for item in newest_items(anyone, NEWEST):
        text = item.summary_for_visitor
        feed.add_item(
            title=tidy(text.title),
            link=settings.BASE_URL + item.url,
            description=tidy(text.summary),
            unique_id=f"{settings.BASE_URL}/{item.reference}",
            pubdate=item.first_published_at,
            updateddate=item.last_published_at,
            categories=[str(item.kind_label)],
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
