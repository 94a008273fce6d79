"""Whatever befalls an engine: pages, lists and saving go on, and the index catches up by itself. One suite for all engines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from elasticsearch import Elasticsearch

from search import indexing
from search.engines import elasticsearch_cluster, elasticsearch_index, get_engine, tantivy, tantivy_index
from search.engines.base import EngineUnavailable, Query
from search.management.commands.search_drain import Command
from tests import factories
from tests.search import nodes
from tests.search.engines import NODE, index_name
from tests.search.reading import get

NOTICE = "La recherche répond au plus simple pour le moment."
IN_STEP = ((), (), (), {})

#: What may happen to each engine. An engine in the process cannot be stopped, slow or answer 500.
CASES = {
    "tantivy": ["missing", "damaged", "pointer lost", "older version", "read-only"],
    "elasticsearch": ["stopped", "slow", "failing", "missing", "damaged", "older version", "read-only"],
}
#: While it may only be read, the index answers.
ANSWERING = {"read-only"}


@dataclass
class Trouble:
    """What happens to the index in use, and how it ends."""

    begin: Callable[[], object]
    end: Callable[[], object]


@pytest.fixture
def way(request, settings) -> Iterator[nodes.Way | None]:
    """The way to the node, for an engine that has one."""
    if not NODE:
        yield None
        return
    way = nodes.Way(NODE)
    yield way
    way.close()


@pytest.fixture(params=[(engine, case) for engine, cases in CASES.items() for case in cases], ids=" ".join)
def trouble(request, settings, tmp_path, tree, way, monkeypatch) -> Iterator[Trouble]:
    """The portal on each engine, with its index in step, and each trouble of that engine in turn."""
    engine, case = request.param
    if engine == "elasticsearch" and not NODE:
        pytest.skip("needs a node")
    settings.SEARCH_ENGINE, settings.SEARCH_PATH = engine, tmp_path / "search"
    settings.SEARCH_INDEX, settings.SEARCH_REPLICAS, settings.SEARCH_TIMEOUT = index_name(tmp_path), 0, 1.0
    settings.SEARCH_URL = [way.address if way else ""]
    monkeypatch.setattr(elasticsearch_cluster, "REST", 1.0)
    indexing.rebuild()
    found = (_in_the_folder if engine == "tantivy" else _in_the_cluster)(case, settings, way, monkeypatch)
    yield found
    found.end()
    get_engine().drop()
    get_engine().close()


def _in_the_folder(case: str, settings, way, monkeypatch) -> Trouble:
    folder = settings.SEARCH_PATH

    def files(pattern: str, change: Callable) -> None:
        for file in (folder / (folder / "current").read_text()).glob(pattern):
            change(file)

    def not_writable(self) -> None:
        raise ValueError("Failed to open file for write: 'IO Error: Permission denied (os error 13)'")

    def read_only() -> None:
        get_engine().close()
        monkeypatch.setattr(tantivy.TantivyEngine, "_open_writer", not_writable)

    written = tantivy.TantivyEngine._open_writer
    return {
        "missing": Trouble(lambda: (folder / "current").unlink(), int),
        "pointer lost": Trouble(lambda: (folder / "current").write_text("../.."), int),
        "damaged": Trouble(
            lambda: files("*.term", lambda file: file.write_bytes(file.read_bytes()[:10])) or _reopen(), int
        ),
        "older version": Trouble(lambda: _rename(folder), int),
        "read-only": Trouble(read_only, lambda: monkeypatch.setattr(tantivy.TantivyEngine, "_open_writer", written)),
    }[case]


def _rename(folder) -> None:
    """The index of a portal with another schema."""
    old = folder / (folder / "current").read_text()
    name = old.name.replace(f"v{tantivy_index.SCHEMA_VERSION}-", "v0-")
    old.rename(folder / name)
    (folder / "current").write_text(name)


def _reopen() -> None:
    """A reader keeps what it has open: the next process meets the damage."""
    get_engine()._index = None
    get_engine()._stamp = ()


def _in_the_cluster(case: str, settings, way: nodes.Way, monkeypatch) -> Trouble:
    name = settings.SEARCH_INDEX

    def cluster(ask: Callable[[Elasticsearch], object]) -> Callable[[], object]:
        def asked() -> None:
            with Elasticsearch(NODE) as client:
                ask(client)

        return asked

    def older() -> None:
        monkeypatch.setattr(elasticsearch_index, "CONTENT_VERSION", elasticsearch_index.CONTENT_VERSION + 1)
        get_engine()._index = ("", 0.0)

    def becomes(state: str) -> Callable[[], object]:
        def change() -> None:
            way.become(state)
            # Nobody waits for a writer, but this test would.
            monkeypatch.setattr(elasticsearch_cluster, "WRITING", 60.0 if state == "open" else 0.3)

        return change

    def block(value: bool | None) -> Callable[[], object]:
        settings = {"index.blocks.read_only_allow_delete": value}
        return cluster(lambda client: client.indices.put_settings(index=name, settings=settings))

    return {
        "stopped": Trouble(becomes("stopped"), becomes("open")),
        "slow": Trouble(becomes("slow"), becomes("open")),
        "failing": Trouble(becomes("failing"), becomes("open")),
        "missing": Trouble(cluster(lambda c: c.indices.delete(index=get_engine().info().generation)), int),
        "damaged": Trouble(cluster(lambda c: c.indices.close(index=name)), int),
        "older version": Trouble(older, int),
        "read-only": Trouble(block(True), block(None)),
    }[case]


def test_pages_lists_and_saving_go_on_and_the_index_catches_up(trouble, client, request):
    before = factories.experience(title_fr="Avant la panne")
    indexing.drain_all()
    reads = request.node.callspec.params["trouble"][1] in ANSWERING
    assert NOTICE not in get(client, "/fr/search/?q=panne")

    trouble.begin()
    for words in ("panne", "panne+avant"):
        started = time.monotonic()
        answer = client.get(f"/fr/search/?q={words}&during")
        seconds = time.monotonic() - started
        html = answer.content.decode()
        assert (answer.status_code, "la <mark>panne</mark>" in html, NOTICE in html) == (200, True, not reads)
        assert seconds < 3
        assert reads or "no-store" in answer["Cache-Control"]
    assert get(client, before.url)
    during = factories.experience(title_fr="Pendant la panne")
    draft = before.get_latest_revision_as_object()
    draft.title_fr = "Corrigé pendant la panne"
    draft.save_revision().publish()
    assert indexing.waiting()
    # Now nobody waits for an engine that did not answer a moment ago.
    started = time.monotonic()
    assert "<mark>Pendant</mark> la panne" in get(client, "/fr/search/?q=pendant") or reads
    assert time.monotonic() - started < 3

    drainer = Command()
    drainer.step()
    trouble.end()
    until = time.monotonic() + 30
    while time.monotonic() < until and not _in_step(drainer):
        time.sleep(0.2)
    difference = indexing.compare()
    assert (difference.missing, difference.stale, difference.extra, difference.broken) == IN_STEP
    assert indexing.waiting() == 0
    html = get(client, "/fr/search/?q=corrigé+panne&again")
    assert NOTICE not in html
    assert {hit.id for hit in get_engine().search(Query(words="panne")).hits} == {str(before.pk), str(during.pk)}


def _in_step(drainer: Command) -> bool:
    """Whether the drainer has nothing to do any more, and readers have the engine back."""
    drainer.step()
    try:
        indexing.check()
    except EngineUnavailable:
        return False
    return not indexing.waiting()
