"""A file that was uploaded or replaced has its text read in the background."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from portal.files import inspection
from portal.files.models import File
from portal.files.tasks import read_text


@receiver(pre_save, sender=File)
def notice_new_content(sender: type[File], instance: File, raw: bool = False, **kwargs: Any) -> None:
    """Forget the text of the former content, and note what the new one is: by its bytes, not by its name."""
    has_new_content = bool(instance.file) and not getattr(instance.file, "_committed", True) and not raw
    instance.__dict__["has_new_content"] = has_new_content
    if has_new_content:
        instance.text, instance.pages, instance.text_state = "", None, File.TextState.PENDING
        try:
            instance.media_type = inspection.media_type_of(instance.file, instance.file_extension.lower())
        except ValidationError:
            instance.media_type = inspection.UNKNOWN


@receiver(post_save, sender=File)
def queue_reading(sender: type[File], instance: File, **kwargs: Any) -> None:
    """Queue the reading in the same transaction as the file: it cannot be lost."""
    if instance.__dict__.pop("has_new_content", False):
        read_text.enqueue(instance.pk, str(instance.file.name))
