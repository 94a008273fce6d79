"""Adds synthetic items to the demonstration."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.corpus import make


class Command(BaseCommand):
    help = "Adds synthetic items, marked as such, for measurements."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("items", type=int)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, items: int, seed: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: set DEMO=1 to add synthetic items.")
        make(items, say=lambda number: self.stdout.write(f"{number:,} / {items:,}"), seed=seed)
