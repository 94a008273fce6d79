"""The way to the cluster: its client, time-outs, and what its errors mean to the portal."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError, UnsupportedProductError

from search.engines.base import EngineUnavailable, waited

logger = logging.getLogger(__name__)

#: Seconds that one request of a writer may take; nobody waits for it.
WRITING = 60.0

#: A question is many requests, each of which may take as long as a time-out; all together take so many time-outs at most.
TOGETHER = 2.0

#: After a node did not answer a reader, the next readers do not wait for it either, for so many seconds.
REST = 5.0

#: Shards that are gone for so many seconds are not about to come back: the index is built anew.
LOST = 120.0

_MISSING = {"index_not_found_exception", "aliases_not_found_exception", "alias_not_found_exception"}
_DAMAGED = {"index_closed_exception", "corrupt_index_exception", "translog_corrupted_exception"}
_BUSY = {
    "cluster_block_exception",
    "circuit_breaking_exception",
    "es_rejected_execution_exception",
    "process_cluster_event_timeout_exception",
    "search_context_missing_exception",
    "task_cancelled_exception",
}
_BUSY_STATUS = {408, 409, 429}


@dataclass(frozen=True, slots=True)
class Options:
    """Where the cluster is and how the portal uses it; from the settings ``SEARCH_…``."""

    urls: tuple[str, ...]
    index: str = "step-portal"
    api_key: str = field(default="", repr=False)
    ca_certs: str = ""
    timeout: float = 1.0
    shards: int = 1
    replicas: int = 1


class Cluster:
    """A client per process, made when it is first used, one view of it for readers and one for writers."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._pid = 0
        self._rest_until = 0.0
        self._lost_since: float | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Elasticsearch]:
        """A client for those who wait for an answer; refuses at once while the node is known not to answer."""
        if time.monotonic() < self._rest_until:
            raise EngineUnavailable("unreachable", "no answer a moment ago")
        try:
            with self.answering():
                # Another node is asked where one refuses, but a second time-out would keep the visitor too long.
                others = len(self.options.urls) - 1
                yield self._connected().options(request_timeout=self.options.timeout, max_retries=others)
        except EngineUnavailable as error:
            if error.reason == "unreachable":
                self._rest_until = time.monotonic() + REST
            raise

    def in_time(self, client: Elasticsearch) -> Elasticsearch:
        """``client`` with what is left of the time that somebody waits for one question; refuses where nothing is."""
        left = TOGETHER * self.options.timeout - waited()
        if left <= 0:
            raise EngineUnavailable("unreachable", "slow")
        return client.options(request_timeout=min(left, self.options.timeout))

    @contextlib.contextmanager
    def writing(self) -> Iterator[Elasticsearch]:
        """A client for the drainer and the rebuild, which rather wait and try again."""
        with self.answering():
            yield self.writer()

    def writer(self) -> Elasticsearch:
        """The client of :meth:`writing`, for threads that translate errors themselves."""
        return self._connected().options(
            request_timeout=WRITING, max_retries=3, retry_on_timeout=True, retry_on_status=(429, 502, 503, 504)
        )

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        with self._lock:
            if self._client is not None and self._pid == os.getpid():
                self._client.close()
            self._client = None

    def unavailable(self, error: Exception) -> EngineUnavailable:
        """What an error of the client means; the cause may hold addresses, what is returned holds none."""
        if isinstance(error, ApiError) and not isinstance(error, UnsupportedProductError):
            body: Any = error.body
            status = (body.get("status") if isinstance(body, dict) else None) or error.meta.status
            return self.refused(int(status), body)
        return EngineUnavailable("unreachable", type(error).__name__)

    @staticmethod
    def kinds(body: Any) -> set[str]:
        """The types of all errors inside an answer."""
        return set(_kinds(body))

    def refused(self, status: int, body: Any) -> EngineUnavailable:
        """What an answer other than success means."""
        kinds = self.kinds(body)
        detail = ", ".join(sorted(kinds)) or str(status)
        if kinds & _DAMAGED:
            return EngineUnavailable("damaged", detail)
        if kinds & _MISSING or (status == 404 and not kinds):
            return EngineUnavailable("missing", detail)
        if kinds & _BUSY or status in _BUSY_STATUS:
            return EngineUnavailable("busy", detail)
        if status == 503 and kinds:
            return self._without_shards(detail)
        if status >= 500 or status in (401, 403):
            return EngineUnavailable("unreachable", detail)
        logger.error("Elasticsearch refuses what the portal asks: %s", body)
        return EngineUnavailable("damaged", detail)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Have errors of the client become EngineUnavailable."""
        try:
            yield
        except (ApiError, TransportError) as error:
            raise self.unavailable(error) from error
        self._lost_since = None

    def _without_shards(self, detail: str) -> EngineUnavailable:
        """A node that starts has its shards back soon; those that stay away are lost."""
        now = time.monotonic()
        if self._lost_since is None:
            self._lost_since = now
        return EngineUnavailable("damaged" if now - self._lost_since >= LOST else "busy", detail)

    def _connected(self) -> Elasticsearch:
        with self._lock:
            if self._client is None or self._pid != os.getpid():
                secured: dict[str, Any] = {}
                if self.options.api_key:
                    secured["api_key"] = self.options.api_key
                if self.options.ca_certs:
                    secured["ca_certs"] = self.options.ca_certs
                self._client = Elasticsearch(list(self.options.urls), retry_on_timeout=False, **secured)
                self._pid = os.getpid()
            return self._client


def _kinds(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        if isinstance(body.get("type"), str):
            yield body["type"]
        for name in ("error", "caused_by", "root_cause", "failed_shards", "reason"):
            yield from _kinds(body.get(name))
    elif isinstance(body, list):
        for part in body:
            yield from _kinds(part)
