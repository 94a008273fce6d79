"""Runs the parts of compose.yaml by hand, without containers, and looks whether all is well, also when a part is away.

Commands, settings and checks of health are those of compose.yaml and the Dockerfile; PostgreSQL is that of DATABASE_URL,
Elasticsearch that of ELASTICSEARCH_URL. SEARCH_NODE names a folder with programs `start` and `stop` of that node: without it,
the node is never away.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

    def get(self, path: str, **headers: str) -> Answer:
        """Ask the web server as the proxy does."""
        return get(
            self.port, path, {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "identity"} | headers
        )

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
        self.text = response.read().decode(errors="replace")


def get(port: int, path: str, headers: dict[str, str]) -> Answer:
    """Ask a server of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- What is looked at --------------------------------------------------------------------------------------------------------


def look_at_health(portal: Deployment) -> None:
    """The probes of containers: by http, under an address instead of a name."""
    for path in ("/healthz", "/readyz"):
        answer = get(portal.port, path, {"Host": "10.0.0.7:8000"})
        seen(f"{path} answers a probe", answer.status == 200 and "Set-Cookie" not in answer.headers, answer.text)
        seen(f"{path} is kept by nobody", answer.headers["Cache-Control"] == "no-store")
    for service in ("web", "worker", "drainer", "clock"):
        portal.run(portal.check(service))


def look_at_pages(portal: Deployment) -> None:
    """Pages, what stands in their heads, and files."""
    plain = get(portal.port, "/fr/", {"Host": HOST})
    moved = plain.status == 301 and plain.headers["Location"] == f"https://{HOST}/fr/"
    seen("http leads to https", moved, plain.status, plain.headers)
    seen("another host name is refused", get(portal.port, "/fr/", {"Host": "other.example"}).status == 400)
    for code in ("fr", "en", "es", "pt"):
        answer = portal.get(f"/{code}/")
        seen(f"home, {code}", answer.status == 200 and f'<html lang="{code}"' in answer.text, answer.status)
        policy = answer.headers["Content-Security-Policy"]
        seen("  a policy without inline code", "script-src 'self'" in policy and "unsafe" not in policy, policy)
        seen("  HSTS, nosniff, no frames", "max-age=31536000" in answer.headers["Strict-Transport-Security"]
             and answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY",
             answer.headers)  # fmt: skip
        seen("  no cookie, no token", "Set-Cookie" not in answer.headers and "csrf" not in answer.text)
        seen("  304 to a repeat", portal.get(f"/{code}/", **{"If-None-Match": answer.headers["ETag"]}).status == 304)
    style = portal.get(re.search(r'href="(/static/css/portal\.[^"]+\.css)"', answer.text)[1])
    seen("a static file is for ever", style.status == 200 and "immutable" in style.headers["Cache-Control"])
    icon = portal.get("/favicon.ico")
    seen("the icon", icon.status == 302 and portal.get(icon.headers["Location"]).status == 200)
    part = re.search(rf"https://{HOST}(/sitemap-1\.xml)", portal.get("/sitemap.xml").text)[1]
    seen("the sitemap", f"https://{HOST}/fr/experiences/" in portal.get(part).text)
    log_in = portal.get("/admin/login/")
    cookies = log_in.headers.get_all("Set-Cookie")
    well = log_in.status == 200 and all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    seen("the log-in sets cookies for this host and https alone", well, cookies)


def look_without_drainer(portal: Deployment) -> None:
    """Nobody writes the index: it is said after a while, and put right when somebody does again."""
    portal.stop("drainer")
    portal.add("Caisse de secours des mareyeuses")
    portal.wait_until("/readyz says that the index is behind", LAG + 10, lambda: portal.lacks(index="behind"))
    seen("/healthz says that the web server is well", portal.get("/healthz").status == 200)
    portal.start("drainer")
    portal.wait_until("all is well again", 30, portal.ready)
    seen("what was saved meanwhile is found", portal.finds("mareyeuse", "mareyeuses"))


def look_without_node(portal: Deployment, node: Path) -> None:
    """Elasticsearch stops, loses its data, comes back: the portal goes on, and the index is built anew by itself."""
    subprocess.run([str(node / "stop")], check=True, stdout=sys.stderr)  # noqa: S603
    portal.wait_until("/readyz names the search", 15, lambda: portal.lacks(search="unreachable"))
    seen("/healthz says that the web server is well", portal.get("/healthz").status == 200)
    started = time.monotonic()
    answer = portal.get("/fr/search/?q=mareyeuses&exact=1")
    well = answer.status == 200 and NOTICE in answer.text and "mareyeuses" in answer.text
    seen(
        f"the database answers ({time.monotonic() - started:.1f} s)",
        well and time.monotonic() - started < 3,
        answer.status,
    )
    seen("home", portal.get("/en/").status == 200)
    portal.add("Mutuelle des saliculteurs")
    subprocess.run([str(node / "start")], check=True, stdout=sys.stderr)  # noqa: S603
    portal.wait_until("all is well again", 90, portal.ready)
    portal.wait_until("what was saved meanwhile is found", 30, lambda: portal.finds("saliculteur", "saliculteurs"))


@contextmanager
def deployed() -> Iterator[Deployment]:
    """Build the portal and run all its parts."""
    folder = Path(tempfile.mkdtemp(prefix="deployed-"))
    portal = Deployment(folder)
    try:
        portal.build()
        portal.run(portal.command("set_up"))
        for service in ("web", "worker", "drainer", "clock"):
            portal.start(service)
        yield portal
    finally:
        portal.end()
        shutil.rmtree(folder)


def main() -> None:
    """Run everything."""
    started = time.monotonic()
    with deployed() as portal:
        portal.wait_until("/readyz says that all is well, the index built by the drainer", 90, portal.ready)
        portal.add("Mutuelle des pêcheurs de Cotonou")
        portal.wait_until("what is saved is found", 15, lambda: portal.finds("mutuelles+de+pecheur", "de Cotonou"))
        look_at_health(portal)
        look_at_pages(portal)
        look_without_drainer(portal)
        if os.environ.get("SEARCH_NODE"):
            look_without_node(portal, Path(os.environ["SEARCH_NODE"]).resolve())
        verified = portal.run(["python", "manage.py", "search_verify"])
        say(verified.strip())
        for service in ("clock", "worker", "drainer", "web"):
            portal.stop(service)
    say(f"The parts of compose.yaml run by hand: {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
