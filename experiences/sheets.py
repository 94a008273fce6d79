"""Field sheets: an experience on two pages of paper, as PDF in each language, made by the worker when it is published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_tasks import task

from experiences.experience import Experience
from portal import caching, languages
from portal.files.models import private_storage


class FieldSheetQuerySet(models.QuerySet):
    """What may be asked of field sheets."""

    def visible_to(self, user: Any) -> FieldSheetQuerySet:
        """Keep the sheets of the experiences that `user` may see."""
        return self.filter(page__in=Experience.objects.visible_to(user))


class FieldSheet(models.Model):
    """The sheet of an experience in one language of the interface."""

    page = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="sheets")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    file = models.FileField(upload_to="sheets", storage=private_storage)
    file_size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(auto_now=True)

    objects = FieldSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche de terrain")
        verbose_name_plural = _("fiches de terrain")
        constraints = [models.UniqueConstraint(fields=["page", "language"], name="one_sheet_per_language")]

    # What components/files.html shows of any file.
    title = _("Fiche de terrain")
    format = "PDF"

    def __str__(self) -> str:
        return f"{self.page_id}-{self.language}"

    @property
    def url(self) -> str:
        """The address in the sheet's language."""
        return reverse("field_sheet", args=[self.page.slug])


def make(*, page: Experience) -> None:
    """Draw the sheets of a public experience in all languages, in place of those that it has."""
    from experiences.sheet_layout import draw  # noqa: PLC0415  (only the worker draws: reportlab is large)

    for language in languages.LANGUAGES:
        with override(language):
            drawn = draw(page, page.short_address)
        _keep(page, language, drawn.content, drawn.pages)
    caching.forget()


def _keep(page: Experience, language: str, content: bytes, pages: int) -> None:
    former = FieldSheet.objects.filter(page=page, language=language).first()
    sheet = former or FieldSheet(page=page, language=language)
    old = sheet.file.name
    sheet.file.save(f"{page.reference}-{language}.pdf", ContentFile(content), save=False)
    sheet.file_size, sheet.pages = len(content), pages
    sheet.save()
    if old and old != sheet.file.name:
        transaction.on_commit(lambda: private_storage().delete(old))


@task()
def make_sheets(page_id: int) -> None:
    """Make the sheets of an experience that is still public and newer than they are. May be run again at any time."""
    page = Experience.objects.visible_to(None).filter(pk=page_id).first()
    if page is None:
        return
    made = page.sheets.filter(made_at__gte=page.last_published_at).count() if page.last_published_at else 0
    if made < len(languages.LANGUAGES):
        make(page=page)
