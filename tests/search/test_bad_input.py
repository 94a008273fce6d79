"""Input that no form sends: the same answer on every engine, no error, and none that costs much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import QueryDict

from search import indexing
from search.engines.base import FACETS, PUBLIC, Engine, Query, Results
from search.parameters import Parameters, QueryTooLong
from search.understanding import understand
from tests import factories
from tests.search.collection import COLLECTION, THESAURUS
from tests.search.engines import ENGINES

#: Seconds of this process, and seconds on the clock: a page that waits longer for a node gets the answer of the database.
MOST = 0.5
WAITED = 1.0

#: Times that are asked at most: a machine that is busy with something else is slow once, a bad question each time.
TRIES = 3

ADDRESSES = {
    "500 values of a facet": "&".join(f"country=v{n}" for n in range(499)) + "&country=BJ",
    "500 values of each facet": "&".join(f"{name}=v{n}" for n in range(500) for name in ("country", "theme", "kind")),
    "page 10^9": "page=1000000000",
    "page 10^30 of words": f"q=mutuelle&page={10**30}",
    "a facet that does not exist": "nonsense=1&q=mutuelle",
    "values that do not exist": "country=ZZ&kind=%00&theme=%F0%9F%99%82&status=x",
    "a long value": "theme=" + "x" * 50_000,
    "years beyond all": "from=99999999999999999999&to=-1",
    "NUL": "q=%00mutuelle%00",
    "quotes": "q=%22mutuelle+d%27%27%22%E2%80%99%C2%AB",
    "operators": "q=mutuelle+AND+%28tiers+OR+-payant%29+title%3Ax+%2B%2A+%5Ba+TO+b%5D+~2+%5C",
    "wildcards": "q=*+?*+m*",
    "Arabic": "q=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7",
    "emoji": "q=%F0%9F%99%82%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9",
    "half a pair": "q=%ED%A0%80",
    "many short words": "q=" + "a+" * 249,
    "many unknown words": "q=" + "+".join(f"zq{n}xv" for n in range(70)),
    "one long word": "q=" + "m" * 500,
}


@pytest.fixture(scope="module")
def engines(tmp_path_factory) -> Iterator[list[Engine]]:
    """All engines, each with the collection."""
    made = [make(Path(tmp_path_factory.mktemp(name))) for name, make in ENGINES.items()]
    for engine in made:
        engine.rebuild(COLLECTION)
        answer(engine, Query(words="mutuelle"))
    yield made
    for engine in made:
        engine.drop()
        engine.close()


def answer(engine: Engine, query: Query) -> tuple[Results, float, float]:
    """The answer, the seconds that this process worked for it, and those that passed."""
    worked, passed = time.process_time(), time.perf_counter()
    results = engine.search(understand(query, engine=engine, thesaurus=THESAURUS).query)
    return results, time.process_time() - worked, time.perf_counter() - passed


def answer_in_time(engine: Engine, query: Query) -> Results:
    for _try in range(TRIES):
        results, worked, passed = answer(engine, query)
        if worked < MOST and passed < WAITED:
            return results
    raise AssertionError(f"{engine.__class__.__name__} worked {worked:.2f} s, {passed:.2f} s passed")


def compared(engines: list[Engine], query: Query) -> None:
    first, *others = [answer_in_time(engine, query) for engine in engines]
    for other in others:
        assert (other.total, other.facets) == (first.total, first.facets)
        assert {hit.id for hit in other.hits} == {hit.id for hit in first.hits}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_has_the_same_answer_on_every_engine_and_costs_little(engines, address):
    compared(engines, Parameters.read(QueryDict(address)).query("fr", frozenset({PUBLIC}), frozenset()))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("words", ["mutuelle " * 5_000, " ".join(f"mot{n}x" for n in range(5_000)), "x" * 100_000])
def test_a_text_that_is_no_question_has_the_same_answer_where_it_gets_to_an_engine(engines, words, language):
    compared(engines, Query(words=words, language=language))


@pytest.mark.parametrize("words", ["", "mutuelle"])
def test_five_hundred_values_of_each_facet_have_the_same_answer_where_they_get_to_an_engine(engines, words):
    values = frozenset({"BJ", "experience", *(f"v{number}" for number in range(500))})
    compared(engines, Query(words=words, filters=dict.fromkeys(FACETS, values)))
    compared(engines, Query(words=words, filters={"country": values, "nonsense": values}))


def test_five_thousand_words_do_not_get_to_an_engine():
    with pytest.raises(QueryTooLong):
        Parameters.read(QueryDict("q=" + "mot+" * 5_000))


def test_every_such_address_is_a_page(client, index):
    factories.experience()
    indexing.drain_all()
    for name, address in ADDRESSES.items():
        started = time.process_time()
        assert client.get(f"/fr/search/?{address}").status_code == 200, name
        assert time.process_time() - started < 2 * MOST, name
    assert client.get("/fr/search/?q=" + "mot+" * 5_000).status_code == 400
