"""Tasks: no more of them than needed; those whose worker was killed are queued again, a limited number of times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.signals import task_enqueued
from django_tasks_db.models import DBTaskResult, get_date_max
from wagtail.models import ReferenceIndex

from knowledge.models import Place
from portal.tasks import MAX_ATTEMPTS, requeue_stale

pytestmark = pytest.mark.django_db


def running(*, minutes: int, attempts: int = 1) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status="RUNNING",
        started_at=timezone.now() - timedelta(minutes=minutes),
        args_kwargs={"args": [1, "note.txt"], "kwargs": {}},
        task_path="portal.files.tasks.read_text",
        backend_name="default",
        run_after=get_date_max(),
        worker_ids=["worker"] * attempts,
    )


def test_what_has_run_for_too_long_is_queued_again():
    lost, busy = running(minutes=20), running(minutes=1)
    assert requeue_stale(older_than=timedelta(minutes=10)) == 1
    assert [DBTaskResult.objects.get(pk=task.pk).status for task in (lost, busy)] == ["READY", "RUNNING"]


def test_a_task_that_takes_every_worker_down_is_given_up():
    task = running(minutes=20, attempts=MAX_ATTEMPTS)
    assert requeue_stale(older_than=timedelta(0)) == 0
    task.refresh_from_db()
    assert (task.status, task.exception_class_path) == ("FAILED", "portal.tasks.WorkerLost")


def test_what_a_page_points_to_is_read_once_however_many_rows_are_saved_with_it(make_experience):
    asked = []

    def note(task_result, **_kwargs) -> None:
        asked.append(task_result.task.name)

    first, second = make_experience("Mutuelle du Borgou"), make_experience("Mutuelle du Zou")
    second.places = [Place(country=code) for code in ("BJ", "TG", "NE")]
    task_enqueued.connect(note)
    try:
        first.save()
        of_one_row = sorted(asked)
        asked.clear()
        second.save()
        assert sorted(asked) == of_one_row
    finally:
        task_enqueued.disconnect(note)
    assert of_one_row.count("update_reference_index_task") == 1
    assert ReferenceIndex.get_references_for_object(second).filter(model_path__startswith="item_concepts").exists()
