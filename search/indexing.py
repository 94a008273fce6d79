"""Keeps the index equal to the database: the drainer, the rebuild, and the check of both."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal import caching
from search import concepts
from search.documents import SOURCES, all_documents, documents_of
from search.engines import get_engine
from search.engines.base import EngineUnavailable, Query
from search.models import Outbox, Rebuild

logger = logging.getLogger(__name__)

BATCH = 200

#: Drained rows are kept longer than any rebuild takes.
KEPT = timedelta(days=1)

#: Concepts are often changed one after the other: documents follow when nobody has changed one for so long.
SETTLED = timedelta(seconds=30)

#: Clocks of several hosts may differ by this much.
CLOCKS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids by which the index differs from the database, and documents that could not be made, with the reason."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]
    broken: Mapping[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """All that a drainer can put right."""
        return (*self.missing, *self.stale, *self.extra)


def drain() -> int:
    """Index what is due in the outbox, one batch; returns the number of rows. Raises EngineUnavailable.

    A row is marked only after the index has it and only if no rebuild swapped the index meanwhile, so that a drainer
    killed at any point, or overtaken by a rebuild or by another drainer, does it again. What cannot be indexed is put off,
    and stops no other.
    """
    follow_up()
    rows = list(Outbox.objects.due().order_by("pk").values_list("pk", "document", "rebuilds")[:BATCH])
    if not rows:
        return 0
    ids = list(dict.fromkeys(document for _pk, document, _rebuilds in rows))
    # A document that failed before may be well since it was saved again.
    put_off = Outbox.objects.failing().filter(document__in=ids, due_at__gt=timezone.now())
    rows += put_off.values_list("pk", "document", "rebuilds")
    before = set(Outbox.objects.drained(ids).values_list("pk", "drained_at"))
    refused: dict[str, str] = {}
    documents = documents_of(ids, refused)
    gone = set(ids) - {document.id for document in documents} - refused.keys()
    engine = get_engine()
    if documents:
        engine.index(documents, refused)
    if gone:
        engine.remove(sorted(gone))
    rows = [row for row in rows if row[1] not in refused]
    now = timezone.now()
    for rebuilds in {row[2] for row in rows}:
        pks = [row[0] for row in rows if row[2] == rebuilds]
        Outbox.objects.waiting().filter(pk__in=pks, rebuilds=rebuilds).update(drained_at=now)
    _again_where_two_wrote(ids, {row[0] for row in rows}, before, now)
    Outbox.objects.put_off(refused)
    caching.forget()
    return len(rows) + len(refused)


def _again_where_two_wrote(ids: list[str], taken: set[int], before: set[tuple[int, datetime]], now: datetime) -> None:
    """Have rows wait again whose documents were drained by somebody else meanwhile: who wrote last may have read first.

    Each marks before it looks, so that of two at the same time one at least sees the other, if only by a row that both took
    and one marked, at its own ``now``.
    """
    since = Outbox.objects.drained(ids).values_list("pk", "drained_at", "document")
    others = {document for pk, at, document in since if at != now and (pk, at) not in before}
    if others:
        Outbox.objects.filter(pk__in=taken, document__in=others).update(drained_at=None)


def drain_all() -> int:
    """Drain until nothing is due."""
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

    Saves go on meanwhile and are drained into the old index; afterwards they are drained once more into the new one, also
    where this process is killed between the two (see :func:`follow_up`).
    """
    begun = Rebuild.objects.create(replaces=_generation())
    refused: dict[str, str] = {}
    stamp = concepts.stamp()
    try:
        count = get_engine().rebuild(all_documents(refused), progress, refused)
    except BaseException:
        # Swapped or not: where it was, the row is what tells the drainer.
        if _generation() == begun.replaces:
            begun.delete()
        raise
    concepts.applied(stamp)
    follow_up()
    Outbox.objects.put_off(refused)
    return count


def follow_up() -> None:
    """After a swap, have all that was drained since the rebuild began drained once more, into the new index."""
    begun = list(Rebuild.objects.all())
    if not begun:
        return
    now = _generation()
    swapped = [rebuild for rebuild in begun if rebuild.replaces != now]
    if not swapped or not now:
        return
    since = min(rebuild.started_at for rebuild in swapped) - CLOCKS
    with transaction.atomic():
        again = Outbox.objects.filter(Q(drained_at=None) | Q(drained_at__gte=since))
        again.update(drained_at=None, rebuilds=F("rebuilds") + 1)
        Rebuild.objects.filter(pk__in=[rebuild.pk for rebuild in swapped]).delete()
        caching.forget()


def _generation() -> str:
    """The name of the index in use, or nothing."""
    try:
        return get_engine().info().generation
    except EngineUnavailable:
        return ""


def compare(progress: Callable[[int], None] | None = None) -> Difference:
    """Compare every document of the database with the index."""
    held = dict(get_engine().versions())
    missing, stale = [], []
    broken: dict[str, str] = {}
    for number, document in enumerate(all_documents(broken), start=1):
        version = held.pop(document.id, None)
        if version is None:
            missing.append(document.id)
        elif version != document.version:
            stale.append(document.id)
        if progress is not None:
            progress(number)
    for identifier in broken:
        held.pop(identifier, None)
    return Difference(tuple(missing), tuple(stale), tuple(held), broken)


def repair(difference: Difference) -> None:
    """Have the drainer put right what differs."""
    Outbox.objects.add(difference.ids)


def apply_thesaurus(settled: timedelta = SETTLED) -> None:
    """After a change of concepts, look through all documents and write those again whose texts name others now.

    What is saved meanwhile is drained meanwhile; what is missing or too much is left to the check. Killed on the way, it begins
    again.
    """
    stamp = concepts.unapplied(settled)
    if not stamp:
        return
    found = compare(lambda number: _drain_meanwhile() if number % BATCH == 0 else None)
    logger.info("Concepts changed: %d documents are written again", len(found.stale))
    for begin in range(0, len(found.stale), BATCH):
        Outbox.objects.add(found.stale[begin : begin + BATCH])
        _drain_meanwhile()
    Outbox.objects.put_off(found.broken)
    concepts.applied(stamp)


def _drain_meanwhile() -> None:
    """What cannot be drained now is not lost, and whoever drains next says why."""
    with suppress(EngineUnavailable):
        drain_all()


def waiting() -> int:
    """Rows that the drainer has not done yet."""
    return Outbox.objects.waiting().count()


def due() -> int:
    """Rows that the drainer has to do now."""
    return Outbox.objects.due().count()


def failing() -> dict[str, str]:
    """Documents that wait because they could not be indexed, and why."""
    return dict(Outbox.objects.failing().order_by("pk").values_list("document", "reason"))


def expected() -> int:
    """The number of documents that the database asks for."""
    return sum(source.visible().count() for source in SOURCES.values())


def pending_among(ids: list[str]) -> frozenset[str]:
    """Those of ``ids`` that changed since they were indexed: what the index says of them is not to be shown."""
    return frozenset(Outbox.objects.waiting().filter(document__in=ids).values_list("document", flat=True))
