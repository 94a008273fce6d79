"""Measures one way to search, in a process of its own; `bench` calls it for each and prints the table."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.bench import searching
from search.engines import ENGINES
from search.engines.base import EngineUnavailable

WAGTAIL = "wagtail"
EVERY = 10_000


class Command(BaseCommand):
    help = (
        "Measures an engine, or Wagtail's own search, with the items of the database or with synthetic documents; the last line "
        "is one JSON object. The portal's index is left alone, but end its drainer before: it would take the changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("engine", choices=[*ENGINES, WAGTAIL])
        parser.add_argument("--documents", type=int, default=0, help="synthetic documents, instead of the database")

    def handle(self, *, engine: str, documents: int, **options: Any) -> None:
        try:
            if engine == WAGTAIL:
                found = searching.of_wagtail()
            elif documents:
                found = searching.of_documents(engine, documents, self.say)
            else:
                found = searching.of_database(engine, self.say)
        except EngineUnavailable as error:
            raise CommandError(f"{engine}: {error}") from error
        self.stdout.write(json.dumps(asdict(found)))

    def say(self, done: int) -> None:
        """Tell how far a rebuild is."""
        if done % EVERY == 0:
            self.stderr.write(f"  {done:,}")
