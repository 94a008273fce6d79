"""The home page and the pages that speak of the portal itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from portal import publication
from portal.models import PortalPage


class HomePage(PortalPage):
    """What a visitor sees first: what this is, a search box, what is new, ways in."""

    introduction = models.TextField(_("présentation"), blank=True)

    parent_page_types = ["portal.PortalPage"]
    subpage_types = ["home.InfoPage"]
    max_count = 1

    class Meta:
        verbose_name = _("page d’accueil")

    def publication_errors(self) -> list[publication.Missing]:
        return publication.missing_texts(self, ["title", "introduction"])


class InfoPage(PortalPage):
    """A page about the portal: about, contact, legal notice, privacy."""

    body = RichTextField(_("texte"), blank=True, features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("page d’information")
        verbose_name_plural = _("pages d’information")

    def publication_errors(self) -> list[publication.Missing]:
        return publication.missing_texts(self, ["title", "body"])
