"""What the foundation does when Wagtail tells that something changed: cached pages are forgotten, old addresses redirect."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal import caching


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_pages(sender, **kwargs) -> None:
    """Make the change seen at once."""
    caching.forget()
