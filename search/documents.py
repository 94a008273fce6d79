"""From an object of the portal to the document that is indexed: public languages only, from the live row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from django.db import DatabaseError, models

from experiences.models import Experience, Study
from knowledge.models import KnowledgeItem
from search.engines.base import PUBLIC, Document, Texts
from search.parts import Hanging, Parts

BATCH = 500

#: The date of what has none: last in every list by date.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """A model whose objects are found: which of them are public, and the document that stands for one.

    ``read`` is called before with many of them, to read at once what their documents need.
    """

    visible: Callable[[], models.QuerySet]
    document: Callable[[Any], Document]
    read: Callable[[list[Any]], None] = lambda rows: None


#: Ids of documents that could not be made, and why.
Broken = dict[str, str]

#: Where documents come from. A further model registers here; its ids must differ from those of pages.
SOURCES: dict[type[models.Model], Source] = {}


def register(model: type[models.Model], source: Source) -> None:
    """Have the objects of ``model`` indexed."""
    SOURCES[model] = source


def audience_of(user: Any) -> frozenset[str]:
    """The permission terms of a person: the same rule as ``visible_to``, as the index knows it."""
    return frozenset({PUBLIC})


def all_documents(broken: Broken) -> Iterator[Document]:
    """Every document of the portal, in small batches so that no long transaction is held."""
    for source in SOURCES.values():
        keys = source.visible().order_by("pk").values_list("pk", flat=True)
        last = 0
        while batch := list(keys.filter(pk__gt=last)[:BATCH]):
            yield from _made(source, batch, broken)
            last = batch[-1]


def documents_of(ids: Iterable[str], broken: Broken) -> list[Document]:
    """The documents of those ``ids`` whose objects are public now; why others could not be made is put into ``broken``."""
    keys = [int(identifier) for identifier in ids if identifier.isdecimal() and len(identifier) < 19]
    return [document for source in SOURCES.values() for document in _made(source, keys, broken)]


def _made(source: Source, keys: list[int], broken: Broken) -> Iterator[Document]:
    """The documents of the rows ``keys`` that are public; one that cannot be read or made stops no other."""
    try:
        rows = list(source.visible().filter(pk__in=keys).order_by("pk"))
        source.read(rows)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one row is to stop no other)
        if len(keys) == 1:
            broken[str(keys[0])] = reason_of(error)
            return
        for key in keys:
            yield from _made(source, [key], broken)
        return
    for row in rows:
        try:
            document = source.document(row)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  (the same)
            broken[str(row.pk)] = reason_of(error)
        else:
            yield document


def reason_of(error: Exception) -> str:
    """What was wrong with a document, in one line, for who mends it."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def publication_of(version: str) -> str:
    """The publication that a document with this version tells of, to be compared with :func:`publication`."""
    return version.partition("-")[0]


def publication(item: KnowledgeItem) -> str:
    """What changes whenever another text of an item is published or withdrawn."""
    return str(item.live_revision_id or 0)


def item_document(item: KnowledgeItem) -> Document:
    """The document of an item of knowledge."""
    hanging = getattr(item, "hanging", None) or Hanging(type(item), [item.pk])
    parts = Parts(item, hanging)
    texts = {language: parts.texts(language) for language in item.public_languages}
    for file in parts.files:
        known = texts.get(file.language, Texts())
        texts[file.language] = replace(known, files=f"{known.files}\n{file.title}\n{file.text}".strip())
    texts = {code: replace(text, named=hanging.thesaurus.named(text, code)) for code, text in texts.items()}
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
            "country": parts.countries,
            "modality": parts.modalities,
            "theme": parts.themes(),
            "status": (status,) if status else (),
        },
        first_year=first,
        last_year=last,
    )
    return replace(document, version=f"{publication(item)}-{_digest(document)}")


def _digest(document: Document) -> str:
    parts = [document.kind, document.date.isoformat(), repr((document.first_year, document.last_year))]
    for language, texts in sorted(document.texts.items()):
        parts += [language, texts.title, texts.summary, texts.body, texts.files, texts.keywords, *texts.named]
    for name, values in (*sorted(document.facets.items()), ("languages", document.languages)):
        parts += [name, *sorted(values)]
    content = "\x1f".join([*parts, *sorted(document.audience)])
    return blake2b(content.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _visible(model: type[KnowledgeItem]) -> Callable[[], models.QuerySet]:
    return lambda: model.objects.visible_to(None)


def _read_hanging(items: list[KnowledgeItem]) -> None:
    for model in {type(item) for item in items}:
        mine = [item for item in items if type(item) is model]
        hanging = Hanging(model, [item.pk for item in mine])
        for item in mine:
            item.hanging = hanging


for _model in (Experience, Study):
    register(_model, Source(_visible(_model), item_document, _read_hanging))
