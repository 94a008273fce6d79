"""The demonstration as people meet it: production settings, a real web server, the index and its drainer."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.processes import die_with_parent
from portal.supervision import web_server
from tests.portals import free_port

NOT_INHERITED = ("DATABASE_URL", "DEBUG", "PORT", "VAR_DIR")
SETTINGS = "tests.browser.site_settings"
STEPS = (
    ["load_demo"],
    ["db_worker", "--batch", "--no-startup-delay"],  # reads the files: their pages, their text
    ["search_rebuild"],
)
RUN_STEPS = """
import json, sys, django
from django.core.management import call_command
django.setup()
for step in json.loads(sys.argv[1]):
    call_command(*step)
"""
PATIENCE = 180


@dataclass(frozen=True)
class Site:
    """A running demonstration: its address and its folder of data."""

    address: str
    folder: Path

    def __call__(self, path: str) -> str:
        """Return the whole address of a path."""
        return self.address + path


def fill(data: Path, *, template: Path) -> None:
    """Make the demonstration in a folder, from a portal just set up."""
    shutil.copytree(template, data)
    static = start(data, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    steps = start(data, "-c", RUN_STEPS, json.dumps(STEPS))
    assert (static.wait(), steps.wait()) == (0, 0), output(data)


@contextmanager
def serve(prepared: Path, folder: Path, *, to_write_in: bool = False) -> Iterator[Site]:
    """Run a copy of the demonstration, so that what is written there stays there."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static"))
    (folder / "static").symlink_to(prepared / "static")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    _python, *web = web_server(f"127.0.0.1:{port}", "--workers", "1")
    processes = [start(folder, *web, BASE_URL=address)]
    if to_write_in:
        processes.append(start(folder, "manage.py", "search_drain"))
        # What staff choose from in the editor's windows is indexed by the worker.
        processes.append(start(folder, "manage.py", "db_worker", "--no-startup-delay"))
    try:
        wait_for_answer(port, processes[0], folder)
        yield Site(address, folder)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def start(data: Path, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start a Python process of the demonstration; it ends when the tests do, in whatever way."""
    data.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {"DEMO": "1", "VAR_DIR": str(data), "DJANGO_SETTINGS_MODULE": SETTINGS} | variables
    parent = os.getpid()
    with (data / "output.txt").open("ab") as written:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: die_with_parent(parent),
        )


def wait_for_answer(port: int, process: subprocess.Popen[bytes], data: Path) -> None:
    """Return as soon as the portal answers."""
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None and time.monotonic() < end, output(data)
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            web.request("GET", "/robots.txt")
            if web.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            web.close()


def output(data: Path) -> str:
    """Return the end of what the processes of a folder have said."""
    return (data / "output.txt").read_text(errors="replace")[-4000:]
