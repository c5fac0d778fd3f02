"""The Django app `cases`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Names the app; when it is ready, letters know where their attachments come from."""

    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Letters are laid out below and know nothing of decisions: say how the facts of one are attached."""
        from cases.selectors import letter_facts
        from institutions.letters import attachments

        attachments.provide(letter_facts.attachments)
