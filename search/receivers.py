"""Writes the outbox when content changes, in the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, post_page_move

from knowledge.models import (
    Concept,
    Contributor,
    ItemConcept,
    ItemFile,
    ItemOrganisation,
    Organisation,
    Person,
)
from knowledge.signals import concepts_added
from portal.files.signals import text_extracted
from portal.models import File, PortalPage
from search import concepts
from search.documents import SOURCES
from search.models import Outbox


@receiver([page_published, page_unpublished])
def note_publication(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """A page went public, changed in public, or went."""
    if isinstance(instance, tuple(SOURCES)):
        Outbox.objects.add([str(instance.pk)])


@receiver(post_save)
def note_save(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    """The row of what is, or was, public was saved: here, because Wagtail's signals come when that is committed already."""
    whole = sender in SOURCES and not raw and kwargs.get("update_fields") is None
    if whole and (getattr(instance, "live", True) or getattr(instance, "first_published_at", None)):
        Outbox.objects.add([str(instance.pk)])


@receiver(post_delete)
def note_deletion(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """An object that may be in the index is gone."""
    if sender in SOURCES:
        Outbox.objects.add([str(instance.pk)])


@receiver(post_page_move)
def note_move(sender: type[models.Model], instance: PortalPage, **kwargs: Any) -> None:
    """Pages moved, and with them all below."""
    moved = PortalPage.objects.descendant_of(instance, inclusive=True).values_list("pk", flat=True)
    Outbox.objects.add(str(pk) for pk in moved)


@receiver(text_extracted, sender=File)
def note_text(sender: type[File], file: File, **kwargs: Any) -> None:
    """The text of a file is known."""
    Outbox.objects.add(_pages_of(ItemFile.objects.filter(file=file)))


@receiver(post_save, sender=File)
def note_file(sender: type[File], instance: File, created: bool, **kwargs: Any) -> None:
    """A file has another title, language or content."""
    if not created:
        Outbox.objects.add(_pages_of(ItemFile.objects.filter(file=instance)))


@receiver(post_save, sender=Concept)
def note_concept(sender: type[Concept], instance: Concept, **kwargs: Any) -> None:
    """A concept is called otherwise, or stands elsewhere in the tree."""
    concepts.forget()
    slugs = Concept.objects.narrower_than([instance.slug])
    Outbox.objects.add(_pages_of(ItemConcept.objects.filter(concept__slug__in=slugs)))


@receiver(concepts_added, sender=Concept)
def note_concepts(sender: type[Concept], **kwargs: Any) -> None:
    """Concepts that no item uses yet are there."""
    concepts.forget()


@receiver(pre_delete, sender=Concept)
def note_concept_gone(sender: type[Concept], instance: Concept, **kwargs: Any) -> None:
    """A concept goes (only one that no item uses can)."""
    concepts.forget()


@receiver(post_save, sender=Organisation)
def note_organisation(sender: type[Organisation], instance: Organisation, created: bool, **kwargs: Any) -> None:
    """An organisation is called otherwise."""
    if not created:
        Outbox.objects.add(_pages_of(ItemOrganisation.objects.filter(organisation=instance)))


@receiver(post_save, sender=Person)
def note_person(sender: type[Person], instance: Person, created: bool, **kwargs: Any) -> None:
    """A person is called otherwise."""
    if not created:
        Outbox.objects.add(_pages_of(Contributor.objects.filter(person=instance)))


def _pages_of(rows: models.QuerySet) -> list[str]:
    return [str(pk) for pk in rows.values_list("page", flat=True).distinct()]
