"""What search adds to Wagtail's admin: what visitors looked for in vain, to read and to clear away."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from search.models import SearchMiss


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Nobody writes or changes what visitors told us."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "change") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


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


register_permission_policy(SearchMiss, ReadOnlyPolicy(SearchMiss), exact_class=True)


@hooks.register("register_admin_viewset")
def register_viewset() -> SearchMissViewSet:
    """Add the list to the admin."""
    return SearchMissViewSet()
