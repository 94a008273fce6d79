"""Measures the portal as visitors meet it: the cost of a page, a server under load, a browser on a slow line (`make bench`)."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.supervision import WEB_WORKERS, web_server

HOST = "127.0.0.1"
CLIENTS = 8
WARM_UP, REPEATS = 3, 30
# A slow mobile line: 400 kbit/s, 400 ms there and back.
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@dataclass(frozen=True)
class Cost:
    """What one page costs the server when it is not in the page cache: CPU in ms, queries, compressed bytes of HTML."""

    cpu_ms: float
    queries: int
    html_bytes: int


def cost_of(path: str) -> Cost:
    """Return the cost of a public page. Raises `RuntimeError` where it does not answer 200."""
    client = Client(SERVER_NAME=HOST, headers={"Accept-Encoding": "gzip"})

    def ask() -> Any:
        caches["pages"].clear()
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        return answer

    for _time in range(WARM_UP):
        answer = ask()
    gc.collect()
    gc.freeze()  # as portal/wsgi.py does
    start = time.process_time()
    for _time in range(REPEATS):
        ask()
    cpu = time.process_time() - start
    with CaptureQueriesContext(connection) as queries:
        ask()
    return Cost(cpu * 1000 / REPEATS, len(queries), len(answer.content))


# --- A server under load ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """A page under load: requests per second, CPU of the server per request in ms."""

    per_second: float
    cpu_ms: float


class Server:
    """gunicorn with the portal, on a free port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}"
        command = web_server(f"{HOST}:{self.port}", "--log-level", "error")
        self.process = subprocess.Popen(command, env=os.environ | {"BASE_URL": self.address})  # noqa: S603

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def cpu_seconds(self) -> float:
        """Return the CPU that the workers have used."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Return the memory of the largest worker, without mapped files."""
        found = [re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self.workers()]
        return max(int(match.group(1)) for match in found if match) / 1024

    def load(self, path: str, seconds: float = 5) -> Load:
        """Ask for a page as fast as clients can."""
        counts: list[int] = []
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._ask_until, args=(path, end, counts)) for _client in range(CLIENTS)]
        cpu, start = self.cpu_seconds(), time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = time.monotonic() - start
        return Load(sum(counts) / taken, (self.cpu_seconds() - cpu) * 1000 / max(1, sum(counts)))

    def _ask_until(self, path: str, end: float, counts: list[int]) -> None:
        # By hand: Python's own client costs more CPU than the server that is measured.
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        count = 0
        with socket.create_connection((HOST, self.port)) as line:
            while time.monotonic() < end:
                line.sendall(request)
                data = line.recv(65_536)
                head, _break, body = data.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                missing = int(length.group(1)) - len(body) if length else 0
                while missing > 0:
                    missing -= len(line.recv(65_536))
                if not head.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(head.decode("latin-1"))
                count += 1
        counts.append(count)


@contextmanager
def server() -> Iterator[Server]:
    """Run a server while measuring."""
    web = Server()
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, web.port)) == 0 and len(web.workers()) == WEB_WORKERS:
                    break
            time.sleep(0.2)
        yield web
    finally:
        web.process.send_signal(signal.SIGTERM)
        web.process.wait(30)


# --- A browser on a slow line -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """A page in a browser: requests, bytes that came over the line, other hosts asked, first paint and load in ms."""

    requests: int
    line_bytes: int
    other_hosts: int
    first_paint_ms: float
    load_ms: float


def views_of(address: str, chromium: str) -> tuple[View, View]:
    """Return the first and the second view of a page on a slow line."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (of the group for development)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
        first, second = _view(page, devtools, address), _view(page, devtools, address)
        browser.close()
    return first, second


def _view(page: Any, devtools: Any, address: str) -> View:
    hosts: list[str] = []
    sizes: list[float] = []
    devtools.on("Network.requestWillBeSent", lambda event: hosts.append(urlsplit(event["request"]["url"]).netloc))
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("about:blank")
    hosts.clear()
    sizes.clear()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    times = page.evaluate(
        "() => [performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " performance.getEntriesByType('navigation')[0].loadEventEnd]"
    )
    ours = urlsplit(address).netloc
    return View(len(hosts), int(sum(sizes)), len({host for host in hosts if host not in (ours, "")}), *times)
