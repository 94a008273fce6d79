"""The base of every item of knowledge, with the rows that all types share (docs/architecture.md, "Items")."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from knowledge import vocabularies
from knowledge.panels import CATALOGUE_HANDLER
from knowledge.vocabularies import CodeField
from portal import countries, languages, publication
from portal.fields import NumberField
from portal.models import PortalPage

REVIEW_AFTER_MONTHS = 24
LICENCES = [
    ("CC-BY-4.0", "CC BY 4.0"),
    ("CC-BY-SA-4.0", "CC BY-SA 4.0"),
    ("CC-BY-NC-4.0", "CC BY-NC 4.0"),
    ("CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0"),
    ("CC0-1.0", "CC0 1.0"),
    ("all-rights-reserved", _("Tous droits réservés")),
]


class ItemIndexPage(PortalPage):
    """The place in the tree under which items of a type are written; its address is a search view (search/urls.py)."""

    is_creatable = False
    parent_page_types: list[str] = ["home.HomePage"]
    subpage_types = ["experiences.Experience", "experiences.Study"]
    edit_handler = CATALOGUE_HANDLER

    class Meta:
        verbose_name = _("catalogue")


class KnowledgeItem(PortalPage):
    """What every item of knowledge has: a reference, a summary, concepts, places, people, sources, files, links."""

    reference = models.CharField(_("référence"), max_length=30, unique=True, null=True, editable=False)
    summary = models.TextField(
        _("résumé"),
        max_length=600,
        blank=True,
        help_text=_("600 caractères au plus : ce que liront ceux qui cherchent."),
    )
    source = models.TextField(
        _("source"),
        blank=True,
        help_text=_("Référence du document, de la visite ou de l’entretien dont vient ce savoir."),
    )
    source_url = models.URLField(_("adresse de la source"), blank=True)
    licence = models.CharField(_("licence"), max_length=30, choices=LICENCES, blank=True, default="CC-BY-4.0")
    consent_obtained = models.BooleanField(
        _("consentement obtenu"),
        default=False,
        help_text=_("Les personnes citées ou reconnaissables ont accepté la publication."),
    )
    evidence_strength = CodeField(_("solidité des faits"), vocabulary="evidence_strength", blank=True)
    review_due_on = models.DateField(
        _("à revoir le"), null=True, blank=True, help_text=_("Vide : 24 mois après la publication.")
    )

    is_creatable = False
    exclude_fields_in_copy = ["reference"]
    REFERENCE_PREFIX = "STEP"
    PHASE = "capitalisation"
    # {name of the form field: vocabulary}: multiple choices, kept in ItemChoice.
    MULTIPLE_CHOICES: dict[str, str] = {}

    class Meta:
        verbose_name = _("fiche")

    # --- Facts ------------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """The type as search and its facets name it; types with kinds of their own override it."""
        return self._meta.model_name

    @property
    def kind_label(self) -> str:
        """The type in the visitor's language, as a list shows it."""
        return capfirst(self._meta.verbose_name)

    @property
    def depth_label(self) -> str:
        """How deep the record goes, in words; empty for types that know no depth."""
        return ""

    @property
    def years(self) -> tuple[int | None, int | None]:
        """First and last year that the item speaks of; None where unknown or going on."""
        return None, None

    @property
    def published_year(self) -> int | None:
        """The year under which the item is cited; None before publication."""
        return self.last_published_at.year if self.last_published_at else None

    @property
    def short_address(self) -> str:
        """The address to write or scan, in the visitor's language; it outlives every change of the page's own."""
        return settings.BASE_URL + reverse("short_address", args=[self.pk])

    @property
    def country_codes(self) -> list[str]:
        """The countries' codes, each once, in the editors' order."""
        return list(dict.fromkeys(place.country for place in self.places.all()))

    @property
    def country_names(self) -> list[str]:
        """The countries' names in the visitor's language."""
        return [countries.name(code) for code in self.country_codes]

    @property
    def concepts(self) -> list[Any]:
        """The concepts, the main one first."""
        return [row.concept for row in self.item_concepts.all()]

    def codes(self, vocabulary: str) -> list[str]:
        """Return the codes chosen from a vocabulary, in its order."""
        chosen = {row.code for row in self.choices.all() if row.vocabulary == vocabulary}
        return [code for code in vocabularies.codes(vocabulary) if code in chosen]

    def labels(self, vocabulary: str) -> list[str]:
        """Return the labels chosen from a vocabulary, in the visitor's language."""
        return [vocabularies.label(vocabulary, code) for code in self.codes(vocabulary)]

    def public_files(self) -> list[Any]:
        """Return the files, those in the visitor's language first."""
        files = [row.file for row in self.files.all() if row.file_id]
        return sorted(files, key=lambda file: file.language != languages.active())

    # --- Serving ----------------------------------------------------------------------------------------------------

    def lineage(self, user: Any) -> tuple[list[Relative], list[Relative]]:
        """Return what this item comes from and what came from it, as `user` may see them, both ways in two queries."""
        both = ItemLink.objects.filter(models.Q(page=self.pk) | models.Q(target=self.pk))
        links = list(both.order_by("sort_order", "page__path"))
        others = [link.target_id if link.page_id == self.pk else link.page_id for link in links]
        visible = KnowledgeItem.objects.visible_to(user).in_bulk(others)
        origins, offspring = [], []
        for link, other in zip(links, others, strict=True):
            if other in visible:
                relatives = origins if link.page_id == self.pk else offspring
                relatives.append(Relative(link.get_link_type_display(), visible[other]))
        return origins, offspring

    def read_rows(self) -> None:
        """Read the rows that all types share, each table once with what it points to. Not for previews: theirs are in memory."""
        models.prefetch_related_objects(
            [self],
            "places",
            "choices",
            models.Prefetch("item_concepts", ItemConcept.objects.select_related("concept")),
            models.Prefetch("contributors", Contributor.objects.select_related("person")),
            models.Prefetch("organisations", ItemOrganisation.objects.select_related("organisation")),
            models.Prefetch("files", ItemFile.objects.select_related("file").defer("file__text")),
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not getattr(request, "is_preview", False):
            self.read_rows()
        origins, offspring = self.lineage(request.user)
        return super().get_context(request, *args, **kwargs) | {
            "origins": origins,
            "offspring": offspring,
            "files": self.public_files(),
            "countries": [(code, countries.name(code)) for code in self.country_codes],
            "updated": self.last_published_at or timezone.now(),
            "og_type": "article",
        }

    # --- Publication --------------------------------------------------------------------------------------------------

    def required_texts(self) -> list[str]:
        """Return the translated texts that the original needs before publication."""
        return ["title", "summary"]

    def required_parts(self) -> dict[str, tuple[bool, str]]:
        """Return {form field or table: (whether it is there, what to say where it is not)}: none is published without them."""
        return {
            "places": (bool(self.country_codes), gettext("Indiquez au moins un pays.")),
            "item_concepts": (bool(self.item_concepts.all()), gettext("Choisissez au moins un concept du thésaurus.")),
            "source": (bool(self.source), gettext("Indiquez la source.")),
            "licence": (bool(self.licence), gettext("Choisissez une licence.")),
            "consent_obtained": (self.consent_obtained, gettext("Confirmez le consentement des personnes citées.")),
        }

    def wanted_texts(self) -> list[str]:
        """Return the translated texts that readers would miss, although publication does without."""
        return []

    def wanted_parts(self) -> dict[str, bool]:
        """Return {form field or table: whether it is there} of what readers would miss, although publication does without."""
        return {"evidence_strength": bool(self.evidence_strength), "organisations": bool(self.organisations.all())}

    def publication_errors(self) -> list[publication.Missing]:
        missing = publication.missing_texts(self, self.required_texts())
        parts = self.required_parts()
        missing += [publication.Missing(name, text) for name, (there, text) in parts.items() if not there]
        return [*missing, *publication.missing_in_rows(self), *self.impossible_values()]

    def impossible_values(self) -> list[publication.Missing]:
        if self.pk and any(link.target_id == self.pk for link in self.links.all()):
            return [publication.Missing("links", gettext("Une fiche ne renvoie pas à elle-même."))]
        return []

    def save(self, **kwargs: Any) -> Any:
        if self.live and kwargs.get("update_fields") is None and self.review_due_on is None:
            self.review_due_on = months_from(timezone.localdate(), REVIEW_AFTER_MONTHS)
        result = super().save(**kwargs)
        if self.reference is None and self.pk:
            self.reference = f"{self.REFERENCE_PREFIX}-{self.pk:05d}"
            KnowledgeItem.objects.filter(pk=self.pk).update(reference=self.reference)
        return result

    def with_content_json(self, content: dict[str, Any]) -> KnowledgeItem:
        page = super().with_content_json(content)
        page.reference = self.reference  # given once, for ever: an old revision may lack it
        return page


class Relative(NamedTuple):
    """An item linked to another: the link in words, as the linking item says it ("documents"), and the item."""

    label: str
    page: KnowledgeItem


def today_anywhere() -> date:
    """Return the latest day that has begun somewhere on Earth: what is dated later is dated wrong."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def months_from(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


class ItemConcept(Orderable):
    """A concept of an item; the first is the main one."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="item_concepts")
    concept = models.ForeignKey(
        "knowledge.Concept", on_delete=models.PROTECT, related_name="item_concepts", verbose_name=_("concept")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")


class Place(Orderable):
    """Where an item is set: a country, perhaps an area of it and a point."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="places")
    country = models.CharField(_("pays"), max_length=2, choices=countries.choices, db_index=True)
    area = models.CharField(_("région, localité"), max_length=150, blank=True)
    latitude = NumberField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = NumberField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    area_kind = CodeField(_("milieu"), vocabulary="area_kind", blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("lieu")
        verbose_name_plural = _("lieux")

    @property
    def country_name(self) -> str:
        """The country's name in the visitor's language."""
        return countries.name(self.country)


class ItemChoice(models.Model):
    """One of the multiple choices of an item: a vocabulary and a code of it."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="choices")
    vocabulary = models.CharField(max_length=40)
    code = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["vocabulary", "code"])]
        verbose_name = _("choix")
        verbose_name_plural = _("choix")

    def __str__(self) -> str:
        return f"{self.vocabulary}: {self.code}"


class Contributor(Orderable):
    """Who made an item, and as what."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="contributors")
    person = models.ForeignKey(
        "knowledge.Person", on_delete=models.PROTECT, related_name="contributions", verbose_name=_("personne")
    )
    role = CodeField(_("rôle"), vocabulary="contributor_role", default="author")

    class Meta(Orderable.Meta):
        verbose_name = _("contributeur")
        verbose_name_plural = _("contributeurs")


class ItemOrganisation(Orderable):
    """An organisation of an item, and as what."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(
        "knowledge.Organisation", on_delete=models.PROTECT, related_name="items", verbose_name=_("organisation")
    )
    role = CodeField(_("rôle"), vocabulary="organisation_role", default="implementer")

    class Meta(Orderable.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")


class ItemLink(Orderable):
    """A typed link from an item to what it derives from, documents, answers …; the inverse shows by itself (§33)."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="links")
    link_type = CodeField(_("lien"), vocabulary="link_type", default="derived_from")
    target = models.ForeignKey(
        "portal.PortalPage", on_delete=models.CASCADE, related_name="linked_from", verbose_name=_("vers")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("lien")
        verbose_name_plural = _("liens vers d’autres fiches")


class ItemFile(Orderable):
    """A file of an item."""

    page = ParentalKey(KnowledgeItem, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(
        "portal.File", on_delete=models.PROTECT, related_name="item_files", verbose_name=_("fichier")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
