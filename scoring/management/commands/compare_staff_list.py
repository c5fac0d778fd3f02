"""`manage.py compare_staff_list FILE --institution CODE`: an institution's list of staff against what is on record."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.codes import normalise_code
from institutions.errors import JifenError
from institutions.models import Institution, User
from scoring.selectors.roster_watch import Finding, RosterCheck
from scoring.services import roster_watch


class Command(BaseCommand):
    """Compares; nothing is changed. Exit 1 where suspended or terminated people are still listed."""

    help = "Compare an institution's own list of staff (CSV or XLSX with codes) with registrations and statuses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--institution", required=True, metavar="CODE")
        parser.add_argument("--csv", type=Path, metavar="OUT.csv", help="write the outcome here, safe in a spreadsheet")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--by", metavar="USERNAME", help="compare in this user's name and reach")

    def handle(self, *args: Any, **options: Any) -> None:
        institution = Institution.objects.filter(code=normalise_code(options["institution"])).first()
        if institution is None:
            raise CommandError(f"There is no institution {options['institution']}.")
        try:
            check = roster_watch.compare_staff_list(
                institution=institution, source=options["file"], by=_user(options["by"]), now=clock.now()
            )
        except (OSError, JifenError) as refused:
            raise CommandError(f"{options['file']}: {refused}") from refused
        if options["csv"]:
            options["csv"].write_bytes(roster_watch.as_csv(check))
        self.stdout.write(as_json(check) if options["json"] else as_text(check))
        if check.counts[Finding.STILL_LISTED]:
            raise SystemExit(1)


def _user(username: str | None) -> User | None:
    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {username}.")
    return user


def as_json(check: RosterCheck) -> str:
    """Return the outcome as one JSON object."""
    facts = {
        "institution": check.institution.code,
        "as_of": check.on,
        "made_at": check.made_at,
        "data_version": check.data_version,
        "listed": check.listed,
        "counts": check.counts,
        "people": [asdict(person) for person in check.people],
    }
    return json.dumps(facts, ensure_ascii=False, default=str)


def as_text(check: RosterCheck) -> str:
    """Return the outcome for a person at a terminal: counts, and whoever needs a look."""
    lines = [f"{check.institution.code} {check.institution.name}, as of {check.on}, data {check.data_version}"]
    lines += [f"{name.replace('_', ' ')}: {count}" for name, count in check.counts.items()]
    for person in check.people:
        if person.findings == (Finding.MATCHES,):
            continue
        row = f"row {person.row}: " if person.row is not None else ""
        said = ", ".join(finding.replace("_", " ") for finding in person.findings)
        until = f" until {person.until}" if person.until else ""
        status = f" ({person.status}{until})" if Finding.STILL_LISTED in person.findings else ""
        lines.append(f"{row}{person.code} {person.name}: {said}{status}")
    return "\n".join(lines)
