"""The demonstration as it runs: its processes that live and end together, and lose nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from portal.supervision import Program, Supervisor
from tests.portals import free_port

pytestmark = pytest.mark.slow
NOT_INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VAR_DIR", "PORT")


@pytest.fixture(scope="module")
def environment(tmp_path_factory, portal_template) -> dict[str, str]:
    """The environment of a demonstration of its own, without content."""
    folder = tmp_path_factory.mktemp("portal") / "var"
    shutil.copytree(portal_template, folder)
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {"DEMO": "1", "VAR_DIR": str(folder)}
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    return environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def wait_for(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


class Demo:
    """A running demonstration."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.output = Path(environment["VAR_DIR"]) / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port)],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for(lambda: "Accounts" in self.said())
        self.children = children_of(self.process.pid)
        self.family = [*self.children, *(pid for child in self.children for pid in children_of(child))]

    def said(self) -> str:
        return self.output.read_text()

    def pid_of(self, word: str) -> int:
        return next(pid for pid in children_of(self.process.pid) if word in command_of(pid))


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def is_alive(pid: int) -> bool:
    try:
        return re.search(r"^State:\s+[^Z]", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE) is not None
    except FileNotFoundError:
        return False


@contextmanager
def demonstration(environment: dict[str, str]) -> Iterator[Demo]:
    demo = Demo(environment)
    try:
        yield demo
    finally:
        demo.process.kill()
        demo.process.wait()
        wait_for(lambda: not any(map(is_alive, demo.family)))


def test_the_processes_start_start_again_and_end_together(environment):
    with demonstration(environment) as demo:
        assert len(demo.children) == 4
        assert f"http://127.0.0.1:{demo.port}/admin/" in demo.said()
        assert_a_second_one_says_why_it_does_not_start(demo, environment)
        for word in ("gunicorn", "db_worker", "search_drain", "keep_time"):
            killed = demo.pid_of(word)
            os.kill(killed, signal.SIGKILL)
            wait_for(lambda killed=killed: len(set(children_of(demo.process.pid)) - {killed}) == 4)
            assert demo.pid_of(word) != killed
        assert demo.said().count("starts again") == 4
        family = [*demo.family, *children_of(demo.process.pid)]
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(30) == 0
        assert not any(map(is_alive, family))


def assert_a_second_one_says_why_it_does_not_start(demo: Demo, environment: dict[str, str]) -> None:
    again = [sys.executable, "manage.py", "demo", "--port"]
    options = {"cwd": settings.BASE_DIR, "env": environment, "capture_output": True, "text": True, "check": False}
    same_port = subprocess.run([*again, str(demo.port)], **options)
    assert same_port.returncode == 1
    assert f"Port {demo.port} is in use. Choose another: make demo PORT={demo.port + 1}" in same_port.stderr
    same_data = subprocess.run([*again, str(free_port())], **options)
    assert same_data.returncode == 1
    assert "runs already" in same_data.stderr


def test_a_supervisor_that_is_killed_leaves_no_orphan(environment):
    with demonstration(environment) as demo:
        demo.process.kill()
        demo.process.wait()
        wait_for(lambda: not any(map(is_alive, demo.family)), 20)


def test_a_file_whose_worker_was_killed_while_reading_is_read_later(environment):
    upload = (
        "from django.core.files.base import ContentFile; from portal.models import File;"
        "File.objects.create(title='Note', file=ContentFile(b'Texte de la note', 'note.txt'))"
    )
    killed = (
        "import os; from django.core.management import call_command; from portal.files import tasks;"
        "tasks.extract = lambda *given: os.kill(os.getpid(), 9); call_command('db_worker', '--batch', '--no-startup-delay')"
    )
    manage(environment, "shell", "--no-imports", "-c", upload)
    with pytest.raises(subprocess.CalledProcessError) as end:
        manage(environment, "shell", "--no-imports", "-c", killed)
    assert end.value.returncode == -signal.SIGKILL
    assert state_of_file(environment) == ("pending", "")
    manage(environment, "requeue_stale", "--minutes", "0")
    manage(environment, "db_worker", "--batch", "--no-startup-delay")
    assert state_of_file(environment) == ("read", "Texte de la note")


def state_of_file(environment: dict[str, str]) -> tuple[str, str]:
    database = sqlite3.connect(Path(environment["VAR_DIR"]) / "portal.sqlite3")
    try:
        return database.execute("SELECT text_state, text FROM portal_file WHERE title = 'Note'").fetchone()
    finally:
        database.close()


def test_a_process_that_cannot_start_is_tried_less_and_less_often(tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr("portal.supervision.FIRST_PAUSE", 0.1)
    program = Program("web", [sys.executable, "-c", "print('no'); exit(3)"], pause=0.1)
    supervisor = Supervisor([program], logs=tmp_path, environment={}, say=said.append)
    monkeypatch.setattr("portal.supervision.signal.signal", lambda *given: None)
    supervisor.run(when_started=lambda: len(said) == 3 and setattr(supervisor, "stopping", True) is None)
    assert program.pause == pytest.approx(0.8)
    assert said[0].startswith("web ended (3); it starts again in 0 s.")
    assert supervisor.log_of(program).read_text().startswith("no\nno\nno\n")
