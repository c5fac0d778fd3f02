"""The Django app `institutions`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    """Names the app; nothing happens when it is ready."""

    name = "institutions"
    verbose_name = _("Institutions and people")
