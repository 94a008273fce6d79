"""Asks an engine through the whole path, from typed words to results."""

from __future__ import annotations

from search.engines.base import PUBLIC, Engine, Query, Results
from search.understanding import Understanding, understand
from tests.search.collection import THESAURUS

VISITOR = frozenset({PUBLIC})


def ask(engine: Engine, words: str, language: str = "fr", *, literal: bool = False, **values) -> Results:
    return engine.search(read(engine, words, language, literal=literal, **values).query)


def read(engine: Engine, words: str, language: str = "fr", *, literal: bool = False, **values) -> Understanding:
    query = Query(words=words, language=language, **values)
    return understand(query, engine=engine, thesaurus=THESAURUS, literal=literal)


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


def found(index: Engine, words: str = "", **values) -> list[str]:
    """Ask an engine for words as they are, without spelling and thesaurus."""
    return ids(index.search(Query(words=words, **values)))


def counts(results: Results, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets[facet]}
