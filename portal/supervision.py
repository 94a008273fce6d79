"""Keeps the processes of a portal on one machine running, and ends them all together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from portal.processes import die_with_parent

WEB_WORKERS, WEB_THREADS = 2, 4
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A process that ran for so long did start well: its next start is tried without delay.
STEADY_SECONDS = 60.0
# A worker ends its task first; what lasts longer is queued again at the next start.
GRACE_SECONDS = 10.0
POLL_SECONDS = 0.2


def web_server(address: str, *options: str) -> list[str]:
    """Return the command of the web server of one machine, which listens on `address` ("127.0.0.1:8000")."""
    return [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi", "--chdir", str(settings.BASE_DIR), "--bind", address),
        *("--workers", str(WEB_WORKERS), "--worker-class", "gthread", "--threads", str(WEB_THREADS)),
        *options,
    ]


def nothing() -> None:
    """Do nothing."""


@dataclass
class Program:
    """A process to keep running: its name, its command, and what is done before each of its starts."""

    name: str
    command: Sequence[str]
    before_start: Callable[[], Any] = nothing
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self, log: Path, environment: dict[str, str]) -> None:
        """Start the process; its output goes into a file, and it ends when this process does, in whatever way."""
        self.before_start()
        parent = os.getpid()
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
                preexec_fn=lambda: die_with_parent(parent),
            )
        self.started = time.monotonic()

    def is_running(self) -> bool:
        """Return whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def postpone(self) -> float:
        """Set the time of the next start after the process died; return the seconds until then."""
        steady = time.monotonic() - self.started > STEADY_SECONDS
        wait = self.pause = FIRST_PAUSE if steady else self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)
        self.due, self.process = time.monotonic() + wait, None
        return wait


class Supervisor:
    """Starts programs, starts those again that die, and ends them all on SIGINT, SIGTERM or SIGHUP."""

    def __init__(
        self, programs: Sequence[Program], *, logs: Path, environment: dict[str, str], say: Callable[[str], Any]
    ):
        self.programs, self.logs, self.environment, self.say = programs, logs, environment, say
        self.stopping = False

    def run(self, *, when_started: Callable[[], bool]) -> None:
        """Run until told to stop; `when_started` is called again and again until it returns True."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        self.logs.mkdir(parents=True, exist_ok=True)
        for program in self.programs:
            self.log_of(program).unlink(missing_ok=True)
        announced = False
        try:
            while not self.stopping:
                for program in self.programs:
                    self._keep(program)
                announced = announced or when_started()
                time.sleep(POLL_SECONDS)
        finally:
            self.end()

    def log_of(self, program: Program) -> Path:
        """Return the file with a program's output."""
        return self.logs / f"{program.name}.log"

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _keep(self, program: Program) -> None:
        if program.process is None and time.monotonic() >= program.due:
            program.start(self.log_of(program), self.environment)
        elif program.process is not None and not program.is_running():
            code = program.process.returncode
            wait = program.postpone()
            self.say(
                f"{program.name} ended ({code}); it starts again in {wait:.0f} s. Its output: {self.log_of(program)}"
            )

    def end(self) -> None:
        """End all programs: politely, and after a while by force."""
        for program in self.programs:
            if program.process is not None and program.is_running():
                program.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for program in self.programs:
            if program.process is None:
                continue
            try:
                program.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(program.process.pid, signal.SIGKILL)
                program.process.wait()
