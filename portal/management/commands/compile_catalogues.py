"""Compiles the catalogues of translations without the gettext tools, which a fresh machine lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Writes the .mo file of each catalogue that changed. Needs no gettext."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        for source in sorted(path for root in settings.LOCALE_PATHS for path in Path(root).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            with source.open("rb") as file:
                catalogue = read_po(file)
            if source.parent.parent.name == settings.LANGUAGE_CODE:
                _say_what_is_written(catalogue)
            unfinished = target.with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, catalogue)
            unfinished.replace(target)
            self.stdout.write(f"{source.parent.parent.name}: compiled")


def _say_what_is_written(catalogue: Catalog) -> None:
    """Let sentences of the language that all are written in stand for themselves: looking in vain takes three times as long."""
    for message in catalogue:
        if message.id and not message.string:
            message.string = message.id
