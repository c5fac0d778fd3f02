"""`manage.py import_case FILE…`: case files in YAML or JSON, each whole or not at all, and tables of many cases."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import case_import, case_tables
from institutions import clock
from institutions.errors import JifenError
from institutions.json_types import Json
from institutions.models import User

TABLES = (".csv", ".xlsx")


class Command(BaseCommand):
    """Imports cases. Evidence is read from beside each file. Exit 1 where a file, or a case of a table, is refused."""

    help = (
        "Import case files (YAML or JSON), or tables of many cases (CSV or XLSX), with the evidence beside them. "
        "Good cases of a table go in though others are refused. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="write the refused rows of a table here")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--by", metavar="USERNAME", help="import in this officer's name and regions")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = _officer(options["by"])
        tables = [path for path in options["files"] if path.suffix.lower() in TABLES]
        if options["rejects"] and len(tables) != 1:
            raise CommandError("--rejects goes with one table.")
        results = [
            _import_table(path, officer, dry_run=options["dry_run"], rejects=options["rejects"])
            if path in tables
            else _import(path, officer, dry_run=options["dry_run"])
            for path in options["files"]
        ]
        if options["json"]:
            answer = {"cases": results, "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for result in results:
                self.stdout.write(as_text(result))
        if any(result["outcome"] == "refused" or result.get("refused") for result in results):
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
        return _refused(path, error)
    return {
        "file": str(path),
        "outcome": done.outcome.value,
        "number": done.number,
        "id": str(done.case.pk) if done.case else None,
        "attributions": done.attributions,
    }


def _import_table(path: Path, officer: User | None, *, dry_run: bool, rejects: Path | None) -> dict[str, Json]:
    try:
        done = case_tables.import_table(source=path, base_dir=path.parent, by=officer, now=clock.now(), dry_run=dry_run)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except JifenError as error:
        return _refused(path, error)
    if rejects is not None and done.rejected:
        rejects.write_bytes(done.rejects)
    errors: list[Json] = [
        {"row": error.row, "column": error.column, "value": error.value, "message": error.reason}
        for error in done.rejected
    ]
    return {"file": str(path), "outcome": "table", **done.counts, "errors": errors, "dry_run": dry_run}


def _refused(path: Path, error: JifenError) -> dict[str, Json]:
    errors: list[Json] = [dict(item) for item in error.errors] or [{"place": "", "message": str(error)}]
    return {"file": str(path), "outcome": "refused", "code": error.code, "errors": errors}


def as_text(result: dict[str, Json]) -> str:
    """Return the result of one file for a person at a terminal."""
    if result["outcome"] == "table":
        return _table_as_text(result)
    if result["outcome"] != "refused":
        outcome = str(result["outcome"]).replace("_", " ")
        return f"{result['file']}: {outcome}: {result['number']}, {result['attributions']} attributions"
    lines = [f"{result['file']}: refused, nothing was written"]
    for item in _errors(result):
        where = f"line {item['line']}: " if item.get("line") else ""
        place = f"{item['place']}: " if item.get("place") else ""
        lines.append(f"  {where}{place}{item['message']}")
    return "\n".join(lines)


def _table_as_text(result: dict[str, Json]) -> str:
    done = "would be created" if result["dry_run"] else "created"
    lines = [
        f"{result['file']}: {result['rows']} rows; cases {done}: {result['created']}, "
        f"unchanged: {result['unchanged']}, refused: {result['refused']}"
    ]
    lines += [f"  row {item['row']}, {item['column']} “{item['value']}”: {item['message']}" for item in _errors(result)]
    if result["rows_held_back"]:
        lines.append(f"  {result['rows_held_back']} good rows wait for the bad rows of their cases")
    return "\n".join(lines)


def _errors(result: dict[str, Json]) -> list[dict[str, Json]]:
    errors = result["errors"]
    return [item for item in errors if isinstance(item, dict)] if isinstance(errors, list) else []
