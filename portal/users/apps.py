from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(AppConfig):
    name = "portal.users"
    default = True


class AccountsConfig(WagtailUsersAppConfig):
    """Wagtail's management of accounts, with the portal's forms."""

    user_viewset = "portal.users.viewsets.UserViewSet"
