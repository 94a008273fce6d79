"""The app of visitors' messages."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "portal.contact"

    def ready(self) -> None:
        from portal.contact import receivers  # noqa: F401, PLC0415
