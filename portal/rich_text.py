"""How links inside texts reach a reader."""

from __future__ import annotations

from typing import Any

from wagtail.rich_text.pages import PageLinkHandler

from portal.models import PortalPage


class PublicPageLinkHandler(PageLinkHandler):
    """A link to a page that is not public leads nowhere: its address, made from its title, is not told."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[PortalPage | None]:
        return [page if page and page.live else None for page in super().get_many(attrs_list)]
