"""Tantivy ranks by one query and counts by another, which leaves out what costs: both must find the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from search.engines import tantivy, tantivy_query
from search.engines.tantivy import TantivyEngine
from tests.search.asking import ask, counts, ids
from tests.search.collection import COLLECTION

QUESTIONS = [
    ("fr", "tiers payant mutuelle"),
    ("fr", "protection sociale"),
    ("fr", "CSU au village"),
    ("fr", "acouchement"),
    ("en", "social protection of members"),
    ("en", "health microinsurance delys"),
    ("es", "cobertura sanitaria universal"),
    ("pt", "proteção social"),
    ("fr", ""),
]
FILTERS = [
    {},
    {"modality": frozenset({"linkage", "microinsurance"})},
    {"language": frozenset({"fr"}), "kind": frozenset({"experience"})},
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = TantivyEngine(Path(tmp_path_factory.mktemp("counts")))
    engine.rebuild(COLLECTION)
    return engine


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "modality", "language-and-kind"])
@pytest.mark.parametrize(("language", "words"), QUESTIONS)
def test_as_many_are_counted_as_are_found(engine, language, words, filters):
    results = ask(engine, words, language, filters=filters)
    assert sum(counts(results, "kind").values()) == results.total
    assert ask(engine, words, language, filters=filters, limit=0).total == results.total


@pytest.fixture
def words_are_common(monkeypatch):
    """Make words so common that they are spared as pairs, by themselves, or both."""

    def make(*spared):
        monkeypatch.setattr(tantivy_query, "MANY", 0)
        for name in ("COMMON_PAIR", "COMMON_WORD"):
            monkeypatch.setattr(tantivy_query, name, 0 if name in spared else 2)

    return make


@pytest.mark.parametrize(("language", "words"), QUESTIONS)
def test_where_words_are_common_the_same_is_found(engine, words_are_common, language, words):
    usual = ask(engine, words, language, limit=100)
    words_are_common("COMMON_PAIR", "COMMON_WORD")
    spared = ask(engine, words, language, limit=100)
    assert set(ids(spared)) == set(ids(usual))
    assert spared.facets == usual.facets


@pytest.mark.parametrize("spared", ["COMMON_PAIR", "COMMON_WORD"])
def test_what_is_common_counts_less(engine, words_are_common, spared):
    usual = ask(engine, "tiers payant mutuelle")
    words_are_common(spared)
    assert ask(engine, "tiers payant mutuelle").hits[0].score < usual.hits[0].score


def test_a_common_acronym_counts_as_any(engine, words_are_common):
    usual = ask(engine, "CMU")
    words_are_common("COMMON_WORD")
    assert ask(engine, "CMU") == usual


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "modality", "language-and-kind"])
def test_who_asks_counts_what_no_thread_has_begun(engine, monkeypatch, filters):
    usual = ask(engine, "tiers payant", filters=filters)
    go_on = Event()
    with ThreadPoolExecutor(1) as busy:
        busy.submit(go_on.wait)
        monkeypatch.setattr(tantivy, "_threads", lambda process: busy)
        try:
            assert ask(engine, "tiers payant", filters=filters) == usual
        finally:
            go_on.set()
