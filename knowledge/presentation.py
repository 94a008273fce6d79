"""How an item of knowledge is told to a reader: its row in a list, its record's rows in few queries, its lineage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from knowledge import vocabularies
from knowledge.models import Contributor, ItemConcept, ItemFile, ItemLink, ItemOrganisation, KnowledgeItem
from portal.models import PortalPage

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
# Links to what comes after the item that holds them; all others point back to what it was made from.
FORWARD_LINKS = frozenset({"raises"})
# The reference texts of the licences, by their code.
LICENCE_ADDRESSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def quarter(item: KnowledgeItem) -> int:
    """Return the quarter of the cycle (1-4) in which an item stands."""
    return QUARTERS[item.PHASE]


def years_text(first: int | None, last: int | None) -> str:
    """Return the years of an item for a reader; empty where unknown."""
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return _("à partir de %(year)d") % {"year": first}
    return _("jusqu’en %(year)d") % {"year": last} if last else ""


def row(item: KnowledgeItem) -> dict[str, Any]:
    """Return what components/item.html shows of an item. Call `prefetch_rows` first for a list."""
    text = item.summary_for_visitor
    return {
        "url": item.url,
        "title": text.title,
        "language": text.language,
        "extract": text.summary,
        "phase": quarter(item),
        "type": item.kind_label,
        "places": item.country_names,
        "years": years_text(*item.years),
        "whole_in": item.whole_languages,
        "notes": [item.depth_label] if item.depth_label else [],
    }


def rows(items: Iterable[KnowledgeItem]) -> list[dict[str, Any]]:
    """Return the rows of a list of items, with one query more than the items themselves."""
    items = list(items)
    prefetch_related_objects(items, "places")
    return [row(item) for item in items]


def prefetch_record(item: KnowledgeItem) -> None:
    """Read the rows that all types share, each table once with what it points to."""
    prefetch_related_objects(
        [item],
        "places",
        "choices",
        Prefetch("item_concepts", ItemConcept.objects.select_related("concept")),
        Prefetch("contributors", Contributor.objects.select_related("person")),
        Prefetch("organisations", ItemOrganisation.objects.select_related("organisation")),
        Prefetch("files", ItemFile.objects.select_related("file")),
    )


def licence_address(item: KnowledgeItem) -> str:
    """Return where the text of an item's licence stands; empty where all rights are reserved."""
    return LICENCE_ADDRESSES.get(item.licence, "")


def authors(item: KnowledgeItem) -> list[str]:
    """Return the names under which an item is cited: its authors, or else those who compiled it."""
    people = list(item.contributors.all())
    for role in ("author", "compiler"):
        if names := [row.person.name for row in people if row.role == role]:
            return names
    return []


def lineage(item: KnowledgeItem, user) -> dict[str, list[dict[str, Any]]]:
    """Return what an item comes from and what came of it, as `user` may see it: {"before": […], "after": […]}."""
    links = list(ItemLink.objects.filter(Q(page=item.pk) | Q(target=item.pk)).order_by("sort_order", "pk"))
    ids = {pk for link in links for pk in (link.page_id, link.target_id)} - {item.pk}
    pages = {page.pk: page for page in PortalPage.objects.visible_to(user).filter(pk__in=ids).specific()} if ids else {}
    found: dict[str, list[dict[str, Any]]] = {"before": [], "after": []}
    for link in links:
        own = link.page_id == item.pk
        if other := pages.get(link.target_id if own else link.page_id):
            side = "after" if own == (link.link_type in FORWARD_LINKS) else "before"
            found[side].append(lineage_row(other, link.link_type, own=own))
    return found


def lineage_row(page: PortalPage, link_type: str, *, own: bool) -> dict[str, Any]:
    """Return one row of a lineage: the other page and, in words, how the link reads from where the reader stands."""
    text, verb = page.summary_for_visitor, vocabularies.label("link_type", link_type)
    item = page if isinstance(page, KnowledgeItem) else None
    return {
        "url": page.url,
        "title": text.title,
        "language": text.language,
        "type": item.kind_label if item else "",
        "phase": quarter(item) if item else 1,
        "year": years_text(*item.years) if item else "",
        "lead": _("Cette fiche %(verb)s :") % {"verb": verb} if own else "",
        "relation": "" if own else _("%(verb)s cette fiche") % {"verb": verb},
    }
