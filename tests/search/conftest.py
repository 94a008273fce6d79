"""An index of its own for each test that needs one, equal to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search import indexing
from search.engines import get_engine
from search.engines.base import Engine
from tests.portals import environment_of
from tests.search.collection import COLLECTION
from tests.search.engines import ENGINES, NODE, index_name

collect_ignore = [] if NODE else ["test_elasticsearch.py"]


@pytest.fixture(params=ENGINES)
def index(request, settings, tmp_path, tree) -> Iterator[Engine]:
    """Each engine in turn, on an empty index; ``indexing.drain_all`` fills it."""
    settings.SEARCH_ENGINE = request.param
    settings.SEARCH_PATH = tmp_path / "search"
    settings.SEARCH_URL, settings.SEARCH_INDEX, settings.SEARCH_REPLICAS = [NODE], index_name(tmp_path), 0
    settings.SEARCH_TIMEOUT = 10
    engine = get_engine()
    indexing.rebuild()
    yield engine
    engine.drop()
    engine.close()


@pytest.fixture(params=ENGINES)
def make(request, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Makes engines on one index, as other processes would."""
    made: list[Engine] = []

    def one() -> Engine:
        made.append(ENGINES[request.param](tmp_path))
        return made[-1]

    yield one
    for engine in made[:1]:
        engine.drop()
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make) -> Engine:
    """An engine that holds the collection."""
    engine = make()
    engine.rebuild(COLLECTION)
    return engine


@pytest.fixture(params=ENGINES)
def portal(request, tmp_path, settings, portal_template) -> Iterator[dict[str, str]]:
    """The environment of a portal of its own, for processes that are killed, with each engine in turn."""
    environment = environment_of(tmp_path, request.param, portal_template)
    yield environment
    settings.SEARCH_ENGINE, settings.SEARCH_PATH = request.param, tmp_path / "search"
    settings.SEARCH_URL, settings.SEARCH_INDEX = [environment["SEARCH_URL"]], environment["SEARCH_INDEX"]
    engine = get_engine()
    engine.drop()
    engine.close()
