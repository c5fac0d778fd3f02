"""What is told about an appeal, to the person and to the institution of the case. Payloads hold data, never sentences.

The person is told every step; the institution that an appeal was filed and how it ended, never what the person wrote.
"""

from datetime import datetime

from cases.models import Appeal
from cases.selectors import appeals as appeal_selectors
from cases.selectors.assessments import rulebook_in_force
from cases.services import attribution_notices
from cases.services.appeal_moves import iso
from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from institutions.selectors import pilots
from institutions.services import notices

SECOND_LEVEL_SCOPE = "review"  # facts on file, the rule, the procedure; new facts only if they could not come before
STEPS_FOR_INSTITUTION = ("filed",)
OWN_WORDS = ("question", "answer_due_on", "reasons")  # between the person and the authority


def tell_course(*, appeal: Appeal, step: str, cause: str, now: datetime) -> Notice:
    """Queue what happened in an appeal; return the person's notice.

    `step` is one of filed, accepted, question, resumed, overdue, second_level_open, due_changed.
    """
    question = appeal_selectors.latest_question(appeal) if step == "question" else None
    facts = _facts(appeal) | {
        "step": step,
        "question": question.text if question else "",
        "answer_due_on": iso(appeal.answer_due_on),
    }
    if step in STEPS_FOR_INSTITUTION:
        _tell_institution(appeal, NoticeKind.APPEAL, cause, facts, now)
    return _tell_person(appeal, NoticeKind.APPEAL, cause, facts, now)


def tell_outcome(*, appeal: Appeal, now: datetime) -> Notice:
    """Queue how an appeal ended, with the reasons; return the person's notice."""
    facts = _facts(appeal) | {
        "outcome": appeal.outcome,
        "reasons": [appeal.outcome_reasons],
        "decided_on": iso(local_date(appeal.decided_at) if appeal.decided_at else None),
        "points_before": appeal.points_before,
        "points_after": appeal.points_after,
        "lines": _varied_lines(appeal),
    }
    _tell_institution(appeal, NoticeKind.APPEAL_OUTCOME, "outcome", facts, now)
    return _tell_person(appeal, NoticeKind.APPEAL_OUTCOME, "outcome", facts, now)


def _facts(appeal: Appeal) -> dict[str, Json]:
    rule = appeal_selectors.appeal_rule(appeal.attribution)
    until = appeal.second_level_until_on
    return {
        "receipt": appeal.receipt,
        "level": appeal.level,
        "filed_on": appeal.filed_on.isoformat(),
        "is_late": appeal.is_late,
        "stays": appeal.stays,
        "decision_due_on": iso(appeal.decision_due_on) if appeal.paused_on is None else "",
        "due_provisional": appeal.due_provisional,
        "second_level": {
            "possible": until is not None,
            "until": iso(until),
            "open_after": iso(appeal.silence_until_on) if appeal.level == 1 and rule is not None else "",
            "scope": SECOND_LEVEL_SCOPE,
        },
    }


def _varied_lines(appeal: Appeal) -> list[Json]:
    return [
        {
            "title": varied.line.finding.title,
            "clause": varied.line.clause,
            "points_before": varied.points_before,
            "points_after": varied.points_after,
        }
        for varied in appeal.varied_lines.select_related("line__finding").order_by("line__finding__key", "line__clause")
    ]


def _tell_person(appeal: Appeal, kind: NoticeKind, cause: str, told: dict[str, Json], now: datetime) -> Notice:
    payload = _decision(appeal) | told
    return _queue(appeal, appeal.attribution.practitioner, kind, cause, payload, now, mandatory=True)


def _tell_institution(appeal: Appeal, kind: NoticeKind, cause: str, told: dict[str, Json], now: datetime) -> None:
    attribution = appeal.attribution
    if attribution_notices.is_institution_gone(attribution, local_date(now)):
        return
    known = _decision(appeal)
    payload: JsonObject = {
        **{key: known[key] for key in attribution_notices.TOLD_TO_THE_INSTITUTION if key in known},
        **{key: value for key, value in told.items() if key not in OWN_WORDS},
    }
    mandatory = kind == NoticeKind.APPEAL_OUTCOME
    _queue(appeal, attribution.case.institution, kind, cause, payload, now, mandatory=mandatory)


def _queue(
    appeal: Appeal,
    recipient: Institution | Practitioner,
    kind: NoticeKind,
    cause: str,
    payload: JsonObject,
    now: datetime,
    *,
    mandatory: bool,
) -> Notice:
    region = appeal.attribution.case.institution.region_id
    return notices.queue_notice(
        kind=kind,
        recipient=recipient,
        cause=f"{appeal.attribution.source_key}:{appeal.receipt}:{cause}",
        payload=payload,
        now=now,
        mandatory=mandatory,
        is_pilot=pilots.is_in_pilot(region, local_date(now)),
        region=region,
    )


def _decision(appeal: Appeal) -> dict[str, Json]:
    """The facts of the decision appealed against, by the rules that govern it."""
    attribution = appeal.attribution
    assert attribution.served_on is not None  # only what was served is appealed against
    return attribution_notices.facts(attribution, rulebook_in_force(attribution.case, attribution.served_on))
