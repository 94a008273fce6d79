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
def all_words_are_common(monkeypatch):
    def make():
        for name in ("COMMON_PAIR", "COMMON_WORD", "MANY"):
            monkeypatch.setattr(tantivy_query, name, 0)

    return make


@pytest.mark.parametrize(("language", "words"), QUESTIONS)
def test_where_words_are_common_the_same_is_found(engine, all_words_are_common, language, words):
    usual = ask(engine, words, language, limit=100)
    all_words_are_common()
    spared = ask(engine, words, language, limit=100)
    assert set(ids(spared)) == set(ids(usual))
    assert spared.facets == usual.facets


def test_a_common_word_counts_less_and_a_common_acronym_does_not(engine, all_words_are_common):
    words, acronym = ask(engine, "tiers payant mutuelle"), ask(engine, "CMU")
    all_words_are_common()
    assert ask(engine, "tiers payant mutuelle").hits[0].score < words.hits[0].score
    assert ask(engine, "CMU") == acronym


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
