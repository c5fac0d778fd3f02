"""The Django app of the house itself: commands and system checks, no models."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Registers the house's system checks when Django starts."""

    name = "config"
    verbose_name = "Jifen"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from config import checks  # noqa: F401
