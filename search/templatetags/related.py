"""How pages of content reach what is related to them, without knowing of search."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count, Exists, OuterRef

from knowledge import presentation
from knowledge.models import KnowledgeItem, Place
from search.rows import specific_items

register = template.Library()

SHOWN = 4


@register.simple_tag(takes_context=True)
def related_items(context: template.Context, page: KnowledgeItem, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Rows (components/item.html) of the items that share most concepts with ``page``, then countries, newest first."""
    concepts = [row.concept_id for row in page.item_concepts.all()]
    if not concepts:
        return []
    user = getattr(context.get("request"), "user", None)
    # The ranks of all, then the rows of a few: ranking whole rows takes five times as long.
    ranked = (
        KnowledgeItem.objects.visible_to(user)
        .filter(item_concepts__concept__in=concepts)
        .exclude(pk=page.pk)
        .values("pk")
        .annotate(
            shared=Count("pk"), near=Exists(Place.objects.filter(page=OuterRef("pk"), country__in=page.country_codes))
        )
        .order_by("-shared", "-near", "-first_published_at", "pk")
        .values_list("pk", flat=True)
    )
    ids = list(ranked[:limit])
    items = specific_items(ids, user)
    return presentation.rows(items[pk] for pk in ids if pk in items)
