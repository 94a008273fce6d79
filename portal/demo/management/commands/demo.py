"""Runs the whole demonstration in one terminal."""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.demo import accounts
from portal.processes import die_with_parent
from portal.supervision import Program, Supervisor, web_server
from portal.tasks import requeue_stale

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Runs the web server, the worker and the index drainer of the demonstration, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="Default: PORT, or 8000.")
        parser.add_argument(
            "--end-with-parent", action="store_true", help="End when the process that started this one ends."
        )

    def handle(self, *, port: int, end_with_parent: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: set DEMO=1 to run one on your own machine.")
        if end_with_parent:
            die_with_parent(os.getppid())
        check_port(port)
        with alone():
            address = f"http://{HOST}:{port}"
            supervisor = Supervisor(
                programs(port),
                logs=settings.VAR_DIR / "log",
                environment=os.environ | {"BASE_URL": address, "PYTHONUNBUFFERED": "1"},
                say=self.say,
            )
            self.say("Starting web server, worker and index drainer …")
            supervisor.run(when_started=lambda: self.announce(address, port))
            self.say("\nAll have ended. What was written is kept; `make reset` begins anew.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def announce(self, address: str, port: int) -> bool:
        """Print where to go, as soon as the server answers there."""
        if not answers(port):
            return False
        lines = [
            "",
            f"  Portal     {address}/",
            f"  Editors    {address}/admin/",
            "",
            f"  Accounts (password of all: {accounts.PASSWORD})",
            *(f"    {account.username:<12} {account.role}" for account in accounts.ACCOUNTS),
            "",
            f"  Mails and logs are in {settings.VAR_DIR}/mail and {settings.VAR_DIR}/log. Ctrl-C ends everything.",
            "",
        ]
        self.say("\n".join(lines))
        return True


def programs(port: int) -> list[Program]:
    """Return the processes of the demonstration: web, worker, index drainer and clock."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    # A very long address gets the portal's own answer, in the visitor's language.
    options = ("--graceful-timeout", "3", "--limit-request-line", "0")
    return [
        Program("web", web_server(f"{HOST}:{port}", *options)),
        Program("worker", [*manage, "db_worker", "--no-startup-delay"], before_start=queue_lost_tasks),
        Program("drainer", [*manage, "search_drain"]),
        Program("clock", [*manage, "keep_time"]),
    ]


def queue_lost_tasks() -> None:
    """Queue again what the former worker left running: there is no other worker here."""
    requeue_stale(older_than=timedelta(0))
    connection.close()


def answers(port: int) -> bool:
    """Return whether the portal answers requests: it listens well before its code is loaded."""
    web = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        web.request("GET", "/robots.txt")
        return web.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()


def check_port(port: int) -> None:
    """Raise `CommandError`, saying what to do, where nothing can listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise CommandError(f"Port {port} is in use. Choose another: make demo PORT={port + 1}") from error
            raise CommandError(
                f"Nothing can listen on port {port} ({error}). Choose another: make demo PORT=8000"
            ) from error


@contextmanager
def alone() -> Iterator[None]:
    """Hold the folder of data: two drainers would write into one index. Raises `CommandError` where it is held."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"The demonstration in {settings.VAR_DIR} runs already, in another terminal.") from error
        yield
