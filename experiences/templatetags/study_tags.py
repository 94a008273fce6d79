"""What templates ask about studies."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from django import template
from django.utils.safestring import SafeString

from experiences.chapters import point_to_notes
from portal.models import PortalImage

register = template.Library()


@register.filter
def described_in(image: PortalImage, language: str) -> str:
    """Return what an image of a chapter shows, in the language in which the chapter is shown."""
    return image.described_in(language)


@register.filter
def with_notes(block: Any, notes: Sized) -> SafeString:
    """Return a text of a chapter as HTML in which [1] leads to note 1 of the chapter."""
    return point_to_notes(block.render(), len(notes))
