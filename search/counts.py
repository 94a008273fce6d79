"""How many items there are, by type, country and theme: one call of the engine, or of the database while that is down."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst

from experiences.models import Study
from knowledge.models import Concept, KnowledgeItem, Place
from portal import countries, languages
from search.documents import audience_of
from search.engines import get_engine
from search.engines.base import EngineUnavailable, Query
from search.thesaurus import Thesaurus

logger = logging.getLogger(__name__)

FACETS = ("kind", "country", "theme")


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of items that somebody may see, by code or slug; a theme counts those of narrower themes too."""

    total: int
    kinds: Mapping[str, int]
    countries: Mapping[str, int]
    themes: Mapping[str, int]
    reduced: bool = False


def count_items(user: Any) -> Counts:
    """Return the numbers of the whole portal for ``user``."""
    query = Query(language=languages.active(), audience=audience_of(user), limit=1, facets=FACETS, highlight=False)
    try:
        results = get_engine().search(query)
    except EngineUnavailable as error:
        logger.warning("Items are counted in the database (%s)", error)
        return _from_database(user)
    kinds, places, themes = ({value.value: value.count for value in results.facets.get(name, ())} for name in FACETS)
    return Counts(results.total, kinds, places, themes)


def country_address(code: str) -> str:
    """Return the page of a country; of a code that is none, the search for it."""
    return reverse("country", args=[code]) if countries.exists(code) else f"{reverse('search')}?country={code}"


def theme_links(
    numbers: Mapping[str, int], slugs: Iterable[str], words: Thesaurus, limit: int | None = None
) -> list[dict[str, Any]]:
    """Return the themes of ``slugs`` that have items for components/key_values.html: most items first, then by name.

    With ``limit`` no more than so many: names and addresses are looked up of those only that may be among them.
    """
    language = languages.active()
    found = sorted((slug for slug in slugs if numbers.get(slug)), key=lambda slug: -numbers[slug])
    if limit and len(found) > limit:
        found = [slug for slug in found if numbers[slug] >= numbers[found[limit - 1]]]
    names = {slug: capfirst(words.preferred(slug, language) or slug) for slug in found}
    order = sorted(names, key=lambda slug: (-numbers[slug], countries.collation(names[slug])))[:limit]
    return [{"label": names[slug], "url": reverse("concept", args=[slug]), "count": numbers[slug]} for slug in order]


def _from_database(user: Any) -> Counts:
    """The same from the rows themselves; themes without those of narrower ones."""
    visible = KnowledgeItem.objects.visible_to(user)
    studies = {kind: Count("study", filter=Q(study__study_kind=kind)) for kind in Study.Kind.values}
    kinds = visible.aggregate(experience=Count("experience"), **studies)
    places = Place.objects.filter(page__in=visible).values_list("country").annotate(Count("page", distinct=True))
    themes = Concept.objects.filter(item_concepts__page__in=visible)
    return Counts(
        total=sum(kinds.values()),
        kinds=kinds,
        countries=dict(places),
        themes=dict(themes.values_list("slug").annotate(Count("item_concepts__page", distinct=True))),
        reduced=True,
    )
