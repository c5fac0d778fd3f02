"""`manage.py migrate`: Django's, run as the owner of the tables, then the application's grants."""

from typing import Any

from django.core.management.commands import migrate

from config.owner import acting_as_owner, apply_grants


class Command(migrate.Command):
    """Migrates as the owner and grants the application its rights on what is there now."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant; `--check`, `--plan` and the like change nothing and grant nothing."""
        alias = options["database"]
        with acting_as_owner(alias):
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                apply_grants(alias)
