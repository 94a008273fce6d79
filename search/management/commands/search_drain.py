"""Index what waits in the outbox, for ever: the one process that writes the index."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from search import indexing
from search.engines.base import EngineUnavailable

logger = logging.getLogger(__name__)

PAUSE = 0.2
LONGEST_PAUSE = 30.0
PURGE_EVERY = 3600.0
CHECK_EVERY = 5.0

#: What a rebuild puts right.
REBUILT = ("missing", "outdated", "damaged")


class Command(BaseCommand):
    """Runs until it is ended; what it could not do stays in the outbox."""

    help = "Index what changed. One such process runs beside the web; it may be killed at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{indexing.drain_all()} drained")
            return
        pause, purged, checked = PAUSE, 0.0, 0.0
        while True:
            try:
                count = indexing.drain()
                pause = PAUSE
                if not count and time.monotonic() - checked > CHECK_EVERY:
                    checked = time.monotonic()
                    indexing.check()
            except EngineUnavailable as error:
                count = 0
                pause = self._recover(error, pause)
            except DatabaseError:
                logger.exception("The database cannot be read; the drainer goes on later")
                count, pause = 0, min(pause * 2, LONGEST_PAUSE)
                close_old_connections()
            if not count:
                if time.monotonic() - purged > PURGE_EVERY:
                    indexing.purge()
                    purged = time.monotonic()
                time.sleep(pause)

    def _recover(self, error: EngineUnavailable, pause: float) -> float:
        """Build the index where there is none that can be used; otherwise wait longer each time."""
        logger.warning("The search engine is unavailable (%s)", error)
        if error.reason in REBUILT:
            try:
                count = indexing.rebuild()
            except (EngineUnavailable, DatabaseError):
                logger.warning("The index cannot be rebuilt now", exc_info=True)
            else:
                logger.warning("The index was rebuilt: %d documents", count)
                return PAUSE
        return min(pause * 2, LONGEST_PAUSE)
