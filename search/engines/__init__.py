"""The engine that the settings name, one per process."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from search.engines.base import Engine

#: Classes by the name in ``SEARCH_ENGINE``. Beside :class:`Engine`, each has ``options_of(settings)``, a value that tells
#: one index from another, and ``elsewhere(options, folder, name)``, the same for an index that is only tried.
ENGINES = {
    "tantivy": "search.engines.tantivy.TantivyEngine",
    "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
}


def get_engine() -> Engine:
    """The engine of ``SEARCH_ENGINE``, the same at each call; nothing is opened before it is used."""
    name = settings.SEARCH_ENGINE
    return _engine(name, _class(name).options_of(settings), _languages())


@contextlib.contextmanager
def temporary_engine(name: str, languages: Iterable[str] = ()) -> Iterator[Engine]:
    """The engine ``name`` with an index of its own, which goes at the end; ``languages`` beside those of the portal."""
    known = tuple(dict.fromkeys([*_languages(), *sorted(languages)]))
    engine_class = _class(name)
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        options = engine_class.elsewhere(engine_class.options_of(settings), folder, f"tried-{secrets.token_hex(4)}")
        engine: Engine = engine_class(options, known)
        try:
            yield engine
        finally:
            engine.drop()
            engine.close()


@cache
def _engine(name: str, options: Any, languages: tuple[str, ...]) -> Engine:
    engine: Engine = _class(name)(options, languages)
    return engine


def _class(name: str) -> Any:
    if name not in ENGINES:
        raise ImproperlyConfigured(f"SEARCH_ENGINE: no engine is called {name!r}")
    try:
        return import_string(ENGINES[name])
    except ImportError as error:
        raise ImproperlyConfigured(f"SEARCH_ENGINE={name} needs packages that are not installed: {error}") from error


def _languages() -> tuple[str, ...]:
    return tuple(code for code, _name in settings.LANGUAGES)
