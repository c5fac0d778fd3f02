"""`manage.py undo_roster_import RUN`: shows what undoing an import would do; with --apply it is done."""

from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.errors import JifenError
from institutions.models import RosterImport, User
from institutions.selectors.roster import UndoPreview, preview_undo
from institutions.services import roster_undo


class Command(BaseCommand):
    """Undoes a bad import in two steps: look, then apply with a reason."""

    help = "Show what undoing a roster import would do; with --apply and --reason do it. Whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument("--apply", action="store_true", help="do it")
        parser.add_argument("--reason", default="", help="why; needed with --apply")
        parser.add_argument("--by", metavar="USERNAME", help="in this officer's name and regions")

    def handle(self, *args: Any, **options: Any) -> None:
        record = RosterImport.objects.filter(pk=options["run"]).first()
        if record is None:
            raise CommandError(f"There is no import {options['run']}.")
        officer = None
        if options["by"]:
            officer = User.objects.filter(username=options["by"], is_active=True).first()
            if officer is None:
                raise CommandError(f"There is no active user {options['by']}.")
        if not options["apply"]:
            self._show(preview_undo(record))
            self.stdout.write("Nothing was changed. Run again with --apply --reason TEXT to do this.")
            return
        try:
            with pghistory.context(command="undo_roster_import", user=officer.pk if officer else None):
                done = roster_undo.undo_roster_import(
                    record=record, reason=options["reason"], by=officer, now=clock.now()
                )
        except JifenError as error:
            reasons = "".join(f"\n{item['model']} {item['id']}: {item['detail']}" for item in error.errors or [])
            raise CommandError(f"{error}{reasons}") from error
        self._show(done)

    def _show(self, preview: UndoPreview) -> None:
        for name, count in preview.removed.items():
            self.stdout.write(f"{name}: {count} taken out, {preview.restored.get(name, 0)} put back")
        for blocker in preview.blockers:
            self.stdout.write(f"in the way: {blocker.model} {blocker.pk}: {blocker.reason}")
