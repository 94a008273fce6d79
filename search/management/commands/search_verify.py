"""Compare the search index with the database."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import indexing
from search.engines.base import EngineUnavailable
from search.progress import Progress

PATIENCE = 60.0


class Command(BaseCommand):
    """Exit status 0 when the index equals the database and no document is refused, otherwise 1."""

    help = "Compare the search index with the database: missing, stale and extra documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what differs")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        try:
            self._settle()
            difference = self._compare()
            if repair and difference.ids:
                indexing.repair(difference)
                self._settle()
                difference = self._compare()
        except EngineUnavailable as error:
            advice = ": search_rebuild builds the index" if error.reason in error.REBUILT else ""
            raise CommandError(f"{error}{advice}") from error
        if difference.ids or difference.broken or indexing.failing():
            sys.exit(1)

    def _compare(self) -> indexing.Difference:
        progress = Progress(self.stderr, indexing.expected())
        difference = indexing.compare(progress)
        progress.end()
        counts = (len(difference.missing), len(difference.stale), len(difference.extra), indexing.waiting())
        self.stdout.write("{} missing, {} stale, {} extra, {} waiting".format(*counts))
        for identifier, reason in sorted({**indexing.failing(), **difference.broken}.items()):
            self.stdout.write(f"{identifier} cannot be indexed: {reason}")
        return difference

    def _settle(self) -> None:
        """Drain first, and have documents follow the thesaurus; where a drainer runs, give it time."""
        indexing.follow_up()
        indexing.apply_thesaurus(timedelta())
        until = time.monotonic() + PATIENCE
        while indexing.due() and time.monotonic() < until:
            try:
                indexing.drain_all()
            except EngineUnavailable as error:
                if error.reason != "busy":
                    raise
                time.sleep(0.2)
