"""The Django app `scoring`."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "scoring"
