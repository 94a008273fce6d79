"""The files of the Tantivy index: its schema, its folders, and the pointer that says which one is in use.

::

    <SEARCH_PATH>/current            name of the folder in use, replaced atomically
    <SEARCH_PATH>/<schema>.<stamp>/  one index; the one before is kept for readers that have it open

A changed schema gets another name, so an index of an older portal is seen as such, never misread.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import TextAnalyzerBuilder, Tokenizer

from search.analysis import analyzer, prepare, variants
from search.engines.base import (
    FACETS,
    GOING_ON,
    MAX_FACET_VALUE,
    PUBLIC,
    Document,
    EngineUnavailable,
    kept,
    names_in,
)

#: Raise it whenever the schema or the analysis changes, or how the thesaurus is found in texts.
SCHEMA_VERSION = 7

#: What stands beside the permission terms of a document that is not public.
NOT_PUBLIC = "-public"

#: What facets' terms of public documents begin with, and those of others: visitors' facets are counted without a permission.
OPEN, CLOSED = "+", "-"


def facet_term(mark: str, name: str, value: str = "") -> str:
    """A value of a facet as the index holds it; without one, what all terms of the facet begin with."""
    return f"{mark}{name}\t{value[:MAX_FACET_VALUE]}"


def facet_value(term: str) -> tuple[str, str]:
    """The name of a facet and its value, from a term of :func:`facet_term`, whatever its mark."""
    name, _tab, value = term[1:].partition("\t")
    return name, value


def build_schema(languages: tuple[str, ...]) -> tantivy.Schema:
    """Per language: ``s`` stems, ``x`` exact words, ``f`` stems of the files; ``named`` concepts. Only ``s`` knows neighbours."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "stamp", "audience", "written", "facet"):
        builder.add_text_field(name, stored=name == "id", tokenizer_name="raw", index_option="basic")
    for name in ("first_year", "last_year", "date"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_text_field("named", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("source", stored=True)
    for language in languages:
        builder.add_text_field(f"s_{language}", tokenizer_name=f"s_{language}")
        builder.add_text_field(f"f_{language}", tokenizer_name=f"s_{language}", index_option="freq")
        builder.add_text_field(f"x_{language}", tokenizer_name=f"x_{language}", index_option="freq")
    return builder.build()


def register_analyzers(index: tantivy.Index, languages: tuple[str, ...]) -> None:
    """Analyzers are not kept in the index: every opening needs them again."""
    index.register_tokenizer("whitespace", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    for language in languages:
        index.register_tokenizer(f"s_{language}", analyzer(language))
        index.register_tokenizer(f"x_{language}", analyzer(language, stem=False))


def to_tantivy(document: Document, languages: tuple[str, ...]) -> tantivy.Document:
    """The document as the index holds it; the title counts twice."""
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_text("stamp", f"{document.id}\t{document.version}")
    public = PUBLIC in document.audience
    for term in sorted(document.audience if public else document.audience | {NOT_PUBLIC}):
        made.add_text("audience", term)
    for name in FACETS:
        for value in document.facet(name):
            made.add_text("facet", facet_term(OPEN if public else CLOSED, name, value))
    made.add_integer("date", int(document.date.timestamp()))
    first, last = document.first_year, document.last_year
    known = [year for year in (first, last) if year is not None]
    if known:
        made.add_integer("first_year", known[0])
        made.add_integer("last_year", GOING_ON if last is None else last)
    made.add_text("named", names_in(document, languages))
    for language, texts in document.texts.items():
        if language not in languages:
            continue
        made.add_text("written", language)
        title = prepare(texts.title)
        for text in (title, title, *map(prepare, (texts.summary, texts.body, texts.keywords))):
            made.add_text(f"s_{language}", text)
            made.add_text(f"x_{language}", text)
        whole = f"{title} {title} {texts.summary} {texts.body} {texts.keywords}"
        made.add_text(f"s_{language}", variants(whole, language))
        made.add_text(f"f_{language}", prepare(texts.files))
        made.add_text(f"f_{language}", variants(texts.files, language))
    source = Source(document.kind, document.version, kept(document, languages))
    made.add_bytes("source", json.dumps(source, ensure_ascii=False).encode())
    return made


class Source(NamedTuple):
    """What a document is read from: its kind, its version, and the texts from which passages are cut."""

    kind: str
    version: str
    texts: dict[str, dict[str, str]]


def from_source(stored: tantivy.Document) -> Source:
    """The source of a stored document."""
    return Source(*json.loads(bytes(stored["source"][0])))


class Folders:
    """The folders of one portal's index."""

    def __init__(self, path: Path, languages: tuple[str, ...]) -> None:
        self.path = path
        self.prefix = f"v{SCHEMA_VERSION}-{'-'.join(languages)}."
        self._pointer = path / "current"
        self._seen: tuple[tuple[int, ...], Path] = ((), path)

    def current(self) -> Path:
        """The folder in use, or EngineUnavailable with the reason why there is none."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise EngineUnavailable("missing") from error
        except (OSError, UnicodeDecodeError) as error:
            raise EngineUnavailable("damaged", "pointer") from error
        if not name or Path(name).name != name:
            raise EngineUnavailable("damaged", "pointer")
        if not name.startswith(self.prefix):
            raise EngineUnavailable("outdated")
        if not (self.path / name).is_dir():
            raise EngineUnavailable("missing")
        return self.path / name

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever another folder or another commit is to be read; cheap enough for every search."""
        pointer = self._stat(self._pointer)
        if pointer != self._seen[0]:
            self._seen = (pointer, self.current() / "meta.json")
        return (*pointer, *self._stat(self._seen[1]))

    def create(self) -> Path:
        """An empty folder beside the one in use."""
        folder = self.path / f"{self.prefix}{time.time_ns():x}"
        folder.mkdir(parents=True)
        return folder

    def swap(self, folder: Path) -> None:
        """Point to ``folder`` and drop all others but the one before."""
        before = None
        with contextlib.suppress(EngineUnavailable):
            before = self.current()
        temporary = self.path / "current.new"
        with temporary.open("w", encoding="utf-8") as handle:
            handle.write(folder.name)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(self._pointer)
        for other in self.path.iterdir():
            if other.is_dir() and other not in (folder, before):
                shutil.rmtree(other, ignore_errors=True)

    def give_up(self, folder: Path) -> None:
        """Drop a folder that was not filled, unless the swap was done already."""
        with contextlib.suppress(EngineUnavailable):
            if self.current() == folder:
                return
        shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def rebuild_lock(self) -> Iterator[None]:
        """One rebuild at a time; the lock ends with its process."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "rebuild.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise EngineUnavailable("busy", "another rebuild is running") from error
            yield

    def _stat(self, path: Path) -> tuple[int, int, int]:
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            self.current()  # may know better why
            raise EngineUnavailable("damaged", path.name) from error
        return (status.st_mtime_ns, status.st_ino, status.st_size)
