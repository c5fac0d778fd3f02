"""The procedure as constraints and triggers of the table of attributions and of what hangs on it.

Names are the rules' names: the database cites them when it refuses.
"""

# ruff: noqa: S608 - the SQL is put together from constants of this file; nothing comes from outside

import pgtrigger
from django.db.models import (
    BaseConstraint,
    CheckConstraint,
    DateField,
    DateTimeField,
    F,
    Func,
    Q,
    UniqueConstraint,
    Value,
)
from django.db.models.functions import Cast

from cases import states
from cases.models.choices import Decision
from cases.models.rules import BEFORE_WRITE, as_one, changed, never_delete, newly, refuse_when
from cases.states import State
from institutions.models.pairing import all_or_none

_TOLD = [State.INTENT_SERVED, State.DECIDED, State.HELD, State.REJECTED, State.SERVED, State.EFFECTIVE]
_GIVEN = [State.DECIDED, State.HELD, State.SERVED, State.EFFECTIVE]
_REACHED = [State.SERVED, State.EFFECTIVE]
_DECISION_DAY = "(NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date"
_PROPOSAL_DAY = "(NEW.proposed_at AT TIME ZONE 'Asia/Shanghai')::date"
_FORWARD = "NEW.state IS DISTINCT FROM OLD.state AND NEW.state NOT IN ('draft', 'rejected', 'set_aside')"


def _in(states_: list[State]) -> Q:
    return Q(state__in=[state.value for state in states_])


def _when(states_: list[State], then: Q) -> Q:
    return ~_in(states_) | then


def _shanghai_date(field: str) -> Cast:
    local = Func(Value("Asia/Shanghai"), F(field), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def _moves() -> str:
    pairs = ", ".join(f"('{old.value}', '{new.value}')" for old, new in states.moves())
    return f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({pairs})"


CONSTRAINTS: list[BaseConstraint] = [
    UniqueConstraint(fields=["case", "practitioner"], name="one_attribution_per_person_and_case"),
    CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="attribution_state_is_known"),
    CheckConstraint(condition=Q(months__isnull=True) | Q(months__gte=1), name="attribution_months_at_least_one"),
    all_or_none("proposal_has_officer_and_instant", "proposed_at", "proposed_by"),
    CheckConstraint(
        condition=_in([State.DRAFT, State.SET_ASIDE]) | Q(proposed_by__isnull=False),
        name="proposed_state_has_a_proposer",
    ),
    CheckConstraint(
        condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
        name="two_officers_proposer_is_not_decider",
        violation_error_message="Two-officer rule: whoever proposed does not decide.",
    ),
    all_or_none("intent_has_day_and_deadline", "intent_served_on", "statement_deadline_on"),
    CheckConstraint(
        condition=_when(_TOLD, Q(statement_deadline_on__isnull=False)),
        name="nothing_is_decided_before_the_person_is_told",
    ),
    CheckConstraint(
        condition=Q(statement_deadline_on__isnull=True) | Q(statement_deadline_on__gt=F("intent_served_on")),
        name="statement_window_follows_the_intent",
    ),
    CheckConstraint(
        condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, decision_reasons="")
        | Q(
            decision__in=Decision.values,
            decided_at__isnull=False,
            decided_by__isnull=False,
            decision_reasons__regex=r"\S",
        ),
        name="decision_is_whole_with_reasons",
    ),
    CheckConstraint(
        condition=(_in(_GIVEN) & Q(decision=Decision.DECIDED))
        | (_in([State.REJECTED]) & Q(decision=Decision.REJECTED))
        | (_in([State.DRAFT, State.PROPOSED, State.INTENT_SERVED]) & Q(decision=""))
        | _in([State.SET_ASIDE]),
        name="state_agrees_with_the_decision",
    ),
    CheckConstraint(
        condition=Q(served_on__isnull=True, service_proof="")
        | Q(served_on__isnull=False, service_proof__regex=r"\S", decided_at__isnull=False),
        name="service_has_day_and_proof",
    ),
    CheckConstraint(
        condition=Q(served_on__isnull=True) | Q(served_on__gte=_shanghai_date("decided_at")),
        name="service_follows_the_decision",
    ),
    CheckConstraint(condition=_when(_REACHED, Q(served_on__isnull=False)), name="no_effect_before_service"),
    all_or_none("effect_has_instant_and_entry", "effective_at", "entry"),
    CheckConstraint(
        condition=(_in([State.EFFECTIVE]) & Q(entry__isnull=False))
        | _in([State.SET_ASIDE])
        | (~_in([State.EFFECTIVE, State.SET_ASIDE]) & Q(entry__isnull=True)),
        name="effect_is_an_entry_in_the_ledger",
    ),
    CheckConstraint(
        condition=(
            _in([State.SET_ASIDE])
            & Q(set_aside_at__isnull=False, set_aside_by__isnull=False, set_aside_reason__regex=r"\S")
        )
        | (~_in([State.SET_ASIDE]) & Q(set_aside_at__isnull=True, set_aside_by__isnull=True, set_aside_reason="")),
        name="setting_aside_has_officer_instant_and_reason",
    ),
]

# Withdrawn as a mistake: nobody was told of it, no letter was made out, and no annulment ended it.
_WITHDRAWN = (
    "NEW.state = 'draft' AND OLD.\"window\" = 0 AND OLD.decided_at IS NULL AND OLD.entry_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM cases_issuedletter i WHERE i.attribution_id = NEW.id) "
    "AND NOT EXISTS (SELECT 1 FROM cases_annulmenteffect x WHERE x.attribution_id = NEW.id)"
)

TRIGGERS: list[pgtrigger.Trigger] = [
    pgtrigger.Trigger(
        name="case_is_attributed",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=(
            "UPDATE cases_casefile SET attributed_at = now() WHERE id = NEW.case_id AND attributed_at IS NULL; "
            "RETURN NULL;"
        ),
    ),
    refuse_when(
        "attribution_begins_as_a_draft",
        pgtrigger.Insert,
        f"NEW.state <> '{states.INITIAL.value}'",
        "An attribution begins as a draft",
    ),
    refuse_when(
        "withdrawn_case_takes_no_attribution",
        pgtrigger.Insert,
        "EXISTS (SELECT 1 FROM cases_casefile c WHERE c.id = NEW.case_id AND c.withdrawn_at IS NOT NULL)",
        "The case was withdrawn: its import was taken back",
    ),
    refuse_when(
        "closed_case_takes_no_attribution",
        BEFORE_WRITE,
        "NEW.state = 'draft' AND EXISTS (SELECT 1 FROM cases_caseclosing c WHERE c.case_id = NEW.case_id "
        "AND c.reopened_at IS NULL)",
        "The case was closed: nobody is scored in it",
    ),
    refuse_when(
        "attribution_moves_by_the_table",
        pgtrigger.Update,
        _moves(),
        "This change of state is not in the table of the procedure",
    ),
    refuse_when(
        "attribution_stays_with_person_and_case",
        pgtrigger.Update,
        changed("case_id", "practitioner_id"),
        "An attribution never changes its case or its person",
    ),
    refuse_when(
        "proposal_needs_lines_and_evidence",
        pgtrigger.Update,
        f"{_FORWARD} AND NOT EXISTS (SELECT 1 FROM cases_lineevidence e "
        "JOIN cases_attributionline l ON l.id = e.line_id WHERE l.attribution_id = NEW.id)",
        "A person is proposed for points only with a finding and at least one piece of evidence",
    ),
    refuse_when(
        "annulled_basis_carries_no_points",
        pgtrigger.Update,
        f"{_FORWARD} AND EXISTS (SELECT 1 FROM cases_casefile c JOIN cases_basis b ON b.id = c.basis_id "
        "WHERE c.id = NEW.case_id AND b.annulled_on IS NOT NULL)",
        "The basis of the case was annulled: no basis, no points",
    ),
    refuse_when(
        "only_a_court_revives_what_was_set_aside",
        pgtrigger.Update,
        "OLD.state = 'set_aside' AND NEW.state <> 'set_aside' AND NOT EXISTS (SELECT 1 FROM cases_annulmenteffect x "
        "JOIN cases_annulment a ON a.id = x.annulment_id "
        "WHERE x.attribution_id = NEW.id AND x.is_set_aside AND a.reinstated_at IS NOT NULL) "
        f"AND NOT ({_WITHDRAWN})",
        "What was set aside stays so unless a higher court reinstates the basis whose annulment ended it, or it had "
        "been withdrawn before the person was told of anything",
    ),
    refuse_when(
        "proposers_never_decide",
        BEFORE_WRITE,
        "NEW.decided_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM cases_proposal p "
        "WHERE p.attribution_id = NEW.id AND p.proposed_by_id = NEW.decided_by_id)",
        "Two-officer rule: whoever proposed this attribution does not decide it",
    ),
    refuse_when(
        "deputies_count_as_the_proposer",
        BEFORE_WRITE,
        f"{newly('decided_by_id')} AND EXISTS (SELECT 1 FROM cases_proposal p WHERE p.attribution_id = NEW.id AND "
        + as_one("NEW.decided_by_id", "p.proposed_by_id", "NEW.decided_at", "cases.attribution")
        + ")",
        "Two-officer rule: whoever counts as one person with a proposer does not decide this attribution",
    ),
    refuse_when(
        "decision_waits_for_the_statement",
        pgtrigger.Update,
        "NEW.state IS DISTINCT FROM OLD.state AND OLD.state <> 'held' AND NEW.state IN ('decided', 'rejected') AND ("
        "EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = NEW.id "
        'AND s."window" = NEW."window" AND s.answered_at IS NULL) '
        f"OR ({_DECISION_DAY} <= NEW.statement_deadline_on AND NOT EXISTS (SELECT 1 FROM cases_statement s "
        'WHERE s.attribution_id = NEW.id AND s."window" = NEW."window")))',
        "No decision before the statement window has ended or the statement is answered",
    ),
    refuse_when(
        "decision_waits_for_the_expert",
        pgtrigger.Update,
        "NEW.state IS DISTINCT FROM OLD.state AND OLD.state <> 'held' AND NEW.state IN ('decided', 'rejected') "
        "AND EXISTS (SELECT 1 FROM cases_expertassessment x WHERE x.attribution_id = NEW.id AND x.outcome = '')",
        "No decision while an expert's opinion is awaited",
    ),
    refuse_when(
        "experts_never_decide",
        BEFORE_WRITE,
        "NEW.decided_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM cases_expertassessment x "
        "WHERE x.attribution_id = NEW.id AND x.expert_id = NEW.decided_by_id)",
        "Whoever was asked as an expert does not decide",
    ),
    refuse_when(
        "deadline_is_never_shortened",
        pgtrigger.Update,
        'OLD."window" = NEW."window" AND OLD.statement_deadline_on IS NOT NULL '
        "AND (NEW.statement_deadline_on IS NULL OR NEW.statement_deadline_on < OLD.statement_deadline_on)",
        "A statement window is never shortened",
    ),
    refuse_when(
        "every_intent_opens_a_new_window",
        pgtrigger.Update,
        "CASE WHEN OLD.state = 'proposed' AND NEW.state = 'intent_served' THEN "
        'NEW."window" <> OLD."window" + 1 '
        f"OR NEW.intent_served_on < {_PROPOSAL_DAY} OR NOT EXISTS ("
        "SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.id AND s.kind = 'intent' "
        'AND s."window" = NEW."window" AND s."on" = NEW.intent_served_on) '
        'ELSE NEW."window" <> OLD."window" END',
        "Each notice of intent opens a new statement window, with the record of its service",
    ),
    refuse_when(
        "what_was_decided_stays",
        pgtrigger.Update,
        "OLD.decided_at IS NOT NULL AND ("
        + changed("proposed_by_id", "proposed_at", "months", "window", "intent_served_on", "statement_deadline_on")
        + " OR NOT (OLD.state = 'held' AND NEW.state = 'intent_served') AND "
        + changed("decision", "decision_reasons", "decided_at", "decided_by_id", "countersign_reason")
        + ")",
        "A decision is never edited",
    ),
    refuse_when(
        "what_is_held_waits_for_another_officer",
        pgtrigger.Update,
        "(OLD.state = 'held' AND NEW.state IN ('decided', 'intent_served') AND NOT EXISTS ("
        "SELECT 1 FROM cases_decisionhold h WHERE h.attribution_id = NEW.id AND h.decided_at = OLD.decided_at "
        "AND h.outcome = CASE NEW.state WHEN 'decided' THEN 'released' ELSE 'sent_back' END)) "
        "OR (NEW.state = 'held' AND OLD.state <> 'held' AND NOT EXISTS (SELECT 1 FROM cases_decisionhold h "
        "WHERE h.attribution_id = NEW.id AND h.decided_at = NEW.decided_at AND h.outcome = '')) "
        "OR (NEW.state = 'served' AND OLD.state <> 'served' AND EXISTS (SELECT 1 FROM cases_decisionhold h "
        "WHERE h.attribution_id = NEW.id AND h.decided_at = NEW.decided_at AND (h.outcome <> 'released' "
        "OR NEW.served_on < (h.outcome_at AT TIME ZONE 'Asia/Shanghai')::date)))",
        "A held decision is served only after another officer has released it",
    ),
    refuse_when(
        "what_was_served_stays",
        pgtrigger.Update,
        "(OLD.served_on IS NOT NULL AND "
        + changed("served_on", "service_proof")
        + ") OR (OLD.entry_id IS NOT NULL AND (NEW.entry_id IS NULL OR "
        + changed("effective_at")
        + "))",
        "Service and effect are never edited",
    ),
    refuse_when(
        "service_is_on_record",
        pgtrigger.Update,
        "NEW.state IS DISTINCT FROM OLD.state AND NEW.state = 'served' AND NOT EXISTS ("
        "SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.id AND s.kind = 'decision' "
        'AND s."on" = NEW.served_on)',
        "A decision counts as served only with the record of its service",
    ),
    refuse_when(
        "entry_is_the_persons_own_award",
        pgtrigger.Update,
        "NEW.entry_id IS DISTINCT FROM OLD.entry_id AND NEW.entry_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM scoring_pointsentry e WHERE e.id = NEW.entry_id AND e.kind = 'award' "
        "AND e.practitioner_id = NEW.practitioner_id AND e.effective_on = NEW.served_on)",
        "The entry of an attribution is an award to the same person, effective on the day of service",
    ),
    never_delete("attribution_is_kept", "An attribution is never deleted"),
]

_STATE_OF_LINE = "(SELECT a.state FROM cases_attribution a WHERE a.id = {row}.attribution_id)"
_NEW_STATE = _STATE_OF_LINE.format(row="NEW")
_OLD_STATE = _STATE_OF_LINE.format(row="OLD")

LINE_TRIGGERS: list[pgtrigger.Trigger] = [
    refuse_when(
        "lines_are_added_before_the_person_is_told",
        pgtrigger.Insert,
        f"{_NEW_STATE} NOT IN ('draft', 'proposed')",
        "Lines are added to a draft or a proposal only",
    ),
    refuse_when(
        "lines_are_only_softened_after_the_intent",
        pgtrigger.Update,
        f"{_OLD_STATE} NOT IN ('draft', 'proposed') AND NOT ({_OLD_STATE} = 'intent_served' "
        "AND NEW.points <= OLD.points AND array_position(ARRAY['general', 'important', 'principal'], "
        "NEW.degree::text) <= array_position(ARRAY['general', 'important', 'principal'], OLD.degree::text) "
        "AND NEW.clause = OLD.clause)",
        "Once the person was told what is intended, a line can only be changed to the person's advantage",
    ),
    refuse_when(
        "line_stays_with_its_finding",
        pgtrigger.Update,
        changed("attribution_id", "finding_id"),
        "A line never changes its attribution or its finding",
    ),
    refuse_when(
        "lines_stay_once_decided",
        pgtrigger.Delete,
        f"{_OLD_STATE} NOT IN ('draft', 'proposed', 'intent_served')",
        "Lines of a decision are never removed",
    ),
    refuse_when(
        "annulled_finding_carries_no_line",
        pgtrigger.Insert,
        "EXISTS (SELECT 1 FROM cases_annulment a WHERE a.finding_id = NEW.finding_id AND a.reinstated_at IS NULL)",
        "The finding was annulled: nobody is held responsible for it",
    ),
    refuse_when(
        "finding_is_of_the_same_case",
        pgtrigger.Insert,
        "NOT EXISTS (SELECT 1 FROM cases_finding f JOIN cases_attribution a ON a.case_id = f.case_id "
        "WHERE f.id = NEW.finding_id AND a.id = NEW.attribution_id)",
        "A line scores a finding of its own case",
    ),
]

LINE_EVIDENCE_TRIGGERS: list[pgtrigger.Trigger] = [
    refuse_when(
        "evidence_is_of_the_same_case",
        BEFORE_WRITE,
        "NOT EXISTS (SELECT 1 FROM cases_attributionline l JOIN cases_attribution a ON a.id = l.attribution_id "
        "JOIN cases_evidence e ON e.case_id = a.case_id WHERE l.id = NEW.line_id AND e.id = NEW.evidence_id)",
        "A line rests on evidence of its own case",
    ),
    refuse_when(
        "evidence_stays_once_decided",
        pgtrigger.Delete,
        "(SELECT a.state FROM cases_attributionline l JOIN cases_attribution a ON a.id = l.attribution_id "
        "WHERE l.id = OLD.line_id) NOT IN ('draft', 'proposed', 'intent_served')",
        "Evidence of a decision is never removed",
    ),
]

COUNTERSIGNATURE_TRIGGERS: list[pgtrigger.Trigger] = [
    refuse_when(
        "proposers_never_countersign",
        pgtrigger.Insert,
        "EXISTS (SELECT 1 FROM cases_proposal p JOIN cases_proposal own ON own.attribution_id = p.attribution_id "
        "WHERE own.id = NEW.proposal_id AND p.proposed_by_id = NEW.signed_by_id)",
        "Two-officer rule: whoever proposed this attribution does not countersign it",
    ),
    refuse_when(
        "deputies_count_as_the_proposer_signed",
        pgtrigger.Insert,
        "EXISTS (SELECT 1 FROM cases_proposal p JOIN cases_proposal own ON own.attribution_id = p.attribution_id "
        "WHERE own.id = NEW.proposal_id AND "
        + as_one("NEW.signed_by_id", "p.proposed_by_id", "NEW.signed_at", "cases.attribution", "p.attribution_id")
        + ")",
        "Two-officer rule: whoever counts as one person with a proposer does not countersign",
    ),
]
