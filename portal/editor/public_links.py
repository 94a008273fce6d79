"""Where a page stands on the public site: one link per language in which it is public, for the screens of staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.admin.widgets import Button

from portal import languages
from portal.models import PortalPage


class PublicLink(NamedTuple):
    """The address of a page in one language."""

    code: str
    name: str
    url: str


def public_links(page: PortalPage) -> list[PublicLink]:
    """Return where visitors read a page, in the portal's order of languages; empty for a page that is not public."""
    if not page.live:
        return []
    found = []
    for code in page.public_languages:
        with override(code):
            url = page.get_url()
        if url:
            found.append(PublicLink(code, capfirst(languages.name_in(code)), url))
    return found


def buttons(page: PortalPage, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """Give one button per language in which a page is public, for the menus of lists and of the editor's screen."""
    for order, link in enumerate(public_links(page)):
        label = _("Voir en ligne : %(language)s") % {"language": link.name}
        yield Button(label, link.url, icon_name="view", priority=3 + order / 10)


def header_buttons(page: PortalPage, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Give the same buttons in the menu of the editor's screen."""
    return buttons(page, user, next_url)
