"""The Django app of the house itself: commands and system checks, no models."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Registers the house's system checks when Django starts."""

    name = "config"
    verbose_name = "Jifen"

    def ready(self) -> None:
        """Import the checks and the schemes of the API description, which register themselves; name the columns; show
        JSON so that it can be read.
        """
        from config import checks, openapi_security  # noqa: F401
        from config.borrowed_texts import name_columns
        from config.readable_json import show_json_readably

        name_columns()
        show_json_readably()
