"""Roster watch: an institution compares its own list of staff, and is told monthly who is still registered there though
suspended or terminated. Status is scoring's to say, so the watch lives here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.json_types import JsonObject
from institutions.models import Institution, JobOutcome, JobRun, NoticeKind, Practitioner, Registration, User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.reading import Source
from institutions.roster.safe_csv import write_csv
from institutions.roster.staff_list import ListedPerson, read_staff_list
from institutions.selectors.practitioners import families, primary_codes
from institutions.services import audit, notices
from scoring.enums import AccountEventKind
from scoring.models import AccountEvent, Measure
from scoring.policy.account import Status, StatusOn
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.roster_watch import FINDING_LABELS, STATUS_LABELS, RosterCheck, check_roster, statuses

JOB = "scoring.watch_rosters"
PEOPLE_BATCH = 500
SITES_BATCH = 200


def compare_staff_list(
    *, institution: Institution, source: Source | Sequence[ListedPerson], by: User | None, now: datetime
) -> RosterCheck:
    """Hold an institution's list of staff against what is on record today; nothing of either is changed.

    The audit keeps that it was asked and the counts, not the list. Refuses (403) whoever may not see the institution's
    registrations, and (`UnreadableRoster`) a list that cannot be read.
    """
    ensure_permission(by, Permission.REGISTRATION_VIEW, institution=institution)
    listed = read_staff_list(source) if not isinstance(source, Sequence) or isinstance(source, bytes) else source
    check = check_roster(institution, listed, on=local_date(now), made_at=now)
    audit.record_event(
        action="roster.compared",
        subject=institution,
        by=by,
        now=now,
        detail={"listed": check.listed, "data_version": check.data_version, **check.counts},
        region=institution.region_id,
    )
    return check


def as_csv(check: RosterCheck) -> bytes:
    """Return the outcome as a table for a spreadsheet, row by row as listed; time and state of the data in each row."""
    headings = [
        _("Row"), _("Code"), _("Name"), _("Finding"), _("Status"), _("Until (last day)"), _("Institution"), _("As of"),
        _("Made at"), _("Data version"),
    ]  # fmt: skip
    made_at = check.made_at.isoformat(timespec="seconds")
    rows = (
        (
            person.row,
            person.code,
            person.name,
            "; ".join(str(FINDING_LABELS[finding]) for finding in person.findings),
            STATUS_LABELS[person.status] if person.status is not None else "",
            person.until,
            check.institution.code,
            check.on,
            made_at,
            check.data_version,
        )
        for person in check.people
    )
    return write_csv(headings, rows)


def watch_rosters(*, for_date: date, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Put into the inbox of each site who is registered there on a Shanghai date though suspended or terminated.

    Once per month and institution: a run later in a month that was done changes nothing, so the task may run daily and
    catches up by itself. Sites without such people hear nothing. Returns counts: ``sites``, ``people``.
    """
    counts = counts if counts is not None else Counter()
    if _is_done(for_date):
        counts["done_before"] = 1
        return counts
    barred = _barred(for_date)
    spells = _spells(barred, for_date)
    sites = list(spells)
    for start in range(0, len(sites), SITES_BATCH):
        batch = Institution.objects.in_bulk(sites[start : start + SITES_BATCH])
        _tell(batch, {pk: spells[pk] for pk in batch}, for_date, now)
    counts["sites"] = len(sites)
    counts["people"] = len({person.pk for people in spells.values() for person in people})
    return counts


@dataclass(frozen=True, slots=True)
class _Barred:
    """Somebody whom insurance does not pay for on the day."""

    pk: UUID
    name: str
    slug: str
    code: str
    status: StatusOn


def _is_done(for_date: date) -> bool:
    done = JobRun.objects.filter(name=JOB, outcome=JobOutcome.DONE, for_date__lte=for_date, counts__has_key="sites")
    return done.filter(for_date__gte=for_date.replace(day=1)).exists()


def _barred(on: date) -> dict[UUID, _Barred]:
    """Everybody suspended or terminated on the day, by surviving record."""
    people = sorted(set(families(list(_candidates(on))).values()))
    found: dict[UUID, _Barred] = {}
    for start in range(0, len(people), PEOPLE_BATCH):
        status = statuses(people[start : start + PEOPLE_BATCH], on)
        barred = [pk for pk, found_on in status.items() if found_on.status is not Status.NORMAL]
        codes = primary_codes(barred)
        for person in Practitioner.objects.filter(pk__in=barred).only("pk", "name", "slug"):
            code = codes.get(person.pk, "")
            found[person.pk] = _Barred(person.pk, person.name, person.slug, code, status[person.pk])
    return found


def _candidates(on: date) -> Iterator[UUID]:
    """Whoever has a known measure that may bar on the day, or lost a licence: the rules say who really is barred."""
    may_bar = Q(kind=MeasureKind.SUSPEND, valid__contains=on) | Q(kind=MeasureKind.TERMINATE, valid__startswith__lte=on)
    known = Measure.objects.filter(may_bar, recorded__endswith__isnull=True).order_by()
    yield from known.values_list("practitioner_id", flat=True)
    losses = AccountEvent.objects.filter(kind=AccountEventKind.LICENCE_LOSS, on__lte=on).order_by()
    yield from losses.values_list("practitioner_id", flat=True)


def _spells(barred: Mapping[UUID, _Barred], on: date) -> dict[UUID, list[_Barred]]:
    """Where these people are registered on the day, site by site, by name."""
    person_of = families(list(barred))
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    rows = Registration.objects.filter(running, practitioner__in=person_of, starts_on__lte=on)
    pairs = set(rows.order_by().values_list("institution_id", "practitioner_id"))
    sites: dict[UUID, dict[UUID, _Barred]] = {}
    for institution, record in pairs:
        person = barred[person_of[record]]
        sites.setdefault(institution, {})[person.pk] = person
    return {site: sorted(people.values(), key=lambda p: (p.name, p.slug)) for site, people in sites.items()}


def _tell(sites: Mapping[UUID, Institution], people: Mapping[UUID, list[_Barred]], on: date, now: datetime) -> None:
    """Queue the month's notices of a batch of sites, in one transaction."""
    drafts = [
        notices.Draft(
            kind=NoticeKind.ROSTER_WATCH,
            recipient=site,
            cause=f"roster_watch:{on:%Y-%m}",
            payload={"as_of": on.isoformat(), "still_registered": [_shown(person) for person in people[pk]]},
            mandatory=False,
        )
        for pk, site in sites.items()
    ]
    notices.queue_notices(drafts, now=now)


def _shown(person: _Barred) -> JsonObject:
    return {
        "name": person.name,
        "code": person.code,
        "slug": person.slug,
        "effect": str(person.status.status),
        "until": person.status.until.isoformat() if person.status.until else None,
    }
