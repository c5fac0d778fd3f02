"""The procedure of appeals as constraints and triggers. Names are the rules' names: the database cites them."""

# ruff: noqa: S608 - the SQL is put together from constants of this file; nothing comes from outside

import pgtrigger
from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint

from cases.models.appeal_choices import DECIDED_OUTCOMES, Outcome
from cases.models.rules import changed, never_delete, refuse_when
from cases.states.appeal import INITIAL, OPEN, TABLE, State
from institutions.models.pairing import all_or_none

_OPEN = sorted(state.value for state in OPEN)
_NOT_DECIDED = Q(outcome="", outcome_reasons="", decided_at__isnull=True, decided_by__isnull=True)
_POINTS_KNOWN = Q(points_before__isnull=False, points_after__isnull=False)
_UNCHANGED = [Outcome.UPHELD.value, Outcome.INADMISSIBLE.value]
_CLOSED = Q(decided_at__isnull=False, outcome_reasons__regex=r"\S")
# Closed by the person or by what happened elsewhere: there is no officer who decided.
_CLOSED_OTHERWISE = {
    State.WITHDRAWN: Outcome.WITHDRAWN,
    State.ELEVATED: Outcome.ELEVATED,
    State.MOOT: Outcome.MOOT,
}


def _closing() -> Q:
    decided = Q(
        state=State.DECIDED.value,
        outcome__in=[outcome.value for outcome in DECIDED_OUTCOMES],
        decided_by__isnull=False,
        assigned_to__isnull=False,  # what is unknown to SQL would pass a check
        assigned_to=F("decided_by"),
    )
    condition = (Q(state__in=_OPEN) & _NOT_DECIDED) | (decided & _CLOSED)
    for state, outcome in _CLOSED_OTHERWISE.items():
        condition |= Q(state=state.value, outcome=outcome.value, decided_by__isnull=True) & _CLOSED
    return condition


def _moves() -> str:
    pairs = ", ".join(f"('{old.value}', '{new.value}')" for old, new in TABLE.moves())
    return f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({pairs})"


def touched(user: str, attribution: str) -> str:
    """Return the SQL test that a user had a hand in a decision: whatever they did to it, in whatever version."""
    return (
        f"EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id "
        f"WHERE a.id = {attribution} "
        f"AND {user} IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) "
        f"OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id "
        f"WHERE p.attribution_id = {attribution} AND {user} IN (p.proposed_by_id, s.signed_by_id)) "
        f"OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = {attribution} "
        f"AND s.recorded_by_id = {user}) "
        f"OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = {attribution} "
        f"AND {user} IN (s.recorded_by_id, s.answered_by_id)) "
        f"OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' "
        f"AND e.subject_id = {attribution}::text AND {user} IN (e.by_id, e.acted_for_id))"
    )


def handles(user: str, attribution: str) -> str:
    """Return the SQL test that a user handles, or handled, an appeal against a decision."""
    return (
        f"EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = {attribution} "
        f"AND {user} IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id))"
    )


def heard_before(user: str, attribution: str, appeal: str) -> str:
    """Return the SQL test that a user took part in another appeal against the decision, or speaks as expert in one."""
    return (
        f"EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = {attribution} AND o.id <> {appeal} "
        f"AND {user} IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id)) "
        f"OR EXISTS (SELECT 1 FROM cases_conflictdeclaration d JOIN cases_appeal o ON o.id = d.appeal_id "
        f"WHERE o.attribution_id = {attribution} AND d.expert_id = {user})"
    )


def _officer_is_new(column: str, at: str) -> str:
    """Return the SQL test that an officer comes to the appeal who, or for whom they stand in, had a part in it."""
    user = f"NEW.{column}"
    return (
        f"({user} IS NOT NULL AND {user} IS DISTINCT FROM OLD.{column} AND EXISTS ("
        f"SELECT 1 FROM institutions_stands_for({user}, NEW.{at}) AS n(id) WHERE "
        + touched("n.id", "NEW.attribution_id")
        + " OR "
        + heard_before("n.id", "NEW.attribution_id", "NEW.id")
        + "))"
    )


CONSTRAINTS: list[BaseConstraint] = [
    UniqueConstraint(fields=["attribution"], condition=Q(state__in=_OPEN), name="one_open_appeal_per_attribution"),
    UniqueConstraint(
        fields=["attribution", "level"], condition=~Q(state=State.MOOT.value), name="one_appeal_per_decision_and_level"
    ),
    CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="appeal_state_is_known"),
    CheckConstraint(condition=Q(grounds__regex=r"\S"), name="appeal_has_grounds"),
    CheckConstraint(
        condition=Q(level=1, previous__isnull=True) | Q(level=2, previous__isnull=False),
        name="second_level_follows_the_first",
    ),
    CheckConstraint(
        condition=Q(is_late=False, late_reason="") | Q(is_late=True, late_reason__regex=r"\S"),
        name="late_appeal_has_a_reason",
    ),
    CheckConstraint(condition=_closing(), name="appeal_is_closed_with_outcome_and_reasons"),
    all_or_none("assignment_has_officer_and_instant", "assigned_to", "assigned_at"),
    all_or_none("acceptance_has_officer_and_instant", "accepted_by", "accepted_at"),
    CheckConstraint(
        condition=~Q(state__in=[State.ACCEPTED.value, State.AWAITING_ANSWER.value]) | Q(accepted_by__isnull=False),
        name="appeal_heard_is_accepted",
    ),
    CheckConstraint(
        condition=~Q(outcome__in=[Outcome.UPHELD, Outcome.OVERTURNED, Outcome.VARIED]) | Q(accepted_by__isnull=False),
        name="appeal_is_decided_after_acceptance",
    ),
    CheckConstraint(
        condition=Q(state=State.AWAITING_ANSWER.value, paused_on__isnull=False, answer_due_on__isnull=False)
        | (~Q(state=State.AWAITING_ANSWER.value) & Q(paused_on__isnull=True, answer_due_on__isnull=True)),
        name="clock_stops_while_an_answer_is_awaited",
    ),
    all_or_none("decision_due_has_days", "decision_due_on", "decide_days_left"),
    all_or_none("silence_has_days", "silence_until_on", "silence_days_left"),
    CheckConstraint(
        condition=(_POINTS_KNOWN & Q(outcome=Outcome.VARIED, points_after__gte=1, points_after__lte=F("points_before")))
        | Q(outcome=Outcome.OVERTURNED, points_after__isnull=False, points_after=0)
        | (_POINTS_KNOWN & Q(outcome__in=_UNCHANGED, points_after=F("points_before")))
        | Q(outcome__in=_UNCHANGED, points_before__isnull=True, points_after__isnull=True)
        | Q(
            outcome__in=["", Outcome.WITHDRAWN, Outcome.ELEVATED, Outcome.MOOT],
            points_before__isnull=True,
            points_after__isnull=True,
        ),
        name="outcome_agrees_with_the_points",
    ),
]

TRIGGERS: list[pgtrigger.Trigger] = [
    refuse_when(
        "appeal_begins_as_filed",
        pgtrigger.Insert,
        f"NEW.state <> '{INITIAL.value}' OR NEW.assigned_to_id IS NOT NULL OR NEW.accepted_by_id IS NOT NULL",
        "An appeal begins as filed, with nobody assigned",
    ),
    refuse_when(
        "appeal_is_against_a_served_decision",
        pgtrigger.Insert,
        "NOT EXISTS (SELECT 1 FROM cases_attribution a WHERE a.id = NEW.attribution_id "
        "AND a.state IN ('served', 'effective'))",
        "An appeal is brought against a decision that reached the person and stands",
    ),
    refuse_when(
        "second_level_is_open",
        pgtrigger.Insert,
        "NEW.previous_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_appeal f WHERE f.id = NEW.previous_id "
        "AND f.attribution_id = NEW.attribution_id AND f.level = 1 "
        "AND f.outcome IN ('upheld', 'varied', 'inadmissible', 'elevated'))",
        "The second level opens after a refusal or the silence of the first",
    ),
    refuse_when(
        "appeal_moves_by_the_table",
        pgtrigger.Update,
        _moves(),
        "This change of state is not in the table of appeals",
    ),
    refuse_when(
        "what_was_filed_stays",
        pgtrigger.Update,
        changed(
            *("receipt", "attribution_id", "level", "previous_id", "grounds", "filed_at", "filed_on", "filed_by_id"),
            *("deadline_on", "is_late", "late_reason", "stays"),
        ),
        "What was filed is never edited",
    ),
    refuse_when(
        "outcome_of_an_appeal_stays",
        pgtrigger.Update,
        "OLD.decided_at IS NOT NULL AND "
        + changed(
            *("outcome", "outcome_reasons", "points_before", "points_after", "decided_at", "decided_by_id"),
            *("assigned_to_id", "accepted_by_id", "accepted_at", "second_level_until_on"),
        ),
        "The outcome of an appeal is never edited",
    ),
    refuse_when(
        "appeal_officer_touched_nothing_before",
        pgtrigger.Update,
        " OR ".join(
            _officer_is_new(f"{act}_id", at)
            for act, at in (
                ("assigned_to", "assigned_at"),
                ("accepted_by", "accepted_at"),
                ("decided_by", "decided_at"),
            )
        ),
        "Whoever had a hand in the decision or in an earlier appeal against it does not handle this appeal",
    ),
    never_delete("appeal_is_kept", "An appeal is never deleted"),
]
