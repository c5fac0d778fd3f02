"""`manage.py backup [--to DIR]`: database, log and stored files, while everything runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup import retention
from config.backup.making import make_backup
from config.backup.repository import Repository
from config.runtime import services
from config.runtime.errors import RuntimeTrouble


class Command(BaseCommand):
    """Makes a backup of the embedded services and has the log kept from then on."""

    help = "Back up the embedded database and the stored files; keep the log from then on, for a point in time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="DIR", help="folder of backups; default var/archive")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards remove all but the newest N backups")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "DATABASE_URL is set: back up that server with its own tools (docs/operations.md, Backup and restore)."
            )
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep needs a number from 1 on.")
        try:
            paths = services.attach()
            folder = options["to"].absolute() if options["to"] else paths.archive
            made = make_backup(paths, Path(settings.MEDIA_ROOT), Repository(folder), self.stderr.write)
            manifest = made.manifest
            size = manifest.base.size + sum(stored.size for stored in manifest.media)
            self.stdout.write(
                f"Backup {manifest.name} in {folder}: {len(manifest.media)} files, {size / 1024 / 1024:.1f} MB. "
                f"Any instant from {manifest.ended_at} on can be restored."
            )
            if options["keep"]:
                pruned = retention.prune(made.repository, options["keep"])
                if folder != paths.archive:
                    retention.prune_archive(Repository(paths.archive), made)
                self.stdout.write(
                    f"Removed {pruned.sets} backups, {pruned.pieces} pieces of the log, {pruned.files} files."
                )
        except RuntimeTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
