"""The Django app `institutions`."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "institutions"
