"""What templates ask about items of knowledge."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from django import template
from django.utils.html import json_script
from django.utils.safestring import mark_safe

from knowledge import charts, citations, presentation, vocabularies
from knowledge.items import Relative
from knowledge.models import KnowledgeItem, Place

register = template.Library()


@register.filter
def labels(item: KnowledgeItem, vocabulary: str) -> list[str]:
    """Return the choices made from a vocabulary, in the visitor's language."""
    return item.labels(vocabulary)


@register.filter
def organisations(item: KnowledgeItem, role: str) -> list[str]:
    """Return the organisations that have a role in an item."""
    return [str(row.organisation) for row in item.organisations.all() if row.role == role]


@register.filter
def areas(places: list[Place]) -> str:
    """Return the areas of places of one country that are known and not the country itself, as one text."""
    return ", ".join(presentation.areas(places))


@register.filter
def as_rows(items: list[KnowledgeItem]) -> list[dict[str, Any]]:
    """Return what components/item.html shows of items."""
    return presentation.rows(items)


@register.filter
def phase(item: KnowledgeItem) -> int:
    """Return the quarter of the cycle (1-4) in which an item stands."""
    return presentation.quarter(item)


@register.filter
def years(item: KnowledgeItem) -> str:
    """Return the years of an item for a reader."""
    return presentation.years_text(*item.years)


@register.filter
def authors(item: KnowledgeItem) -> list[str]:
    """Return the names under which an item is cited."""
    return citations.authors(item)


@register.filter
def citation(item: KnowledgeItem) -> citations.Citation:
    """Return how an item is cited, in the language in which the visitor reads it."""
    return citations.citation(item)


@register.filter
def linked_data(item: KnowledgeItem) -> str:
    """Return the script element in which search engines read what an item is (JSON-LD): data, which no browser runs."""
    script = json_script(citations.linked_data(item, citations.citation(item)))
    return mark_safe(script.replace("application/json", "application/ld+json", 1))  # noqa: S308  (escaped by json_script)


@register.filter
def lineage_before(relatives: list[Relative]) -> list[dict[str, Any]]:
    """Return the rows of components/lineage.html for what an item comes from."""
    return [presentation.lineage_row(relative, before=True) for relative in relatives]


@register.filter
def lineage_after(relatives: list[Relative]) -> list[dict[str, Any]]:
    """Return the rows of components/lineage.html for what came of an item."""
    return [presentation.lineage_row(relative, before=False) for relative in relatives]


@register.filter
def line_chart(rows: list[Any]) -> charts.LineChart | None:
    """Return the chart of rows that have a year and a value; None where they make no line."""
    return charts.line_chart([(row.year, row.value) for row in rows])


@register.filter
def steps(code: str, vocabulary: str) -> list[bool]:
    """Return one truth per step above the lowest code of an ordered vocabulary: reached or not; empty where unknown."""
    order = vocabularies.codes(vocabulary)
    return [number <= order.index(code) for number in range(1, len(order))] if code in order else []


@register.filter
@lru_cache(maxsize=500)
def qr(address: str) -> str:
    """Return the QR code of an address as an SVG that inherits its size and colour."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=0))  # noqa: S308  (drawn, not typed)
