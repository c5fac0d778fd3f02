"""What officers do while an appeal is heard: assign it, accept it, ask the person, go on without an answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Appeal, AppealMessage, MessageKind
from cases.policy import appeal_deadlines
from cases.selectors import appeals as appeal_selectors
from cases.services import appeal_moves, appeal_notices, appeal_stays, effects, moves
from cases.states import State as DecisionState
from cases.states.appeal import Action, State
from institutions.clock import local_date
from institutions.errors import RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission, has_permission
from institutions.selectors import calendar

PAUSE_RULE = "design: a question pauses the clock, the answer resumes it"


@transaction.atomic
def assign(*, appeal: Appeal, to: User, by: User | None, now: datetime) -> Appeal:
    """Give an open appeal to an officer, or to another one; return it. The same officer again changes nothing.

    Refuses an officer who may not decide appeals in the region, and whoever had a hand in the decision or in an earlier
    appeal against it (the database refuses them too).
    """
    region = appeal.attribution.case.region_id
    ensure_permission(by, Permission.APPEAL_ASSIGN, region=region)
    appeal = appeal_moves.lock(appeal)
    if appeal.assigned_to_id == to.pk and appeal.is_open:
        return appeal
    appeal_moves.ensure_can(appeal, Action.ASSIGN)
    if not has_permission(to, Permission.APPEAL_DECIDE, region=region):
        raise RuleRefused(
            _("%(officer)s may not decide appeals in this region.") % {"officer": to},
            rule=Permission.APPEAL_DECIDE.value,
            next_step=_("Assign an officer whose role includes it."),
        )
    appeal_moves.ensure_new_to_it(appeal, to)
    before = appeal.assigned_to
    appeal.assigned_to, appeal.assigned_at = to, now
    appeal.save(update_fields=["assigned_to", "assigned_at"])
    detail = {"to": to.username, "before": before.username if before else ""}
    appeal_moves.record("assigned", appeal, by, now, detail)
    return appeal


@transaction.atomic
def accept(*, appeal: Appeal, by: User | None, now: datetime) -> Appeal:
    """Accept an appeal to be heard, as the officer to whom it is assigned; return it.

    From now on the measures of the award wait where the rulebook says so. The same officer again changes nothing.
    Refuses anybody else, and an appeal that is not newly filed.
    """
    officer = appeal_moves.deciding_officer(appeal, by)
    appeal = appeal_moves.lock(appeal)
    if appeal.state == State.ACCEPTED and appeal.accepted_by_id == officer.pk:
        return appeal
    state = appeal_moves.ensure_can(appeal, Action.ACCEPT)
    appeal_moves.ensure_assigned(appeal, officer)
    if appeal.attribution.state == DecisionState.SERVED:
        effects.make_effective(attribution=appeal.attribution, now=now)
        appeal = appeal_moves.lock(appeal)
        appeal_stays.open_flag(appeal, by=by, now=now)
    appeal.state, appeal.accepted_at, appeal.accepted_by = state.value, now, officer
    appeal.save(update_fields=["state", "accepted_at", "accepted_by"])
    appeal_moves.record("accepted", appeal, by, now, {"stays": appeal.stays})
    appeal_stays.begin(appeal, by=by, now=now)
    appeal_notices.tell_course(appeal=appeal, step="accepted", cause="accepted", now=now)
    return appeal


@transaction.atomic
def ask(*, appeal: Appeal, text: str, by: User | None, now: datetime) -> AppealMessage:
    """Put a question to the person and stop the clock until the answer, or until its day has passed; return it.

    The same question while it waits is returned. Refuses anybody but the assigned officer, an appeal that is not being
    heard, an empty question, and rules that give the person no time to answer.
    """
    officer = appeal_moves.deciding_officer(appeal, by)
    appeal = appeal_moves.lock(appeal)
    waiting = appeal_selectors.latest_question(appeal) if appeal.state == State.AWAITING_ANSWER else None
    if waiting is not None and (waiting.text, waiting.by_id) == (text.strip(), officer.pk):
        return waiting
    state = appeal_moves.ensure_can(appeal, Action.ASK)
    appeal_moves.ensure_assigned(appeal, officer)
    rule = appeal_selectors.appeal_rule(appeal.attribution)
    if rule is None:
        raise RuleRefused(_("The rules that govern this decision say nothing of questions."), rule="appeal")
    text = moves.ensure_text(text, _("The question"), PAUSE_RULE)
    on = local_date(now)
    due = calendar.deadline(on, rule.answer_working_days)
    stopped = appeal_deadlines.stopped(appeal_moves.clock_of(appeal), on, appeal_selectors.working_calendar(on))
    appeal_moves.set_clock(appeal, stopped)
    appeal.state, appeal.paused_on, appeal.answer_due_on = state.value, on, due.on
    appeal.save(update_fields=["state", "paused_on", "answer_due_on", *appeal_moves.CLOCK])
    message = AppealMessage.objects.create(
        appeal=appeal, kind=MessageKind.QUESTION, text=text, at=now, by=officer, due_on=due.on
    )
    appeal_moves.record("asked", appeal, by, now, {"message": message.pk, "due_on": due.on.isoformat()})
    appeal_notices.tell_course(appeal=appeal, step="question", cause=f"question:{message.pk}", now=now)
    return message


@transaction.atomic
def resume(*, appeal: Appeal, by: User | None, now: datetime) -> Appeal:
    """Go on without an answer; return the appeal. The clock runs on from the day after.

    The officer may at any time; the system (`by` None) does once the day for the answer has passed.
    """
    ensure_permission(by, Permission.APPEAL_DECIDE, region=appeal.attribution.case.region_id)
    appeal = appeal_moves.lock(appeal)
    state = appeal_moves.ensure_can(appeal, Action.RESUME)
    if by is not None:
        appeal_moves.ensure_assigned(appeal, by)
    question = appeal_selectors.latest_question(appeal)
    assert question is not None  # an appeal waits for an answer to a question only
    on = local_date(now)
    if by is None and appeal.answer_due_on is not None:
        on = min(on, appeal.answer_due_on)  # the clock is not stopped longer than the rules say, however late this runs
    appeal_moves.run_on(appeal, state, on)
    appeal_moves.record("resumed", appeal, by, now, {"question": question.pk, "from": on.isoformat()})
    appeal_notices.tell_course(appeal=appeal, step="resumed", cause=f"resumed:{question.pk}", now=now)
    return appeal
