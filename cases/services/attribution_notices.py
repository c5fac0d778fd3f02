"""What is told about an attribution on its way, and to whom. Payloads hold data; pages and letters find the words.

Letters to the person go through the institution's HR, which hands them over with a receipt. Where the institution is
gone, they go to the person directly.
"""

from datetime import date, datetime

from cases.models import Attribution, Service
from cases.selectors.assessments import rulebook_in_force
from cases.selectors.previews import Preview, preview
from cases.services import lines as line_rows
from cases.states import State
from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from institutions.selectors import pilots
from institutions.selectors.practitioners import primary_code
from institutions.services import notices
from scoring.policy.account import Status
from scoring.policy.rulebook_parts import MeasureKind

STATUS_UNDER = {MeasureKind.SUSPEND: Status.SUSPENDED, MeasureKind.TERMINATE: Status.TERMINATED}


def is_institution_gone(attribution: Attribution, on: date) -> bool:
    """Say whether the institution of the case has closed by a day, so that the person is served directly."""
    closed_on = attribution.case.institution.closed_on
    return closed_on is not None and closed_on < on


def tell_intent(*, attribution: Attribution, now: datetime) -> Notice:
    """Queue the notice of what is intended, with the statement window, for hand-over to the person."""
    found = preview(attribution, on=local_date(now))
    payload = (
        _payload(attribution, now)
        | _effect(found)
        | {
            "points": found.points,
            "deadline_on": _iso(attribution.statement_deadline_on),
            "deadline_provisional": attribution.deadline_provisional,
        }
    )
    return _queue(attribution, NoticeKind.INTENT, f"intent:{attribution.window}", payload, now)


def tell_decision(*, attribution: Attribution, now: datetime) -> Notice:
    """Queue the decision, of points or of none, for hand-over to the person; it counts from its service."""
    payload = _payload(attribution, now) | {
        "decision": attribution.decision,
        "why": [attribution.decision_reasons],
        "decided_on": _iso(local_date(attribution.decided_at) if attribution.decided_at else None),
    }
    if attribution.state == State.DECIDED:
        found = preview(attribution, on=local_date(now))
        payload |= _effect(found) | {"points": found.points}
    return _queue(attribution, NoticeKind.DECISION, "decision", payload, now)


def tell_set_aside(*, attribution: Attribution, reason: str, now: datetime) -> Notice | None:
    """Queue the correction of what the person was told; nothing where they were told nothing yet."""
    if not Service.objects.filter(attribution=attribution).exists():
        return None
    payload = _payload(attribution, now) | {"outcome": State.SET_ASIDE.value, "why": [reason], "points": 0}
    return _queue(attribution, NoticeKind.CORRECTION, "set_aside", payload, now)


def tell_new_deadline(*, attribution: Attribution, now: datetime) -> Notice:
    """Queue the later deadline that the announced calendar gives."""
    payload = _payload(attribution, now) | {
        "deadline_on": _iso(attribution.statement_deadline_on),
        "deadline_provisional": attribution.deadline_provisional,
    }
    cause = f"deadline:{attribution.window}:{_iso(attribution.statement_deadline_on)}"
    return _queue(attribution, NoticeKind.DEADLINE, cause, payload, now)


def _queue(attribution: Attribution, kind: NoticeKind, cause: str, payload: JsonObject, now: datetime) -> Notice:
    recipient: Institution | Practitioner = attribution.case.institution
    if is_institution_gone(attribution, local_date(now)):
        recipient = attribution.practitioner
    return notices.queue_notice(
        kind=kind,
        recipient=recipient,
        cause=f"{attribution.source_key}:{cause}",
        payload=payload,
        now=now,
        is_pilot=pilots.is_in_pilot(attribution.case.institution.region_id, local_date(now)),
    )


def _payload(attribution: Attribution, now: datetime) -> dict[str, Json]:
    person, case = attribution.practitioner, attribution.case
    lines = line_rows.snapshot(attribution)
    rulebook = rulebook_in_force(case, local_date(now))
    codes = sorted({str(line["clause"]) for line in lines} & set(rulebook.clauses))
    clauses = [rulebook.clauses[code] for code in codes]
    return {
        "subject_name": person.name,
        "practitioner_slug": person.slug,
        "practitioner_code": primary_code(person),
        "what": ";".join(dict.fromkeys(str(line["title"]) for line in lines)),
        "why": list(dict.fromkeys(str(line["reasoning"]) for line in lines)),
        "clause": [{"code": item.code, "title": item.title, "title_en": item.title_en} for item in clauses],
        "lines": lines,
        "evidence": _evidence_titles(attribution),
        "basis": {
            "kind": case.basis.kind,
            "document": case.basis.document,
            "authority": case.basis.authority,
            "decided_on": case.basis.decided_on.isoformat(),
        },
        "case_reference": case.number,
        "contact": case.basis.authority,
        "reference": str(attribution.pk),
    }


def _evidence_titles(attribution: Attribution) -> list[str]:
    titles = attribution.case.evidence.filter(lines__attribution=attribution).order_by("key").distinct()
    return [piece.title for piece in titles]


def _effect(found: Preview) -> dict[str, Json]:
    gravest = found.gravest
    return {
        "year": found.year,
        "total": found.total,
        "effect": STATUS_UNDER[gravest.kind].value if gravest else "",
        "effect_from": _iso(gravest.starts_on if gravest else None),
        "effect_until": _iso(gravest.ends_on if gravest else None),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
