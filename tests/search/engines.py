"""The engines that the contract suite runs on. A new engine is one more entry of ``ENGINES``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine


def tantivy(folder: Path) -> Engine:
    """An engine in a folder of its own, empty."""
    return TantivyEngine(folder / "search")


#: How to make an engine, by name: called with an empty folder; called again, it must open the same index.
ENGINES: dict[str, Callable[[Path], Engine]] = {"tantivy": tantivy}
