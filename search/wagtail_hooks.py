"""What search adds to Wagtail's admin: what visitors looked for in vain, to read and to clear away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.editor.rights import RefusingPolicy
from search.models import SearchMiss


class SearchMissViewSet(ModelViewSet):
    """The list, newest first, with export."""

    model = SearchMiss
    name = "search_miss"
    url_prefix = "search-misses"
    icon = "search"
    menu_label = _("Recherches sans réponse")
    menu_hook = "register_reports_menu_item"
    list_display = ["query", "language", "filters", "created_at"]
    list_filter = ["language", "created_at"]
    list_export = ["query", "language", "filters", "note", "created_at"]
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["query"]


# Nobody writes or changes what visitors told us.
register_permission_policy(SearchMiss, RefusingPolicy(SearchMiss, refused=("add", "change")), exact_class=True)


@hooks.register("register_admin_viewset")
def register_viewset() -> SearchMissViewSet:
    """Add the list to the admin."""
    return SearchMissViewSet()
