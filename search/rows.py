"""From what the engine found to what a list shows: checked once more against the database, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from experiences.models import Experience, Study
from knowledge import presentation
from knowledge.models import ItemFile, KnowledgeItem
from portal import languages
from portal.models import File
from portal.templatetags.portal_tags import file_size
from search.documents import publication, publication_of
from search.engines.base import Hit, Passage, Query
from search.highlighting import Highlighter
from search.indexing import pending_among

EXTRACT = 280
FILES_SHOWN = 3
# The types of items, as rows that hang on an item's own.
TYPES = {"experience": Experience, "study": Study}
# Of each: what a row shows, and the publication of which passages must tell.
READ = (*presentation.READ, "live_revision")


def visible_items(user: Any) -> QuerySet[KnowledgeItem]:
    """The items that ``user`` may see, with what their type adds, as lists need them: never save what it returns.

    `of_its_type` unwraps them without a query.
    """
    own = (f"{name}__{field}" for name, model in TYPES.items() for field in (*READ, *model.LISTED))
    return KnowledgeItem.objects.visible_to(user).select_related(*TYPES).only(*READ, *own)


def of_its_type(item: KnowledgeItem) -> KnowledgeItem:
    """An item of `visible_items` as the experience or study that it is."""
    return next((found for name in TYPES if (found := getattr(item, name, None))), item)


def specific_items(ids: Iterable[int], user: Any) -> dict[int, KnowledgeItem]:
    """Items by id, each of its own type, as far as ``user`` may see them: one query."""
    return {item.pk: of_its_type(item) for item in visible_items(user).filter(pk__in=set(ids)).order_by()}


def newest_items(user: Any, limit: int) -> list[KnowledgeItem]:
    """The items published last that ``user`` may see. Ids are sorted first: whole rows would take much longer."""
    order = ("-first_published_at", "-pk")
    newest = KnowledgeItem.objects.visible_to(user).order_by(*order).values("pk")[:limit]
    return [of_its_type(item) for item in visible_items(user).filter(pk__in=newest).order_by(*order)]


def rows(hits: Iterable[Hit], query: Query, user: Any) -> list[dict[str, Any]]:
    """What components/item.html shows of the hits that ``user`` may see, in their order."""
    hits = list(hits)
    items = specific_items((int(hit.id) for hit in hits if hit.id.isdecimal()), user)
    shown = [(hit, items[int(hit.id)]) for hit in hits if int(hit.id) in items]
    files = Prefetch("files", ItemFile.objects.select_related("file").defer("file__text"))
    prefetch_related_objects([item for _hit, item in shown], "places", files)
    pending = pending_among([hit.id for hit in hits]) if any(hit.passages for hit in hits) else frozenset()
    highlighter = Highlighter(query)
    return [_row(hit, item, shown[0][1], highlighter, trusted=_is_of_now(hit, item, pending)) for hit, item in shown]


def _is_of_now(hit: Hit, item: KnowledgeItem, pending: frozenset[str]) -> bool:
    """Whether the index speaks of what is public now: the same publication, and nothing that changed since."""
    return hit.id not in pending and publication_of(hit.version) == publication(item)


def _row(
    hit: Hit, item: KnowledgeItem, first: KnowledgeItem, highlighter: Highlighter, *, trusted: bool
) -> dict[str, Any]:
    row = presentation.row(item, first)
    language = row["language"]
    passage = next((p for p in hit.passages if trusted and _is_public(p, item, language)), None)
    row["title"] = _marked(highlighter, row["title"], language)
    row["extract"] = _marked(highlighter, _shortened(row["extract"]), language)
    if passage:
        row["extract"] = mark_safe(passage.html)  # noqa: S308  (escaped by the engine, see Passage)
        if passage.language != language:
            row["extract"] = format_html('<span lang="{}">{}</span>', passage.language, row["extract"])
    files = [link.file for link in item.files.all()]
    row["notes"] = [*row["notes"], *map(_file_note, files[:FILES_SHOWN])]
    if passage and passage.field == "files":
        row["notes"].append(_("extrait d’un fichier"))
    return row


def _is_public(passage: Passage, item: KnowledgeItem, shown: str) -> bool:
    """Whether the passage may be shown, by the row of the database, and says more than the title above it."""
    if passage.field == "files":
        return any(link.file.language == passage.language for link in item.files.all())
    if passage.field == "title" and passage.language == shown:
        return False
    public = item.whole_languages if passage.field == "body" else item.public_languages
    return passage.language in public


def _shortened(text: str) -> str:
    """The beginning of a text, in whole words."""
    return text if len(text) <= EXTRACT else f"{text[:EXTRACT].rsplit(' ', 1)[0]} …"


def _marked(highlighter: Highlighter, text: str, language: str) -> str:
    html = highlighter.mark(text, language)
    return mark_safe(html) if html else text  # noqa: S308  (escaped by the highlighter)


def _file_note(file: File) -> str:
    return f"{file.format}, {languages.name_in(file.language)}, {file_size(file.file_size)}"
