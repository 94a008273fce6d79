"""The home page and the pages that speak of the portal itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from knowledge import presentation
from knowledge.models import Concept, KnowledgeItem, Place
from portal import countries, publication
from portal.home.panels import HOME_HANDLER, INFO_HANDLER
from portal.models import PortalPage
from search.rows import of_its_type, visible_items

NEWEST = 5
THEMES = 12


class HomePage(PortalPage):
    """What a visitor sees first: what this is, a search box, what is new, ways in."""

    introduction = models.TextField(_("présentation"), blank=True)

    parent_page_types = ["portal.PortalPage"]
    subpage_types = ["home.InfoPage"]
    max_count = 1
    edit_handler = HOME_HANDLER

    class Meta:
        verbose_name = _("page d’accueil")

    def publication_errors(self) -> list[publication.Missing]:
        return publication.missing_texts(self, ["title", "introduction"])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what is new, and the themes and countries with their numbers of items: five queries."""
        visible = KnowledgeItem.objects.visible_to(request.user)
        newest = visible_items(request.user).order_by("-first_published_at", "-pk")[:NEWEST]
        return super().get_context(request, *args, **kwargs) | {
            "newest": presentation.rows(of_its_type(item) for item in newest),
            "themes": [
                (concept, concept.number) for concept in most(Concept.objects, "item_concepts__page", visible)[:THEMES]
            ],
            "countries": sorted(
                (
                    (row["country"], countries.name(row["country"]), row["number"])
                    for row in most(Place.objects.values("country"), "page", visible, "country")
                ),
                key=lambda country: (-country[2], countries.collation(country[1])),
            ),
            "totals": visible.aggregate(experiences=models.Count("experience"), studies=models.Count("study")),
        }


def most(rows: Any, path: str, visible: models.QuerySet, then: str = "slug") -> models.QuerySet:
    """Return rows with the `number` of visible items to which `path` leads, most items first."""
    counted = rows.filter(**{f"{path}__in": visible}).annotate(number=models.Count(path, distinct=True))
    return counted.order_by("-number", then)


class InfoPage(PortalPage):
    """A page about the portal: about, contact, legal notice, privacy."""

    body = RichTextField(_("texte"), blank=True, features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    edit_handler = INFO_HANDLER

    class Meta:
        verbose_name = _("page d’information")
        verbose_name_plural = _("pages d’information")

    def publication_errors(self) -> list[publication.Missing]:
        return publication.missing_texts(self, ["title", "body"])
