"""How an item of knowledge is told to a reader: its row in a list, its place in a lineage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from knowledge.items import Relative
from knowledge.models import KnowledgeItem, Place
from portal import countries
from portal.languages import LANGUAGES

# The seven phases of the work, as the four quarters of the cycle that readers see.
QUARTERS = {
    "identification": 1,
    "capitalisation": 1,
    "conceptual": 1,
    "research": 2,
    "experimentation": 2,
    "sharing": 3,
    "feedback": 4,
}


# The fields that `row` reads of an item, with those that feeds and orders want; types add their own. A list that reads all of
# them, the long texts in every language among them, spends most of its time on that.
READ = (
    *("content_type", "url_path", "reference", "draft_title", "original_language"),
    *("first_published_at", "last_published_at"),
    *(f"{name}_{code}" for name in ("title", "summary", "language_state") for code in LANGUAGES),
)


def quarter(item: KnowledgeItem) -> int:
    """Return the quarter of the cycle (1-4) in which an item stands."""
    return QUARTERS[item.specific_class.PHASE]


def years_text(first: int | None, last: int | None) -> str:
    """Return the years of an item for a reader; empty where unknown."""
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return _("à partir de %(year)d") % {"year": first}
    return _("jusqu’en %(year)d") % {"year": last} if last else ""


def areas(places: Iterable[Place]) -> list[str]:
    """Return the areas of places that are known and not the country itself, by whatever name of it they were noted."""
    whole = {
        code: {countries.name(code, language) for language in LANGUAGES} for code in {one.country for one in places}
    }
    return [place.area for place in places if place.area and place.area not in whole[place.country]]


def country_codes(items: Iterable[KnowledgeItem]) -> dict[int, list[str]]:
    """Return the countries of each item, each once, in the editors' order: one query, and no object per place."""
    codes: dict[int, list[str]] = {item.pk: [] for item in items}
    for page, code in Place.objects.filter(page__in=list(codes)).values_list("page_id", "country"):
        if code not in codes[page]:
            codes[page].append(code)
    return codes


def row(item: KnowledgeItem, beside: KnowledgeItem | None = None, codes: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what components/item.html shows of an item.

    In a list (see `rows`), `beside` is its first item, and `codes` are the countries of this one.
    """
    text = item.summary_for_visitor
    return {
        "url": item.url_beside(beside or item),
        "title": text.title,
        "language": text.language,
        "extract": text.summary,
        "phase": quarter(item),
        "type": item.kind_label,
        "places": item.country_names if codes is None else [countries.name(code) for code in codes],
        "years": years_text(*item.years),
        "whole_in": item.whole_languages,
        "notes": [item.depth_label] if item.depth_label else [],
    }


def rows(items: Iterable[KnowledgeItem]) -> list[dict[str, Any]]:
    """Return the rows of a list of items, with one query more than the items themselves."""
    items = list(items)
    codes = country_codes(items)
    return [row(item, items[0], codes[item.pk]) for item in items]


def lineage_row(relative: Relative, *, before: bool) -> dict[str, Any]:
    """Return one row of a lineage: the other item, and in words how the link reads from where the reader stands."""
    text, verb = relative.page.summary_for_visitor, {"verb": relative.label}
    return {
        "url": relative.page.url,
        "title": text.title,
        "language": text.language,
        "type": relative.page.page_type_display_name,
        "phase": quarter(relative.page),
        "lead": _("Cette fiche %(verb)s :") % verb if before else "",
        "relation": "" if before else _("%(verb)s cette fiche") % verb,
    }
