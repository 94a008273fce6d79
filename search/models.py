"""What search keeps in the database: what is to be indexed, and what people looked for in vain."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

#: Characters that are kept of why a document cannot be indexed.
REASON = 200


#: A document that could not be indexed is tried again after so many seconds, doubled each time, until the longest pause.
FIRST_PAUSE = 5
LONGEST_PAUSE = 3600


class OutboxQuerySet(models.QuerySet):
    """What may be asked of the outbox."""

    def waiting(self) -> OutboxQuerySet:
        """Keep what the index does not hold yet."""
        return self.filter(drained_at=None)

    def drained(self, documents: Iterable[str]) -> OutboxQuerySet:
        """Keep what was done for these documents, as far back as rows are kept."""
        return self.filter(document__in=documents).exclude(drained_at=None)

    def due(self) -> OutboxQuerySet:
        """Keep what is to be done now: what waits, but for documents that failed a moment ago."""
        return self.waiting().filter(models.Q(due_at=None) | models.Q(due_at__lte=timezone.now()))

    def failing(self) -> OutboxQuerySet:
        """Keep what waits because it could not be indexed."""
        return self.waiting().filter(failures__gt=0)

    def add(self, documents: Iterable[str]) -> None:
        """Note that documents changed, appeared or went, in the transaction that changes them."""
        self.bulk_create(self.model(document=document) for document in dict.fromkeys(documents))

    def put_off(self, reasons: Mapping[str, str]) -> None:
        """Have documents wait that could not be indexed, the longer the more often that happened; told by log and check."""
        for document, reason in reasons.items():
            rows = self.waiting().filter(document=document)
            failures = 1 + (rows.aggregate(most=models.Max("failures"))["most"] or 0)
            due_at = timezone.now() + timedelta(seconds=min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE))
            values = {"failures": failures, "due_at": due_at, "reason": reason[:REASON]}
            logger.error("Document %s cannot be indexed (attempt %d): %s", document, failures, reason)
            if not rows.update(**values):
                self.create(document=document, **values)


class Outbox(models.Model):
    """A document that is to be indexed anew, or forgotten where its object is no longer public.

    Written in the transaction of the change, so that neither is there without the other. Drained rows are kept for
    a while: what was drained into the old index during a rebuild is drained once more into the new one, and
    ``rebuilds`` counts how often that happened. What cannot be indexed waits until ``due_at`` and stops nobody else.
    """

    document = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    drained_at = models.DateTimeField(null=True)
    rebuilds = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(drained_at=None), name="search_outbox_waiting")]

    def __str__(self) -> str:
        return self.document


class Rebuild(models.Model):
    """A rebuild that began and whose swap was not followed up yet, as far as this database knows.

    Written before the first document is read. Whoever sees that the index in use is no longer ``replaces`` has what was
    drained since drained once more, and removes the row: the rebuild itself, or the drainer where the rebuild was killed.
    """

    started_at = models.DateTimeField(default=timezone.now)
    replaces = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.replaces


class ThesaurusVersion(models.Model):
    """A stamp that every change of a concept replaces, in its transaction: the processes of all hosts read it.

    ``applied`` is the stamp of the thesaurus by which all documents were last looked through: they hold what their texts name.
    """

    stamp = models.CharField(max_length=32)
    changed_at = models.DateTimeField(auto_now=True)
    applied = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.stamp


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
