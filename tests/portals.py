"""Portals of their own, with their processes: what a test in this process cannot show, as a kill cannot be caught."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.search.engines import NODE, index_name

ROOT = Path(__file__).parents[1]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """What takes long to make, a portal's folder or a file: made by one of the tests' processes, to be read or copied by all."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    made, data = folder / "made", folder / "var"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(data)
            made.touch()
    return data


def environment_of(folder: Path, engine: str, template: Path) -> dict[str, str]:
    """The environment of a portal whose data are in ``folder``: a copy of ``template``, and an index of ``engine``, empty."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    environment = _environment(folder) | {
        "SEARCH_ENGINE": engine,
        "SEARCH_URL": NODE or "http://127.0.0.1:9200",
        "SEARCH_INDEX": index_name(folder),
        "SEARCH_REPLICAS": "0",
        "SEARCH_TIMEOUT": "10",
    }
    manage(environment, "search_rebuild")
    return environment


def make_template(folder: Path) -> None:
    """Fill ``folder`` with a portal just set up: its tables take longest."""
    for command in ("migrate", "set_up"):
        manage(_environment(folder), command)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SEARCH_PATH")}
    return kept | {
        "VAR_DIR": str(folder),
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """What a command says; it must end well."""
    done = run(environment, str(ROOT / "manage.py"), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments to its end, however it ends."""
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900
    )


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start Python with these arguments; what it says goes into the file `said` of the portal's folder."""
    with (Path(environment["VAR_DIR"]) / "said").open("a") as said:
        return subprocess.Popen(
            [sys.executable, *arguments], env=environment, cwd=ROOT, stdout=said, stderr=said, text=True
        )


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
