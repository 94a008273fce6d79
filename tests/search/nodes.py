"""Nodes that are no good: what the portal may meet at the address of Elasticsearch."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.portals import free_port

#: What a node answers to a request: status, body, and whether it says that it is Elasticsearch.
Answer = tuple[int, Any, bool]


def closed() -> str:
    """The address of a port where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


@contextlib.contextmanager
def answering(answer: Callable[[str, str, bytes], Answer], certificate: Path | None = None) -> Iterator[str]:
    """The address of a node that answers as ``answer`` says, called with method, path and body; by https with a certificate."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            with contextlib.suppress(ConnectionError):
                super().handle_one_request()

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body, genuine = answer(self.command, self.path, sent)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if genuine:
                self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secured.load_cert_chain(certificate)
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path) -> Path:
    """A file with a certificate of this machine that nobody signed, and its key."""
    file = folder / "node.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=node"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(folder / "certificate.pem")]
    subprocess.run(command, check=True, capture_output=True)
    with file.open("a") as both:
        both.write((folder / "certificate.pem").read_text())
    return file


class Way:
    """The way to a real node, over which requests go (``open``) or something happens to them."""

    FAILING = b"HTTP/1.1 500 Oops\r\nX-Elastic-Product: Elasticsearch\r\nContent-Length: 0\r\n\r\n"

    def __init__(self, node: str) -> None:
        host, _colon, port = node.removeprefix("http://").partition(":")
        self._node = (host, int(port))
        self._state = "open"
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, state: str) -> None:
        """``open``, ``stopped`` (connections end at once), ``slow`` (no answer ever comes), ``sluggish`` (each answer takes
        0.5 s) or ``failing`` (500)."""
        self._state = state
        while self._sockets:
            self._end(self._sockets.pop())

    def close(self) -> None:
        """End all connections, and take no more."""
        self.become("stopped")
        self._end(self._listening)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _address = self._listening.accept()
                self._sockets.append(caller)
                if self._state == "stopped":
                    self._end(caller)
                elif self._state == "failing":
                    threading.Thread(target=self._fail, args=[caller], daemon=True).start()
                elif self._state in ("open", "sluggish"):
                    self._connect(caller)

    def _connect(self, caller: socket.socket) -> None:
        node = socket.create_connection(self._node)
        self._sockets.append(node)
        for one, other in ((caller, node), (node, caller)):
            threading.Thread(target=self._carry, args=[one, other], daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                if self._state == "sluggish":
                    time.sleep(0.25)  # on the way there, and on the way back
                other.sendall(data)
        self._end(other)

    def _fail(self, caller: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while caller.recv(1_000_000):
                caller.sendall(self.FAILING)

    @staticmethod
    def _end(one: socket.socket) -> None:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """The address of a node that takes every connection and never says a word."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(64)
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}"
