"""What is due by the clock: scheduled publications and withdrawals, tasks of killed workers."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from portal.schedule import run_what_is_due

SECONDS = 30


class Command(BaseCommand):
    help = "Publishes and withdraws what is due, and queues lost tasks again: every half minute, until it is ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do what is due now, and end: for a timer of the machine."
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        while True:
            run_what_is_due()
            if once:
                return
            close_old_connections()
            time.sleep(SECONDS)
