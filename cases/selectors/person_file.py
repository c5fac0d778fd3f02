"""一人一档: everything that officers have about one person on one page, each part for those who may see it.

The account stands on two clocks: as of a Shanghai date, and as known at an instant. Whatever lies in a case of a region
that the officer does not see is counted, never shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Appeal, Attribution, ExpertAssessment, RepairApplication, ReregistrationApplication, Statement
from cases.selectors import attributions
from institutions.errors import Forbidden
from institutions.models import (
    AuditEvent,
    Notice,
    Practitioner,
    PractitionerCode,
    PractitionerMerge,
    Registration,
    User,
)
from institutions.permissions import Permission, has_permission, regions_for, within, within_codes
from institutions.selectors.practitioners import record_ids
from institutions.selectors.record_access import AccessReport, access_report
from scoring.models import PointsEntry
from scoring.policy.account import TraceLine
from scoring.policy.outcome import Outcome, outcome_of
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.measures import KnownMeasure, known_measures
from scoring.selectors.reach import ensure_may_view_ledger
from scoring.selectors.scorecards import is_under_appeal
from scoring.selectors.what_if import Scenario, what_if

LINES_MAX = 100  # of each list; the lists behind them are linked


@dataclass(frozen=True)
class Clocks:
    """For which Shanghai date, and with what was known at which instant (None: everything recorded)."""

    on: date
    known_at: datetime | None = None


@dataclass(frozen=True)
class EntryLine:
    """One ledger row with the steps that the rules took because of it."""

    entry: PointsEntry
    trace: tuple[TraceLine, ...]
    is_undone: bool


@dataclass(frozen=True)
class AccountPart:
    """Points, status, measures and entries on the two clocks; `scenarios` only for today and all that is known."""

    outcome: Outcome
    under_appeal: bool
    points_by_year: tuple[tuple[int, int], ...]
    measures: tuple[tuple[KnownMeasure, str], ...]
    entries: tuple[EntryLine, ...]
    other_steps: tuple[TraceLine, ...]
    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True)
class CasesPart:
    """What happened in cases of the officer's regions; `elsewhere` counts the attributions in other regions."""

    attributions: tuple[Attribution, ...]
    statements: tuple[Statement, ...]
    appeals: tuple[Appeal, ...]
    assessments: tuple[ExpertAssessment, ...]
    repairs: tuple[RepairApplication, ...]
    reregistrations: tuple[ReregistrationApplication, ...]
    elsewhere: int


@dataclass(frozen=True)
class PersonFile:
    """The file of one person. A part is None where the officer's roles do not include it."""

    person: Practitioner
    records: tuple[UUID, ...]
    codes: tuple[PractitionerCode, ...]
    registrations: tuple[Registration, ...]
    merges: tuple[PractitionerMerge, ...]
    clocks: Clocks
    account: AccountPart | None = None
    cases: CasesPart | None = None
    notices: tuple[Notice, ...] | None = None
    access: AccessReport | None = None
    acts: tuple[AuditEvent, ...] | None = None


def person_file(person: Practitioner, *, by: User, clocks: Clocks, today: date) -> PersonFile:
    """Return the file of a person (of all their records, as they are merged) as far as `by` may see it. Reads only."""
    records = tuple(record_ids(person))
    spells = Registration.objects.filter(practitioner__in=records).select_related("institution__region")
    merges = PractitionerMerge.objects.filter(Q(kept__in=records) | Q(gone__in=records))
    return PersonFile(
        person=person,
        records=records,
        codes=tuple(PractitionerCode.objects.filter(practitioner__in=records).order_by("-primary", "code")),
        registrations=tuple(spells.order_by("-starts_on", "institution__code")[:LINES_MAX]),
        merges=tuple(merges.select_related("kept", "gone").order_by("-proposed_at")[:LINES_MAX]),
        clocks=clocks,
        account=_account(person, clocks, today) if _may_view_ledger(by, person) else None,
        cases=_cases(records, by) if has_permission(by, Permission.CASE_VIEW) else None,
        notices=_notices(records, by) if has_permission(by, Permission.NOTICE_VIEW) else None,
        access=access_report(person, lines_max=LINES_MAX) if has_permission(by, Permission.AUDIT_VIEW) else None,
        acts=_acts(records, by) if has_permission(by, Permission.AUDIT_VIEW) else None,
    )


def _may_view_ledger(by: User, person: Practitioner) -> bool:
    try:
        ensure_may_view_ledger(by, person)
    except Forbidden:
        return False
    return True


def _account(person: Practitioner, clocks: Clocks, today: date) -> AccountPart:
    loaded = load_account(person, known_at=clocks.known_at)
    account, on = loaded.account, clocks.on
    years = sorted({award.year for award in account.awards} | {on.year}, reverse=True)
    references = {entry.source_key: entry.case_reference for entry in loaded.entries}
    is_now = clocks.known_at is None and on == today
    return AccountPart(
        outcome=outcome_of(account, on),
        under_appeal=is_under_appeal(loaded, on),
        points_by_year=tuple((year, account.total(year, on)) for year in years),
        measures=tuple((m, references.get(m.award, "")) for m in known_measures(person, known_at=clocks.known_at)),
        entries=_entries(loaded),
        other_steps=_other_steps(loaded),
        scenarios=tuple(what_if(person, on)) if is_now and account.awards else (),
    )


def _entries(loaded: LoadedAccount) -> tuple[EntryLine, ...]:
    """Every ledger row, in the order of posting; the steps stand with the row whose award they belong to."""
    steps: dict[str, list[TraceLine]] = {}
    for line in loaded.account.trace:
        source = loaded.entry_of.get(line.ref)
        steps.setdefault(source.source_key if source is not None else line.ref, []).append(line)
    undone = {entry.reverses_id for entry in loaded.entries if entry.reverses_id is not None}
    return tuple(
        EntryLine(entry, tuple(steps.pop(entry.source_key, ())), entry.pk in undone) for entry in loaded.entries
    )


def _other_steps(loaded: LoadedAccount) -> tuple[TraceLine, ...]:
    """The steps that belong to no ledger row: repairs, registrations, merges and what was refused."""
    keys = {entry.source_key for entry in loaded.entries}
    return tuple(line for line in loaded.account.trace if line.ref not in loaded.entry_of and line.ref not in keys)


def _cases(records: Sequence[UUID], by: User) -> CasesPart:
    here = attributions.visible_to(by).filter(practitioner__in=records)
    mine = tuple(here[:LINES_MAX])
    everywhere = Attribution.objects.filter(practitioner__in=records).count()
    statements = Statement.objects.filter(attribution__in=mine).select_related("attribution__case", "answered_by")
    appeals = Appeal.objects.filter(attribution__in=mine).select_related("attribution__case", "assigned_to")
    asked = ExpertAssessment.objects.filter(attribution__in=mine).select_related("attribution__case", "expert")
    regions = within(regions_for(by, Permission.CASE_VIEW), "institution__region")
    repairs = RepairApplication.objects.filter(regions, practitioner__in=records).select_related("institution")
    anew = ReregistrationApplication.objects.filter(regions, practitioner__in=records).select_related("institution")
    return CasesPart(
        attributions=mine,
        statements=tuple(statements.order_by("-received_at")[:LINES_MAX]),
        appeals=tuple(appeals.order_by("-filed_at")[:LINES_MAX]),
        assessments=tuple(asked.order_by("-opened_at")[:LINES_MAX]),
        repairs=tuple(repairs.order_by("-started_at")[:LINES_MAX]),
        reregistrations=tuple(anew.order_by("-entered_at")[:LINES_MAX]),
        elsewhere=everywhere - (len(mine) if len(mine) < LINES_MAX else here.count()),
    )


def _notices(records: Sequence[UUID], by: User) -> tuple[Notice, ...]:
    """Return what was told to the person, and about the person to institutions, in the officer's regions."""
    slugs = list(Practitioner.objects.filter(pk__in=records).values_list("slug", flat=True))
    held = regions_for(by, Permission.NOTICE_VIEW)
    there = within(held) | within(held, "institution__region")
    about = Q(practitioner__in=records) | Q(payload__practitioner_slug__in=slugs)
    rows: QuerySet[Notice] = Notice.objects.filter(there, about).select_related("institution", "practitioner")
    letters = rows.select_related("issued_letter__service", "acknowledged_by").prefetch_related("deliveries")
    return tuple(letters.order_by("-created_at", "-number")[:LINES_MAX])


def _acts(records: Sequence[UUID], by: User) -> tuple[AuditEvent, ...]:
    """Return the acts upon the person's records and attributions in the auditor's regions, the latest first."""
    subjects = Q(subject_type=Practitioner._meta.label_lower, subject_id__in=[str(record) for record in records])
    judged = Attribution.objects.filter(practitioner__in=records).values_list("pk", flat=True)
    subjects |= Q(subject_type=Attribution._meta.label_lower, subject_id__in=[str(pk) for pk in judged])
    acts = AuditEvent.objects.filter(subjects, within_codes(regions_for(by, Permission.AUDIT_VIEW)))
    return tuple(acts.select_related("by", "acted_for").order_by("-id")[:LINES_MAX])
