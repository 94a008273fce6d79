"""The services of compose.yaml as processes of this machine, with the commands, settings and checks of health of the files."""

from __future__ import annotations

import copy
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

ROOT = Path(__file__).resolve().parent.parent
HOST = "portal.example"
LAG = 5
NOTICE = "La recherche répond au plus simple"
ITEM = """
from tests import factories
factories.experience(title_fr={title!r}, summary_fr="Les pêcheurs cotisent après chaque marée.")
"""


def seen(what: str, well: Any, *details: Any) -> None:
    """Print what was looked at; end the run where it is not well."""
    say(f"{'ok    ' if well else 'FAILED'} {what}")
    if not well:
        sys.exit("\n".join(map(str, details)))


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# --- What the files say ------------------------------------------------------------------------------------------------------


def interpolated(text: str, values: dict[str, str]) -> str:
    """Return a text of compose.yaml with its variables, of which those without a value take the default."""
    pattern = re.compile(r"\$\{(\w+)(?::([-?])((?:[^{}$]|\$\{\w+\})*))?\}")
    return pattern.sub(
        lambda found: values.get(found[1]) or (interpolated(found[3], values) if found[2] == "-" else ""), text
    )


def instructions() -> list[str]:
    """Return the instructions of the Dockerfile, each on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def instruction(start: str) -> str:
    """Return the last instruction that begins so, without that beginning."""
    return [line for line in instructions() if line.startswith(start)][-1].removeprefix(start).strip()


# --- The parts ----------------------------------------------------------------------------------------------------------------


class Deployment:
    """The services of compose.yaml as processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self.services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
        self.folder, self.port = folder, free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        values = {"SECRET_KEY": secrets.token_urlsafe(50), "PORTAL_HOST": HOST, "DATABASE_PASSWORD": "x"}
        values |= {"SEARCH_PASSWORD": "x", "EMAIL_URL": f"filemail://{folder}/mail"}
        self.environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
        given = self.services["web"]["environment"]
        self.environment |= {name: interpolated(str(value), values) for name, value in given.items()}
        # Where the parts of this machine are; all else is as it stands in the file.
        self.environment |= {
            "DATABASE_URL": os.environ["DATABASE_URL"],
            "SEARCH_URL": os.environ["ELASTICSEARCH_URL"],
            "SEARCH_INDEX": f"deployed-{secrets.token_hex(4)}",
            "HEALTH_LAG": str(LAG),
            "VAR_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
        }

    def build(self) -> None:
        """Do what the image does when it is built, but for its packages."""
        command = instruction("RUN export").replace("/tmp/build", f"{self.folder}/build")  # noqa: S108
        command = command.replace("/srv/static", str(self.folder / "static"))
        self.run(["sh", "-ec", f"export {command}"])

    def command(self, service: str) -> list[str]:
        """Return the command of a service; the web server listens on a port of this machine."""
        words = self.services[service].get("command") or json.loads(instruction("CMD"))
        return [word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in words]

    def check(self, service: str) -> list[str]:
        """Return the command that says whether a service is well."""
        test = self.services[service].get("healthcheck", {}).get("test")
        words = test[1:] if test else json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
        return [word.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}") for word in words]

    def run(self, command: list[str]) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)  # noqa: S603
        seen(" ".join(command).partition("\n")[0][:100], done.returncode == 0, done.stdout, done.stderr)
        return done.stdout

    def add(self, title: str) -> None:
        """Publish an experience."""
        self.run(["python", "manage.py", "shell", "--verbosity", "0", "-c", ITEM.format(title=title)])

    def start(self, service: str) -> None:
        """Start a service in the background."""
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(  # noqa: S603
                self.command(service), cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def stop(self, service: str) -> None:
        """End a service as compose does, and look whether it ends by itself in time."""
        grace = int(self.services[service]["stop_grace_period"].removesuffix("s"))
        process = self.processes.pop(service)
        started = time.monotonic()
        process.terminate()
        try:
            code = process.wait(timeout=grace)
        except subprocess.TimeoutExpired:
            process.kill()
            seen(f"{service} ends on SIGTERM within {grace} s", False)
        seen(f"{service} ends on SIGTERM ({time.monotonic() - started:.1f} s)", code in (0, -signal.SIGTERM), code)

    def end(self) -> None:
        """End what still runs."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def another_host(self) -> Deployment:
        """Return a second host: the same database, cluster, secret, and folders of files; all else is its own."""
        other = copy.copy(self)
        other.folder, other.port, other.processes = self.folder / "other", free_port(), {}
        for shared in ("files", "media"):
            (self.folder / "data" / shared).mkdir(parents=True, exist_ok=True)
            link = other.folder / "data" / shared
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(self.folder / "data" / shared)
        other.environment = self.environment | {"VAR_DIR": str(other.folder / "data")}
        return other

    def get(self, path: str, **headers: str) -> Answer:
        """Ask the web server as the proxy does."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Ask the web server as the proxy does; what is in ``form`` is sent."""
        given = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "identity"}
        if form is not None:
            given |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}{path}"}
        return ask(self.port, method, path, given | headers, urlencode(form or {}))

    def log_in(self, name: str, password: str) -> tuple[Answer, str]:
        """Log in as a browser does; return the answer, and the cookies to come back with."""
        page = self.get("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
        answer = self.ask("POST", "/admin/login/", form, Cookie=page.cookies)
        return answer, answer.cookies

    def wait_until(self, what: str, seconds: float, well: Callable[[], Any]) -> None:
        """Look until something is well, for so many seconds at most."""
        started = time.monotonic()
        while not well():
            if time.monotonic() - started > seconds:
                logs = {path.name: path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log")}
                seen(what, False, self.get("/readyz").text, json.dumps(logs, indent=1))
            time.sleep(0.2)
        seen(f"{what} ({time.monotonic() - started:.1f} s)", True)

    def ready(self) -> bool:
        """Return whether /readyz says that all is well."""
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def lacks(self, **states: str) -> bool:
        """Return whether /readyz names these states, and no others than good ones."""
        answer = self.get("/readyz")
        bad = {name: state for name, state in json.loads(answer.text).items() if state != "ok"}
        return answer.status == 503 and bad == states

    def finds(self, words: str, title: str) -> bool:
        """Return whether the search finds an item, in its index."""
        answer = self.get(f"/fr/search/?q={words}")
        return answer.status == 200 and title in answer.text and NOTICE not in answer.text


class Answer:
    """What the web server answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.content = response.read()
        self.text = self.content.decode(errors="replace")

    @property
    def cookies(self) -> str:
        """The cookies that it sets, as a browser sends them back."""
        return "; ".join(cookie.partition(";")[0] for cookie in self.headers.get_all("Set-Cookie", []))


def ask(port: int, method: str, path: str, headers: dict[str, str], body: str = "") -> Answer:
    """Ask a server of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
