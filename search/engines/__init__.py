"""The engine that the settings name, one per process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine


def get_engine() -> Engine:
    """The engine of ``SEARCH_ENGINE``, the same at each call; nothing is opened before it is used."""
    return _engine(settings.SEARCH_ENGINE, str(settings.SEARCH_PATH), tuple(code for code, _name in settings.LANGUAGES))


@cache
def _engine(name: str, path: str, languages: tuple[str, ...]) -> Engine:
    if name == "tantivy":
        return TantivyEngine(path, languages)
    raise ValueError(f"SEARCH_ENGINE: no engine is called {name!r}")
