"""`manage.py services start|stop|status`: the embedded PostgreSQL and Valkey, kept up between commands."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.runtime import services
from config.runtime.errors import RuntimeTrouble


class Command(BaseCommand):
    """Keeps the embedded services up, stops them, or says what runs."""

    help = "Keep the embedded database and broker up between commands, stop them, or say what runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("DATABASE_URL is set, so the embedded services are not used here.")
        try:
            {"start": self._start, "stop": self._stop, "status": self._status}[action]()
        except RuntimeTrouble as trouble:
            raise CommandError(str(trouble)) from trouble

    def _start(self) -> None:
        paths = services.keep()
        self.stdout.write(f"PostgreSQL and Valkey are up and stay up. Sockets: {paths.sockets}")

    def _stop(self) -> None:
        services.stop()
        self.stdout.write("PostgreSQL and Valkey are stopped. Data stay.")

    def _status(self) -> None:
        status = services.status()
        for name, runs in (("PostgreSQL", status.postgres), ("Valkey", status.valkey)):
            self.stdout.write(f"{name}: {'running' if runs else 'stopped'}")
        self.stdout.write(f"Kept up: {'yes' if status.kept else 'no'}")
        self.stdout.write(f"Used by processes: {', '.join(map(str, status.users)) or 'none'}")
        self.stdout.write(f"Sockets: {status.sockets}\nData: {status.state}")
