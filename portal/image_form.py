"""The form by which staff say what an image shows, in each language."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm

from portal.images import DESCRIPTIONS
from portal.languages import LANGUAGES, NAMES


class ImageForm(BaseImageForm):
    """Wagtail's form of images, with a description in each language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in zip(LANGUAGES, DESCRIPTIONS, strict=True):
            if name in self.fields:
                self.fields[name].label = format_lazy("{} ({})", _("Ce que montre l’image"), NAMES[code])
