"""The Django app `cases`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "cases"
    verbose_name = _("Cases")
