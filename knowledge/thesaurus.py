"""The thesaurus: concepts with labels in four languages, in a tree. Search finds through it in all languages."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from knowledge.signals import concepts_added
from knowledge.vocabularies import DATA
from portal import caching, languages


class ConceptQuerySet(models.QuerySet):
    """What may be asked of concepts."""

    def narrower_than(self, slugs: Iterable[str]) -> set[str]:
        """Return the slugs given and those of all concepts below them."""
        below: dict[str, list[str]] = {}
        for slug, broader in self.model.objects.values_list("slug", "broader__slug"):
            below.setdefault(broader, []).append(slug)
        found, waiting = set(), list(slugs)
        while waiting:
            slug = waiting.pop()
            if slug not in found:
                found.add(slug)
                waiting += below.get(slug, [])
        return found


class Concept(index.Indexed, models.Model):
    """A concept of the field. A label, preferred or alternative, points to one concept only, in any language."""

    is_shown_on_pages = True
    slug = models.SlugField(_("identifiant"), max_length=80, unique=True)
    broader = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="narrower",
        verbose_name=_("terme générique"),
    )
    label = models.CharField(_("libellé"), max_length=150)
    alt_labels = models.TextField(
        _("autres libellés"), blank=True, help_text=_("Un par ligne : synonymes, sigles, autres graphies.")
    )

    objects = ConceptQuerySet.as_manager()
    search_fields = [index.AutocompleteField(f"label_{code}") for code in languages.LANGUAGES]

    class Meta:
        ordering = ["slug"]
        verbose_name = _("concept")
        verbose_name_plural = _("thésaurus")

    def __str__(self) -> str:
        return self.label or self.label_fr or self.slug

    def labels(self, language: str) -> list[str]:
        """Return the preferred label in a language, then the alternative ones; empty where it has none."""
        preferred = getattr(self, f"label_{language}")
        others = (getattr(self, f"alt_labels_{language}") or "").splitlines()
        return [text for text in (preferred, *(other.strip() for other in others)) if text]

    def all_labels(self) -> set[str]:
        """Return every label in every language, in small letters."""
        return {text.casefold() for code in languages.LANGUAGES for text in self.labels(code)}

    def clean(self) -> None:
        """Refuse a label that already points to another concept, and a concept below itself."""
        mine = self.all_labels()
        for other in Concept.objects.exclude(pk=self.pk):
            if shared := mine & other.all_labels():
                raise ValidationError(
                    _("« %(label)s » désigne déjà le concept « %(concept)s »."),
                    params={"label": min(shared), "concept": other},
                )
        if self.pk and self.broader and self.broader.slug in Concept.objects.narrower_than([self.slug]):
            raise ValidationError({"broader": _("Un concept ne peut pas être placé sous lui-même.")})


@transaction.atomic
def load() -> int:
    """Add the concepts of the project's data file that the database lacks and return their number.

    Safe to run again: what staff wrote, in concepts of the file too, stays as it is.
    """
    with (DATA / "thesaurus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(Concept.objects.values_list("slug", flat=True))
    added = [row for row in rows if row["id"] not in known]
    Concept.objects.bulk_create(
        Concept(
            slug=row["id"],
            **{f"label_{code}": row[code] for code in languages.LANGUAGES},
            **{f"alt_labels_{code}": row[f"alt_{code}"].replace("|", "\n") for code in languages.LANGUAGES},
        )
        for row in added
    )
    concepts = {concept.slug: concept for concept in Concept.objects.all()}
    for row in added:
        concepts[row["id"]].broader = concepts.get(row["broader"])
    Concept.objects.bulk_update([concepts[row["id"]] for row in added], ["broader"])
    if added:
        concepts_added.send(sender=Concept)
        caching.forget()
    return len(added)
