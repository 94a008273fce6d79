"""An index of its own for each test that needs one, equal to the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search import indexing
from search.engines import get_engine
from search.engines.base import Engine


@pytest.fixture
def index(settings, tmp_path, tree) -> Iterator[Engine]:
    """The engine on an empty index; ``indexing.drain_all`` fills it."""
    settings.SEARCH_PATH = tmp_path / "search"
    engine = get_engine()
    indexing.rebuild()
    yield engine
    engine.close()
