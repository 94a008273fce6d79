"""Engines side by side: the same objects and counts for the same question, in nearly the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.base import PUBLIC, Engine, Query, Results
from search.evaluation import correlation
from search.understanding import understand
from tests.search.collection import COLLECTION, MEMBER, THESAURUS
from tests.search.engines import ENGINES

VISITOR = frozenset({PUBLIC})

QUESTIONS = [
    ("fr", "tiers payant mutuelle"),
    ("fr", "Comment les bénéficiaires âgés paient-ils l’accouchement ?"),
    ("fr", "acouchement"),
    ("fr", "CMU"),
    ("fr", "protection sociale"),
    ("fr", "cotisation de la famille paysanne"),
    ("en", "third party payment of members"),
    ("en", "health microinsurance delys"),
    ("en", "xylophone"),
    ("es", "cotizaciones de campesinos"),
    ("es", "cobertura sanitaria universal"),
    ("pt", "farmacia comunitaria"),
    ("pt", "associações de moradores"),
    ("fr", ""),
]


@pytest.fixture(scope="module")
def engines(tmp_path_factory) -> Iterator[list[Engine]]:
    """All engines, each with the collection."""
    made = []
    for name, make in ENGINES.items():
        engine = make(Path(tmp_path_factory.mktemp(name)))
        engine.rebuild(COLLECTION)
        made.append(engine)
    yield made
    for engine in made:
        engine.drop()
        engine.close()


def asked(engine: Engine, words: str, language: str, **values) -> Results:
    query = Query(words=words, language=language, **values)
    return engine.search(understand(query, engine=engine, thesaurus=THESAURUS).query)


def ranked(results: Results) -> list[str]:
    """Ids, best first; those with the same score, whose order is each engine's own, by name."""
    return [hit.id for hit in sorted(results.hits, key=lambda hit: (-round(hit.score, 3), hit.id))]


@pytest.mark.parametrize("audience", [VISITOR, MEMBER], ids=["visitor", "member"])
@pytest.mark.parametrize("filters", [{}, {"modality": frozenset({"linkage", "microinsurance"})}], ids=["all", "chosen"])
@pytest.mark.parametrize(("language", "words"), QUESTIONS)
def test_objects_counts_and_passages_are_the_same(engines, language, words, filters, audience):
    first, *others = [asked(engine, words, language, filters=filters, audience=audience) for engine in engines]
    order = ranked(first)
    for other in others:
        assert other.total == first.total
        assert other.facets == first.facets
        assert {hit.id for hit in other.hits} == set(order)
        assert correlation(order, ranked(other)) >= 0.6
        assert {hit.id: hit.passage for hit in other.hits} == {hit.id: hit.passage for hit in first.hits}


@pytest.mark.parametrize(("language", "words"), QUESTIONS)
def test_questions_are_understood_alike(engines, language, words):
    query = Query(words=words, language=language)
    first, *others = [understand(query, engine=engine, thesaurus=THESAURUS) for engine in engines]
    assert all(other == first for other in others)
