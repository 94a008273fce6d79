"""From what the engine found to what a list shows: checked once more against the database, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.base import ModelState
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from experiences.models import Experience, Study
from knowledge import presentation
from knowledge.models import ItemFile, KnowledgeItem
from portal import languages
from portal.files.models import format_of
from portal.templatetags.portal_tags import file_size
from search.documents import publication, publication_of
from search.engines.base import Hit, Passage, Query
from search.highlighting import Highlighter
from search.indexing import pending_among

EXTRACT = 280
FILES_SHOWN = 3
# The types of items, as rows that hang on an item's own.
TYPES: dict[str, type[KnowledgeItem]] = {"experience": Experience, "study": Study}
# Of each: what a row shows, and the publication of which passages must tell.
READ = (*presentation.READ, "live_revision")


class _File(NamedTuple):
    """What a row tells of a file."""

    name: str
    language: str
    size: int | None


@cache
def _columns(name: str) -> dict[str, str]:
    """Of what lists show of a type, in the model's own order: the field, and where it is found from an item's row."""
    model = TYPES[name]
    wanted = {"id", "portalpage_ptr", "knowledgeitem_ptr", *READ, *model.LISTED}
    own = set(model._meta.local_concrete_fields)
    fields = [field for field in model._meta.concrete_fields if field.name in wanted]
    return {field.attname: f"{name}__{field.attname}" if field in own else field.attname for field in fields}


@cache
def _values() -> Any:
    """All items, to be narrowed: plain values of what lists show. Naming forty columns takes as long as reading ten rows."""
    return KnowledgeItem.objects.values(*dict.fromkeys(path for name in TYPES for path in _columns(name).values()))


def _read(found: QuerySet[KnowledgeItem, dict[str, Any]]) -> list[KnowledgeItem]:
    """The items of ``found``, a part of `_values`, each of its own type: one query. Never save one.

    One object is made of the values: joined models would be two, and take twice as long.
    """
    items = []
    for values in found:
        for name, model in TYPES.items():
            if values[f"{name}__knowledgeitem_ptr_id"]:
                items.append(_made(model, found.db, {column: values[path] for column, path in _columns(name).items()}))
    return items


def _made(model: type[KnowledgeItem], database: str, values: dict[str, Any]) -> KnowledgeItem:
    """An object of what was read, as `Model.from_db` makes it: the constructors prepare what is to be changed, and take long."""
    item = model.__new__(model)
    item._state = ModelState()
    item._state.adding, item._state.db = False, database
    item.__dict__.update(values)
    return item


def specific_items(ids: Iterable[int], user: Any) -> dict[int, KnowledgeItem]:
    """Items by id, each of its own type, as far as ``user`` may see them: one query."""
    return {item.pk: item for item in _read(_values().visible_to(user).filter(pk__in=set(ids)).order_by())}


def newest_items(user: Any, limit: int) -> list[KnowledgeItem]:
    """The items published last that ``user`` may see. Ids are sorted first: whole rows would take much longer."""
    order = ("-first_published_at", "-pk")
    newest = KnowledgeItem.objects.visible_to(user).order_by(*order).values("pk")[:limit]
    return _read(_values().filter(pk__in=newest).order_by(*order))


def rows(hits: Iterable[Hit], query: Query, user: Any) -> list[dict[str, Any]]:
    """What components/item.html shows of the hits that ``user`` may see, in their order."""
    hits = list(hits)
    items = specific_items((int(hit.id) for hit in hits), user)
    shown = [(hit, items[int(hit.id)]) for hit in hits if int(hit.id) in items]
    codes, files = presentation.country_codes(items.values()), _files(items)
    pending = pending_among([hit.id for hit in hits]) if any(hit.passage for hit in hits) else frozenset()
    highlighter = Highlighter(query)
    found = []
    for hit, item in shown:
        row = presentation.row(item, shown[0][1], codes[item.pk])
        passage = hit.passage if _is_of_now(hit, item, pending) else None
        if passage and not _is_public(passage, item, files[item.pk], row["language"]):
            passage = None
        found.append(_completed(row, files[item.pk], passage, highlighter))
    return found


def _files(items: Iterable[int]) -> dict[int, list[_File]]:
    """The files of each item, in the editors' order, with what a row tells of them: one query."""
    files: dict[int, list[_File]] = {pk: [] for pk in items}
    read = ("file__file", "file__language", "file__file_size")
    for page, *values in ItemFile.objects.filter(page__in=list(files)).values_list("page_id", *read):
        files[page].append(_File(*values))
    return files


def _is_of_now(hit: Hit, item: KnowledgeItem, pending: frozenset[str]) -> bool:
    """Whether the index speaks of what is public now: the same publication, and nothing that changed since."""
    return hit.id not in pending and publication_of(hit.version) == publication(item)


def _completed(
    row: dict[str, Any], files: list[_File], passage: Passage | None, highlighter: Highlighter
) -> dict[str, Any]:
    """The row of an item as the one of a hit: what was asked is marked, a passage instead of the summary, files."""
    language = row["language"]
    row["title"] = _marked(highlighter, row["title"], language)
    if passage is None:
        row["extract"] = _marked(highlighter, _shortened(row["extract"]), language)
    else:
        row["extract"] = mark_safe(passage.html)  # noqa: S308  (escaped by the engine, see Passage)
        if passage.language != language:
            row["extract"] = format_html('<span lang="{}">{}</span>', passage.language, row["extract"])
    row["notes"] = [*row["notes"], *map(_file_note, files[:FILES_SHOWN])]
    if passage and passage.field == "files":
        row["notes"].append(_("extrait d’un fichier"))
    return row


def _is_public(passage: Passage, item: KnowledgeItem, files: list[_File], shown: str) -> bool:
    """Whether the passage may be shown, by the row of the database, and says more than the title above it."""
    if passage.field == "files":
        return any(file.language == passage.language for file in files)
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


def _file_note(file: _File) -> str:
    return f"{format_of(file.name)}, {languages.name_in(file.language)}, {file_size(file.size)}"
