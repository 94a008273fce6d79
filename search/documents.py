"""From an object of the portal to the document that is indexed: public languages only, from the live row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from html import unescape
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from wagtail.blocks import StreamValue

from experiences.models import Experience, Study
from knowledge import vocabularies
from knowledge.models import Concept, Contributor, ItemConcept, ItemFile, ItemOrganisation, KnowledgeItem
from portal import countries
from portal.languages import child_relations, text_fields
from search.engines.base import PUBLIC, Document, Texts

BATCH = 200

#: The date of what has none: last in every list by date.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)

#: Fields that have a place of their own in a document, or none.
APART = frozenset({"title", "summary", "seo_title", "search_description"})


@dataclass(frozen=True, slots=True)
class Source:
    """A model whose objects are found: which of them are public, and the document that stands for one."""

    visible: Callable[[], models.QuerySet]
    document: Callable[[Any], Document]


#: Where documents come from. A further model registers here; its ids must differ from those of pages.
SOURCES: dict[type[models.Model], Source] = {}


def register(model: type[models.Model], source: Source) -> None:
    """Have the objects of ``model`` indexed."""
    SOURCES[model] = source


def audience_of(user: Any) -> frozenset[str]:
    """The permission terms of a person: the same rule as ``visible_to``, as the index knows it."""
    return frozenset({PUBLIC})


def all_documents() -> Iterator[Document]:
    """Every document of the portal, in small batches so that no long transaction is held."""
    for source in SOURCES.values():
        last = 0
        while rows := list(source.visible().filter(pk__gt=last).order_by("pk")[:BATCH]):
            yield from (source.document(row) for row in rows)
            last = rows[-1].pk


def documents_of(ids: Iterable[str]) -> list[Document]:
    """The documents of those ``ids`` whose objects are public now."""
    keys = [int(identifier) for identifier in ids if identifier.isdecimal() and len(identifier) < 19]
    return [source.document(row) for source in SOURCES.values() for row in source.visible().filter(pk__in=keys)]


def item_document(item: KnowledgeItem) -> Document:
    """The document of an item of knowledge."""
    parts = _Parts(item)
    texts = {language: parts.texts(language) for language in item.public_languages}
    for file in parts.files:
        known = texts.get(file.language, Texts())
        texts[file.language] = replace(known, files=f"{known.files}\n{file.title}\n{file.text}".strip())
    first, last = item.years
    status = getattr(item, "scheme_status", "")
    if last is None and status == "ended":
        last = first
    document = Document(
        id=str(item.pk),
        kind=item.kind,
        version="",
        date=item.first_published_at or item.last_published_at or item.latest_revision_created_at or UNDATED,
        languages=tuple(item.whole_languages),
        texts=texts,
        facets={
            "country": tuple(parts.countries),
            "modality": tuple(parts.modalities),
            "theme": tuple(parts.themes()),
            "status": (status,) if status else (),
        },
        first_year=first,
        last_year=last,
    )
    return replace(document, version=_version(document))


class _Parts:
    """An item's child rows, each table read once however many languages there are."""

    def __init__(self, item: KnowledgeItem) -> None:
        self.item = item
        self.whole = frozenset(item.whole_languages)
        self.rows = [row for relation in _text_relations(type(item)) for row in getattr(item, relation).all()]
        self.files = [row.file for row in item.files.all()]
        self.concepts = item.concepts
        self.countries = item.country_codes
        self.areas = [place.area for place in item.places.all() if place.area]
        self.modalities = item.codes("extension_modality")
        self.names = [row.organisation.name for row in item.organisations.all()]
        self.names += [row.person.name for row in item.contributors.all()]

    def texts(self, language: str) -> Texts:
        """The public texts of one language."""
        rows = [self.item, *self.rows] if language in self.whole else []
        return Texts(
            title=getattr(self.item, f"title_{language}") or "",
            summary=getattr(self.item, f"summary_{language}") or "",
            body="\n".join(text for row in rows for text in _values(row, language)),
            keywords=" · ".join(filter(None, self._keywords(language))),
        )

    def themes(self) -> dict[str, None]:
        """The item's concepts, each with those above it: who chooses a concept finds what is narrower."""
        slugs: dict[str, None] = {}
        for concept in self.concepts:
            above: Concept | None = concept
            while above is not None and above.slug not in slugs:
                slugs[above.slug] = None
                above = above.broader
        return slugs

    def _keywords(self, language: str) -> Iterator[str]:
        """Facts that are no text of the item but by which people look for it."""
        yield from (self.item.reference or "", getattr(self.item, "local_name", ""), getattr(self.item, "acronym", ""))
        yield from (countries.name(code, language) for code in self.countries)
        yield from self.areas
        yield from (getattr(concept, f"label_{language}") for concept in self.concepts)
        yield from (vocabularies.label("extension_modality", code, language) for code in self.modalities)
        yield from self.names


def _values(row: models.Model, language: str) -> Iterator[str]:
    for name in _text_names(type(row)):
        value = getattr(row, f"{name}_{language}")
        if isinstance(value, StreamValue):
            yield from (_plain(str(text)) for text in value.stream_block.get_searchable_content(value))
        elif value:
            yield _plain(value)


@cache
def _text_names(model: type[models.Model]) -> tuple[str, ...]:
    """In the order of the model: the same text must give the same version in every process."""
    texts = set(text_fields(model)) - APART
    return tuple(field.name for field in model._meta.concrete_fields if field.name in texts)


@cache
def _text_relations(model: type[models.Model]) -> tuple[str, ...]:
    """Child tables that hold translated texts."""
    relations = child_relations(model)
    return tuple(name for name in relations if _text_names(model._meta.get_field(name).related_model))


def _plain(text: str) -> str:
    """Text without markup, words of neighbouring paragraphs kept apart."""
    if "<" not in text and "&" not in text:
        return text
    return unescape(strip_tags(text.replace("</", " </").replace("<br", " <br"))).strip()


def _version(document: Document) -> str:
    texts = {language: [t.title, t.summary, t.body, t.files, t.keywords] for language, t in document.texts.items()}
    facets = {name: sorted(values) for name, values in document.facets.items()}
    rest = [document.kind, document.date.isoformat(), document.languages, document.first_year, document.last_year]
    content = json.dumps([texts, facets, rest, sorted(document.audience)], sort_keys=True, ensure_ascii=False)
    return blake2b(content.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _items(model: type[KnowledgeItem]) -> Callable[[], models.QuerySet]:
    own = [
        models.Prefetch("item_concepts", ItemConcept.objects.select_related("concept" + "__broader" * 4)),
        models.Prefetch("organisations", ItemOrganisation.objects.select_related("organisation")),
        models.Prefetch("contributors", Contributor.objects.select_related("person")),
        models.Prefetch("files", ItemFile.objects.select_related("file")),
    ]

    def visible() -> models.QuerySet:
        return model.objects.visible_to(None).prefetch_related(*own, "places", "choices", *_text_relations(model))

    return visible


for _model in (Experience, Study):
    register(_model, Source(_items(_model), item_document))
