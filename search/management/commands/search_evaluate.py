"""Measure the search on judged collections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import evaluation
from search.concepts import thesaurus
from search.engines import ENGINES, temporary_engine
from search.engines.base import EngineUnavailable


class Command(BaseCommand):
    """Builds an index of its own for each collection, which goes afterwards; the portal's index is not touched."""

    help = "Run judged collections (folders with docs.jsonl and queries.jsonl) through the search, and print how good it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
        parser.add_argument("--engine", choices=ENGINES, default=settings.SEARCH_ENGINE, help="the engine to measure")
        parser.add_argument(
            "--against", choices=ENGINES, help="another engine: how alike the two answer is printed too"
        )
        parser.add_argument("--queries", type=int, default=500, help="questions of each collection at most; 0: all")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on the last line: means over collections"
        )

    def handle(
        self, *args: Any, folders: list[Path], engine: str, against: str | None, queries: int, **options: Any
    ) -> None:
        self.stdout.write(f"{engine:24} {'':8} ndcg@10  mrr@10  rec@10     p50     p95 ms")
        found: dict[str, list[evaluation.Score]] = {name: [] for name in evaluation.CHANGES}
        for folder in folders:
            try:
                self._measure(folder, engine, queries, found)
                if against:
                    self._compare(folder, engine, against, queries)
            except (OSError, KeyError, TypeError, ValueError) as error:
                raise CommandError(f"{folder}: {error}") from error
            except EngineUnavailable as error:
                raise CommandError(f"{engine}: {error}") from error
        means = {name: evaluation.mean(scores) for name, scores in found.items()}
        if len(folders) > 1:
            for name, score in means.items():
                self._show("mean", name, score)
        if options["json"]:
            self.stdout.write(json.dumps({name: score.as_json() for name, score in means.items()}))

    def _measure(self, folder: Path, engine: str, queries: int, found: dict[str, list[evaluation.Score]]) -> None:
        collection = evaluation.read(folder)
        questions = evaluation.sample(collection.questions, queries)
        with temporary_engine(engine, collection.languages) as index:
            index.rebuild(collection.documents)
            for name, change in evaluation.CHANGES.items():
                score = evaluation.evaluate(index, questions, thesaurus(), change)
                found[name].append(score)
                self._show(collection.name, name, score)

    def _compare(self, folder: Path, engine: str, against: str, queries: int) -> None:
        collection = evaluation.read(folder)
        questions = evaluation.sample(collection.questions, queries)
        with (
            temporary_engine(engine, collection.languages) as one,
            temporary_engine(against, collection.languages) as other,
        ):
            for index in (one, other):
                index.rebuild(collection.documents)
            for name, change in evaluation.CHANGES.items():
                found = evaluation.agreement((one, other), questions, thesaurus(), change)
                values = f"first {found.first:.3f}, correction {found.corrected:.3f}, ten {found.overlap:.3f}"
                self.stdout.write(f"{collection.name:24} {name:8} as {against}: {values}, tau {found.tau:.3f}")

    def _show(self, collection: str, change: str, score: evaluation.Score) -> None:
        values = f"{score.ndcg:7.4f} {score.mrr:7.4f} {score.recall:7.4f} {score.p50:7.2f} {score.p95:7.2f}"
        self.stdout.write(f"{collection:24} {change:8} {values}")
