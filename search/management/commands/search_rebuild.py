"""Build the search index anew, beside the one in use."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import indexing
from search.engines.base import EngineUnavailable
from search.progress import Progress


class Command(BaseCommand):
    """Readers see the old index until the new one is whole."""

    help = "Build the search index anew, beside the one in use, then swap."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        progress = Progress(self.stderr, indexing.expected())
        try:
            count = indexing.rebuild(progress)
            progress.end()
            # Where a drainer runs, it does this.
            with contextlib.suppress(EngineUnavailable):
                indexing.drain_all()
        except EngineUnavailable as error:
            progress.end()
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        self.stdout.write(f"{count} documents, {seconds:.1f} s, {count / max(seconds, 0.001):.0f}/s")
