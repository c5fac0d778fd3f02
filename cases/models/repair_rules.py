"""The procedure of repairs and new registrations as constraints and triggers. Names are the rules' names."""

import pgtrigger
from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint

from cases.models.repair_choices import Activity, RepairOutcome
from cases.models.rules import BEFORE_WRITE, as_one, changed, never_delete, newly, refuse_when
from cases.states.repair import ENTRY_INITIAL, ENTRY_TABLE, INITIAL, OPEN, TABLE, EntryState, State
from cases.states.table import Table

_OPEN = sorted(state.value for state in OPEN)
_SHANGHAI_DAY = "({column} AT TIME ZONE 'Asia/Shanghai')::date"


def _moves(table: Table) -> str:
    pairs = ", ".join(f"('{old.value}', '{new.value}')" for old, new in table.moves())
    return f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({pairs})"


def _decided(open_state: Q) -> Q:
    """All of a decision or nothing of it; the reasons are never empty."""
    nothing = Q(outcome="", outcome_reasons="", decided_at__isnull=True, decided_by__isnull=True)
    whole = Q(decided_at__isnull=False, decided_by__isnull=False, outcome_reasons__regex=r"\S")
    condition = open_state & nothing
    for outcome in RepairOutcome:
        condition |= Q(state=outcome.value, outcome=outcome.value) & whole
    return condition


CONSTRAINTS: list[BaseConstraint] = [
    CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="repair_state_is_known"),
    CheckConstraint(
        condition=Q(activity=Activity.COURSE, clause__regex=r"\S")
        | (Q(activity__in=[Activity.VOLUNTEER, Activity.INSPECTION], clause="") & Q(description__regex=r"\S")),
        name="repair_is_a_course_or_a_described_activity",
    ),
    CheckConstraint(
        condition=Q(activity=Activity.COURSE, took_place_from__isnull=True, took_place_to__isnull=True)
        | Q(took_place_from__isnull=False, took_place_to__gte=F("took_place_from")),
        name="repair_activity_has_its_days",
    ),
    UniqueConstraint(
        fields=["practitioner", "clause", "year"],
        condition=Q(activity=Activity.COURSE, state__in=[*_OPEN, State.APPROVED.value]),
        name="one_course_per_clause_and_year",
    ),
    CheckConstraint(
        condition=Q(state__in=[State.STARTED.value, State.WITHDRAWN.value]) | Q(submitted_at__isnull=False),
        name="repair_is_submitted_before_it_is_decided",
    ),
    CheckConstraint(
        condition=_decided(Q(state__in=[*_OPEN, State.WITHDRAWN.value])), name="repair_decision_is_whole_with_reasons"
    ),
    CheckConstraint(
        condition=Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
        | (~Q(state=State.WITHDRAWN.value) & Q(withdrawn_at__isnull=True)),
        name="repair_withdrawal_has_its_instant",
    ),
    CheckConstraint(
        condition=Q(state=State.APPROVED.value, event__isnull=False, points__gte=1, credited_on__isnull=False)
        | (~Q(state=State.APPROVED.value) & Q(event__isnull=True, points__isnull=True, credited_on__isnull=True)),
        name="repair_is_on_the_account_once_approved",
    ),
    CheckConstraint(
        condition=Q(decided_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(decided_by=F("entered_by")),
        name="repair_is_decided_by_another_officer",
        violation_error_message="Two-officer rule: whoever entered an application does not decide it.",
    ),
]


def _second(subject: str) -> pgtrigger.Trigger:
    """Build the trigger that refuses a decision by whoever counts as one person with who entered the application."""
    return refuse_when(
        "deputies_count_as_who_entered",
        BEFORE_WRITE,
        f"{newly('decided_by_id')} AND " + as_one("NEW.decided_by_id", "NEW.entered_by_id", "NEW.decided_at", subject),
        "Two-officer rule: whoever counts as one person with who entered an application does not decide it",
    )


TRIGGERS: list[pgtrigger.Trigger] = [
    _second("cases.repairapplication"),
    refuse_when(
        "repair_begins_as_started",
        pgtrigger.Insert,
        f"NEW.state <> '{INITIAL.value}'",
        "An application to earn points back begins as started",
    ),
    refuse_when(
        "repair_moves_by_the_table",
        pgtrigger.Update,
        _moves(TABLE),
        "This change of state is not in the table of repairs",
    ),
    refuse_when(
        "course_is_passed_before_it_counts",
        pgtrigger.Update,
        "NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NEW.activity = 'course' AND NOT EXISTS "
        "(SELECT 1 FROM cases_quizattempt q WHERE q.application_id = NEW.id AND q.passed)",
        "A course is submitted once its questions are passed",
    ),
    refuse_when(
        "activity_is_shown_before_it_counts",
        pgtrigger.Update,
        "NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NEW.activity <> 'course' AND NOT EXISTS "
        "(SELECT 1 FROM cases_submittedfile f WHERE f.repair_id = NEW.id)",
        "An activity is submitted with a file that shows it",
    ),
    refuse_when(
        "repair_application_stays",
        pgtrigger.Update,
        changed(
            *("receipt", "practitioner_id", "institution_id", "activity", "clause", "year", "description"),
            *("took_place_from", "took_place_to", "started_at", "entered_by_id"),
        )
        + " OR (OLD.submitted_at IS NOT NULL AND OLD.submitted_at IS DISTINCT FROM NEW.submitted_at)",
        "What was applied for is never edited",
    ),
    refuse_when(
        "repair_decision_stays",
        pgtrigger.Update,
        "OLD.decided_at IS NOT NULL AND "
        + changed(
            *("outcome", "outcome_reasons", "decided_at", "decided_by_id", "event_id", "points", "credited_on"),
        ),
        "The decision on a repair is never edited",
    ),
    refuse_when(
        "repair_is_credited_as_applied_for",
        pgtrigger.Update,
        "NEW.event_id IS NOT NULL AND OLD.event_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM scoring_accountevent e WHERE e.id = NEW.event_id AND e.kind = 'repair' "
        'AND e.practitioner_id = NEW.practitioner_id AND e.points = NEW.points AND e."on" = NEW.credited_on)',
        "The event on the account is this person's repair, of these points, on this day",
    ),
    never_delete("repair_is_kept", "An application to earn points back is never deleted"),
]

QUIZ_TRIGGERS: list[pgtrigger.Trigger] = [
    refuse_when(
        "quiz_is_taken_while_the_course_runs",
        pgtrigger.Insert,
        "NOT EXISTS (SELECT 1 FROM cases_repairapplication r WHERE r.id = NEW.application_id "
        "AND r.state = 'started' AND r.activity = 'course' AND r.clause = NEW.clause)",
        "Questions are answered for a course that was started and is not submitted",
    ),
]

ENTRY_CONSTRAINTS: list[BaseConstraint] = [
    CheckConstraint(condition=Q(state__in=[state.value for state in EntryState]), name="reregistration_state_is_known"),
    UniqueConstraint(
        fields=["practitioner"],
        condition=Q(state=EntryState.ENTERED.value),
        name="one_open_reregistration_per_person",
    ),
    CheckConstraint(
        condition=_decided(Q(state__in=[EntryState.ENTERED.value, EntryState.WITHDRAWN.value])),
        name="reregistration_decision_is_whole_with_reasons",
    ),
    CheckConstraint(
        condition=Q(state=EntryState.WITHDRAWN.value, withdrawn_at__isnull=False)
        | (~Q(state=EntryState.WITHDRAWN.value) & Q(withdrawn_at__isnull=True)),
        name="reregistration_withdrawal_has_its_instant",
    ),
    CheckConstraint(
        condition=Q(state=EntryState.APPROVED.value, event__isnull=False, registration__isnull=False)
        | (~Q(state=EntryState.APPROVED.value) & Q(event__isnull=True, registration__isnull=True)),
        name="reregistration_is_on_the_account_once_approved",
    ),
    CheckConstraint(
        condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
        name="reregistration_is_decided_by_another_officer",
        violation_error_message="Two-officer rule: whoever entered an application does not decide it.",
    ),
]

ENTRY_TRIGGERS: list[pgtrigger.Trigger] = [
    _second("cases.reregistrationapplication"),
    refuse_when(
        "reregistration_begins_as_entered",
        pgtrigger.Insert,
        f"NEW.state <> '{ENTRY_INITIAL.value}'",
        "An application to be registered anew begins as entered",
    ),
    refuse_when(
        "commitment_is_not_of_the_future",
        pgtrigger.Insert,
        f"NEW.commitment_on > {_SHANGHAI_DAY.format(column='NEW.entered_at')}",
        "A commitment is signed before it is entered",
    ),
    refuse_when(
        "reregistration_moves_by_the_table",
        pgtrigger.Update,
        _moves(ENTRY_TABLE),
        "This change of state is not in the table of new registrations",
    ),
    refuse_when(
        "reregistration_application_stays",
        pgtrigger.Update,
        changed(
            *("receipt", "practitioner_id", "institution_id", "commitment_on", "department", "position"),
            *("entered_at", "entered_by_id"),
        ),
        "What was applied for is never edited",
    ),
    refuse_when(
        "reregistration_decision_stays",
        pgtrigger.Update,
        "OLD.decided_at IS NOT NULL AND "
        + changed("outcome", "outcome_reasons", "decided_at", "decided_by_id", "event_id", "registration_id"),
        "The decision on a new registration is never edited",
    ),
    never_delete("reregistration_is_kept", "An application to be registered anew is never deleted"),
]
