"""Prints the figures that docs/performance.md keeps."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Count
from django.utils.translation import override

from experiences.models import Experience, Study
from knowledge.models import Concept, KnowledgeItem
from portal.bench import web
from portal.models import PortalPage
from portal.supervision import WEB_WORKERS

SEARCH_HEAD = [
    "search, six facets, permission, passages",
    "items",
    "ms p50 / p95",
    "rebuild, items/s",
    "index MB",
    "memory of the process MB",
    "saved until found, ms p50 / most",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Command(BaseCommand):
    help = (
        "Measures the pages of this portal, a server under load, a browser on a slow line and what is searched with; prints "
        "Markdown tables. ELASTICSEARCH_URL names the node to measure beside. End the demonstration before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="fr")
        parser.add_argument("--no-browser", action="store_true", help="Leave the slow line out.")
        parser.add_argument("--only", choices=["pages", "search"], help="Leave the other half out.")
        parser.add_argument(
            "--documents", type=int, default=20_000, help="synthetic documents put straight into the engines (20000)"
        )

    def handle(self, *, language: str, no_browser: bool, only: str, documents: int, **options: Any) -> None:
        database = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else connection.vendor
        self.stdout.write(
            f"{KnowledgeItem.objects.live().count():,} public items, {database}, {os.cpu_count()} cores\n\n"
        )
        if only != "search":
            self.measure_pages(pages_of(language), no_browser)
        if only != "pages":
            self.measure_search(documents)

    def measure_pages(self, pages: dict[str, str], no_browser: bool) -> None:
        """Print what pages cost, alone, under load and on a slow line."""
        self.table(
            ["page, not cached", "CPU ms", "SQL queries", "HTML gz kB"],
            [
                [name, f"{cost.cpu_ms:.1f}", cost.queries, f"{cost.html_bytes / 1000:.1f}"]
                for name, cost in costs(pages)
            ],
        )
        with web.server() as server:
            self.measure_load(server, pages)
            chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
            if no_browser or not chromium:
                self.stdout.write("No slow line: " + ("left out." if no_browser else "no Chromium was found.") + "\n")
            else:
                self.measure_views(server, pages, chromium)

    def measure_load(self, server: web.Server, pages: dict[str, str]) -> None:
        """Print what the server does with repeats by visitors, and the memory that it has taken after all pages."""
        for path in pages.values():
            server.load(path, 0.5)
        rows = [
            [name, f"{load.per_second:,.0f}", f"{load.cpu_ms:.2f}"]
            for name, load in ((name, server.load(path)) for name, path in list(pages.items())[:2])
        ]
        self.table([f"page, cached ({WEB_WORKERS} workers)", "requests/s", "CPU ms"], rows)
        self.stdout.write(f"Memory of a web process, without mapped files: {server.memory_mb():.0f} MB\n\n")

    def measure_views(self, server: web.Server, pages: dict[str, str], chromium: str) -> None:
        """Print what a browser without and with a cache meets at 400 kbit/s and 400 ms."""
        rows = []
        for name, path in pages.items():
            first, second = web.views_of(server.address + path, chromium)
            row = [name, first.requests, f"{first.line_bytes / 1000:.0f}", first.other_hosts]
            rows.append([*row, *(f"{ms:,.0f}" for ms in (first.first_paint_ms, first.load_ms, second.load_ms))])
        self.table(["slow line", "requests", "kB", "other hosts", "first paint ms", "load ms", "second load ms"], rows)

    def measure_search(self, documents: int) -> None:
        """Print what each engine does with the items of the database and with synthetic documents, and Wagtail."""
        url = os.environ.get("ELASTICSEARCH_URL", "")
        rows = []
        for name, arguments in searches(documents):
            if name.startswith("Elasticsearch") and not url:
                rows.append([name, "not measured: ELASTICSEARCH_URL is not set", *[""] * (len(SEARCH_HEAD) - 2)])
                continue
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench_search", *arguments]
            environment = os.environ | ({"SEARCH_URL": url} if url else {})
            self.stderr.write(name)
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
            if done.returncode:
                rows.append([name, "failed", *[""] * (len(SEARCH_HEAD) - 2)])
            else:
                rows.append([name, *search_row(json.loads(done.stdout.splitlines()[-1]))])
        self.table(SEARCH_HEAD, rows)

    def table(self, head: list[str], rows: list[list[Any]]) -> None:
        """Print a Markdown table."""
        for row in (head, ["---"] * len(head), *rows):
            self.stdout.write("| " + " | ".join(str(cell) for cell in row) + " |")
        self.stdout.write("")


def searches(documents: int) -> list[tuple[str, list[str]]]:
    """Return what is measured, with the arguments of `bench_search`."""
    engines = {"Tantivy": "tantivy", "Elasticsearch": "elasticsearch"}
    stored = [(f"{name}, database", [engine]) for name, engine in engines.items()]
    straight = [(f"{name}, documents", [engine, "--documents", str(documents)]) for name, engine in engines.items()]
    return [*stored, ("Wagtail, database", ["wagtail"]), *(straight if documents else [])]


def search_row(found: dict[str, Any]) -> list[str]:
    """Return the cells of one measurement; empty where it does not apply."""

    def cell(name: str, digits: int = 0) -> str:
        return "" if found[name] is None else f"{found[name]:,.{digits}f}"

    times = f"{cell('p50', 1)} / {cell('p95', 1)}"
    saved = f"{cell('saved_p50')} / {cell('saved_most')}"
    return [cell("items"), times, cell("per_second"), cell("index_mb"), cell("memory_mb"), saved]


def costs(pages: dict[str, str]) -> list[tuple[str, web.Cost]]:
    """Return the cost of each page."""
    return [(name, web.cost_of(path)) for name, path in pages.items()]


def address(page: PortalPage, language: str) -> str:
    """Return the path of a page's address in a language."""
    with override(language):
        return page.get_url()


def pages_of(language: str) -> dict[str, str]:
    """Return the addresses to measure, of the fullest content there is."""
    pages = {
        "home": f"/{language}/",
        "search, words and all facets": f"/{language}/search/?q=mutuelle+sant%C3%A9",
        "search, everything": f"/{language}/search/",
        "catalogue of experiences, filtered": f"/{language}/experiences/?country=SN",
    }
    full = (
        Experience.objects.live()
        .filter(record_depth="full")
        .annotate(rows=Count("conditions"))
        .order_by("-rows")
        .first()
    )
    study = Study.objects.live().order_by("pk").first()
    concept = Concept.objects.filter(item_concepts__isnull=False).order_by("pk").first()
    if full:
        pages["experience, full record"] = address(full, language)
    if study:
        pages["study"] = address(study, language)
    if concept:
        pages["concept"] = f"/{language}/concepts/{concept.slug}/"
    return pages
