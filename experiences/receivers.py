"""What is made at publication: the field sheets of experiences, the pictures of studies."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from wagtail.signals import page_published

from experiences import leads
from experiences.models import Experience, FieldSheet, Study
from experiences.sheets import make_sheets
from experiences.study import make_pictures


@receiver(page_published, sender=Experience)
def queue_sheets(sender: type[Experience], instance: Experience, **kwargs: Any) -> None:
    """Queue the drawing with the publication."""
    make_sheets.enqueue(instance.pk)


@receiver(page_published, sender=Study)
def queue_renditions(sender: type[Study], instance: Study, **kwargs: Any) -> None:
    """Queue the making of the pictures with the publication."""
    make_pictures.enqueue(instance.pk)


@receiver(pre_delete, sender=Experience)
def reopen_leads(sender: type[Experience], instance: Experience, **kwargs: Any) -> None:
    """Have leads decided again whose experience goes: they would say "retained", with nothing behind it."""
    leads.reopen(experience=instance)


@receiver(post_delete, sender=FieldSheet)
def delete_file(sender: type[FieldSheet], instance: FieldSheet, **kwargs: Any) -> None:
    """Delete the file with its row, once nobody can see the row."""
    transaction.on_commit(lambda: instance.file.storage.delete(instance.file.name))
