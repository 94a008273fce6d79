"""The text and number of pages of a file, read in a process of its own (portal.files.reader)."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings

from portal.files import reader

logger = logging.getLogger(__name__)
WALL_SECONDS = 60
MAX_PAGES = 100_000  # a broken file may claim any number


@dataclass(frozen=True)
class Extract:
    """What a file holds; no text where it is broken, encrypted, scanned or of a format that has none."""

    text: str = ""
    pages: int | None = None


def extract(file: IO[bytes], media_type: str) -> Extract:
    """Return the text of an open file on disk, within limits of time, memory and size; an empty one where that fails."""
    if media_type not in reader.READERS:
        return Extract()
    command = [sys.executable, "-E", "-s", "-m", "portal.files.reader", media_type, str(os.getpid())]
    with tempfile.TemporaryFile() as output:
        try:
            file.seek(0)
            subprocess.run(  # noqa: S603  (a fixed command; the file comes as standard input)
                command,
                stdin=file,
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={"PYTHONIOENCODING": "utf-8"},
                timeout=WALL_SECONDS,
                check=True,
            )
            output.seek(0)
            found = json.load(output)
        except (subprocess.SubprocessError, ValueError) as error:
            logger.info("No text read from a %s: %s", media_type, error)
            return Extract()
    pages = found["pages"]
    return Extract(text=found["text"], pages=pages if pages and 0 < pages < MAX_PAGES else None)
