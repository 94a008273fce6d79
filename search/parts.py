"""What a document says of an item beside its own row: texts and facts of the tables that hang on it.

Each table is read once for many items, as plain values: made into objects, one by one, they would take most of the time of a
rebuild.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any, NamedTuple

from django.db import models
from django.utils.html import strip_tags
from wagtail.blocks import StreamValue

from knowledge import vocabularies
from knowledge.models import (
    Concept,
    Contributor,
    ItemChoice,
    ItemConcept,
    ItemFile,
    ItemOrganisation,
    KnowledgeItem,
    Place,
)
from portal import countries
from portal.languages import LANGUAGES, child_relations, text_fields
from search.concepts import thesaurus
from search.engines.base import Texts

MODALITY = "extension_modality"

# What most markup is: removed by itself, as the parser of HTML is slow and returns at once where no tag is left.
_SIMPLE_TAG = re.compile(r"</?[a-z][a-z0-9]*/?>")

#: Fields that have a place of their own in a document, or none.
APART = frozenset({"title", "summary", "seo_title", "search_description"})


class FileText(NamedTuple):
    """What is searched of a file."""

    title: str
    language: str
    text: str


class Term(NamedTuple):
    """A concept of the thesaurus."""

    slug: str
    broader: int | None
    labels: dict[str, str | None]


class Hanging:
    """The rows that hang on items of one type, by the item's id."""

    def __init__(self, model: Any, ids: Iterable[int]) -> None:
        ids = list(ids)
        self.texts = [_texts(model, relation, ids) for relation in _text_relations(model)]
        self.places = _rows(Place, ids, "country", "area")
        self.choices = _rows(ItemChoice, ids, "vocabulary", "code")
        self.concepts = _rows(ItemConcept, ids, "concept_id")
        self.organisations = _rows(ItemOrganisation, ids, "organisation__name")
        self.people = _rows(Contributor, ids, "person__name")
        self.files = _rows(ItemFile, ids, "file__title", "file__language", "file__text")
        self.terms = _terms() if self.concepts else {}
        self.thesaurus = thesaurus()


class Parts:
    """What one item and the rows that hang on it say."""

    def __init__(self, item: KnowledgeItem, hanging: Hanging) -> None:
        self.item = item
        self.whole = frozenset(item.whole_languages)
        self.rows = [texts.get(item.pk, {}) for texts in hanging.texts]
        self.files = [FileText(*row) for row in hanging.files.get(item.pk, ())]
        places = hanging.places.get(item.pk, ())
        self.countries = tuple(dict.fromkeys(country for country, _area in places))
        self.areas = [area for _country, area in places if area]
        chosen = {code for vocabulary, code in hanging.choices.get(item.pk, ()) if vocabulary == MODALITY}
        self.modalities = tuple(code for code in vocabularies.codes(MODALITY) if code in chosen) if chosen else ()
        self.names = [name for rows in (hanging.organisations, hanging.people) for (name,) in rows.get(item.pk, ())]
        self._terms = hanging.terms
        self.concepts = [hanging.terms[key] for (key,) in hanging.concepts.get(item.pk, ())]

    def texts(self, language: str) -> Texts:
        """The public texts of one language."""
        body = [*_of_item(self.item, language)] if language in self.whole else []
        for rows in self.rows if language in self.whole else ():
            body += rows.get(language, ())
        return Texts(
            title=getattr(self.item, f"title_{language}") or "",
            summary=getattr(self.item, f"summary_{language}") or "",
            body="\n".join(body),
            keywords=" · ".join(filter(None, self._keywords(language))),
        )

    def themes(self) -> tuple[str, ...]:
        """The item's concepts, each with those above it: who chooses a concept finds what is narrower."""
        slugs: dict[str, None] = {}
        for concept in self.concepts:
            above: Term | None = concept
            while above is not None and above.slug not in slugs:
                slugs[above.slug] = None
                above = self._terms.get(above.broader) if above.broader else None
        return tuple(slugs)

    def _keywords(self, language: str) -> Iterator[str | None]:
        """Facts that are no text of the item but by which people look for it."""
        yield from (self.item.reference or "", getattr(self.item, "local_name", ""), getattr(self.item, "acronym", ""))
        yield from (name for code in self.countries for name in countries.called(code, language))
        yield from self.areas
        yield from (concept.labels[language] for concept in self.concepts)
        yield from (vocabularies.label(MODALITY, code, language) for code in self.modalities)
        yield from self.names


def _rows(model: type[models.Model], ids: list[int], *fields: str, key: str = "page_id") -> dict[int, list[list[Any]]]:
    """The values of ``fields`` of all rows that hang on ``ids``, in the editors' order."""
    order = [*(model._meta.ordering or ()), "pk"]
    found: dict[int, list[list[Any]]] = {}
    # No manager of ours: that of translated models makes two dictionaries of each row.
    rows: models.QuerySet = models.QuerySet(model).filter(**_among(key, ids)).order_by(*order)
    for page, *values in rows.values_list(key, *fields):
        found.setdefault(page, []).append(values)
    return found


def _among(key: str, ids: list[int]) -> dict[str, Any]:
    """The condition for rows of ``ids``: neighbours are named by their ends, as a long list costs more than the rows."""
    first, last = min(ids), max(ids)
    return {f"{key}__gte": first, f"{key}__lte": last} if last - first < 4 * len(ids) else {f"{key}__in": ids}


def _texts(model: type[KnowledgeItem], relation: str, ids: list[int]) -> dict[int, dict[str, list[str]]]:
    """The translated texts of one table: lists by item and language."""
    link: Any = model._meta.get_field(relation)
    names = _text_names(link.related_model)
    columns = [f"{name}_{code}" for code in LANGUAGES for name in names]
    found: dict[int, dict[str, list[str]]] = {}
    for page, rows in _rows(link.related_model, ids, *columns, key=link.field.attname).items():
        by_language = found[page] = {code: [] for code in LANGUAGES}
        for row in rows:
            for number, value in enumerate(row):
                if value:
                    by_language[LANGUAGES[number // len(names)]] += _plain_texts(value)
    return found


def _terms() -> dict[int, Term]:
    labels = [f"label_{code}" for code in LANGUAGES]
    rows = Concept._base_manager.values_list("pk", "slug", "broader_id", *labels)
    return {pk: Term(slug, broader, dict(zip(LANGUAGES, values, strict=True))) for pk, slug, broader, *values in rows}


def _of_item(item: KnowledgeItem, language: str) -> Iterator[str]:
    model: Any = type(item)
    for name in _text_names(model):
        if value := getattr(item, f"{name}_{language}"):
            yield from _plain_texts(value)


def _plain_texts(value: str | StreamValue) -> list[str]:
    if isinstance(value, StreamValue):
        return [_plain(str(text)) for text in value.stream_block.get_searchable_content(value)]
    return [_plain(value)]


@cache
def _text_names(model: Any) -> tuple[str, ...]:
    """In the order of the model: the same text must give the same version in every process."""
    texts = set(text_fields(model)) - APART
    return tuple(field.name for field in model._meta.concrete_fields if field.name in texts)


@cache
def _text_relations(model: Any) -> tuple[str, ...]:
    """Child tables that hold translated texts."""
    relations = child_relations(model)
    return tuple(name for name in relations if _text_names(model._meta.get_field(name).related_model))


def _plain(text: str) -> str:
    """Text without markup, words of neighbouring paragraphs kept apart."""
    if "<" not in text and "&" not in text:
        return text
    text = _SIMPLE_TAG.sub("", text.replace("</", " </").replace("<br", " <br"))
    return unescape(strip_tags(text)).strip()
