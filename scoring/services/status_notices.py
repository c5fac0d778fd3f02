"""Telling people: every site and the person hear of a changed status; nobody hears twice of one cause.

Payloads hold data, not sentences: the page or letter that shows them finds the words in the reader's
language. Sites other than the case's get status and dates, not the details of the case; no payload
names an officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.models import Institution, NoticeKind, Practitioner
from institutions.selectors import calendar, pilots
from institutions.selectors.practitioners import institutions_to_tell, primary_code, primary_codes, sites_of
from institutions.services import notices
from scoring.consequences.registry import NOTICE
from scoring.models import Consequence, Measure, PointsEntry
from scoring.policy.account import ReminderFired, Status, StatusOn
from scoring.policy.rulebook_parts import ReminderKind
from scoring.selectors.letter_facts import facts_of_entry
from scoring.selectors.rulebooks import rulebook_of
from scoring.selectors.told import cause_anew, causes_anew

if TYPE_CHECKING:
    from scoring.services.measures import Refreshed

REMINDER_NOTICES = {
    ReminderKind.REMIND: NoticeKind.REMINDER,
    ReminderKind.INTERVIEW: NoticeKind.INTERVIEW,
    ReminderKind.KEY_SUPERVISION: NoticeKind.KEY_SUPERVISION,
}


def tell_after_award(*, entry: PointsEntry, refreshed: Refreshed, now: datetime) -> None:
    """Queue the status change and the reminders that an award caused, to every site and the person."""
    account, today = refreshed.loaded.account, local_date(now)
    root = next(ref for ref, row in refreshed.loaded.entry_of.items() if row.id == entry.id)
    for fired in account.reminders:
        if fired.award == root:
            tell_reminder(entry, fired, account.total(fired.year, entry.effective_on), on=today, now=now)
    if refreshed.added:
        day = max(min(m.starts_on for m in refreshed.added), today)
        tell_status(entry, account.status_on(day), account.total(entry.year, entry.effective_on), on=today, now=now)


def status_cause(entry: PointsEntry) -> str:
    """The cause under which an award's change of status is told."""
    return entry.source_key


def reminder_cause(person: Practitioner, fired: ReminderFired) -> str:
    """The cause under which a reminder is told: once per person, year and tier, whichever award passed it."""
    return f"reminder:{person.id}:{fired.year}:{fired.at}:{fired.kind}"


def tell_status(entry: PointsEntry, status: StatusOn, points: int, *, on: date, now: datetime, cause: str = "") -> None:
    """Queue the change of status that an award caused, to the sites of the day ``on`` and the person."""
    payload = status_payload(entry.practitioner, status)
    inside: dict[str, Json] = {"points": points, "year": entry.year}
    _tell_all(entry, NoticeKind.STATUS_CHANGE, cause or status_cause(entry), payload, now, on, inside=inside)


def tell_reminder(
    entry: PointsEntry, fired: ReminderFired, points: int, *, on: date, now: datetime, cause: str = ""
) -> None:
    """Queue a reminder to the sites of the day ``on`` and the person; again where the one told before was corrected."""
    person = entry.practitioner
    inside: dict[str, Json] = {"points": points, "year": fired.year, "at": fired.at}
    cause = cause or cause_anew(reminder_cause(person, fired), person, entry.posting)
    kind = REMINDER_NOTICES[ReminderKind(fired.kind)]
    _tell_all(entry, kind, cause, subject_payload(person), now, on, inside=inside)


def tell_ends(ended: Sequence[tuple[Measure, StatusOn]], *, now: datetime) -> None:
    """Queue the notices that measures ran out: the qualification is back, or may be applied for.

    Told once per person and last day, also when a correction writes the same days again; once more where what was told
    was corrected. A handful of queries, whatever the number; measures come with their person and award's institution.
    """
    on = local_date(now)
    people = {measure.practitioner_id: measure.practitioner for measure, _status in ended}
    sites, codes = sites_of(people, on), primary_codes(people)
    in_pilot = pilots.prefixes(on)
    anew = causes_anew({(m.practitioner_id, _end_cause(m)) for m, _status in ended})
    drafts: list[notices.Draft] = []
    causes: list[PointsEntry] = []
    for measure, status in ended:
        person, place = measure.practitioner, measure.entry.institution
        payload = status_payload(person, status, code=codes.get(person.pk, "")) | {
            "ended_on": measure.ends_on.isoformat(),
            "measure": measure.kind,
        }
        is_pilot = bool(in_pilot) and place is not None and place.region_id.startswith(in_pilot)
        recipients: list[Institution | Practitioner] = [*sites[person.pk], person]
        cause = _end_cause(measure) + (f":again:{measure.pk}" if _end_cause(measure) in anew else "")
        for recipient in recipients:
            drafts.append(
                notices.Draft(
                    kind=NoticeKind.RESTORED,
                    recipient=recipient,
                    cause=cause,
                    payload=payload,
                    is_pilot=is_pilot,
                    region=place.region_id if place is not None else None,
                )
            )
            causes.append(measure.entry)
    told = notices.queue_notices(drafts, now=now)
    for notice, draft in zip(told, drafts, strict=True):
        notice.institution = draft.recipient if isinstance(draft.recipient, Institution) else None
    rows = [NOTICE.row(entry=entry, thing=notice, now=now) for entry, notice in zip(causes, told, strict=True)]
    Consequence.objects.bulk_create(rows, ignore_conflicts=True)


def is_over(status: StatusOn) -> bool:
    """Whether nothing holds the person any more: qualified again, or after a bar free to apply."""
    return status.status is Status.NORMAL or (status.status is Status.TERMINATED and status.may_reapply)


def _end_cause(measure: Measure) -> str:
    return f"ended:{measure.practitioner_id}:{measure.ends_on}"


def _tell_all(
    entry: PointsEntry,
    kind: NoticeKind,
    cause: str,
    payload: dict[str, Json],
    now: datetime,
    on: date,
    *,
    inside: dict[str, Json],
) -> None:
    """One notice to each site and the person, each written down as a consequence of ``entry``.

    ``payload`` is for all; ``inside`` and the details of the case for the person and the case's institution only.
    """
    is_pilot, details = is_of_pilot(entry, now), _details(entry) | inside
    region = entry.institution.region_id if entry.institution else None
    for recipient in _recipients(entry.practitioner, on, entry.institution):
        full = isinstance(recipient, Practitioner) or recipient.pk == entry.institution_id
        content: JsonObject = payload | details if full else payload
        if cause == status_cause(entry) and isinstance(recipient, Practitioner):  # told first: as it was posted
            content = {**content, "facts": cast("Json", facts_of_entry(entry))}
        notice = notices.queue_notice(
            kind=kind, recipient=recipient, cause=cause, payload=content, now=now, is_pilot=is_pilot, region=region
        )
        NOTICE.cause(entry=entry, thing=notice, now=now)


def is_of_pilot(entry: PointsEntry, now: datetime) -> bool:
    """Whether the institution of an award lies in a region in pilot: then no site hears of it, wherever it lies."""
    return entry.institution is not None and pilots.is_in_pilot(entry.institution.region_id, local_date(now))


def _recipients(
    person: Practitioner, on: date, institution: Institution | None = None
) -> Iterable[Institution | Practitioner]:
    """Every site where the person works that day, the case's institution, and the person."""
    sites = {s.pk: s for s in institutions_to_tell(person, on)}
    if institution is not None:
        sites.setdefault(institution.pk, institution)
    return [*sites.values(), person]


def subject_payload(person: Practitioner, code: str | None = None) -> dict[str, Json]:
    """Who a notice is about."""
    return {
        "subject_name": person.name,
        "practitioner_code": primary_code(person) if code is None else code,
        "practitioner_slug": person.slug,
    }


def status_payload(person: Practitioner, status: StatusOn, code: str | None = None) -> dict[str, Json]:
    """Who a notice is about and what holds for them."""
    return subject_payload(person, code) | {
        "effect": str(status.status),
        "effect_from": status.since.isoformat() if status.since else None,
        "effect_until": status.until.isoformat() if status.until else None,
        "may_reapply": status.may_reapply,
    }


def _details(entry: PointsEntry) -> dict[str, Json]:
    """What the case's own institution and the person see: the case, the clause, the act."""
    rulebook = rulebook_of(entry.rulebook)
    clauses = sorted({str(line["clause"]) for line in entry.lines})
    return {
        "case_reference": entry.case_reference,
        "awarded": entry.points,
        "clause": [
            {"code": c, "title": rulebook.clauses[c].title, "title_en": rulebook.clauses[c].title_en}
            for c in clauses
            if c in rulebook.clauses
        ],
        "why": [str(line["finding_title"]) for line in entry.lines if line["finding_title"]],
        "rulebook": rulebook.label,
        "appeal_working_days": rulebook.appeal_working_days,
        "appeal_until_on": calendar.deadline(entry.effective_on, rulebook.appeal_working_days).on.isoformat(),
        "appeal_stays": rulebook.appeal_stays,
        "repair_possible": rulebook.repair is not None,
    }
