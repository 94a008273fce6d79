"""Keeps the index equal to the database: the drainer, the rebuild, and the check of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal import caching
from search.documents import SOURCES, all_documents, documents_of
from search.engines import get_engine
from search.engines.base import Query
from search.models import Outbox

BATCH = 200

#: Drained rows are kept longer than any rebuild takes.
KEPT = timedelta(days=1)

#: Clocks of several hosts may differ by this much.
CLOCKS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids by which the index differs from the database."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.missing, *self.stale, *self.extra)


def drain() -> int:
    """Index what waits in the outbox, one batch; returns the number of rows. Raises EngineUnavailable.

    A row is marked only after the index has it and only if no rebuild swapped the index meanwhile, so that a drainer
    killed at any point, or overtaken by a rebuild, does it again.
    """
    rows = list(Outbox.objects.waiting().order_by("pk").values_list("pk", "document", "rebuilds")[:BATCH])
    if not rows:
        return 0
    ids = list(dict.fromkeys(document for _pk, document, _rebuilds in rows))
    documents = documents_of(ids)
    engine = get_engine()
    if documents:
        engine.index(documents)
    gone = set(ids) - {document.id for document in documents}
    if gone:
        engine.remove(sorted(gone))
    for rebuilds in {row[2] for row in rows}:
        pks = [row[0] for row in rows if row[2] == rebuilds]
        Outbox.objects.waiting().filter(pk__in=pks, rebuilds=rebuilds).update(drained_at=timezone.now())
    caching.forget()
    return len(rows)


def drain_all() -> int:
    """Drain until nothing waits."""
    total = 0
    while count := drain():
        total += count
    return total


def check() -> None:
    """Raise EngineUnavailable where the index cannot be read, although nothing is to be written."""
    get_engine().search(Query(limit=1))


def purge() -> None:
    """Forget rows that were drained long ago."""
    Outbox.objects.filter(drained_at__lt=timezone.now() - KEPT).delete()


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Build the whole index beside the one in use and swap; returns the number of documents.

    Saves go on meanwhile and are drained into the old index; afterwards they are drained once more into the new one.
    """
    started = timezone.now()
    count = get_engine().rebuild(all_documents(), progress)
    with transaction.atomic():
        since = Q(drained_at=None) | Q(drained_at__gte=started - CLOCKS)
        Outbox.objects.filter(since).update(drained_at=None, rebuilds=F("rebuilds") + 1)
    caching.forget()
    return count


def compare(progress: Callable[[int], None] | None = None) -> Difference:
    """Compare every document of the database with the index."""
    held = dict(get_engine().versions())
    missing, stale = [], []
    for number, document in enumerate(all_documents(), start=1):
        version = held.pop(document.id, None)
        if version is None:
            missing.append(document.id)
        elif version != document.version:
            stale.append(document.id)
        if progress is not None:
            progress(number)
    return Difference(tuple(missing), tuple(stale), tuple(held))


def repair(difference: Difference) -> None:
    """Have the drainer put right what differs."""
    Outbox.objects.add(difference.ids)


def waiting() -> int:
    """Rows that the drainer has not done yet."""
    return Outbox.objects.waiting().count()


def expected() -> int:
    """The number of documents that the database asks for."""
    return sum(source.visible().count() for source in SOURCES.values())


def pending_among(ids: list[str]) -> frozenset[str]:
    """Those of ``ids`` that changed since they were indexed: what the index says of them is not to be shown."""
    return frozenset(Outbox.objects.waiting().filter(document__in=ids).values_list("document", flat=True))
