"""`manage.py restore --from DIR [--at TIME] [--to VAR_DIR]`: a point in time back, and proof that it is whole."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup.making import known_migrations
from config.backup.repository import choose
from config.backup.restoring import Restored, restore
from config.backup.verification import verify
from config.env import PROJECT_DIR
from config.runtime.account import server_account
from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import RuntimePaths, locate, runtime_paths
from institutions import published_files
from institutions.clock import SHANGHAI


class Command(BaseCommand):
    """Restores a backup, in place or into a directory of its own, and runs the checks on what came back."""

    help = "Restore a backup to a point in time, in place or into --to, and verify ledger and evidence afterwards."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", type=Path, required=True, metavar="DIR", help="backups, or one")
        parser.add_argument("--at", type=_instant, metavar="TIME", help="ISO instant; Shanghai time unless it says")
        parser.add_argument("--to", type=Path, metavar="VAR_DIR", help="fresh data directory; without it: in place")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "DATABASE_URL is set: restore that server with its own tools (docs/operations.md, Backup and restore)."
            )
        try:
            paths, media_root = _target(options["to"])
            source = choose(options["source"].absolute(), options["at"])
            done = restore(source, at=options["at"], paths=paths, media_root=media_root, tell=self.stderr.write)
            if options["to"] is None:
                published_files.withdraw_all()  # they may tell of what the restored database has never heard of
            self._report(done, paths)
            self._verify(done, paths)
        except RuntimeTrouble as trouble:
            raise CommandError(str(trouble)) from trouble

    def _report(self, done: Restored, paths: RuntimePaths) -> None:
        manifest = done.taken_from.manifest
        self.stdout.write(f"Restored backup {manifest.name} into {paths.var}.")
        self.stdout.write(f"Last change: {done.last_change or 'none after the backup'}")
        if done.newer_files:
            self.stdout.write(f"Files newer than the backup, taken from where they lay: {done.newer_files}")
        for path in done.put_aside:
            self.stdout.write(f"What was there is kept as {path}")
        for name in done.damaged:
            self.stdout.write(f"DAMAGED in the backup: {name}")
        if manifest.migrations != known_migrations():
            self.stdout.write("The backup is of another version of Jifen: run `manage.py migrate` first.")

    def _verify(self, done: Restored, paths: RuntimePaths) -> None:
        results = verify(paths)
        for result in results:
            self.stdout.write(f"{result.name}: {'passed' if result.passed else 'FAILED'}\n{result.output}")
        if done.damaged or not all(result.passed for result in results):
            raise CommandError("What was restored did not pass. It is in its place all the same, to be looked at.")


def _target(to: Path | None) -> tuple[RuntimePaths, Path]:
    """Where to restore: this project's own directories, or a fresh one."""
    if to is None:
        return runtime_paths(), Path(settings.MEDIA_ROOT)
    paths = locate(to.absolute(), server_account(PROJECT_DIR))
    media_root = paths.var / Path(settings.MEDIA_ROOT).name
    if paths.postgres_data.exists() or media_root.exists():
        raise RuntimeTrouble(f"{to} holds data already. Name a fresh directory, or restore in place without --to.")
    return paths, media_root


def _instant(given: str) -> datetime:
    instant = datetime.fromisoformat(given)
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
