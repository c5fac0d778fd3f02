"""`manage.py import_case FILE…`: case files in YAML or JSON, each whole or not at all."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import case_import
from institutions import clock
from institutions.errors import JifenError
from institutions.json_types import Json
from institutions.models import User


class Command(BaseCommand):
    """Imports case files. Evidence is read from beside each file. Exit 1 where a file is refused."""

    help = "Import case files (YAML or JSON) with the evidence beside them. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--by", metavar="USERNAME", help="import in this officer's name and regions")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = _officer(options["by"])
        results = [_import(path, officer, dry_run=options["dry_run"]) for path in options["files"]]
        if options["json"]:
            answer = {"cases": results, "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for result in results:
                self.stdout.write(as_text(result))
        if any(result["outcome"] == "refused" for result in results):
            raise SystemExit(1)


def _officer(username: str | None) -> User | None:
    if username is None:
        return None
    officer = User.objects.filter(username=username, is_active=True).first()
    if officer is None:
        raise CommandError(f"There is no active user {username}.")
    return officer


def _import(path: Path, officer: User | None, *, dry_run: bool) -> dict[str, Json]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    try:
        done = case_import.import_case(data=data, base_dir=path.parent, by=officer, now=clock.now(), dry_run=dry_run)
    except JifenError as error:
        errors = error.errors or [{"place": "", "message": str(error)}]
        return {"file": str(path), "outcome": "refused", "code": error.code, "errors": errors}
    return {
        "file": str(path),
        "outcome": done.outcome.value,
        "number": done.number,
        "id": str(done.case.pk) if done.case else None,
        "attributions": done.attributions,
    }


def as_text(result: dict[str, Json]) -> str:
    """Return the result of one file for a person at a terminal."""
    if result["outcome"] != "refused":
        outcome = str(result["outcome"]).replace("_", " ")
        return f"{result['file']}: {outcome}: {result['number']}, {result['attributions']} attributions"
    lines = [f"{result['file']}: refused, nothing was written"]
    errors = result["errors"]
    for item in errors if isinstance(errors, list) else []:
        where = f"line {item['line']}: " if item.get("line") else ""
        place = f"{item['place']}: " if item.get("place") else ""
        lines.append(f"  {where}{place}{item['message']}")
    return "\n".join(lines)
