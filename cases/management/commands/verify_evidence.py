"""`manage.py verify_evidence`: every stored file against the hash taken when it came in."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import evidence as evidence_rows
from institutions import clock


class Command(BaseCommand):
    """Names every piece of evidence whose file was changed or lost, and fails if there is one."""

    help = "Check every stored file of evidence against its hash; exit 1 naming each that was changed or lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        check = evidence_rows.verify_evidence(now=clock.now())
        found = [_line("hash mismatch", piece) for piece in check.mismatched]
        found += [_line("file lost", piece) for piece in check.missing]
        if options["json"]:
            self.stdout.write(json.dumps(check.counts | {"found": found}, ensure_ascii=False))
        else:
            for line in found:
                self.stdout.write(line)
            self.stdout.write(f"{check.checked} pieces of evidence checked, {len(check.orphans)} files nobody cites")
        if not check.is_clean:
            raise CommandError(f"{len(found)} pieces of evidence are not what came in")


def _line(what: str, piece: evidence_rows.Kept) -> str:
    return f"{what}: {evidence_rows.name_of(piece)} ({piece.file.name})"
