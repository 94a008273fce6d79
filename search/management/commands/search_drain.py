"""Index what waits in the outbox, for ever: the one process that writes the index."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from search import indexing
from search.engines.base import EngineUnavailable

logger = logging.getLogger(__name__)

PAUSE = 0.2
LONGEST_PAUSE = 30.0
PURGE_EVERY = 3600.0
CHECK_EVERY = 5.0


class Command(BaseCommand):
    """Runs until it is ended; what it could not do stays in the outbox."""

    _pause, _checked = PAUSE, 0.0

    help = "Index what changed. One such process runs beside the web; it may be killed at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            try:
                count = indexing.drain_all()
                indexing.apply_thesaurus(timedelta())
                count += indexing.drain_all()
            except EngineUnavailable as error:
                raise CommandError(f"{error}") from error
            self.stdout.write(f"{count} drained")
            return
        purged = 0.0
        while True:
            if not self.step():
                if time.monotonic() - purged > PURGE_EVERY:
                    indexing.purge()
                    purged = time.monotonic()
                time.sleep(self._pause)

    def step(self) -> int:
        """Drain one batch, or look after the index where nothing is due; returns the number of rows drained."""
        try:
            count = indexing.drain()
            self._pause = PAUSE
            if not count and time.monotonic() - self._checked > CHECK_EVERY:
                self._checked = time.monotonic()
                indexing.check()
                indexing.apply_thesaurus()
        except EngineUnavailable as error:
            self._pause = self._recover(error, self._pause)
        except DatabaseError:
            logger.exception("The database cannot be read; the drainer goes on later")
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            close_old_connections()
        else:
            return count
        return 0

    def _recover(self, error: EngineUnavailable, pause: float) -> float:
        """Build the index where there is none that can be used; otherwise wait longer each time."""
        logger.warning("The search engine is unavailable (%s)", error)
        if error.reason in EngineUnavailable.REBUILT:
            try:
                count = indexing.rebuild()
            except (EngineUnavailable, DatabaseError):
                logger.warning("The index cannot be rebuilt now", exc_info=True)
            else:
                logger.warning("The index was rebuilt: %d documents", count)
                return PAUSE
        return min(pause * 2, LONGEST_PAUSE)
