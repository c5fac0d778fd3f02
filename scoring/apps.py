"""The Django app `scoring`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "scoring"
    verbose_name = _("Points and measures")
