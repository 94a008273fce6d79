"""Documents on their way into Elasticsearch: in bulk, again where the cluster has too much to do, never faster than it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.engines.base import Refused, refuse
from search.engines.elasticsearch_cluster import Cluster
from search.engines.elasticsearch_index import HEARTBEAT

#: Documents, and bytes, of one request.
CHUNK = 500
BYTES = 8 * 2**20

#: Requests of a rebuild under way at once, and those that may wait: then the reading of the database waits too.
SENDERS = 2
WAITING = 4

#: How often documents are sent again that the cluster had no time for; the pause doubles from 0.2 to 5 seconds.
RETRIES = 8

#: The status of a request that is larger than the cluster, or what stands before it, takes.
TOO_LARGE = 413

#: Refusals that are no fault of the document.
ABOUT_THE_INDEX = {"strict_dynamic_mapping_exception", "index_closed_exception"}

Action = dict[str, Any]


def send(
    cluster: Cluster,
    client: Elasticsearch,
    actions: list[Action],
    refused: Refused | None = None,
    *,
    chunk: int = CHUNK,
    **values: Any,
) -> None:
    """Send ``actions``; EngineUnavailable where the cluster could not do one of them in the end.

    Unknown ids to delete are no error. A document that it will never take is put into ``refused``.
    """
    too_large: set[str] = set()
    results = streaming_bulk(
        client,
        actions,
        chunk_size=chunk,
        max_chunk_bytes=BYTES,
        max_retries=RETRIES,
        initial_backoff=0.2,
        max_backoff=5,
        retry_on_status=(429, 503),
        raise_on_error=False,
        ignore_status=TOO_LARGE,
        yield_ok=True,
        **values,
    )
    for done, result in results:
        (operation, answer) = next(iter(result.items()))
        if done or (operation == "delete" and answer.get("status") == 404 and "error" not in answer):
            continue
        if answer.get("status") == TOO_LARGE:
            too_large.add(str(answer["_id"]))
            continue
        kinds = cluster.kinds(answer)
        if answer.get("status") == 400 and not kinds & ABOUT_THE_INDEX:
            refuse(refused, str(answer["_id"]), ", ".join(sorted(kinds)) or "refused")
        else:
            raise cluster.refused(int(answer.get("status", 500)), answer)
    if chunk > 1 and too_large:
        again = [action for action in actions if str(action["_id"]) in too_large]
        send(cluster, client, again, refused, chunk=1, **values)
    else:
        for identifier in sorted(too_large):
            refuse(refused, identifier, "larger than a request may be")


class Filling:
    """Fills a new index from the thread that reads the database, with other threads that send."""

    def __init__(
        self, cluster: Cluster, name: str, go_on: Callable[[Elasticsearch, str], None], refused: Refused | None
    ) -> None:
        self._cluster = cluster
        self._client = cluster.writer()
        self._name = name
        self._go_on = go_on
        self._refused = refused
        self._signed = time.monotonic()
        self._chunk: list[Action] = []
        self._sent: deque[Future[None]] = deque()
        self._threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="search-rebuild")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def add(self, action: Action) -> None:
        """Have a document sent; waits while too many are under way."""
        self._chunk.append(action | {"_index": self._name})
        if len(self._chunk) >= CHUNK:
            self._send()
            while len(self._sent) >= WAITING:
                self._sent.popleft().result()
            if time.monotonic() - self._signed > HEARTBEAT:
                self._go_on(self._client, self._name)
                self._signed = time.monotonic()

    def end(self) -> None:
        """Wait until all documents are there."""
        self._send()
        while self._sent:
            self._sent.popleft().result()

    def _send(self) -> None:
        chunk, self._chunk = self._chunk, []
        if chunk:
            self._sent.append(self._threads.submit(self._send_chunk, chunk))

    def _send_chunk(self, chunk: list[Action]) -> None:
        with self._cluster.answering():
            send(self._cluster, self._client, chunk, self._refused)


def replacing(documents: Iterable[Action], index: str) -> Iterable[Action]:
    """Actions that put documents in the place of those with the same ids."""
    return (document | {"_index": index} for document in documents)


def deleting(ids: Iterable[str], index: str) -> Iterable[Action]:
    """Actions that forget documents."""
    return ({"_op_type": "delete", "_index": index, "_id": identifier} for identifier in ids)
