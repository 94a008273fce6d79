"""What /healthz and /readyz say: with all in order, and with a database, an engine and workers that really are away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from portal.home import health
from portal.models import PortalPage
from search import indexing
from search.engines import get_engine
from search.models import Outbox
from tests.search import nodes

WELL = dict.fromkeys(health.CHECKS, "ok")
NOT_INHERITED = ("DEBUG", "DEMO", "DJANGO_SETTINGS_MODULE", "DATABASE_URL")
ASK = """
import django; django.setup()
from django.test import Client
answer = Client().get("/readyz", headers={"host": "10.1.2.3:8000"})
print(answer.status_code, answer.content.decode())
"""


@pytest.fixture
def index(settings, tmp_path):
    """The portal with an index of its own."""
    settings.SEARCH_ENGINE, settings.SEARCH_PATH = "tantivy", tmp_path / "search"
    indexing.rebuild()


def test_a_process_that_answers_is_alive_whatever_its_host_is_called(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portal.example"]
    answer = client.get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.json()) == (200, {"web": "ok"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_a_portal_with_all_that_it_needs_is_ready(client, tree, index, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portal.example"]
    answer = client.get("/readyz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.json()) == (200, WELL)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_no_index_is_named_and_nothing_else(client, tree, settings, tmp_path):
    settings.SEARCH_ENGINE, settings.SEARCH_PATH = "tantivy", tmp_path / "nothing"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"search": "missing"})


def test_a_stopped_node_is_unreachable(client, tree, settings):
    settings.SEARCH_ENGINE, settings.SEARCH_URL, settings.SEARCH_INDEX = "elasticsearch", [nodes.closed()], "stopped"
    get_engine()  # its packages are loaded when a process starts
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"search": "unreachable"})


def test_a_silent_node_keeps_nobody_waiting(client, tree, settings):
    with nodes.silent() as address:
        settings.SEARCH_ENGINE, settings.SEARCH_URL, settings.SEARCH_INDEX = "elasticsearch", [address], "silent"
        settings.SEARCH_TIMEOUT = 5
        started = time.monotonic()
        answer = client.get("/readyz")
        assert time.monotonic() - started < 2
        assert (answer.status_code, answer.json()) == (503, WELL | {"search": "no answer in time"})


def test_a_check_that_hangs_is_not_started_again(tree, monkeypatch):
    go_on, starts = threading.Event(), []
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    monkeypatch.setitem(health.CHECKS, "files", lambda: starts.append(1) or (go_on.wait(5) and "ok") or "late")
    checking = health._Checking()
    assert [checking.states(["files"]) for _time in range(3)] == [{"files": "no answer in time"}] * 3
    assert starts == [1]
    go_on.set()
    monkeypatch.setattr(health, "PATIENCE", 5)
    assert checking.states(["files"]) == {"files": "ok"}


def test_a_check_that_breaks_makes_no_error_of_the_answer(client, tree, index, monkeypatch):
    def broken() -> str:
        raise KeyError("secret")

    monkeypatch.setitem(health.CHECKS, "files", broken)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"files": "unknown"})


def test_a_folder_that_cannot_be_written_is_named(client, tree, index, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert client.get("/readyz").json() == WELL | {"files": "not writable"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [False, True])
def test_work_that_nobody_does_is_named_after_a_while(client, tree, index, make_experience, settings, late):
    settings.HEALTH_LAG = 60
    then = timezone.now() - timedelta(seconds=61 if late else 30)
    page = make_experience("Mutuelle de Dangbo")
    PortalPage.objects.filter(pk=page.pk).update(expire_at=then)
    Outbox.objects.create(document=str(page.pk))
    Outbox.objects.waiting().update(created_at=then)
    DBTaskResult.objects.create(args_kwargs={"args": [], "kwargs": {}}, run_after=get_date_max())
    DBTaskResult.objects.update(enqueued_at=then)
    behind = {"index": "behind", "queue": "behind", "schedule": "behind"} if late else {}
    assert client.get("/readyz").json() == WELL | behind


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_waits_for_its_next_try_is_not_late(client, tree, index, settings):
    settings.HEALTH_LAG = 60
    now = timezone.now()
    task = DBTaskResult.objects.create(args_kwargs={"args": [], "kwargs": {}}, run_after=now - timedelta(seconds=5))
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=now - timedelta(hours=1))
    DBTaskResult.objects.create(args_kwargs={"args": [], "kwargs": {}}, run_after=now + timedelta(hours=1))
    assert health.states(["queue"]) == {"queue": "ok"}


def test_the_command_says_the_same_and_ends_with_an_error(tree, index, settings, tmp_path, capsys):
    call_command("health")
    assert capsys.readouterr().out.splitlines() == [f"{name}: ok" for name in health.CHECKS]
    settings.SEARCH_PATH = tmp_path / "nothing"
    call_command("health", "files", "cache")
    with pytest.raises(CommandError):
        call_command("health", "search", "files")
    assert capsys.readouterr().out.splitlines() == ["files: ok", "cache: ok", "search: missing", "files: ok"]
    with pytest.raises(CommandError, match="No check is called x"):
        call_command("health", "x")


def test_without_its_database_the_portal_says_so_and_tells_no_address(tmp_path):
    address = nodes.closed().removeprefix("http://")
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED} | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "x" * 60,
        "BASE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": f"postgres://step:canary@{address}/step",
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=django_settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    status, _space, content = done.stdout.partition(" ")
    assert status == "503", done.stderr
    assert '"database": "unreachable"' in content
    assert '"migrations": "unknown"' in content
    assert '"files": "ok"' in content
    assert "canary" not in content and address not in content
