"""Files: documents of items, each in one language, with the text that search reads."""

from __future__ import annotations

from os.path import splitext
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document, DocumentQuerySet

from portal import languages
from portal.pages import PortalPage


def format_of(name: str) -> str:
    """Return the format of a file in capitals, by its name: "PDF"."""
    return splitext(name)[1][1:].upper()


def private_storage() -> Storage:
    """Return the storage of files, which no web server serves."""
    return storages["files"]


class FileQuerySet(DocumentQuerySet):
    """What may be asked of files."""

    def visible_to(self, user: Any) -> FileQuerySet:
        """Keep the files that `user` may read: staff all, others those of an item that they may see."""
        if user.is_authenticated and user.has_perm("wagtailadmin.access_admin"):
            return self
        pages = PortalPage.objects.visible_to(user).values("pk")
        return self.filter(item_files__page__in=pages).distinct()


class File(AbstractDocument):
    """A file with its language, number of pages and extracted text.

    The text is extracted in the background (portal.files.extraction): until then `text_state` is PENDING.
    """

    is_shown_on_pages = True

    class TextState(models.TextChoices):
        PENDING = "pending", _("Texte en cours de lecture")
        READ = "read", _("Texte lu, cherchable")
        NONE = "none", _("Sans texte")

    file = models.FileField(upload_to="files", storage=private_storage, verbose_name=_("fichier"))
    language = models.CharField(
        _("langue du fichier"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    media_type = models.CharField(max_length=100, blank=True, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    text = models.TextField(editable=False, blank=True)
    text_state = models.CharField(
        max_length=10, choices=TextState, default=TextState.PENDING, editable=False, db_index=True
    )

    admin_form_fields = ("title", "file", "language", "collection")
    objects = FileQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        permissions = Document._meta.permissions if not Document._meta.abstract else []

    def clean(self) -> None:
        """Check the extension of a file that is there: one that was refused before has left none to check."""
        if self.file:
            super().clean()

    @property
    def format(self) -> str:
        """The format in capitals, as shown before the click: "PDF"."""
        return format_of(self.filename)

    @property
    def language_name(self) -> str:
        """The language's name in the visitor's language."""
        return languages.name_in(self.language)
