"""The home page and the pages that speak of the portal itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from knowledge.models import Concept, ItemConcept, KnowledgeItem, Place
from portal import countries, publication
from portal.home.panels import HOME_HANDLER, INFO_HANDLER
from portal.models import PortalPage

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
        themes = most(ItemConcept.objects.filter(page__in=visible), "concept", THEMES)
        concepts = Concept.objects.in_bulk([pk for pk, _number in themes])
        newest = visible.order_by("-first_published_at").prefetch_related("places", "item_concepts__concept")
        return super().get_context(request, *args, **kwargs) | {
            "newest": newest.specific()[:NEWEST],
            "themes": [(concepts[pk], number) for pk, number in themes],
            "countries": [
                (code, countries.name(code), number)
                for code, number in most(Place.objects.filter(page__in=visible), "country", None)
            ],
            "totals": {
                "experiences": visible.filter(experience__isnull=False).count(),
                "studies": visible.filter(study__isnull=False).count(),
            },
        }


def most(rows: models.QuerySet, field: str, limit: int | None) -> list[tuple[Any, int]]:
    """Return the values of a field of child rows with the numbers of items that have them, most frequent first."""
    counted = rows.values(field).annotate(number=models.Count("page", distinct=True)).order_by("-number", field)
    return [(row[field], row["number"]) for row in counted[:limit]]


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
