"""What is told about an attribution on its way, and to whom. Payloads hold data; pages and letters find the words.

Letters go to the person. The institution of the case is asked to hand them over, and told of the same outcome without
the evidence and the reasons; where it has closed, only the person is told.
"""

from datetime import date, datetime
from typing import cast

from django.utils import translation

from cases.models import Attribution, IssuedLetter, Service, Statement
from cases.selectors import letter_facts
from cases.selectors.assessments import rulebook_in_force
from cases.selectors.expert_assessments import opinions_of
from cases.selectors.previews import Preview, preview
from cases.services import lines as line_rows
from cases.states import State
from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from institutions.selectors import calendar, pilots
from institutions.selectors.practitioners import primary_code
from institutions.services import notices
from scoring.policy.account import Status
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import MeasureKind

STATUS_UNDER = {MeasureKind.SUSPEND: Status.SUSPENDED, MeasureKind.TERMINATE: Status.TERMINATED}
# What the institution needs in order to hand a letter over and to prepare for what follows.
TOLD_TO_THE_INSTITUTION = (
    *(
        "subject_name",
        "practitioner_slug",
        "practitioner_code",
        "institution_name",
        "what",
        "clause",
        "basis",
        "case_reference",
        "contact",
    ),
    *("points", "year", "total", "effect", "effect_from", "effect_until", "received_on", "decision", "decided_on"),
    *("statement_working_days", "appeal_working_days", "appeal_stays", "repair_rule", "rulebook", "rulebook_digest"),
)


def is_institution_gone(attribution: Attribution, on: date) -> bool:
    """Say whether the institution of the case has closed by a day, so that the person is served directly."""
    closed_on = attribution.case.institution.closed_on
    return closed_on is not None and closed_on < on


def tell_intent(*, attribution: Attribution, version: str, now: datetime) -> Notice:
    """Queue the letter of what is intended. It exists before it is served, so it words the window in working days.

    Dates that hang on the day of receipt are those of a receipt on the day of issue (`received_on`). `version` names
    the window and the proposal.
    """
    today = local_date(now)
    rulebook = rulebook_in_force(attribution.case, today)
    found = preview(attribution, on=today)
    payload = (
        facts(attribution, rulebook)
        | _effect(found, today)
        | {"points": found.points, "statement_working_days": rulebook.statement_working_days}
        | _deadline(today, rulebook.statement_working_days)
    )
    return _tell_person(attribution, NoticeKind.INTENT, f"intent:{version}", payload, now)


def tell_decision(*, attribution: Attribution, version: str, now: datetime) -> Notice:
    """Queue the letter of the decision, of points or of none; it counts from its service."""
    payload = decision_payload(attribution, now=now)
    return _tell_person(attribution, NoticeKind.DECISION, f"decision:{version}", payload, now)


def decision_payload(attribution: Attribution, *, now: datetime) -> JsonObject:
    """Return what the letter of a decision says; reads only, so that a draft of it can be shown before the decision."""
    today = local_date(now)
    rulebook = rulebook_in_force(attribution.case, today)
    payload: dict[str, Json] = facts(attribution, rulebook) | {
        "decision": attribution.decision,
        "why": [attribution.decision_reasons],
        "decided_on": _iso(local_date(attribution.decided_at) if attribution.decided_at else None),
        "statements": _answers(attribution),
        "opinions": _opinions(attribution),
    }
    if attribution.state == State.DECIDED:
        found = preview(attribution, on=today)
        payload |= _effect(found, today) | _rights(rulebook) | {"points": found.points}
        payload |= _deadline(today, rulebook.appeal_working_days)
        payload["facts"] = cast("Json", letter_facts.facts_of(attribution, now=now))
    return payload


def ask_for_handover(*, attribution: Attribution, letter: Notice, now: datetime) -> Notice | None:
    """Queue the request to the institution of the case to hand a letter over; none where the institution has closed."""
    if is_institution_gone(attribution, local_date(now)):
        return None
    told = {key: letter.payload[key] for key in TOLD_TO_THE_INSTITUTION if key in letter.payload}
    payload: JsonObject = told | {"letter": letter.number, "letter_kind": letter.kind}
    return _queue(
        attribution, attribution.case.institution, NoticeKind.HANDOVER, f"handover:{letter.number}", payload, now
    )


def tell_set_aside(*, attribution: Attribution, reason: str, now: datetime) -> Notice | None:
    """Queue the correction of what was told, to the person and the institution; nothing where nothing was told yet."""
    if not Service.objects.filter(attribution=attribution).exists():
        return None
    letters = IssuedLetter.objects.filter(attribution=attribution).order_by("issued_at", "id")
    rulebook = rulebook_in_force(attribution.case, local_date(now))
    payload = facts(attribution, rulebook) | {
        "outcome": State.SET_ASIDE.value,
        "why": [reason],
        "points": 0,
        "corrects": list(letters.values_list("notice__number", flat=True)),
    }
    revived = attribution.annulment_effects.filter(is_set_aside=True, annulment__reinstated_at__isnull=False).count()
    cause = f"set_aside:{revived + 1}" if revived else "set_aside"
    return tell_both(attribution, NoticeKind.CORRECTION, cause, payload, now)


def tell_new_deadline(*, attribution: Attribution, now: datetime) -> Notice:
    """Queue the later deadline that the announced calendar gives, to the person and the institution."""
    rulebook = rulebook_in_force(attribution.case, local_date(now))
    payload = facts(attribution, rulebook) | {
        "deadline_on": _iso(attribution.statement_deadline_on),
        "deadline_provisional": attribution.deadline_provisional,
        "statement_working_days": rulebook.statement_working_days,
    }
    if attribution.intent_served_on and attribution.statement_deadline_on:
        payload["counted"] = counted(attribution.intent_served_on, attribution.statement_deadline_on)
    cause = f"deadline:{attribution.window}:{_iso(attribution.statement_deadline_on)}"
    return tell_both(attribution, NoticeKind.DEADLINE, cause, payload, now)


def tell_both(attribution: Attribution, kind: NoticeKind, cause: str, payload: JsonObject, now: datetime) -> Notice:
    """Tell the person everything, and the institution, unless it has closed, what it needs to know."""
    if not is_institution_gone(attribution, local_date(now)):
        extra = ("deadline_on", "deadline_provisional", "outcome", "corrects")
        told = {key: payload[key] for key in (*TOLD_TO_THE_INSTITUTION, *extra) if key in payload}
        _queue(attribution, attribution.case.institution, kind, cause, told, now)
    return _tell_person(attribution, kind, cause, payload, now)


def _tell_person(attribution: Attribution, kind: NoticeKind, cause: str, payload: JsonObject, now: datetime) -> Notice:
    return _queue(attribution, attribution.practitioner, kind, cause, payload, now)


def _queue(
    attribution: Attribution,
    recipient: Institution | Practitioner,
    kind: NoticeKind,
    cause: str,
    payload: JsonObject,
    now: datetime,
) -> Notice:
    region = attribution.case.institution.region_id
    return notices.queue_notice(
        kind=kind,
        recipient=recipient,
        cause=f"{attribution.source_key}:{cause}",
        payload=payload,
        now=now,
        is_pilot=pilots.is_in_pilot(region, local_date(now)),
        region=region,
    )


def facts(attribution: Attribution, rulebook: Rulebook) -> dict[str, Json]:
    """Return what every notice about an attribution says: the person, the case, the lines, the basis, the rules."""
    person, case = attribution.practitioner, attribution.case
    lines = line_rows.snapshot(attribution)
    codes = sorted({str(line["clause"]) for line in lines} & set(rulebook.clauses))
    clauses = [rulebook.clauses[code] for code in codes]
    return {
        "subject_name": person.name,
        "practitioner_slug": person.slug,
        "practitioner_code": primary_code(person),
        "institution_name": case.institution.name,
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
        "rulebook": rulebook.label,
        "rulebook_digest": rulebook.digest,
    }


def _answers(attribution: Attribution) -> list[Json]:
    """What was answered to the person's statements; what they wrote is on record and is not repeated."""
    said = Statement.objects.filter(attribution=attribution, window=attribution.window, answered_at__isnull=False)
    return [
        {"on": local_date(one.received_at).isoformat(), "answer": one.answer} for one in said.order_by("received_at")
    ]


def _opinions(attribution: Attribution) -> list[Json]:
    """What experts said before the decision; not who they are."""
    return [
        {
            "on": local_date(one.ended_at).isoformat() if one.ended_at else "",
            "question": one.question,
            "opinion": one.text,
        }
        for one in opinions_of(attribution)
    ]


def _rights(rulebook: Rulebook) -> dict[str, Json]:
    """What a person who was given points may do, and within which time."""
    repair = rulebook.repair
    return {
        "appeal_working_days": rulebook.appeal_working_days,
        "appeal_stays": rulebook.appeal_stays,
        "repair_rule": {"points": repair.points, "cap_per_year": repair.cap_per_year} if repair is not None else None,
    }


def _deadline(received_on: date, working_days: int) -> dict[str, Json]:
    """The last day of a window that would open with a receipt on this day, to stand in the letter as an example."""
    found = calendar.deadline(received_on, working_days)
    return {
        "deadline_on": _iso(found.on),
        "deadline_provisional": found.provisional,
        "counted": counted(received_on, found.on),
    }


def counted(start: date, on: date) -> dict[str, Json]:
    """How the working days to a deadline were counted, in both languages, as it stands in the letter for ever."""
    with translation.override("zh-hans"):
        found = calendar.counted_days(start, on)
    with translation.override("en"):
        english = calendar.counted_days(start, on).sources
    announced = [(zh.text, en.text) for zh, en in zip(found.sources, english, strict=True) if zh.announced]
    return {
        "days_off": [day.isoformat() for day in found.days_off],
        "make_up_days": [day.isoformat() for day in found.make_up_days],
        "sources": [{"source": zh, "source_en": en} for zh, en in announced],
    }


def _evidence_titles(attribution: Attribution) -> list[str]:
    titles = attribution.case.evidence.filter(lines__attribution=attribution).order_by("key").distinct()
    return [piece.title for piece in titles]


def _effect(found: Preview, received_on: date) -> dict[str, Json]:
    """What would follow from a service on this day, which moves the dates with it."""
    gravest = found.gravest
    return {
        "received_on": _iso(received_on),
        "year": found.year,
        "total": found.total,
        "effect": STATUS_UNDER[gravest.kind].value if gravest else "",
        "effect_from": _iso(gravest.starts_on if gravest else None),
        "effect_until": _iso(gravest.ends_on if gravest else None),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
