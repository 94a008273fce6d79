"""Tasks in the background: none is lost when a worker is killed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

MAX_ATTEMPTS = 3


class WorkerLost(Exception):
    """The worker that ran a task ended before the task did, again and again."""


@transaction.atomic
def requeue_stale(*, older_than: timedelta) -> int:
    """Queue again what has been running for longer than `older_than`, because its worker was killed; return how many.

    Tasks may be run twice, so they are written to be. One that took its worker down three times is noted as failed.
    """
    stale = DBTaskResult.objects.running().filter(started_at__lte=timezone.now() - older_than).select_for_update()
    count = 0
    for result in stale:
        if len(result.worker_ids) >= MAX_ATTEMPTS:
            result.set_failed(WorkerLost(f"{len(result.worker_ids)} workers ended while they ran it"))
        else:
            result.status = TaskResultStatus.READY
            result.save(update_fields=["status"])
            count += 1
    return count
