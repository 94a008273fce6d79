from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import receivers  # noqa: F401, PLC0415
        from portal.editor import comparison, notifications  # noqa: F401, PLC0415
        from portal.files import receivers as file_receivers  # noqa: F401, PLC0415

        comparison.register()
        notifications.connect()
