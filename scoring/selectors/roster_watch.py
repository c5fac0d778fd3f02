"""An institution's own list of staff held against what is on record: what agrees, and what does not. Reads only.

Of people who never worked at the institution nothing is told but that their code is on record, so that a list of
guessed codes finds out nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.masking import mask_name
from institutions.models import (
    Institution,
    Practitioner,
    PractitionerCode,
    Registration,
    RosterImport,
    RosterImportState,
)
from institutions.selectors import pilots
from institutions.selectors.practitioners import families, primary_codes
from scoring.models import AccountEvent, PointsEntry
from scoring.policy.account import Status, StatusOn
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.many_accounts import load_accounts

if TYPE_CHECKING:
    from institutions.roster.staff_list import ListedPerson


class Finding(StrEnum):
    """What is to be said of one person; a person of whom nothing is to be said matches."""

    MATCHES = "matches"
    STILL_LISTED = "still_listed"
    NAME_DIFFERS = "name_differs"
    NOT_REGISTERED_HERE = "not_registered_here"
    UNKNOWN_CODE = "unknown_code"
    NO_CODE = "no_code"
    LISTED_TWICE = "listed_twice"
    NOT_LISTED = "not_listed"


FINDING_LABELS = {
    Finding.MATCHES: _("matches"),
    Finding.STILL_LISTED: _("listed although suspended or terminated"),
    Finding.NAME_DIFFERS: _("another name is on record"),
    Finding.NOT_REGISTERED_HERE: _("on record, but not registered at your institution"),
    Finding.UNKNOWN_CODE: _("code not on record"),
    Finding.NO_CODE: _("no code given; names identify nobody"),
    Finding.LISTED_TWICE: _("listed twice"),
    Finding.NOT_LISTED: _("registered at your institution, but not on your list"),
}
STATUS_LABELS = {
    Status.NORMAL: pgettext_lazy("status", "Normal"),
    Status.SUSPENDED: pgettext_lazy("status", "Suspended"),
    Status.TERMINATED: pgettext_lazy("status", "Terminated"),
}


@dataclass(frozen=True, slots=True)
class WatchedPerson:
    """One person of the list, or of the record alone (`row` is None); `status` only of people of the institution."""

    row: int | None
    code: str
    name: str
    findings: tuple[Finding, ...]
    status: Status | None = None
    until: date | None = None


@dataclass(frozen=True)
class RosterCheck:
    """The outcome for an institution on a Shanghai date; ``data_version`` names the state of the data compared with."""

    institution: Institution
    on: date
    made_at: datetime
    data_version: str
    people: tuple[WatchedPerson, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many people there are of each finding, none included."""
        found = Counter(finding for person in self.people for finding in person.findings)
        return {finding.value: found[finding] for finding in Finding}

    @property
    def listed(self) -> int:
        """How many rows the list has."""
        return sum(1 for person in self.people if person.row is not None)

    @property
    def still_listed(self) -> dict[Status, int]:
        """How many people are still listed, by their status."""
        found = Counter(p.status for p in self.people if Finding.STILL_LISTED in p.findings and p.status is not None)
        return dict(found)

    def of(self, finding: Finding) -> list[WatchedPerson]:
        """The people of one finding, in the order of the list."""
        return [person for person in self.people if finding in person.findings]


@dataclass(frozen=True)
class _Known:
    """What is on record of the people named: by surviving record."""

    person_of_code: Mapping[str, UUID]
    people: Mapping[UUID, Practitioner]
    names: Mapping[UUID, frozenset[str]]
    here: frozenset[UUID]
    ever_here: frozenset[UUID]
    status: Mapping[UUID, StatusOn]


def check_roster(
    institution: Institution, listed: Sequence[ListedPerson], *, on: date, made_at: datetime
) -> RosterCheck:
    """Hold a list against the registrations and statuses of a Shanghai date; a bounded number of queries."""
    known = _read(institution, {person.code for person in listed if person.code}, on)
    seen: set[UUID | str] = set()
    people: list[WatchedPerson] = []
    for person in listed:
        people.append(_judged(person, known, seen))
        seen.add(known.person_of_code.get(person.code, person.code))
    codes = primary_codes(known.here - seen)
    for pk in sorted(known.here - seen, key=lambda key: (known.people[key].name, key)):
        status = known.status.get(pk, StatusOn(Status.NORMAL))
        absent = WatchedPerson(
            None, codes.get(pk, ""), known.people[pk].name, (Finding.NOT_LISTED,), status.status, status.until
        )
        people.append(absent)
    return RosterCheck(institution, on, made_at, data_version(), tuple(people))


def data_version() -> str:
    """Name the state of the data: the last posting of the ledger and the last roster that was taken in."""
    entry = PointsEntry.objects.aggregate(last=Max("posting"))["last"] or 0
    event = AccountEvent.objects.aggregate(last=Max("posting"))["last"] or 0
    roster = RosterImport.objects.filter(state=RosterImportState.DONE).aggregate(last=Max("pk"))["last"] or 0
    return f"P{max(entry, event)}-R{roster}"


def _judged(person: ListedPerson, known: _Known, seen: Collection[UUID | str]) -> WatchedPerson:
    if not person.code:
        return WatchedPerson(person.row, "", person.name, (Finding.NO_CODE,))
    pk = known.person_of_code.get(person.code)
    if (pk or person.code) in seen:
        return WatchedPerson(person.row, person.code, person.name, (Finding.LISTED_TWICE,))
    if pk is None:
        return WatchedPerson(person.row, person.code, person.name, (Finding.UNKNOWN_CODE,))
    if pk not in known.ever_here:
        return WatchedPerson(person.row, person.code, person.name, (Finding.NOT_REGISTERED_HERE,))
    status = known.status.get(pk, StatusOn(Status.NORMAL))
    findings = [] if pk in known.here else [Finding.NOT_REGISTERED_HERE]
    if status.status is not Status.NORMAL:
        findings.append(Finding.STILL_LISTED)
    if person.name and person.name not in known.names[pk]:
        findings.append(Finding.NAME_DIFFERS)
    return WatchedPerson(
        person.row,
        person.code,
        person.name or known.people[pk].name,
        tuple(findings) or (Finding.MATCHES,),
        status.status,
        status.until,
    )


def _read(institution: Institution, codes: Collection[str], on: date) -> _Known:
    owners = dict(PractitionerCode.objects.filter(code__in=codes).values_list("code", "practitioner_id"))
    spells = list(
        Registration.objects.filter(institution=institution).values_list("practitioner_id", "starts_on", "ends_on")
    )
    person_of = families({*owners.values(), *(record for record, _start, _end in spells)})
    here = {person_of[record] for record, start, end in spells if start <= on and (end is None or end >= on)}
    named = Practitioner.objects.filter(pk__in=person_of, provisional_institution=institution, is_provisional=True)
    ever = {person_of[record] for record, _start, _end in spells}
    ever |= {person_of[record] for record in named.values_list("pk", flat=True)}
    records = Practitioner.objects.in_bulk(list(person_of))
    names: dict[UUID, set[str]] = {}
    for record in records.values():
        names.setdefault(person_of[record.pk], set()).update((record.name, mask_name(record.name)))
    return _Known(
        person_of_code={code: person_of[owner] for code, owner in owners.items()},
        people={pk: records[pk] for pk in set(person_of.values())},
        names={pk: frozenset(found) for pk, found in names.items()},
        here=frozenset(here),
        ever_here=frozenset(ever),
        status=statuses(ever, on),
    )


def statuses(people: Collection[UUID], on: date) -> dict[UUID, StatusOn]:
    """The status on a Shanghai date, as institutions may know it, of those of these people who have an account."""
    person_of = families(people)
    entries = (
        PointsEntry.objects.filter(practitioner__in=person_of).order_by().values_list("practitioner_id", flat=True)
    )
    events = (
        AccountEvent.objects.filter(practitioner__in=person_of).order_by().values_list("practitioner_id", flat=True)
    )
    accounts = load_accounts({person_of[record] for record in entries.union(events)})
    silent = _silent_entries(accounts.values(), on)
    return {pk: _told(loaded, on, silent) for pk, loaded in accounts.items()}


def _told(loaded: LoadedAccount, on: date, silent: Collection[UUID]) -> StatusOn:
    """The status, unless all that causes it comes from a region in pilot, of which institutions hear nothing."""
    status = loaded.account.status_on(on)
    causes = [loaded.entry_of[ref].pk for ref in status.awards if ref in loaded.entry_of]
    is_silent = bool(causes) and len(causes) == len(status.awards) and all(cause in silent for cause in causes)
    return StatusOn(Status.NORMAL) if is_silent else status


def _silent_entries(accounts: Iterable[LoadedAccount], on: date) -> set[UUID]:
    begun = pilots.prefixes(on)
    if not begun:
        return set()
    entries = [entry.pk for loaded in accounts for entry in loaded.entry_of.values()]
    regions = PointsEntry.objects.filter(pk__in=entries, institution__isnull=False).values_list(
        "pk", "institution__region_id"
    )
    return {pk for pk, region in regions if str(region).startswith(begun)}
