"""Fills the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import accounts, load, work


class Command(BaseCommand):
    help = "Loads the demonstration content and accounts. Safe to run again: what exists stays as it is."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: set DEMO=1 to load its content.")
        accounts.make()
        load.load(say=self.stdout.write)
        work.begin()
