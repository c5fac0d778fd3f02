"""Asking an expert before a decision (F16): opened with a question, ended by an opinion, a refusal or a withdrawal.

While it is open nothing is decided and the time to decide stands; the days do not count (ADR 0075). The opinion is
cited in the letter of the decision.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import ExpertAwaited, ExpertInvolved
from cases.models import AssessmentOutcome, Attribution, ExpertAssessment
from cases.policy.assessment_rules import paused_days
from cases.selectors import expert_assessments as assessments
from cases.services import moves
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission, has_permission
from institutions.selectors import calendar
from institutions.services import audit, wake_up

RULE = "design: experts are asked before a decision and stand apart"
TASK = "cases.tell_experts"
TEXT_LENGTH_MIN = 10  # characters; a promise of the product, stated on the form


@transaction.atomic
def open_assessment(
    *, attribution: Attribution, question: str, expert: User, by: User | None, now: datetime
) -> ExpertAssessment:
    """Ask one expert one question about an attribution of which the person was told; return the assessment.

    The opinion is due after the working days of the rule in force. The same question to the same expert, while it is
    open, returns the first. Refuses (403) an expert who had a hand in the case or works for its institution, (409)
    any state but that between intent and decision, and another question while one is open, (422) an empty question and
    somebody who is no expert for the region.
    """
    region = attribution.case.region_id
    ensure_permission(by, Permission.ASSESSMENT_OPEN, region=region)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    known = assessments.open_assessment(attribution)
    if known is not None and (known.question, known.expert_id) == (question.strip(), expert.pk):
        return known
    moves.ensure_can(attribution, Action.ASK_EXPERT)
    if known is not None:
        raise awaited(known)
    question = _ensure_said(question, _("The question"))
    ensure_apart(attribution, expert, officer)
    today = local_date(now)
    rule = assessments.rule_on(today)
    due = calendar.deadline(today, rule.working_days)
    made = ExpertAssessment.objects.create(
        attribution=attribution,
        question=question,
        expert=expert,
        opened_by=officer,
        opened_at=now,
        working_days=rule.working_days,
        due_on=due.on,
        due_provisional=due.provisional,
    )
    _record("attribution.expert_asked", made, by, now, question)
    wake_up.after_commit(TASK)
    return made


@transaction.atomic
def give_opinion(
    *, assessment: ExpertAssessment, declaration: str, text: str, by: User | None, now: datetime
) -> ExpertAssessment:
    """Attach the expert's opinion with their declaration of interests; return the assessment, ended.

    The same opinion again changes nothing. Refuses (403) everybody but the expert who was asked, (409) one that is
    ended and an attribution that is decided or set aside meanwhile, (422) an empty declaration or opinion.
    """
    expert = _ensure_asked(assessment, by)
    attribution, held = _lock(assessment)
    if (held.outcome, held.text, held.declaration) == (AssessmentOutcome.OPINION, text.strip(), declaration.strip()):
        return held
    _ensure_open(held, attribution)
    declaration = moves.ensure_text(declaration, _("The declaration of interests"), RULE)
    text = _ensure_said(text, _("The opinion"))
    return _end(held, attribution, AssessmentOutcome.OPINION, text, expert, now, declaration)


@transaction.atomic
def decline(*, assessment: ExpertAssessment, reason: str, by: User | None, now: datetime) -> ExpertAssessment:
    """Give the question back, for a conflict of interest or another reason, as the expert; return the assessment.

    Refuses as `give_opinion` does.
    """
    expert = _ensure_asked(assessment, by)
    attribution, held = _lock(assessment)
    if (held.outcome, held.text) == (AssessmentOutcome.DECLINED, reason.strip()):
        return held
    _ensure_open(held, attribution)
    reason = moves.ensure_text(reason, _("The reason"), RULE)
    return _end(held, attribution, AssessmentOutcome.DECLINED, reason, expert, now)


@transaction.atomic
def withdraw(*, assessment: ExpertAssessment, reason: str, by: User | None, now: datetime) -> ExpertAssessment:
    """Take the question back with a reason, as an officer who may ask; return the assessment.

    The time to decide goes on with the days that were left. The same withdrawal again changes nothing. Refuses (409)
    one that is ended.
    """
    ensure_permission(by, Permission.ASSESSMENT_OPEN, region=assessment.attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution, held = _lock(assessment)
    if (held.outcome, held.text, held.ended_by_id) == (AssessmentOutcome.WITHDRAWN, reason.strip(), officer.pk):
        return held
    if not held.is_open:
        raise _ended(held)
    reason = moves.ensure_text(reason, _("The reason"), RULE)
    return _end(held, attribution, AssessmentOutcome.WITHDRAWN, reason, officer, now)


def ensure_none_open(attribution: Attribution) -> None:
    """Raise `ExpertAwaited` while an expert's opinion about the attribution is awaited; reads only."""
    waiting = assessments.open_assessment(attribution)
    if waiting is not None:
        raise awaited(waiting)


def ensure_apart(attribution: Attribution, expert: User, officer: User) -> None:
    """Refuse an expert who may not speak for the region, had a hand in the case or works for its institution."""
    if not has_permission(expert, Permission.ASSESSMENT_OPINION, region=attribution.case.region_id):
        raise RuleRefused(
            _("%(name)s holds no role of an expert over this region.") % {"name": expert.get_full_name()}, rule=RULE
        )
    if expert.pk == officer.pk or expert.pk in assessments.people_barred(attribution):
        raise ExpertInvolved(
            _("%(name)s had a hand in the case or works for its institution.") % {"name": expert.get_full_name()},
            rule=RULE,
            state=attribution.state,
            next_step=_("Ask an expert who took no part and works elsewhere."),
        )


def awaited(waiting: ExpertAssessment) -> ExpertAwaited:
    """Return the refusal of what has to wait for an opinion."""
    return ExpertAwaited(
        _("The opinion of %(name)s is awaited until %(day)s.")
        % {"name": waiting.expert.get_full_name(), "day": waiting.due_on},
        rule=RULE,
        state="assessment-open",
        next_step=_("Wait for the opinion, or withdraw the question with a reason."),
    )


def _ensure_asked(assessment: ExpertAssessment, by: User | None) -> User:
    ensure_permission(by, Permission.ASSESSMENT_OPINION, region=assessment.attribution.case.region_id)
    expert = moves.ensure_officer(by)
    if expert.pk != assessment.expert_id:
        raise Forbidden(
            _("Another expert was asked."), rule=RULE, next_step=_("Leave it to the expert whom the officer named.")
        )
    return expert


def _lock(assessment: ExpertAssessment) -> tuple[Attribution, ExpertAssessment]:
    attribution = moves.lock(assessment.attribution)
    return attribution, ExpertAssessment.objects.select_related("expert").get(pk=assessment.pk)


def _ensure_open(assessment: ExpertAssessment, attribution: Attribution) -> None:
    if not assessment.is_open:
        raise _ended(assessment)
    if attribution.state not in (State.PROPOSED, State.INTENT_SERVED):
        raise WrongState(
            _("There is nothing left to assess: the attribution is in the state “%(state)s”.")
            % {"state": attribution.get_state_display()},
            rule=RULE,
            state=attribution.state,
            next_step=_("An officer may withdraw the question."),
        )


def _ended(assessment: ExpertAssessment) -> WrongState:
    return WrongState(
        _("This assessment is ended: %(outcome)s.") % {"outcome": assessment.get_outcome_display()},
        rule=RULE,
        state=assessment.outcome,
        next_step=_("An officer may ask again."),
    )


def _ensure_said(text: str, what: str) -> str:
    plain = moves.ensure_text(text, what, RULE)
    if len(plain) < TEXT_LENGTH_MIN:
        raise RuleRefused(
            _("%(what)s has at least %(least)d characters.") % {"what": what, "least": TEXT_LENGTH_MIN}, rule=RULE
        )
    return plain


def _end(
    assessment: ExpertAssessment,
    attribution: Attribution,
    outcome: AssessmentOutcome,
    text: str,
    by: User,
    now: datetime,
    declaration: str = "",
) -> ExpertAssessment:
    assessment.outcome, assessment.text, assessment.declaration = outcome.value, text, declaration
    assessment.ended_by, assessment.ended_at = by, now
    assessment.save(update_fields=["outcome", "text", "declaration", "ended_by", "ended_at"])
    _go_on(attribution, assessment, now)
    _record(f"attribution.expert_{outcome.value}", assessment, by, now, text)
    return assessment


def _go_on(attribution: Attribution, assessment: ExpertAssessment, now: datetime) -> None:
    """Let the time to decide run again with the days that were left; a new window begins it anew anyway."""
    if attribution.state != State.INTENT_SERVED or attribution.statement_deadline_on is None:
        return
    days = paused_days(local_date(assessment.opened_at), local_date(now), attribution.statement_deadline_on)
    if days:
        attribution.paused_days += days
        attribution.save(update_fields=["paused_days"])


def _record(action: str, assessment: ExpertAssessment, by: User | None, now: datetime, text: str) -> None:
    audit.record_event(
        action=action,
        subject=assessment.attribution,
        by=by,
        now=now,
        detail={
            "case": assessment.attribution.case.number,
            "assessment": assessment.pk,
            "expert": assessment.expert.username,
            "due_on": assessment.due_on.isoformat(),
        },
        reason=text,
        region=assessment.attribution.case.region_id,
    )
