"""The home page and the pages that speak of the portal itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from knowledge import presentation
from portal import cycle, maps, publication
from portal.home.panels import HOME_HANDLER, INFO_HANDLER
from portal.models import PortalPage
from search.concepts import thesaurus
from search.counts import count_items, country_address, theme_links
from search.rows import newest_items

NEWEST = 5
THEMES = 12
COUNTRIES = 14


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
        """Add what is new, the cycle in figures, the countries on a map, the first themes, and what is missing."""
        numbers = count_items(request.user)
        quarters = cycle.quarters(numbers.kinds)
        gaps = maps.gaps(numbers.countries)
        return super().get_context(request, *args, **kwargs) | {
            "newest": presentation.rows(newest_items(request.user, NEWEST)),
            "cycle": cycle.drawing(quarters),
            "quarters": quarters,
            "empty_quarters": [quarter for quarter in quarters if not quarter.total],
            "map": maps.drawn(numbers.countries, country_address, frames=("africa",)),
            "countries": maps.listed_near_first(numbers.countries, country_address)[:COUNTRIES],
            "number_of_countries": len(numbers.countries),
            "gaps": [(maps.name(code), country_address(code)) for code in gaps],
            "themes": first_themes(numbers.themes),
        }


def first_themes(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return links to the themes with most items, but for those that only name a branch of the thesaurus."""
    words = thesaurus()
    below = [slug for branch in words.branches().values() for slug in branch]
    return theme_links(numbers, below, words, THEMES)


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
