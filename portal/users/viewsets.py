"""Accounts in Wagtail's settings."""

from __future__ import annotations

from wagtail.users.views import users

from portal.users.forms import StaffCreationForm, StaffEditForm


class UserViewSet(users.UserViewSet):
    """Wagtail's, with the portal's forms."""

    def get_form_class(self, for_update: bool = False) -> type:
        return StaffEditForm if for_update else StaffCreationForm
