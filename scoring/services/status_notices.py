"""Telling people: every site and the person hear of a changed status; nobody hears twice of one cause.

Payloads hold data, not sentences: the page or letter that shows them finds the words in the reader's
language. Sites other than the case's get status and dates, not the details of the case; no payload
names an officer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from institutions.selectors import pilots
from institutions.selectors.practitioners import institutions_to_tell, primary_code
from institutions.services import notices
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, Measure, PointsEntry
from scoring.policy.account import ReminderFired, StatusOn
from scoring.policy.rulebook_parts import ReminderKind
from scoring.selectors.rulebooks import rulebook_of
from scoring.services import consequences

if TYPE_CHECKING:
    from scoring.services.measures import Refreshed

REMINDER_NOTICES = {
    ReminderKind.REMIND: NoticeKind.REMINDER,
    ReminderKind.INTERVIEW: NoticeKind.INTERVIEW,
    ReminderKind.KEY_SUPERVISION: NoticeKind.KEY_SUPERVISION,
}


def tell_after_award(*, entry: PointsEntry, refreshed: Refreshed, now: datetime) -> None:
    """Queue the status change and the reminders that an award caused, to every site and the person."""
    account = refreshed.loaded.account
    root = next(ref for ref, row in refreshed.loaded.entry_of.items() if row.id == entry.id)
    for fired in account.reminders:
        if fired.award == root:
            _remind(entry, fired, account.total(fired.year, entry.effective_on), now)
    if refreshed.added:
        day = max(min(m.starts_on for m in refreshed.added), local_date(now))
        status = account.status_on(day)
        payload = _status_payload(entry.practitioner, status) | {
            "points": account.total(entry.year, entry.effective_on),
            "year": entry.year,
        }
        _tell_all(entry, NoticeKind.STATUS_CHANGE, entry.source_key, payload, now, details=_details(entry))


def tell_end(*, measure: Measure, status: StatusOn, now: datetime) -> None:
    """Queue the notice that a measure ran out: the qualification is back, or may be applied for.

    Told once per person and last day, also when a correction writes the same days again.
    """
    payload = _status_payload(measure.practitioner, status) | {
        "ended_on": measure.ends_on.isoformat(),
        "measure": measure.kind,
    }
    is_pilot = _is_of_pilot(measure.entry, now)
    for recipient in _recipients(measure.practitioner, local_date(now)):
        notices.queue_notice(
            kind=NoticeKind.RESTORED,
            recipient=recipient,
            cause=f"ended:{measure.practitioner_id}:{measure.ends_on}",
            payload=payload,
            now=now,
            is_pilot=is_pilot,
        )


def correct(*, entry: PointsEntry, reversal: PointsEntry, now: datetime) -> None:
    """Queue one correction to everybody who was told of ``entry``, naming each notice that it corrects."""
    told = Consequence.objects.filter(entry=entry, kind=ConsequenceKind.NOTICE).values_list("target", flat=True)
    earlier = Notice.objects.filter(number__in=list(told)).select_related("institution", "practitioner")
    by_recipient: dict[str, list[Notice]] = {}
    for notice in earlier.order_by("number"):
        by_recipient.setdefault(notice.recipient_key, []).append(notice)
    for corrected in by_recipient.values():
        recipient = corrected[0].institution or corrected[0].practitioner
        assert recipient is not None  # check constraint notice_one_recipient
        payload = _subject(entry.practitioner) | {
            "corrects": [notice.number for notice in corrected],
            "points_withdrawn": -reversal.points,
        }
        notices.queue_notice(
            kind=NoticeKind.CORRECTION,
            recipient=recipient,
            cause=reversal.source_key,
            payload=payload,
            now=now,
            is_pilot=all(notice.is_pilot for notice in corrected),
        )


def _remind(entry: PointsEntry, fired: ReminderFired, points: int, now: datetime) -> None:
    person = entry.practitioner
    payload = _subject(person) | {"points": points, "year": fired.year, "at": fired.at}
    cause = f"reminder:{person.id}:{fired.year}:{fired.at}:{fired.kind}"
    kind = REMINDER_NOTICES[ReminderKind(fired.kind)]
    _tell_all(entry, kind, cause, payload, now, details=_details(entry))


def _tell_all(
    entry: PointsEntry,
    kind: NoticeKind,
    cause: str,
    payload: dict[str, Json],
    now: datetime,
    *,
    details: dict[str, Json],
) -> None:
    """One notice to each site and the person, each written down as a consequence of ``entry``."""
    is_pilot = _is_of_pilot(entry, now)
    for recipient in _recipients(entry.practitioner, local_date(now), entry.institution):
        full = isinstance(recipient, Practitioner) or recipient.pk == entry.institution_id
        content: JsonObject = payload | details if full else payload
        notice = notices.queue_notice(
            kind=kind, recipient=recipient, cause=cause, payload=content, now=now, is_pilot=is_pilot
        )
        consequences.note(
            entry=entry,
            kind=ConsequenceKind.NOTICE,
            target=notice.number,
            now=now,
            detail={"notice": str(kind)},
        )


def _is_of_pilot(entry: PointsEntry, now: datetime) -> bool:
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


def _subject(person: Practitioner) -> dict[str, Json]:
    return {
        "subject_name": person.name,
        "practitioner_code": primary_code(person),
        "practitioner_slug": person.slug,
    }


def _status_payload(person: Practitioner, status: StatusOn) -> dict[str, Json]:
    return _subject(person) | {
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
        "appeal_stays": rulebook.appeal_stays,
        "repair_possible": rulebook.repair is not None,
    }
