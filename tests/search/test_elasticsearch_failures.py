"""What the portal does when Elasticsearch is away, slow, or not itself. Needs no node."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from elasticsearch import Elasticsearch

from search import indexing
from search.engines import elasticsearch_cluster, elasticsearch_writing, get_engine
from search.engines.base import PUBLIC, DocumentRefused, EngineUnavailable, Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_cluster import Cluster, Options
from tests import factories
from tests.search import nodes

NOTICE = "La recherche répond au plus simple pour le moment."


@contextlib.contextmanager
def bad_node(kind: str) -> Iterator[str]:
    """The address of a node of that kind."""
    answers = {
        "failing": (500, {"error": "no", "status": 500}, True),
        "gateway": (502, "bad gateway", False),
        "forbidden": (401, {"error": {"type": "security_exception", "reason": "who?"}, "status": 401}, True),
        "another product": (200, {"hello": "world"}, False),
    }
    if kind == "stopped":
        yield nodes.closed()
    elif kind == "slow":
        with nodes.silent() as address:
            yield address
    else:
        with nodes.answering(lambda method, path, body: answers[kind]) as address:
            yield address


@pytest.fixture(params=["stopped", "slow", "failing", "gateway", "forbidden", "another product"])
def address(request) -> Iterator[str]:
    """Each kind of node that is no good, in turn."""
    with bad_node(request.param) as address:
        yield address


@pytest.fixture
def site(address, settings, tree):
    """The portal with its search at a node that is no good."""
    settings.SEARCH_ENGINE, settings.SEARCH_URL, settings.SEARCH_INDEX = "elasticsearch", [address], "away"
    yield settings
    get_engine().close()


def test_every_question_ends_soon_and_says_why(address):
    engine = ElasticsearchEngine(Options((address,), "away"))
    started = time.monotonic()
    for ask in (
        lambda: engine.search(Query(words="mutuelle")),
        lambda: list(engine.scan(Query(words="mutuelle"))),
        lambda: engine.known(["mutuelle"], audience=frozenset({PUBLIC})),
        lambda: engine.similar("mutuele", language="fr", audience=frozenset({PUBLIC})),
        engine.info,
    ):
        with pytest.raises(EngineUnavailable) as caught:
            ask()
        assert caught.value.reason == "unreachable"
        assert address not in str(caught.value)
    assert time.monotonic() - started < 4.5  # five would be the patience for each
    engine.close()


def test_pages_answer_from_the_database_and_saving_works(site, client):
    page = factories.experience(title_fr="Une caisse villageoise")
    assert indexing.waiting()
    started = time.monotonic()
    answer = client.get("/fr/search/?q=caisse+vilageoise+caisse")
    assert time.monotonic() - started < 3
    html = answer.content.decode()
    assert answer.status_code == 200
    assert NOTICE in html
    assert "no-store" in answer["Cache-Control"]
    assert "Une <mark>caisse</mark> villageoise" in client.get("/fr/search/?q=caisse").content.decode()
    assert client.get(page.url).status_code == 200


def test_the_node_is_asked_again_after_a_rest(monkeypatch):
    now, asked = [100.0], []
    monkeypatch.setattr(elasticsearch_cluster, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def answer(method: str, path: str, body: bytes) -> nodes.Answer:
        asked.append(path)
        return (500, {}, True)

    with nodes.answering(answer) as address:
        engine = ElasticsearchEngine(Options((address,), "away"))
        for _ in range(3):
            with pytest.raises(EngineUnavailable):
                engine.search(Query())
        assert len(asked) == 1
        now[0] += elasticsearch_cluster.REST + 1
        with pytest.raises(EngineUnavailable):
            engine.search(Query())
        assert len(asked) == 2
        engine.close()


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (404, "index_not_found_exception", "missing"),
        (400, "index_closed_exception", "damaged"),
        (400, "strict_dynamic_mapping_exception", "damaged"),
        (500, "corrupt_index_exception", "damaged"),
        (403, "cluster_block_exception", "busy"),
        (429, "es_rejected_execution_exception", "busy"),
        (429, "circuit_breaking_exception", "busy"),
        (404, "search_context_missing_exception", "busy"),
        (503, "no_shard_available_action_exception", "busy"),
        (403, "security_exception", "unreachable"),
        (500, "null_pointer_exception", "unreachable"),
    ],
)
def test_errors_have_a_reason(status, kind, reason):
    body = {"error": {"type": "outer", "root_cause": [{"type": kind, "reason": "secret"}]}, "status": status}
    found = Cluster(Options(())).refused(status, body)
    assert found.reason == reason
    assert "secret" not in str(found)


def test_shards_that_stay_away_are_lost(monkeypatch):
    cluster = Cluster(Options(()))
    body = {"error": {"type": "no_shard_available_action_exception"}}
    assert cluster.refused(503, body).reason == "busy"
    monkeypatch.setattr(elasticsearch_cluster, "LOST", 0)
    assert cluster.refused(503, body).reason == "damaged"


def test_documents_that_the_cluster_had_no_time_for_are_sent_again(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    sent: list[int] = []

    def answer(method: str, path: str, body: bytes) -> nodes.Answer:
        count = body.count(b'"index"')
        sent.append(count)
        full = {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}}
        items = [{"index": {"_id": str(n), **(full if n and len(sent) < 4 else {"status": 201})}} for n in range(count)]
        return (200, {"errors": len(sent) < 4, "items": items}, True)

    with nodes.answering(answer) as address:
        client = Elasticsearch(address)
        actions = [{"_index": "any", "_id": str(n), "_source": {}} for n in range(5)]
        elasticsearch_writing.send(Cluster(Options((address,))), client, actions)
        assert sent == [5, 4, 3, 2]
        monkeypatch.setattr(elasticsearch_writing, "RETRIES", 1)
        sent.clear()
        with pytest.raises(EngineUnavailable) as caught:
            elasticsearch_writing.send(Cluster(Options((address,))), client, actions)
        assert caught.value.reason == "busy"
        client.close()


def test_nothing_is_asked_of_a_node_before_it_is_needed(settings):
    settings.SEARCH_ENGINE, settings.SEARCH_URL = "elasticsearch", ["http://nowhere.invalid:9200"]
    assert get_engine() is get_engine()


@pytest.mark.parametrize(
    ("who", "key", "header"),
    [("", "s3cret", b"ApiKey s3cret"), ("elastic:s3cret@", "", b"Basic ZWxhc3RpYzpzM2NyZXQ=")],
    ids=["key", "password"],
)
def test_who_asks_is_told_to_the_node_and_to_nobody_else(who, key, header, caplog):
    caplog.set_level("DEBUG")
    with socket.create_server(("127.0.0.1", 0)) as node:
        address = f"http://{who}127.0.0.1:{node.getsockname()[1]}"
        engine = ElasticsearchEngine(Options((address,), api_key=key, timeout=0.3))
        with pytest.raises(EngineUnavailable) as caught:
            engine.search(Query())
        caller, _address = node.accept()
        with caller:
            assert b"authorization: " + header in caller.recv(10_000)
        engine.close()
    assert "s3cret" not in f"{caught.value} {caplog.text}"


def test_a_node_is_trusted_by_the_certificate_that_is_given(tmp_path):
    (tmp_path / "rubbish.pem").write_text("no certificate")
    with nodes.answering(lambda method, path, body: (404, {}, True), nodes.certificate(tmp_path)) as address:
        # Who is trusted says that it has no index; who is not does not get to say anything.
        for name, reason in (("certificate.pem", "missing"), ("", "unreachable"), ("rubbish.pem", "unreachable")):
            engine = ElasticsearchEngine(Options((address,), ca_certs=str(tmp_path / name) if name else ""))
            with pytest.raises(EngineUnavailable) as caught:
                engine.search(Query())
            assert caught.value.reason == reason
            engine.close()


def test_the_reading_of_the_database_waits_for_the_cluster(monkeypatch):
    monkeypatch.setattr(elasticsearch_writing, "CHUNK", 2)
    read: list[int] = []
    wait = threading.Event()

    def node(method: str, path: str, body: bytes) -> nodes.Answer:
        wait.wait(30)
        count = body.count(b'"index"')
        return (200, {"errors": False, "items": [{"index": {"_id": "1", "status": 201}}] * count}, True)

    def fill(cluster: Cluster) -> None:
        with elasticsearch_writing.Filling(cluster, "any", lambda client, name: None, None) as filling:
            for number in range(100):
                filling.add({"_id": str(number), "_source": {}})
                read.append(number)
            filling.end()

    with nodes.answering(node) as address:
        cluster = Cluster(Options((address,)))
        thread = threading.Thread(target=fill, args=[cluster])
        thread.start()
        while not read and thread.is_alive():
            time.sleep(0.01)
        time.sleep(0.5)  # as much as it may read without the cluster
        held = len(read)
        wait.set()
        thread.join(30)
        cluster.close()
    assert 0 < held <= 2 * elasticsearch_writing.WAITING
    assert len(read) == 100


def test_options_are_those_of_the_settings(settings):
    settings.SEARCH_URL, settings.SEARCH_INDEX, settings.SEARCH_API_KEY = (
        ["https://a:9200", "https://b:9200"],
        "ours",
        "k",
    )
    settings.SEARCH_CA_CERTS, settings.SEARCH_TIMEOUT, settings.SEARCH_SHARDS, settings.SEARCH_REPLICAS = (
        "ca.pem",
        2.5,
        3,
        2,
    )
    asked = Options(("https://a:9200", "https://b:9200"), "ours", "k", "ca.pem", timeout=2.5, shards=3, replicas=2)
    assert ElasticsearchEngine.options_of(settings) == asked


def test_options_hide_the_key():
    assert "s3cret" not in repr(Options(("http://a:9200",), api_key="s3cret"))


@pytest.mark.parametrize("reported", [True, False])
def test_a_document_larger_than_a_request_may_be_waits_alone(reported):
    sent: list[list[str]] = []

    def node(method, path, body):
        if len(body) > 2_000:
            return 413, "request entity too large", False
        ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        sent.append(ids)
        return 200, {"errors": False, "items": [{"index": {"_id": id_, "status": 201}} for id_ in ids]}, True

    texts = {"1": "a", "2": "b" * 3_000, "3": "c" * 900, "4": "d" * 900}
    actions = [{"_index": "i", "_id": id_, "text": text} for id_, text in texts.items()]
    refused: dict[str, str] | None = {} if reported else None
    with nodes.answering(node) as address:
        cluster = Cluster(Options((address,)))
        with contextlib.nullcontext() if reported else pytest.raises(DocumentRefused):
            elasticsearch_writing.send(cluster, cluster.writer(), actions, refused)
        cluster.close()
    if reported:
        assert refused == {"2": "larger than a request may be"}
        assert sorted(id_ for ids in sent for id_ in ids) == ["1", "3", "4"]
