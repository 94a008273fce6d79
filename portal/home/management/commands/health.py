"""Says what is well and what is not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.home import health


class Command(BaseCommand):
    help = "Says what is well and what is not, as /readyz does; ends with an error where something is not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("checks", nargs="*", metavar="check", help=f"Default: all of {', '.join(health.CHECKS)}.")

    def handle(self, *, checks: list[str], **options: Any) -> None:
        unknown = sorted(set(checks) - health.CHECKS.keys())
        if unknown:
            raise CommandError(f"No check is called {', '.join(unknown)}: choose from {', '.join(health.CHECKS)}.")
        found = health.states(checks or health.CHECKS)
        for name, state in found.items():
            self.stdout.write(f"{name}: {state}")
        if any(state != health.OK for state in found.values()):
            raise CommandError("Something is not well.")
