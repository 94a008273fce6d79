"""Organisations and persons: whom items, leads and projects point to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from knowledge.vocabularies import CodeField
from portal import countries


class Organisation(index.Indexed, models.Model):
    """A body of the field (§75)."""

    is_shown_on_pages = True
    name = models.CharField(_("nom"), max_length=200, unique=True)
    acronym = models.CharField(_("sigle"), max_length=30, blank=True)
    kind = CodeField(_("nature"), vocabulary="partner_type")
    country = models.CharField(
        _("pays"), max_length=2, choices=countries.choices, blank=True, help_text=_("Vide : internationale.")
    )
    website = models.URLField(_("site web"), blank=True)

    search_fields = [index.AutocompleteField("name"), index.AutocompleteField("acronym")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class Person(index.Indexed, models.Model):
    """A person who contributes; the address is never shown."""

    is_shown_on_pages = True
    name = models.CharField(_("nom"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="people",
        verbose_name=_("organisation"),
    )
    email = models.EmailField(_("adresse électronique"), blank=True, help_text=_("Jamais affichée."))

    search_fields = [index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")

    def __str__(self) -> str:
        return self.name
