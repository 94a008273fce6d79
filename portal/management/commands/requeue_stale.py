"""Queues tasks again whose worker was killed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from portal.tasks import requeue_stale


class Command(BaseCommand):
    help = "Queues tasks again that have been running for so long that their worker must have been killed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--minutes",
            type=float,
            default=10,
            help="Longer than any task runs; 0 where no worker is alive (default: 10).",
        )

    def handle(self, *, minutes: float, **options: Any) -> None:
        self.stdout.write(f"{requeue_stale(older_than=timedelta(minutes=minutes))} tasks queued again.")
