"""Measures what is searched with: each engine, and the database search of Wagtail beside them (`bench_search`)."""

from __future__ import annotations

import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import override_settings

from experiences.models import Experience
from knowledge.models import KnowledgeItem
from portal.demo import synthetic
from portal.models import PortalPage
from search import indexing
from search.concepts import thesaurus
from search.engines import get_engine, temporary_engine
from search.engines.base import PUBLIC, Engine, Query
from search.models import Outbox
from search.understanding import understand

#: What is asked, in the visitor's language: of two to seven words, with what the thesaurus knows and what it does not.
QUESTIONS = (
    ("fr", "mutuelle santé"),
    ("fr", "comité élu qui contrôle les comptes"),
    ("fr", "tiers payant au village"),
    ("fr", "cotisation des familles sans revenu régulier"),
    ("fr", "indigents"),
    ("fr", "saison des récoltes"),
    ("en", "health insurance members"),
    ("en", "third-party payment health centre bill"),
    ("en", "elected committee accounts"),
    ("en", "families without regular income"),
    ("es", "centro de salud factura"),
    ("es", "familias sin ingreso regular en la aldea"),
    ("pt", "proteção social famílias"),
    ("pt", "centro de saúde na aldeia"),
)
ROUNDS = 15
FILTERS: tuple[dict[str, frozenset[str]], ...] = (
    {},
    {"country": frozenset({"SN", "ML"})},
    {"kind": frozenset({"experience"}), "language": frozenset({"fr"})},
)
SAVES = 20
PATIENCE = 60.0
#: Wagtail's search takes seconds for one question where there are many items: it is asked for so long at most.
WAGTAIL_SECONDS = 120.0


@dataclass(frozen=True)
class Found:
    """What was measured; nothing (None) where it does not apply. Milliseconds, megabytes."""

    items: int
    per_second: float | None = None
    index_mb: float | None = None
    memory_mb: float | None = None
    p50: float | None = None
    p95: float | None = None
    saved_p50: float | None = None
    saved_most: float | None = None


def of_documents(engine: str, count: int, say: Callable[[int], None]) -> Found:
    """Measure ``engine`` with synthetic documents; the portal's index and its database are left alone.

    The time of a rebuild holds that of making up the documents; a save is one call of the engine.
    """
    with temporary_engine(engine) as index:
        start = time.monotonic()
        index.rebuild(synthetic.documents(count), say)
        made = time.monotonic() - start
        searches = search_times(index)
        saved = [_until_found_directly(index, document) for document in synthetic.documents(min(SAVES, count))]
        return _found(count, count / made, index, searches, saved)


def of_database(engine: str, say: Callable[[int], None]) -> Found:
    """Measure ``engine`` with the items of the database, in an index of its own, with a drainer beside as in service."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        own = {
            "SEARCH_ENGINE": engine,
            "SEARCH_PATH": Path(folder),
            "SEARCH_INDEX": f"{settings.SEARCH_INDEX}-bench-{secrets.token_hex(3)}",
            "SEARCH_TIMEOUT": 10.0,
        }
        with override_settings(**own):
            index = get_engine()
            try:
                start = time.monotonic()
                count = indexing.rebuild(say)
                made = time.monotonic() - start
                searches = search_times(index)
                with _drainer({name: str(value) for name, value in own.items()}):
                    saved = _save_times(index)
                return _found(count, count / made, index, searches, saved)
            finally:
                index.drop()
                index.close()


def of_wagtail() -> Found:
    """Measure Wagtail's own search of the database: ten items by words, and their number; it has neither facets nor passages."""
    before = _database_bytes()
    start = time.monotonic()
    call_command("update_index", verbosity=0)
    made = time.monotonic() - start
    count, size = KnowledgeItem.objects.live().count(), _database_bytes() - before
    times: list[float] = []
    end = time.monotonic() + WAGTAIL_SECONDS
    for _language, words in QUESTIONS:
        if time.monotonic() < end:
            start = time.perf_counter()
            results = KnowledgeItem.objects.visible_to(None).search(words)
            list(results[:10]), results.count()
            times.append((time.perf_counter() - start) * 1000)
    return Found(count, count / made, size / 1e6 if size > 0 else None, _memory_mb(), *_quantiles(times), 0, 0)


def search_times(index: Engine) -> list[float]:
    """Ask with six facets, the permission of visitors and passages; return milliseconds of the engine alone."""
    queries = []
    for language, words in QUESTIONS:
        asked = Query(words=words, language=language, audience=frozenset({PUBLIC}))
        understood = understand(asked, engine=index, thesaurus=thesaurus()).query
        queries += [replace(understood, filters=chosen) for chosen in FILTERS]
    for query in queries:
        index.search(query)
    return [_milliseconds(partial(index.search, query)) for _round in range(ROUNDS) for query in queries]


def _save_times(index: Engine) -> list[float]:
    """Change a title as an editor does, with its row in the outbox, until the search finds it; the titles are put back."""
    pages = list(Experience.objects.live().order_by("pk")[:SAVES])
    times = []
    try:
        for page in pages:
            word = _new_word()
            _save(page, f"{page.title_in(page.original_language)} {word}")
            times.append(_until_found(index, word, page.original_language))
    finally:
        for page in pages:
            _save(page, page.title_in(page.original_language))
    return times


def _save(page: Experience, title: str) -> None:
    with transaction.atomic():
        PortalPage.objects.filter(pk=page.pk).update(**{f"title_{page.original_language}": title})
        Outbox.objects.add([str(page.pk)])


def _until_found_directly(index: Engine, document: Any) -> float:
    language, texts = next(iter(document.texts.items()))
    word = _new_word()
    changed = replace(
        document, version=word, texts={language: replace(texts, title=word)}, audience=frozenset({PUBLIC})
    )
    start = time.perf_counter()
    index.index([changed])
    return (time.perf_counter() - start) * 1000 + _until_found(index, word, language)


def _until_found(index: Engine, word: str, language: str) -> float:
    """Milliseconds until ``word`` is found. Raises `RuntimeError` where that never happens."""
    start = time.perf_counter()
    query = Query(words=word, language=language, facets=(), highlight=False, limit=1)
    while not index.search(query).total:
        if time.perf_counter() - start > PATIENCE:
            raise RuntimeError(f"{word!r} is not found after {PATIENCE:.0f} s")
        time.sleep(0.005)
    return (time.perf_counter() - start) * 1000


@contextmanager
def _drainer(environment: dict[str, str]) -> Iterator[None]:
    """Run the drainer beside, as in service."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "search_drain"]
    process = subprocess.Popen(command, env=os.environ | environment)  # noqa: S603
    try:
        # It is there when it has done its first row.
        Outbox.objects.add([str(Experience.objects.live().values_list("pk", flat=True).first())])
        _drained()
        yield
        _drained()
    finally:
        process.terminate()
        process.wait(30)


def _drained() -> None:
    end = time.monotonic() + PATIENCE
    while Outbox.objects.due().exists() and time.monotonic() < end:
        time.sleep(0.1)


def _found(count: int, per_second: float, index: Engine, searches: list[float], saved: list[float]) -> Found:
    p50, p95 = _quantiles(searches)
    return Found(
        items=count,
        per_second=per_second,
        index_mb=index.info().bytes / 1e6,
        memory_mb=_memory_mb(),
        p50=p50,
        p95=p95,
        saved_p50=statistics.median(saved),
        saved_most=max(saved),
    )


def _quantiles(times: Iterable[float]) -> tuple[float, float]:
    found = sorted(times)
    return statistics.median(found), found[min(len(found) - 1, int(len(found) * 0.95))]


def _milliseconds(do: Callable[[], Any]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000


def _memory_mb() -> float:
    """The memory of this process, without mapped files."""
    match = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(match.group(1)) / 1024 if match else 0.0


def _database_bytes() -> int:
    statement = {
        "sqlite": "SELECT (page_count - freelist_count) * page_size "
        "FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }.get(connection.vendor)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _new_word() -> str:
    return "zz" + "".join(secrets.choice("bcdfgklmnprtv") + secrets.choice("aeiou") for _pair in range(5))
