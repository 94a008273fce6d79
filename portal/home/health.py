"""What is well and what is not, for who looks after the portal: states in one word each, no addresses, no texts of errors.

`/healthz` says that the process answers, `/readyz` what it needs. Both answer before all other middleware: to any host name, by
http too, without session, language and database.
"""

from __future__ import annotations

import logging
import secrets
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from wagtail.models import Revision

from portal.models import PortalPage
from search import indexing
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.models import Outbox

logger = logging.getLogger(__name__)

OK = "ok"
#: Seconds for all checks together.
PATIENCE = 1.7


def database() -> str:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return OK


def migrations() -> str:
    """Whether the tables are those of this code."""
    applied = MigrationRecorder(connection).applied_migrations()
    return OK if _migrations_of_this_code() <= applied.keys() else "pending"


@cache
def _migrations_of_this_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def search() -> str:
    """Whether the engine answers, from an index of this code: otherwise one of `EngineUnavailable.REASONS`."""
    try:
        indexing.check()
    except EngineUnavailable as error:
        return error.reason
    return OK


def index() -> str:
    """Whether the drainer keeps up with what is saved."""
    # What cannot be indexed is told by the log and `search_verify`: it says nothing of the drainer.
    waiting = Outbox.objects.waiting().filter(failures=0).order_by("pk")
    return _age(waiting.values_list("created_at", flat=True).first())


def queue() -> str:
    """Whether a worker takes the tasks that are due."""
    due = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", "run_after").first()
    if due is None:
        return OK
    enqueued_at, run_after = due
    return _age(enqueued_at if run_after == get_date_max() else max(enqueued_at, run_after))


def schedule() -> str:
    """Whether the clock publishes and withdraws what is due."""
    late = timezone.now() - timedelta(seconds=settings.HEALTH_LAG)
    due = (
        Revision.page_revisions.filter(approved_go_live_at__lt=late).exists()
        or PortalPage.objects.live().filter(expire_at__lt=late).exists()
    )
    return "behind" if due else OK


def files() -> str:
    """Whether what is uploaded can be written."""
    try:
        for folder in (settings.MEDIA_ROOT, settings.FILES_ROOT):
            Path(folder).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"written")
    except OSError:
        return "not writable"
    return OK


def shared_cache() -> str:
    """Whether the cache that all processes share keeps what it is given."""
    value = secrets.token_hex(8)
    try:
        caches["default"].set("health", value, 60)
        kept = caches["default"].get("health")
    except OSError:
        return "not writable"
    # Another process may have written between the two.
    return OK if kept else "forgetful"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "search": search,
    "index": index,
    "queue": queue,
    "schedule": schedule,
    "files": files,
    "cache": shared_cache,
}


def _age(since: datetime | None) -> str:
    late = since is not None and timezone.now() - since > timedelta(seconds=settings.HEALTH_LAG)
    return "behind" if late else OK


class _Checking:
    """Runs checks beside each other; one that hangs is not started a second time, so that probes do not pile up."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="health")
        self._lock = Lock()
        self._running: dict[str, Future[str]] = {}

    def states(self, names: Iterable[str]) -> dict[str, str]:
        """Return the state of each check named, after `PATIENCE` seconds at most."""
        with self._lock:
            asked = {name: self._started(name) for name in names}
        wait(asked.values(), timeout=PATIENCE)
        return {name: future.result() if future.done() else "no answer in time" for name, future in asked.items()}

    def _started(self, name: str) -> Future[str]:
        former = self._running.get(name)
        if former is None or former.done():
            self._running[name] = self._pool.submit(_run, CHECKS[name])
        return self._running[name]


def _run(check: Callable[[], str]) -> str:
    """Run a check on a connection of its own; what cannot be known without the database is unknown."""
    try:
        return check()
    except Error:
        return "unknown"
    except Exception:
        logger.exception("A check of health failed")
        return "unknown"
    finally:
        connection.close()


@cache
def _checking() -> _Checking:
    # At the first question: threads do not survive the fork of a web server's workers.
    return _Checking()


def states(names: Iterable[str] = tuple(CHECKS)) -> dict[str, str]:
    """Return the state of each check named: `OK`, or what is wrong."""
    return _checking().states(names)


class HealthMiddleware:
    """Answers `/healthz` and `/readyz`; stands before all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        get_engine()  # loads its packages, so that neither the first probe nor the first visitor waits for them

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _answer(request, {"web": OK})
        if request.path_info == "/readyz":
            return _answer(request, states())
        return self.get_response(request)


def _answer(request: HttpRequest, found: dict[str, str]) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    well = all(state == OK for state in found.values())
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JsonResponse(found, status=200 if well else 503, headers=headers)
