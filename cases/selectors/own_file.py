"""Everything kept about one person, as data for that person: an allow-list, documented in docs/due-process.md.

No officer is named. A case is in it from the moment the person was told of it; what is only being prepared is not.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from cases.models import Appeal, Attribution, DataRequest, IssuedLetter, Statement, SubmittedFile
from cases.selectors import persons
from cases.states import State
from institutions.json_types import Json
from institutions.models import Notice, Practitioner, PractitionerCode, Registration
from institutions.selectors.practitioners import record_ids
from institutions.selectors.record_access import access_report
from scoring.models import PointsEntry
from scoring.selectors.accounts import load_account
from scoring.selectors.measures import known_measures

SCHEMA = "jifen.own-file/1"
LINES_MAX = 10_000  # openings and notices listed; the page itself shows fewer


def own_file(person: Practitioner, *, on: date, opened: Notice | None = None) -> dict[str, Json]:
    """Return all that is kept about a person, as it stands on a day; `opened` is the letter they came by."""
    records = record_ids(person)
    told = told_attributions(person, opened)
    return {
        "schema": SCHEMA,
        "as_of": on.isoformat(),
        "person": _person(person, records),
        "registrations": _registrations(records),
        "account": _account(person, records, on),
        "cases": [_case(attribution, opened) for attribution in told],
        "letters": [_letter(notice) for notice in own_letters(person, opened)],
        "requests": [
            _request(row) for row in DataRequest.objects.filter(practitioner__in=records).order_by("filed_at")
        ],
        "access": _access(person),
    }


def told_attributions(person: Practitioner, opened: Notice | None) -> list[Attribution]:
    """Return the attributions of a person that they were told of: a letter was served, or is open before them."""
    rows = Attribution.objects.filter(practitioner__in=record_ids(person), services__isnull=False).distinct()
    found = {row.pk: row for row in rows.select_related("case__basis", "case__institution").order_by("case__opened_at")}
    current = persons.attribution_of(opened) if opened is not None else None
    if current is not None:
        found.setdefault(current.pk, current)
    return list(found.values())


def own_letters(person: Practitioner, opened: Notice | None) -> list[Notice]:
    """Return the letters to a person, the oldest first; one still to be served only where it is open before them."""
    unserved = IssuedLetter.objects.filter(service__isnull=True).values("notice_id")
    rows = Notice.objects.filter(practitioner__in=record_ids(person), is_pilot=False)
    kept = list(rows.exclude(pk__in=unserved).order_by("created_at", "number"))
    if opened is not None and opened.pk not in {row.pk for row in kept}:
        kept.append(opened)
    return kept


def submitted_files(attributions: Iterable[Attribution]) -> list[tuple[str, SubmittedFile]]:
    """Return the files that a person handed in, each with the receipt it belongs to."""
    wanted = list(attributions)
    said = SubmittedFile.objects.filter(statement__attribution__in=wanted).select_related("statement")
    appealed = SubmittedFile.objects.filter(appeal__attribution__in=wanted).select_related("appeal")
    answered = SubmittedFile.objects.filter(message__appeal__attribution__in=wanted).select_related("message__appeal")
    found: list[tuple[str, SubmittedFile]] = []
    for file in [*said, *appealed, *answered]:
        if file.statement is not None:
            found.append((file.statement.receipt, file))
        elif file.appeal is not None:
            found.append((file.appeal.receipt, file))
        elif file.message is not None:
            found.append((file.message.appeal.receipt, file))
    return found


def _person(person: Practitioner, records: Sequence[UUID]) -> dict[str, Json]:
    codes = PractitionerCode.objects.filter(practitioner__in=records).order_by("-primary", "code")
    return {
        "name": person.name,
        "category": person.category,
        "public_id": person.slug,
        "codes": [{"code": row.code, "scheme": row.scheme, "source": row.source} for row in codes],
    }


def _registrations(records: Sequence[UUID]) -> list[Json]:
    rows = Registration.objects.filter(practitioner__in=records).select_related("institution").order_by("starts_on")
    return [
        {
            "institution_code": row.institution.code,
            "institution_name": row.institution.name,
            "from": row.starts_on.isoformat(),
            "until": _day(row.ends_on),
            "department": row.department,
            "position": row.position,
            "specialty": row.specialty,
            "commitment_on": _day(row.commitment_on),
        }
        for row in rows
    ]


def _account(person: Practitioner, records: Sequence[UUID], on: date) -> dict[str, Json]:
    account = load_account(person).account
    status = account.status_on(on)
    years = sorted({award.year for award in account.awards} | {on.year}, reverse=True)
    entries = PointsEntry.objects.filter(practitioner__in=records).select_related("institution", "rulebook")
    return {
        "status": str(status.status),
        "status_from": _day(status.since),
        "until": _day(status.until),
        "may_reapply": status.may_reapply,
        "points_by_year": [{"year": year, "points": account.total(year, on)} for year in years],
        "entries": [
            {
                "kind": entry.kind,
                "points": entry.points,
                "year": entry.year,
                "effective_on": entry.effective_on.isoformat(),
                "scored_on": _day(entry.scored_on),
                "recorded_at": _instant(entry.recorded_at),
                "case_reference": entry.case_reference,
                "institution": entry.institution.name if entry.institution else "",
                "rulebook": f"{entry.rulebook.rulebook}@{entry.rulebook.version}" if entry.rulebook else "",
            }
            for entry in entries.order_by("posting")
        ],
        "measures": [
            {
                "kind": measure.kind,
                "from": measure.starts_on.isoformat(),
                "until": measure.ends_on.isoformat(),
                "months_imposed": measure.months_imposed,
                "year": measure.year,
            }
            for measure in known_measures(person)
        ],
    }


def _case(attribution: Attribution, opened: Notice | None) -> dict[str, Json]:
    case, basis = attribution.case, attribution.case.basis
    is_told = attribution.served_on is not None or (
        opened is not None and persons.may_read_decision(attribution, opened)
    )
    appeals = Appeal.objects.filter(attribution=attribution).prefetch_related("messages", "files").order_by("filed_at")
    return {
        "number": case.number,
        "institution": case.institution.name,
        "basis": {
            "kind": basis.kind,
            "document": basis.document,
            "authority": basis.authority,
            "decided_on": basis.decided_on.isoformat(),
        },
        # What is held within the authority is not decided yet towards anybody.
        "state": State.INTENT_SERVED.value if attribution.state == State.HELD else attribution.state,
        "told_on": _day(attribution.intent_served_on),
        "statement_until": _day(attribution.statement_deadline_on),
        "decision": attribution.decision if is_told else "",
        "reasons": attribution.decision_reasons if is_told else "",
        "decided_at": _instant(attribution.decided_at) if is_told else None,
        "served_on": _day(attribution.served_on),
        "facts": [
            {
                "title": fact.title,
                "clause": fact.clause,
                "degree": fact.degree,
                "points": fact.points,
                "from": fact.from_on.isoformat(),
                "to": fact.to_on.isoformat(),
                "amount": fact.amount,
                "reasoning": fact.reasoning,
            }
            for fact in persons.facts_of(attribution)
        ],
        "evidence": [
            {"title": piece.title, "redacted_copy": piece.copy is not None}
            for piece in persons.evidence_of(attribution)
        ],
        "statements": [_statement(statement) for statement in reversed(persons.statements_of(attribution))],
        "appeals": [_appeal(appeal) for appeal in appeals],
    }


def _statement(statement: Statement) -> dict[str, Json]:
    return {
        "receipt": statement.receipt,
        "received_at": _instant(statement.received_at),
        "text": statement.text,
        "files": [file.file_name for file in statement.files.all()],
        "answer": statement.answer,
        "answered_at": _instant(statement.answered_at),
    }


def _appeal(appeal: Appeal) -> dict[str, Json]:
    return {
        "receipt": appeal.receipt,
        "level": appeal.level,
        "state": appeal.state,
        "filed_at": _instant(appeal.filed_at),
        "grounds": appeal.grounds,
        "late_reason": appeal.late_reason,
        "files": [file.file_name for file in appeal.files.all()],
        "messages": [
            {"kind": message.kind, "at": _instant(message.at), "text": message.text}
            for message in appeal.messages.all()
        ],
        "decision_due_on": _day(appeal.decision_due_on),
        "outcome": appeal.outcome,
        "reasons": appeal.outcome_reasons,
        "points_before": appeal.points_before,
        "points_after": appeal.points_after,
        "decided_at": _instant(appeal.decided_at),
    }


def _letter(notice: Notice) -> dict[str, Json]:
    return {
        "number": notice.number,
        "kind": notice.kind,
        "made_at": _instant(notice.created_at),
        "file": f"letters/{notice.number}.pdf",
    }


def _request(request: DataRequest) -> dict[str, Json]:
    return {
        "receipt": request.receipt,
        "about": request.kind,
        "text": request.text,
        "filed_at": _instant(request.filed_at),
        "outcome": request.outcome,
        "answer": request.answer,
        "answered_at": _instant(request.answered_at),
    }


def _access(person: Practitioner) -> dict[str, Json]:
    report = access_report(person, lines_max=LINES_MAX)
    return {
        "opened": [
            {"at": _instant(line.at), "role": line.role, "organisation": line.organisation, "what": line.what}
            for line in report.opened
        ],
        "received": [
            {"at": _instant(line.at), "organisation": line.organisation, "what": line.what, "number": line.number}
            for line in report.received
        ],
        "public_lookups": [{"month": f"{item.month:%Y-%m}", "count": item.lookups} for item in report.lookups],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
