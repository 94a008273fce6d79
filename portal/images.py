"""Images: their description is content and has languages."""

from __future__ import annotations

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from portal.languages import LANGUAGES

DESCRIPTIONS = tuple(f"description_{code}" for code in LANGUAGES)


class PortalImage(AbstractImage):
    """An image; `description` (the text for who does not see it) is translated."""

    is_shown_on_pages = True
    admin_form_fields = tuple(
        shown for name in Image.admin_form_fields for shown in (DESCRIPTIONS if name == "description" else (name,))
    )

    class Meta(AbstractImage.Meta):
        permissions = [("choose_image", "Can choose image")]

    def described_in(self, language: str) -> str:
        """Return what the image shows, in `language`; in another where it was not translated, and at worst its title."""
        texts = (getattr(self, f"description_{code}") for code in (language, *LANGUAGES))
        return next(filter(None, texts), self.title)


class PortalRendition(AbstractRendition):
    """A size of an image."""

    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]
