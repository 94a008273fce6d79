"""What search keeps in the database: what is to be indexed, and what people looked for in vain."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet):
    """What may be asked of the outbox."""

    def waiting(self) -> OutboxQuerySet:
        """Keep what the index does not hold yet."""
        return self.filter(drained_at=None)

    def add(self, documents: Iterable[str]) -> None:
        """Note that documents changed, appeared or went, in the transaction that changes them."""
        self.bulk_create(self.model(document=document) for document in dict.fromkeys(documents))


class Outbox(models.Model):
    """A document that is to be indexed anew, or forgotten where its object is no longer public.

    Written in the transaction of the change, so that neither is there without the other. Drained rows are kept for
    a while: what was drained into the old index during a rebuild is drained once more into the new one, and
    ``rebuilds`` counts how often that happened.
    """

    document = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    drained_at = models.DateTimeField(null=True)
    rebuilds = models.PositiveIntegerField(default=0)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(drained_at=None), name="search_outbox_waiting")]

    def __str__(self) -> str:
        return self.document


class SearchMiss(models.Model):
    """Something that somebody looked for and did not find, and told us. Nothing about who it was."""

    query = models.CharField(_("mots cherchés"), max_length=500)
    language = models.CharField(_("langue"), max_length=5)
    filters = models.CharField(_("filtres"), max_length=1000, blank=True)
    note = models.TextField(_("précisions"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("recherche sans réponse")
        verbose_name_plural = _("recherches sans réponse")

    def __str__(self) -> str:
        return self.query
