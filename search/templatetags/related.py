"""How pages of content reach what is related to them, without knowing of search."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count, Q

from knowledge import presentation
from knowledge.models import KnowledgeItem
from search.rows import of_its_type, visible_items

register = template.Library()

SHOWN = 4


@register.simple_tag(takes_context=True)
def related_items(context: template.Context, page: KnowledgeItem, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Rows (components/item.html) of the items that share most concepts with ``page``, then countries, newest first."""
    concepts = [row.concept_id for row in page.item_concepts.all()]
    if not concepts:
        return []
    shared = Count("item_concepts", filter=Q(item_concepts__concept__in=concepts), distinct=True)
    near = Count("places", filter=Q(places__country__in=page.country_codes), distinct=True)
    user = getattr(context.get("request"), "user", None)
    found = (
        visible_items(user)
        .filter(item_concepts__concept__in=concepts)
        .exclude(pk=page.pk)
        .annotate(shared=shared, near=near)
        .order_by("-shared", "-near", "-first_published_at", "pk")
    )
    return presentation.rows(of_its_type(item) for item in found[:limit])
