"""The thesaurus of the database as search reads it, kept by each process until a concept changes, on whatever host."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from knowledge.models import Concept
from portal.languages import LANGUAGES
from search.models import ThesaurusVersion
from search.thesaurus import Term, Thesaurus

_held: tuple[str, Thesaurus] | None = None


def thesaurus() -> Thesaurus:
    """The thesaurus as the database has it now: one query, and another after a change."""
    global _held
    now = stamp()
    held = _held  # other threads may replace it
    if held is None or held[0] != now:
        held = _held = (now, Thesaurus(_terms()))
    return held[1]


def held_thesaurus() -> Thesaurus:
    """The thesaurus as this process last read it, without a query: for what follows in the same answer."""
    return _held[1] if _held is not None else thesaurus()


def forget() -> None:
    """Have the processes of all hosts read the thesaurus again; part of the transaction that changes a concept."""
    ThesaurusVersion.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4().hex})


def stamp() -> str:
    """What names the thesaurus as the database has it now: a query written out, as every search asks it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stamp FROM {ThesaurusVersion._meta.db_table} WHERE id = 1")  # noqa: S608
        row = cursor.fetchone()
    return row[0] if row else ""


def unapplied(settled: timedelta) -> str:
    """The stamp of a thesaurus that documents do not follow yet and that nobody changed for so long; otherwise nothing."""
    changed = ThesaurusVersion.objects.exclude(applied=F("stamp")).filter(changed_at__lte=timezone.now() - settled)
    return changed.values_list("stamp", flat=True).first() or ""


def applied(stamp: str) -> None:
    """Note that all documents follow the thesaurus of this stamp."""
    ThesaurusVersion.objects.update(applied=stamp)


def _terms() -> list[Term]:
    concepts = Concept.objects.select_related("broader").order_by("pk")
    return [
        Term(
            concept.slug,
            {code: tuple(labels) for code in LANGUAGES if (labels := concept.labels(code))},
            concept.broader.slug if concept.broader else "",
        )
        for concept in concepts
    ]
