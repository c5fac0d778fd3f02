"""The steps every service on an appeal shares: who may act, the locks in their order, the table, the clock."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from cases.errors import OfficerInvolved
from cases.models import Appeal
from cases.models.appeal_choices import APPEAL_ACTION_LABELS, APPEAL_STATE_LABELS, Outcome
from cases.policy import appeal_deadlines
from cases.policy.appeal_deadlines import Clock
from cases.selectors import appeals as appeal_selectors
from cases.selectors.involvement import people_in_other_appeals, people_involved
from cases.services import moves
from cases.states.appeal import TABLE, Action, State
from institutions.errors import WrongState
from institutions.json_types import Json, JsonObject
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import deputies
from institutions.services import audit

STATE_TABLE = "design: state table of appeals"
ANOTHER_OFFICER = "design: appeal officer touched nothing before"
REASONS_RULE = "design: no appeal is closed without reasons"
CLOCK = (
    "clock_from_on",
    "decide_days_left",
    "silence_days_left",
    "decision_due_on",
    "silence_until_on",
    "due_provisional",
)


def ensure_taking_in(by: User | None, region: str) -> None:
    """Refuse an officer who may not put down what a person brings in; the person themselves (None) passes."""
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=region)


def deciding_officer(appeal: Appeal, by: User | None) -> User:
    """Return the acting officer; refuse who may not decide appeals in the region, and the system itself."""
    ensure_permission(by, Permission.APPEAL_DECIDE, region=appeal.attribution.case.region_id)
    return moves.ensure_officer(by)


def lock(appeal: Appeal) -> Appeal:
    """Lock the case, the attribution, then the appeal; return it as it now stands with all that services read of it."""
    attribution = moves.lock(appeal.attribution)
    locked = Appeal.objects.select_for_update(of=("self",), no_key=True).get(pk=appeal.pk)
    locked.attribution = attribution
    return locked


def ensure_can(appeal: Appeal, action: Action) -> State:
    """Return the state after the action; raise `WrongState` where the table does not admit it now."""
    state = State(appeal.state)
    if TABLE.can(action, state):
        return TABLE.next_state(action, state)
    allowed = TABLE.allowed_actions(state)
    raise WrongState(
        _("“%(action)s” is not possible: the appeal is in the state “%(state)s”.")
        % {"action": APPEAL_ACTION_LABELS[action], "state": APPEAL_STATE_LABELS[state]},
        rule=STATE_TABLE,
        state=state.value,
        next_step=(
            _("Possible now: %(actions)s.")
            % {"actions": ", ".join(str(APPEAL_ACTION_LABELS[item]) for item in allowed)}
            if allowed
            else _("Nothing more can be done with it.")
        ),
    )


def ensure_new_to_it(appeal: Appeal, officer: User) -> None:
    """Refuse whoever had a hand in the decision or in an earlier appeal against it, or speaks as an expert.

    Whoever stands in for one of them counts as one person with them (ADR 0051).
    """
    names = deputies.names_of(officer)
    if names & (people_involved(appeal.attribution).keys() | people_in_other_appeals(appeal)):
        raise OfficerInvolved(
            _("This officer had a hand in the decision or in an earlier appeal against it."),
            rule=ANOTHER_OFFICER,
            state=appeal.state,
            next_step=_("Assign an officer who took no part in either."),
        )


def ensure_assigned(appeal: Appeal, officer: User) -> None:
    """Refuse anybody but the officer to whom the appeal is assigned; 409 while it is assigned to nobody."""
    if appeal.assigned_to_id == officer.pk:
        return
    if appeal.assigned_to_id is None:
        raise WrongState(
            _("The appeal is assigned to nobody yet."),
            rule=ANOTHER_OFFICER,
            state=appeal.state,
            next_step=_("Assign it first."),
        )
    raise OfficerInvolved(
        _("The appeal is assigned to another officer."),
        rule=ANOTHER_OFFICER,
        state=appeal.state,
        next_step=_("Have it assigned to you, if you are to handle it."),
    )


def clock_of(appeal: Appeal) -> Clock:
    """Return the clock that an appeal keeps."""
    return Clock(
        from_on=appeal.clock_from_on,
        decide_left=appeal.decide_days_left,
        silence_left=appeal.silence_days_left,
        due_on=appeal.decision_due_on,
        silence_on=appeal.silence_until_on,
        provisional=appeal.due_provisional,
    )


def set_clock(appeal: Appeal, clock: Clock) -> None:
    """Put a clock into the columns of an appeal (`CLOCK` names them); saving is the caller's."""
    appeal.clock_from_on = clock.from_on
    appeal.decide_days_left, appeal.silence_days_left = clock.decide_left, clock.silence_left
    appeal.decision_due_on, appeal.silence_until_on = clock.due_on, clock.silence_on
    appeal.due_provisional = clock.provisional


def record(
    action: str, appeal: Appeal, by: User | None, now: datetime, detail: JsonObject | None = None, reason: str = ""
) -> None:
    """Write the audit event of an act on an appeal."""
    facts: dict[str, Json] = {"receipt": appeal.receipt, "attribution": str(appeal.attribution_id), **(detail or {})}
    audit.record_event(
        action=f"appeal.{action}",
        subject=appeal,
        by=by,
        now=now,
        detail=facts,
        reason=reason,
        region=appeal.attribution.case.region_id,
    )


def iso(day: date | None) -> str:
    """Return a day as ISO text, empty for none."""
    return day.isoformat() if day else ""


def run_on(appeal: Appeal, state: State, on: date) -> None:
    """Let a clock that was stopped run on from the day after `on`, in a new state, and save it."""
    calendar = appeal_selectors.working_calendar(on)
    set_clock(appeal, appeal_deadlines.resumed(clock_of(appeal), on, calendar))
    appeal.state, appeal.paused_on, appeal.answer_due_on = state.value, None, None
    appeal.overdue_at = appeal.overdue_at if appeal_deadlines.is_overdue(appeal.decision_due_on, on) else None
    appeal.save(update_fields=["state", "paused_on", "answer_due_on", "overdue_at", *CLOCK])


def close(appeal: Appeal, state: State, outcome: Outcome, reasons: str, now: datetime) -> None:
    """Write how an appeal ended other than by an officer's decision."""
    appeal.state, appeal.outcome, appeal.outcome_reasons = state.value, outcome.value, reasons
    appeal.decided_at, appeal.paused_on, appeal.answer_due_on = now, None, None
    appeal.save(update_fields=["state", "outcome", "outcome_reasons", "decided_at", "paused_on", "answer_due_on"])
