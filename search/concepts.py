"""The thesaurus of the database as search reads it, kept by each process until a concept changes."""

from __future__ import annotations

import uuid

from django.core.cache import cache

from knowledge.models import Concept
from portal.languages import LANGUAGES
from search.thesaurus import Term, Thesaurus

#: A stamp in the cache that all processes share; whoever changes a concept removes it.
CACHE_KEY = "search-thesaurus"

_held: tuple[str, Thesaurus] | None = None


def thesaurus() -> Thesaurus:
    """The thesaurus; read from the database only after a change."""
    global _held
    stamp = cache.get(CACHE_KEY)
    if stamp is None:
        stamp = uuid.uuid4().hex
        cache.set(CACHE_KEY, stamp, None)
    if _held is None or _held[0] != stamp:
        _held = (stamp, Thesaurus(_terms()))
    return _held[1]


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
