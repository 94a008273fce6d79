"""What the foundation does when Wagtail tells that something changed: cached pages are forgotten, old addresses redirect."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal import caching, redirection
from portal.models import PortalPage


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_pages(sender: type[models.Model], **kwargs: Any) -> None:
    """Make the change seen at once."""
    caching.forget()


@receiver([post_save, post_delete])
def forget_pages_that_name(sender: type[models.Model], raw: bool = False, **kwargs: Any) -> None:
    """Make a change seen at once of what pages show without being it: a file, a concept, an organisation."""
    if getattr(sender, "is_shown_on_pages", False) and not raw:
        caching.forget()


@receiver(post_delete)
def forget_deleted_page(sender: type[models.Model], **kwargs: Any) -> None:
    """Make a deletion seen at once: Wagtail tells of it by no signal of its own."""
    if issubclass(sender, PortalPage):
        caching.forget()


@receiver(page_slug_changed)
def redirect_old_slug(
    sender: type[models.Model], instance: PortalPage, instance_before: PortalPage, **kwargs: Any
) -> None:
    """Keep the old address of a page that takes another slug."""
    redirection.keep_addresses(page=instance, old_url_path=instance_before.url_path, new_url_path=instance.url_path)


@receiver(post_page_move)
def redirect_old_place(
    sender: type[models.Model], instance: PortalPage, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Keep the old address of a page that moves in the tree."""
    redirection.keep_addresses(page=instance, old_url_path=url_path_before, new_url_path=url_path_after)
