"""The form by which staff upload a file: its content is looked at before it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from portal.files import inspection


class FileForm(BaseDocumentForm):
    """Wagtail's form of documents, with the checks of `portal.files.inspection`.

    Wagtail names the fields, `file` among them; its own check of the size (FILE_MAX_BYTES) has run before.
    """

    class Meta(BaseDocumentForm.Meta):
        widgets = BaseDocumentForm.Meta.widgets | {
            "file": forms.FileInput(
                attrs=BaseDocumentForm.Meta.widgets["file"].attrs
                | {"accept": ",".join(f".{extension}" for extension in inspection.TYPE_OF_EXTENSION)}
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            # Wagtail's upload of several files sends no more than their titles, then asks for the rest of each.
            self.fields["language"].required = False

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is not what its name says, or that is not safe to open."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            inspection.inspect(file, file.name or "")
        return file
