"""The plain answer of the database, for the time when the engine has none: no facets, no passages, no spelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from knowledge.models import Concept, KnowledgeItem
from portal.languages import LANGUAGES, WHOLE
from search.analysis import tokens
from search.engines.base import MAX_HITS, Hit, Query, Results

MAX_WORDS = 5

_KINDS = {
    "experience": Q(experience__isnull=False),
    "case_study": Q(study__study_kind="case_study"),
    "synthesis": Q(study__study_kind="synthesis"),
}


def search(query: Query, user: Any) -> Results:
    """Items that ``user`` may see whose title or summary holds every word, newest first."""
    found = _found(query, user)
    total = found.count()
    end = min(query.offset + query.limit, MAX_HITS)
    ids = found.values_list("pk", flat=True)[query.offset : end]
    hits = tuple(Hit(str(pk), "", "", 0.0) for pk in ids) if query.offset < end else ()
    return Results(total=total, hits=hits)


def scan(query: Query, user: Any) -> Iterator[str]:
    """The ids of all of them."""
    return (str(pk) for pk in _found(query, user).values_list("pk", flat=True).iterator())


def _found(query: Query, user: Any) -> QuerySet[KnowledgeItem]:
    found = KnowledgeItem.objects.visible_to(user).filter(Q(experience__isnull=False) | Q(study__isnull=False))
    for start, end in _words(query):
        found = found.filter(_holds(query.words[start:end]))
    for name, values in query.filters.items():
        if values:
            found = found.filter(pk__in=KnowledgeItem.objects.filter(_chosen(name, values)).values("pk"))
    return found.filter(_years(query)).order_by("-first_published_at", "-pk")


def _words(query: Query) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in tokens(query.words, query.language, exact=True)[:MAX_WORDS]]


def _holds(word: str) -> Q:
    holds = Q()
    for code in LANGUAGES:
        holds |= Q(**{f"title_{code}__icontains": word}) | Q(**{f"summary_{code}__icontains": word})
    return holds


def _chosen(name: str, values: frozenset[str]) -> Q:
    if name == "kind":
        return _any(_KINDS[value] for value in values if value in _KINDS)
    if name == "language":
        return _any(Q(**{f"language_state_{code}__in": WHOLE}) for code in values if code in LANGUAGES)
    if name == "theme":
        return Q(item_concepts__concept__slug__in=Concept.objects.narrower_than(values))
    if name == "modality":
        return Q(choices__vocabulary="extension_modality", choices__code__in=values)
    return {"country": Q(places__country__in=values), "status": Q(experience__scheme_status__in=values)}.get(name, Q())


def _any(choices: Any) -> Q:
    either = Q(pk__in=[])
    for choice in choices:
        either |= choice
    return either


def _years(query: Query) -> Q:
    years = Q()
    if query.year_from is not None:
        open_end = Q(experience__end_year=None, experience__start_year__isnull=False)
        years &= Q(experience__end_year__gte=query.year_from) | open_end | Q(study__year__gte=query.year_from)
    if query.year_to is not None:
        years &= Q(experience__start_year__lte=query.year_to) | Q(study__year__lte=query.year_to)
    return years
