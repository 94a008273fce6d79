"""The models of the foundation, each in the module of its subject."""

from django.db import models

from portal.files.models import File
from portal.images import PortalImage, PortalRendition
from portal.pages import PortalPage, PortalPageManager, PortalPageQuerySet

__all__ = [
    "ContentVersion",
    "File",
    "PortalImage",
    "PortalPage",
    "PortalPageManager",
    "PortalPageQuerySet",
    "PortalRendition",
]


class ContentVersion(models.Model):
    """A counter that rises with every publication: cached pages carry it in their key (portal/caching.py)."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
