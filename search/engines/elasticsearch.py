"""The engine for several web hosts and large indices: Elasticsearch 9, through ``elasticsearch.dsl``.

Readers name the index itself, not its alias, so that counts and hits of one answer come from one index; where it is
gone because a rebuild has swapped, they look the alias up again.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

from elasticsearch import Elasticsearch
from elasticsearch.dsl import A, MultiSearch, Search

from search.analysis import normalise, prepare
from search.engines.base import (
    FACET_VALUES,
    FACETS,
    MAX_HITS,
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
    refuse,
)
from search.engines.elasticsearch_cluster import Cluster, Options
from search.engines.elasticsearch_index import Indices, to_elasticsearch
from search.engines.elasticsearch_query import QueryBuilder
from search.engines.elasticsearch_words import Words
from search.engines.elasticsearch_writing import Filling, deleting, replacing, send
from search.highlighting import Highlighter

Answer = TypeVar("Answer")

#: Seconds for which a reader trusts what it knows of the alias, and of the languages of the documents.
TRUSTED = 30.0

#: Documents of one page while all versions are read.
PAGE = 5_000


class ElasticsearchEngine:
    """The indices of one portal in a cluster; satisfies :class:`search.engines.base.Engine`."""

    def __init__(self, options: Options, languages: tuple[str, ...] = ("fr", "en", "es", "pt")) -> None:
        self.languages = languages
        self._options = options
        self._cluster = Cluster(options)
        self._indices = Indices(options.index, languages, options.shards, options.replicas)
        self._index: tuple[str, float] = ("", 0.0)
        self._shares: tuple[str, float, dict[str, float]] = ("", 0.0, {})

    @staticmethod
    def options_of(settings: Any) -> Options:
        """Where the portal's index is."""
        return Options(
            urls=tuple(settings.SEARCH_URL),
            index=settings.SEARCH_INDEX,
            api_key=settings.SEARCH_API_KEY,
            ca_certs=settings.SEARCH_CA_CERTS,
            timeout=settings.SEARCH_TIMEOUT,
            shards=settings.SEARCH_SHARDS,
            replicas=settings.SEARCH_REPLICAS,
        )

    @staticmethod
    def elsewhere(options: Options, folder: str, name: str) -> Options:
        """Beside the portal's index, for one that is only tried; nobody waits for it."""
        return replace(options, index=f"{options.index}-{name}", timeout=max(options.timeout, 10.0), replicas=0)

    # Reading

    def search(self, query: Query) -> Results:
        query = replace(query, words=prepare(normalise(query.words)))
        return self._read(lambda client, index: self._search(client, index, query))

    def scan(self, query: Query) -> Iterator[str]:
        query = replace(query, words=prepare(normalise(query.words)), highlight=False)
        given: set[str] = set()
        gone, before = EngineUnavailable("missing"), ""
        while True:
            with self._cluster.reading() as client:  # a node that does not answer is known soon
                index = self._indices.current(client, self._indices.read)
                shares = self._shares_of(client, index) if query.words.strip() else {}
            if index == before:
                raise gone
            try:
                for identifier in self._scan(QueryBuilder(query, self.languages, shares), index):
                    if identifier not in given:
                        given.add(identifier)
                        yield identifier
            except EngineUnavailable as error:
                # A rebuild that ends takes the index away that is being read: the rest comes from its successor.
                if error.reason not in ("missing", "busy"):
                    raise
                gone, before = error, index
            else:
                return

    def _scan(self, builder: QueryBuilder, index: str) -> Iterator[str]:
        with self._cluster.writing() as client:  # what has begun rather waits than ends in the middle
            search = self._ordered(builder, Search(using=client, index=index)).source(False)
            # A point in time, page after page: lists end at MAX_HITS, this does not.
            for hit in search.extra(size=PAGE, track_total_hits=False).iterate(keep_alive="5m"):
                yield hit.meta.id

    def known(self, words: Iterable[str], *, audience: frozenset[str]) -> frozenset[str]:
        asked = Words(self.languages, "", audience)
        searches = asked.existence(words)
        if not searches:
            return frozenset()
        answers = self._read(lambda client, index: self._ask(client, index, list(searches.values())))
        return frozenset(word for word, found in zip(searches, answers, strict=True) if found["hits"]["total"]["value"])

    def similar(self, word: str, *, language: str, audience: frozenset[str]) -> tuple[Candidate, ...]:
        words = Words(self.languages, language, audience)
        neighbours = words.neighbours(word)
        if neighbours is None:
            return ()

        def read(client: Elasticsearch, index: str) -> tuple[Candidate, ...]:
            [answer] = self._ask(client, index, [neighbours])
            near = words.near(word, answer)
            return words.counted(near, self._ask(client, index, words.evidence(near))) if near else ()

        return self._read(read)

    def versions(self) -> Iterator[tuple[str, str]]:
        with self._cluster.writing() as client:
            search = Search(using=client, index=self._indices.current(client, self._indices.read)).source(False)
            search = search.extra(docvalue_fields=["version"], size=PAGE, track_total_hits=False)
            # A point in time, page after page: lists end at MAX_HITS, this does not.
            for hit in search.iterate(keep_alive="5m"):
                yield hit.meta.id, hit.version[0]

    def info(self) -> Info:
        def read(client: Elasticsearch, index: str) -> Info:
            stats = client.indices.stats(index=index, metric=["docs", "store"])["_all"]
            count = int(client.count(index=index)["count"])
            return Info("elasticsearch", count, int(stats["total"]["store"]["size_in_bytes"]), index)

        return self._read(read)

    # Writing

    def index(self, documents: Iterable[Document], refused: Refused | None = None) -> None:
        actions = list(replacing(self._made(documents, refused), self._indices.write))
        with self._cluster.writing() as client:
            self._write(client, actions, refused)

    def remove(self, ids: Iterable[str]) -> None:
        with self._cluster.writing() as client:
            self._write(client, list(deleting(ids, self._indices.write)))

    def rebuild(
        self,
        documents: Iterable[Document],
        progress: Callable[[int], None] | None = None,
        refused: Refused | None = None,
    ) -> int:
        with self._cluster.writing() as client:
            name = self._indices.create(client)
        count = 0
        told: Refused = {}
        try:
            with Filling(self._cluster, name, self._indices.go_on, None if refused is None else told) as filling:
                for count, content in enumerate(self._made(documents, refused), start=1):
                    filling.add(content)
                    if progress is not None:
                        progress(count)
                filling.end()
            with self._cluster.writing() as client:
                self._indices.swap(client, name)
        except BaseException:
            with contextlib.suppress(EngineUnavailable), self._cluster.writing() as client:
                self._indices.give_up(client, name)
            raise
        for identifier, reason in told.items():
            refuse(refused, identifier, reason)
        return count - len(told)

    def _made(self, documents: Iterable[Document], refused: Refused | None) -> Iterator[dict[str, Any]]:
        make = partial(to_elasticsearch, languages=self.languages)
        return (content for _document, content in made(documents, make, refused))

    def drop(self) -> None:
        with self._cluster.writing() as client:
            self._indices.drop(client)
        self._index = ("", 0.0)

    def close(self) -> None:
        self._cluster.close()

    # Inside

    def _read(self, read: Callable[[Elasticsearch, str], Answer]) -> Answer:
        """Ask the index that is in use; once more where it was swapped meanwhile."""
        name, until = self._index
        with self._cluster.reading() as client:
            gone: EngineUnavailable | None = None
            if time.monotonic() < until:
                try:
                    with self._cluster.answering():
                        return read(client, name)
                except EngineUnavailable as error:
                    if error.reason not in ("missing", "busy"):
                        raise
                    gone = error
            current = self._indices.current(self._cluster.in_time(client), self._indices.read)
            if gone is not None and current == name:
                raise gone
            self._index = (current, time.monotonic() + TRUSTED)
            return read(client, current)

    def _write(self, client: Elasticsearch, actions: list[dict[str, Any]], refused: Refused | None = None) -> None:
        """Send to the index that is in use and have it read; once more where it was swapped meanwhile."""
        index = self._indices.current(client, self._indices.write)
        try:
            with self._cluster.answering():
                send(self._cluster, client, actions, refused, require_alias=True)
                client.indices.refresh(index=self._indices.write)
        except EngineUnavailable as error:
            if error.reason != "missing" or self._indices.current(client, self._indices.write) == index:
                raise
            send(self._cluster, client, actions, refused, require_alias=True)
            client.indices.refresh(index=self._indices.write)

    def _ask(self, client: Elasticsearch, index: str, searches: list[Search]) -> list[dict[str, Any]]:
        """Put several searches in one request; an incomplete answer is none."""
        asked = MultiSearch(using=self._cluster.in_time(client), index=index)
        milliseconds = int(self._options.timeout * 800)  # the cluster gives up before the connection does
        for search in searches:
            asked = asked.add(search.extra(timeout=f"{milliseconds}ms").params(**self._parameters()))
        answers = [answer.to_dict() for answer in asked.execute()]
        if any(answer["timed_out"] for answer in answers):
            raise EngineUnavailable("busy", "slow")
        return answers

    def _parameters(self) -> dict[str, Any]:
        values: dict[str, Any] = {"allow_partial_search_results": False}
        if self._options.shards > 1:
            # The rarity of a word is that in all shards, or small ones would each have their own.
            values["search_type"] = "dfs_query_then_fetch"
        return values

    def _search(self, client: Elasticsearch, index: str, query: Query) -> Results:
        builder = QueryBuilder(query, self.languages, self._shares_of(client, index) if query.words.strip() else {})
        wanted = max(0, min(query.limit, MAX_HITS - query.offset)) if query.offset >= 0 else 0
        highlighter = Highlighter(query) if query.highlight and builder.has_words else None
        searches = [self._counts(builder)]
        if wanted:
            searches.append(self._hits(builder, wanted, texts=highlighter is not None))
        counts, *answers = self._ask(client, index, searches)
        return Results(
            total=counts["aggregations"]["all"]["doc_count"],
            hits=tuple(_hit(hit, highlighter) for answer in answers for hit in answer["hits"]["hits"]),
            facets=_facets(query, counts["aggregations"]),
        )

    @staticmethod
    def _counts(builder: QueryBuilder) -> Search:
        """All hits, and the facets: those with a choice each without their own."""
        search = Search().query(builder.counted()).extra(size=0, track_total_hits=False)
        wanted = [name for name in builder.query.facets if name in FACETS]
        chosen = [name for name in wanted if builder.query.filters.get(name)]
        groups = {"all": [name for name in wanted if name not in chosen]} | {f"but_{name}": [name] for name in chosen}
        for group, names in groups.items():
            without = names[0] if group != "all" else None
            bucket = search.aggs.bucket(group, A("filter", filter=builder.chosen(without)))
            for name in names:
                bucket.bucket(name, "terms", field=name, size=FACET_VALUES)
        return search

    @classmethod
    def _hits(cls, builder: QueryBuilder, wanted: int, *, texts: bool) -> Search:
        """One page of hits, with their ``texts`` or without. One copy of the index answers the pages of a query."""
        query = builder.query
        search = cls._ordered(builder, Search()).source(["kind", "version", *(["texts"] if texts else [])])
        search = search.extra(from_=query.offset, size=wanted, track_total_hits=False)
        return search.params(preference=blake2b(query.words.encode(), digest_size=6).hexdigest())

    @staticmethod
    def _ordered(builder: QueryBuilder, search: Search) -> Search:
        """The documents found, in the order that is asked; equal ones keep one order."""
        by_date = builder.query.order == "date" or not builder.has_words
        search = search.query(builder.found() if by_date else builder.scored())
        return search.sort({"date" if by_date else "_score": {"order": "desc"}}, {"id": {"order": "asc"}})

    def _shares_of(self, client: Elasticsearch, index: str) -> dict[str, float]:
        """The part of all documents that is written in a language."""
        name, until, shares = self._shares
        if name != index or time.monotonic() >= until:
            counted = Search(using=self._cluster.in_time(client), index=index).extra(size=0, track_total_hits=True)
            counted.aggs.bucket("written", "terms", field="written", size=len(self.languages))
            answer = counted.execute().to_dict()
            documents = max(1, answer["hits"]["total"]["value"])
            shares = {b["key"]: b["doc_count"] / documents for b in answer["aggregations"]["written"]["buckets"]}
            self._shares = (index, time.monotonic() + TRUSTED, shares)
        return shares


def _hit(found: dict[str, Any], highlighter: Highlighter | None) -> Hit:
    source = found["_source"]
    passage = highlighter.passage(source.get("texts", {})) if highlighter else None
    kind = source["kind"][0] if isinstance(source["kind"], list) else source["kind"]
    return Hit(found["_id"], kind, source["version"], float(found.get("_score") or 0), passage)


def _facets(query: Query, counts: dict[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    found = {name: buckets["buckets"] for group in counts.values() for name, buckets in group.items() if name in FACETS}
    made = {}
    for name in dict.fromkeys(name for name in query.facets if name in FACETS):
        values = [FacetValue(bucket["key"], bucket["doc_count"]) for bucket in found[name]]
        made[name] = tuple(sorted(values, key=lambda value: (-value.count, value.value)))
    return made
