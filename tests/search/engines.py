"""The engines that the contract suite runs on. A new engine is one more entry of ``ENGINES``.

Elasticsearch is among them where ``ELASTICSEARCH_URL`` names a node for tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_cluster import Options
from search.engines.tantivy import TantivyEngine


def tantivy(folder: Path) -> Engine:
    """An engine in a folder of its own, empty."""
    return TantivyEngine(folder / "search")


NODE = os.environ.get("ELASTICSEARCH_URL", "")


def index_name(folder: Path) -> str:
    """The name of the index that belongs to a folder."""
    return f"test-{blake2b(str(folder).encode(), digest_size=6).hexdigest()}"


def elasticsearch(folder: Path) -> Engine:
    """An engine on the node for tests, with an index of the folder's own."""
    return ElasticsearchEngine(Options((NODE,), index_name(folder), timeout=10, replicas=0))


#: How to make an engine, by name: called with an empty folder; called again, it must open the same index.
ENGINES: dict[str, Callable[[Path], Engine]] = {"tantivy": tantivy}
if NODE:
    ENGINES["elasticsearch"] = elasticsearch


def with_languages(name: str, folder: Path, languages: tuple[str, ...]) -> Engine:
    """The engine ``name`` of a portal with these languages."""
    if name == "tantivy":
        return TantivyEngine(folder / "search", languages)
    return ElasticsearchEngine(Options((NODE,), index_name(folder), timeout=10, replicas=0), languages)
