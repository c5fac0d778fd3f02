"""The Django app `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "cases"
