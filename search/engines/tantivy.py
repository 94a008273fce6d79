"""The engine without a server: Tantivy in the process that asks.

Only the drainer and a rebuild open the writer; all others read, and see a new commit at their next search because
the stamp of the files is compared before each one (a watching thread would not survive a fork).
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from search.analysis import normalise, prepare, tokens, word_forms
from search.engines.base import (
    FACET_VALUES,
    FACETS,
    MAX_HITS,
    MAX_WORDS,
    Candidate,
    Document,
    EngineUnavailable,
    FacetValue,
    Hit,
    Info,
    Query,
    Refused,
    Results,
    made,
)
from search.engines.tantivy_index import Folders, build_schema, facet_value, from_source, register_analyzers, to_tantivy
from search.engines.tantivy_query import Q, QueryBuilder, Reading, all_of, any_of, hidden_from, reading
from search.engines.tantivy_words import Vocabulary
from search.highlighting import Highlighter
from search.spelling import as_written

logger = logging.getLogger(__name__)

DRAINER_HEAP = 30_000_000
REBUILD_HEAP = 200_000_000

#: What the system says of a folder that may not be written, or of a full disk: no damage, and no reason to build anew.
NOT_WRITABLE = ("Permission denied", "Read-only file system", "No space left on device", "Disk quota exceeded")

#: Values of facets with their counts, by facet.
Facets = dict[str, tuple[FacetValue, ...]]

#: Hits of one page while all are read.
SCANNED = 10_000


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Whatever the library says about broken files (panics included) becomes EngineUnavailable."""
    try:
        yield
    except EngineUnavailable:
        raise
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise EngineUnavailable("busy", "another process writes") from error
        if any(sign in str(error) for sign in NOT_WRITABLE):
            raise EngineUnavailable("busy", "the folder cannot be written") from error
        logger.exception("The search index cannot be read")
        raise EngineUnavailable("damaged", type(error).__name__) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        logger.exception("The search index cannot be read")
        raise EngineUnavailable("damaged", "panic") from error


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """Threads of this process, one for each core but that of who asks, and at least one: a fork has none of its parent's."""
    return ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="facets")


class TantivyEngine:
    """One index on the local disk; satisfies :class:`search.engines.base.Engine`."""

    def __init__(self, path: Path | str, languages: tuple[str, ...] = ("fr", "en", "es", "pt")) -> None:
        self.languages = languages
        self._folders = Folders(Path(path), languages)
        self._schema = build_schema(languages)
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._index: tantivy.Index | None = None
        self._folder: Path | None = None
        self._stamp: tuple[int, ...] = ()
        self._reading: Reading | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._writer_folder: Path | None = None
        self._vocabulary = Vocabulary()

    @staticmethod
    def options_of(settings: Any) -> str:
        """The folder of the portal's index."""
        return str(settings.SEARCH_PATH)

    @staticmethod
    def elsewhere(options: str, folder: str, name: str) -> str:
        """The folder of an index that is only tried."""
        return f"{folder}/{name}"

    # Reading

    def search(self, query: Query) -> Results:
        with _answering():
            read = self._read()
            searcher = read.searcher
            query = replace(query, words=prepare(normalise(query.words)))
            builder = QueryBuilder(query, self._schema, read, self.languages)
            asked = builder.scored()  # before threads share the builder: what it looks up is there then
            # The library lets other threads run while it searches: the counts are made meanwhile, on other cores.
            facets = self._facets(builder, searcher)
            wanted = max(0, min(query.limit, MAX_HITS - query.offset)) if query.offset >= 0 else 0
            if not wanted:
                return Results(total=_total(searcher.search(builder.matched(), 1)), facets=facets())
            found = searcher.search(asked, wanted, offset=query.offset, order_by_field=builder.ordered_by)
            highlighter = Highlighter(query) if query.highlight and builder.has_words else None
            hits = tuple(
                self._hit(searcher.doc(address), 0 if builder.ordered_by else score, highlighter)
                for score, address in found.hits
            )
            return Results(total=_total(found), hits=hits, facets=facets())

    def scan(self, query: Query) -> Iterator[str]:
        with _answering():
            read = self._read()  # the state of the index at this moment, as long as it is held
            searcher = read.searcher
            query = replace(query, words=prepare(normalise(query.words)))
            builder = QueryBuilder(query, self._schema, read, self.languages)
            asked = builder.scored()
        offset = 0
        while True:
            with _answering():
                found = searcher.search(asked, SCANNED, offset=offset, order_by_field=builder.ordered_by)
                ids = [str(searcher.doc(address).get_first("id")) for _score, address in found.hits]
            yield from ids
            if len(ids) < SCANNED:
                return
            offset += SCANNED

    def known(self, words: Iterable[str], *, audience: frozenset[str]) -> frozenset[str]:
        with _answering():
            searcher = self._read().searcher
            hidden = hidden_from(self._schema, audience)
            return frozenset(
                word for word in list(words)[:MAX_WORDS] if self._frequency(searcher, self._forms(word), hidden)
            )

    def similar(self, word: str, *, language: str, audience: frozenset[str]) -> tuple[Candidate, ...]:
        with _answering():
            searcher = self._read().searcher
            hidden = hidden_from(self._schema, audience)
            found = []
            for current in self.languages:
                for near, distance in self._vocabulary.near(searcher, self._stamp, word, current):
                    term = Q.term_query(self._schema, f"x_{current}", near)
                    frequency = self._frequency(searcher, [term], hidden)
                    if frequency:
                        found.append(Candidate(near, current, distance, frequency))
            found.sort(key=lambda c: (c.distance, c.language != language, -c.frequency, c.word))
            return tuple(self._written(searcher, candidate, hidden) for candidate in found[:5])

    def versions(self) -> Iterator[tuple[str, str]]:
        with _answering():
            stamps = self._read().searcher.terms_with_prefix("stamp", "", Q.all_query())
        for stamp, _count in stamps:
            identifier, _tab, version = stamp.partition("\t")
            yield identifier, version

    def info(self) -> Info:
        with _answering():
            searcher = self._read().searcher
            folder = self._folders.current()
            size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
            return Info("tantivy", searcher.num_docs, size, folder.name)

    # Writing

    def index(self, documents: Iterable[Document], refused: Refused | None = None) -> None:
        with self._lock, _answering():
            writer = self._open_writer()
            for document, content in made(documents, self._as_tantivy, refused):
                writer.delete_documents_by_term("id", document.id)
                writer.add_document(content)
            writer.commit()

    def remove(self, ids: Iterable[str]) -> None:
        with self._lock, _answering():
            writer = self._open_writer()
            for identifier in ids:
                writer.delete_documents_by_term("id", identifier)
            writer.commit()

    def rebuild(
        self,
        documents: Iterable[Document],
        progress: Callable[[int], None] | None = None,
        refused: Refused | None = None,
    ) -> int:
        with self._folders.rebuild_lock():
            with _answering():
                folder = self._folders.create()
                index = tantivy.Index(self._schema, path=str(folder))
                register_analyzers(index, self.languages)
                writer = index.writer(REBUILD_HEAP, 0)
            count = 0
            try:
                for count, (_document, content) in enumerate(made(documents, self._as_tantivy, refused), start=1):
                    writer.add_document(content)
                    if progress is not None:
                        progress(count)
                with _answering():
                    writer.commit()
                    writer.wait_merging_threads()
                    self._folders.swap(folder)
            except BaseException:
                self._folders.give_up(folder)
                raise
            return count

    def drop(self) -> None:
        self.close()
        shutil.rmtree(self._folders.path, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            self._writer = self._writer_folder = None

    # Inside

    def _as_tantivy(self, document: Document) -> tantivy.Document:
        return to_tantivy(document, self.languages)

    def _read(self) -> Reading:
        stamp = self._folders.stamp()
        with self._lock:
            if self._reading is None or stamp != self._stamp or self._pid != os.getpid():
                folder = self._folders.current()
                if folder != self._folder or self._index is None:
                    self._index = self._open(folder)
                    self._folder = folder
                self._index.reload()
                self._reading = reading(self._index.searcher())
                self._stamp, self._pid = stamp, os.getpid()
            return self._reading

    def _open(self, folder: Path) -> tantivy.Index:
        index = tantivy.Index.open(str(folder))
        register_analyzers(index, self.languages)
        index.config_reader("manual")
        return index

    def _open_writer(self) -> tantivy.IndexWriter:
        folder = self._folders.current()
        if self._writer is None or self._writer_folder != folder:
            self._writer = None
            self._writer = self._open(folder).writer(DRAINER_HEAP, 1)
            self._writer_folder = folder
        return self._writer

    def _facets(self, builder: QueryBuilder, searcher: tantivy.Searcher) -> Callable[[], Facets]:
        """Have the facets counted, those with a choice each without it; returns how to wait for them."""
        wanted = [name for name in builder.query.facets if name in FACETS]
        chosen = [name for name in wanted if builder.query.filters.get(name)]
        # Kinds that are chosen are counted with the rest: of other kinds no document is any of them.
        rest = {name for name in wanted if name not in chosen or name == "kind"}
        threads = _threads(os.getpid())
        asked: list[tuple[str | None, set[str]]] = [(None, rest)] if rest else []
        asked += [(name, {name}) for name in chosen]
        counts = [(threads.submit(self._count, builder, searcher, *parts), parts) for parts in asked]

        def counted() -> Facets:
            # What no thread has begun is done here, beginning with the last.
            own = [self._count(builder, searcher, *parts) for count, parts in reversed(counts) if count.cancel()]
            found: dict[str, Counter[str]] = {name: Counter() for name in wanted}
            for part in own + [count.result() for count, _parts in counts if not count.cancelled()]:
                for name, values in part.items():
                    found[name].update(values)
            return {name: _most_frequent(values) for name, values in found.items()}

        return counted

    @staticmethod
    def _count(
        builder: QueryBuilder, searcher: tantivy.Searcher, without: str | None, names: set[str]
    ) -> dict[str, Counter[str]]:
        """How often documents have the values of the facets ``names``.

        The lists of documents per value are run through, all at once: several times quicker than looking up the values of
        each document that is found.
        """
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        documents, prefixes = builder.counted(without)
        for prefix in prefixes:
            for term, count in searcher.terms_with_prefix("facet", prefix, documents):
                name, value = facet_value(term)
                if name in counts:
                    counts[name][value] += count
        return counts

    @staticmethod
    def _hit(stored: tantivy.Document, score: float, highlighter: Highlighter | None) -> Hit:
        kind, version, texts = from_source(stored)
        passage = highlighter.passage(texts) if highlighter else None
        return Hit(str(stored.get_first("id")), kind, version, float(score), passage)

    def _forms(self, word: str) -> list[tantivy.Query]:
        forms = []
        for language in self.languages:
            exact = tokens(word, language, exact=True)
            forms += [Q.term_query(self._schema, f"x_{language}", token.text) for token in exact]
            stems = word_forms(word, language)
            forms += [Q.term_query(self._schema, f"{field}_{language}", stem) for field in "sf" for stem in stems]
        return forms

    @staticmethod
    def _frequency(searcher: tantivy.Searcher, forms: list[tantivy.Query], hidden: tantivy.Query) -> int:
        either = any_of(forms)
        return _total(searcher.search(all_of([either], but=[hidden]), 1)) if either is not None else 0

    def _written(self, searcher: tantivy.Searcher, candidate: Candidate, hidden: tantivy.Query) -> Candidate:
        term = Q.term_query(self._schema, f"x_{candidate.language}", candidate.word)
        for _score, address in searcher.search(all_of([term], but=[hidden]), 1).hits:
            texts = from_source(searcher.doc(address)).texts[candidate.language]
            written = as_written(candidate.word, " ".join(texts.values()))
            return Candidate(written, candidate.language, candidate.distance, candidate.frequency)
        return candidate


def _most_frequent(values: Counter[str]) -> tuple[FacetValue, ...]:
    ordered = sorted(values.items(), key=lambda value: (-value[1], value[0]))
    return tuple(FacetValue(*value) for value in ordered[:FACET_VALUES])


def _total(found: Any) -> int:
    """The number of documents found (which the stubs of the library do not know)."""
    return found.count or 0
