"""Makes an empty database a portal to work in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.home.setup import set_up


class Command(BaseCommand):
    help = "Creates the tree, the groups, the review and the thesaurus where they are missing. Safe to run again."

    def handle(self, **options: Any) -> None:
        set_up()
