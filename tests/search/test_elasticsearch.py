"""What only indices in a cluster can suffer, on a real node; collected where ``ELASTICSEARCH_URL`` names one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from search import indexing
from search.analysis import prepare, tokens
from search.engines import elasticsearch_index, get_engine
from search.engines.base import Engine, EngineUnavailable, Query, Texts
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_cluster import Options
from tests import factories
from tests.search import nodes
from tests.search.collection import COLLECTION, document
from tests.search.engines import ENGINES, NODE, index_name

NOTICE = "La recherche répond au plus simple pour le moment."


@pytest.fixture
def name(tmp_path: Path) -> str:
    """The name of the index, of its alias that is."""
    return index_name(tmp_path)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine that holds the collection."""
    engine = ENGINES["elasticsearch"](tmp_path)
    engine.rebuild(COLLECTION)
    yield engine
    engine.drop()
    engine.close()


@pytest.fixture
def cluster() -> Iterator[Elasticsearch]:
    """The cluster, as those who look after it see it."""
    with Elasticsearch(NODE) as client:
        yield client


def another(tmp_path: Path, languages: tuple[str, ...] = ("fr", "en", "es", "pt")) -> Engine:
    """An engine of another process."""
    return ElasticsearchEngine(Options((NODE,), index_name(tmp_path), timeout=10, replicas=0), languages)


def reason(engine: Engine) -> str:
    with pytest.raises(EngineUnavailable) as caught:
        engine.search(Query(words="mutuelle"))
    engine.close()
    return caught.value.reason


# Names and mapping


def test_both_aliases_lead_to_the_one_index_that_a_rebuild_leaves(engine, cluster, name):
    for _ in range(2):
        engine.rebuild(COLLECTION)
    [index] = cluster.indices.get(index=f"{name}*")
    assert index == engine.info().generation
    assert set(cluster.indices.get_alias(index=index)[index]["aliases"]) == {name, f"{name}-write"}


def test_fields_that_nobody_described_are_refused(engine, cluster, name):
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        cluster.index(index=f"{name}-write", document={"surprise": 1})


def test_an_index_of_an_older_mapping_is_outdated_until_it_is_rebuilt(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(elasticsearch_index, "CONTENT_VERSION", elasticsearch_index.CONTENT_VERSION + 1)
    later = another(tmp_path)
    assert reason(later) == "outdated"
    with pytest.raises(EngineUnavailable) as caught:
        later.index([COLLECTION[0]])
    assert caught.value.reason == "outdated"
    later.rebuild(COLLECTION)
    assert later.search(Query()).total == 5
    later.close()


def test_shards_and_copies_are_those_of_the_settings(cluster, tmp_path):
    engine = ElasticsearchEngine(Options((NODE,), index_name(tmp_path), timeout=10, shards=2, replicas=1))
    engine.rebuild(COLLECTION)
    index = engine.info().generation
    described = cluster.indices.get_settings(index=index)[index]["settings"]["index"]
    assert (described["number_of_shards"], described["auto_expand_replicas"]) == ("2", "0-1")
    assert engine.search(Query(words="tiers payant")).total == 1
    engine.drop()
    engine.close()


def test_other_languages_make_another_index(engine, tmp_path):
    assert reason(another(tmp_path, ("fr", "en"))) == "outdated"


def test_a_closed_index_is_damaged_and_repaired_by_a_rebuild(engine, cluster, name):
    cluster.indices.close(index=name)
    assert reason(engine) == "damaged"
    engine.rebuild(COLLECTION)
    assert engine.search(Query()).total == 5


def test_an_alias_of_two_indices_is_damaged(engine, cluster, name, tmp_path):
    cluster.indices.create(index=f"{name}-v0-0", aliases={name: {}}, settings={"number_of_replicas": 0})
    assert reason(another(tmp_path)) == "damaged"


def test_a_deleted_index_is_missing_and_no_write_makes_one(engine, cluster, name):
    cluster.indices.delete(index=engine.info().generation)
    assert reason(engine) == "missing"
    for write in (lambda: engine.index([COLLECTION[0]]), lambda: engine.remove(["borgou"])):
        with pytest.raises(EngineUnavailable) as caught:
            write()
        assert caught.value.reason == "missing"
    assert not cluster.indices.get(index=f"{name}*")


def test_a_read_only_index_still_answers_and_takes_changes_later(engine, cluster, name):
    cluster.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(EngineUnavailable) as caught:
        engine.index([document("new", {"fr": Texts("Une nouveauté", "", "")})])
    assert caught.value.reason == "busy"
    assert engine.search(Query()).total == 5
    cluster.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    engine.index([document("new", {"fr": Texts("Une nouveauté", "", "")})])
    assert engine.search(Query()).total == 6


# Rebuilds


def test_only_one_rebuild_runs_in_a_cluster(engine, tmp_path):
    other = another(tmp_path)

    def documents():
        with pytest.raises(EngineUnavailable) as second:
            other.rebuild([])
        assert second.value.reason == "busy"
        yield from COLLECTION

    assert engine.rebuild(documents()) == len(COLLECTION)
    other.close()


def test_what_a_killed_rebuild_left_is_cleared_away(engine, cluster, name, monkeypatch):
    left = cluster.indices.create(index=f"{name}-v0-1", settings={"number_of_replicas": 0})["index"]
    engine.rebuild(COLLECTION)
    assert not cluster.indices.exists(index=left)


def test_indices_of_a_portal_with_a_longer_name_are_left_alone(engine, cluster, name):
    neighbour = ElasticsearchEngine(Options((NODE,), f"{name}-vietnam", timeout=10, replicas=0))
    neighbour.rebuild(COLLECTION[:2])
    engine.rebuild(COLLECTION)
    engine.drop()
    assert neighbour.search(Query()).total == 2
    neighbour.drop()
    neighbour.close()


def test_a_large_rebuild_goes_in_chunks_while_others_write(engine, tmp_path):
    other, stop = another(tmp_path), threading.Event()
    failures: list[Exception] = []

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                other.index([document(f"meanwhile-{number}", {"fr": Texts("Pendant", "", "")})])
            except EngineUnavailable as error:
                failures.append(error)

    thread = threading.Thread(target=keep_writing)
    thread.start()
    made = (document(f"n{n}", {"fr": Texts(f"Titre {n}", "", "mot " * 50)}) for n in range(2_200))
    assert engine.rebuild(made) == 2_200
    stop.set()
    thread.join()
    assert not failures
    assert engine.search(Query(words="Titre 2199", limit=1)).hits[0].id == "n2199"
    assert len({id_ for id_, _version in engine.versions() if id_.startswith("n")}) == 2_200
    other.close()


def test_all_versions_are_read_beyond_the_end_of_lists(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elasticsearch.PAGE", 2)
    assert dict(engine.versions()) == {found.id: found.version for found in COLLECTION}


# Analysis


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "L'assurance d'aujourd'hui : les bénéficiaire·s de l'œuvre étaient âgés, AT/MP a_b 3.5 tiers-payant"),
        ("en", "The members' payments weren't delayed; third-party schemes' running costs"),
        ("es", "¿Cuáles son las cotizaciones de los trabajadores autónomos según la región?"),
        ("pt", "As associações e a proteção social dos trabalhadores d'água não são até já"),
        ("ar", "الحماية الاجتماعية للعمال في الاقتصاد غير المنظم"),
    ],
)
def test_words_are_told_apart_as_everywhere_in_the_portal(tmp_path, language, text):
    engine = another(tmp_path, ("fr", "en", "es", "pt", "ar"))
    engine.rebuild([])
    with Elasticsearch(NODE) as cluster:
        for kind, exact in (("stem", False), ("exact", True)):
            if kind == "stem" and language == "ar":
                continue  # another stemmer
            answer = cluster.indices.analyze(
                index=index_name(tmp_path), analyzer=f"{kind}_{language}", text=prepare(text)
            )
            found = [token["token"] for token in answer["tokens"]]
            assert found == [token.text for token in tokens(text, language, exact=exact)]
    engine.drop()
    engine.close()


# A node that goes and comes back


@pytest.mark.parametrize("index", ["elasticsearch"], indirect=True)
def test_a_node_that_answers_slowly_keeps_nobody_waiting_for_all_its_answers(index, settings, client):
    factories.experience(title_fr="Une caisse villageoise")
    indexing.drain_all()
    way = nodes.Way(NODE)
    settings.SEARCH_URL, settings.SEARCH_TIMEOUT = [way.address], 1.0
    try:
        way.become("sluggish")
        started = time.monotonic()
        answer = client.get("/fr/search/?q=caisse+vilageoize+mutuele+cotizations&page=900")
        assert time.monotonic() - started < 3
        assert answer.status_code == 200
        assert NOTICE in answer.content.decode()
    finally:
        get_engine().close()
        way.close()


@pytest.mark.parametrize("index", ["elasticsearch"], indirect=True)
def test_what_was_saved_without_a_node_is_found_when_it_is_back(index, settings, client):
    before = factories.experience(title_fr="Avant la panne")
    indexing.drain_all()
    settings.SEARCH_URL = [nodes.closed()]
    page = factories.experience(title_fr="Pendant la panne")
    draft = before.get_latest_revision_as_object()
    draft.title_fr = "Corrigé sans moteur"
    draft.save_revision().publish()
    with pytest.raises(EngineUnavailable):
        indexing.drain_all()
    assert indexing.waiting()
    html = client.get("/fr/search/?q=panne").content.decode()
    assert NOTICE in html
    assert "Pendant la <mark>panne</mark>" in html
    get_engine().close()
    settings.SEARCH_URL = [NODE]
    indexing.drain_all()
    assert indexing.compare().ids == ()
    assert [hit.id for hit in index.search(Query(words="panne")).hits] == [str(page.pk)]
    assert NOTICE not in client.get("/fr/search/?q=corrigé").content.decode()
