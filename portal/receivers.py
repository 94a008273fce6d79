"""What the foundation does when Wagtail tells that something changed: cached pages are forgotten, old addresses redirect."""

from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal import caching, redirection


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_pages(sender, **kwargs) -> None:
    """Make the change seen at once."""
    caching.forget()


@receiver(page_slug_changed)
def redirect_old_slug(sender, instance, instance_before, **kwargs) -> None:
    """Keep the old address of a page that takes another slug."""
    redirection.keep_addresses(page=instance, old_url_path=instance_before.url_path, new_url_path=instance.url_path)


@receiver(post_page_move)
def redirect_old_place(sender, instance, url_path_before, url_path_after, **kwargs) -> None:
    """Keep the old address of a page that moves in the tree."""
    redirection.keep_addresses(page=instance, old_url_path=url_path_before, new_url_path=url_path_after)
