"""What is done with a file after it was uploaded, by the worker."""

from __future__ import annotations

import shutil
import tempfile
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks import task

from portal.files import inspection
from portal.files.extraction import Extract, extract
from portal.files.models import File
from portal.files.signals import text_extracted


@task()
def read_text(file_id: int, name: str) -> None:
    """Store the text and the number of pages of a file, as long as it still is the file called `name` in the storage.

    May be run again at any time: a killed worker loses nothing.
    """
    file = File.objects.filter(pk=file_id, file=name).first()
    if file is None:
        return
    try:
        with file.file.storage.open(name, "rb") as content:
            media_type, found = _read(content, file.file_extension.lower())
    except FileNotFoundError:
        media_type, found = "", Extract()
    state = File.TextState.READ if found.text else File.TextState.NONE
    with transaction.atomic():
        changed = File.objects.filter(pk=file_id, file=name).update(
            media_type=media_type, text=found.text, pages=found.pages, text_state=state
        )
        if changed:
            file.refresh_from_db()
            text_extracted.send(sender=File, file=file)


def _read(content: IO[bytes], extension: str) -> tuple[str, Extract]:
    try:
        media_type = inspection.media_type_of(content, extension)
    except ValidationError:
        return inspection.UNKNOWN, Extract()
    with tempfile.TemporaryFile() as on_disk:  # the storage may be remote, and the reader needs a file that it can seek
        content.seek(0)
        shutil.copyfileobj(content, on_disk)
        on_disk.flush()
        return media_type, extract(on_disk, media_type)
