"""What an officer may do with an attribution now, and why not the rest: the services' own checks, asked beforehand.

The order is that of the services: permission, second officer, state, rule. So a button and the service behind it give
the same answer, and the services check again when the button is pressed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases import states
from cases.models import Attribution
from cases.models.choices import ACTION_LABELS, STATE_LABELS
from cases.policy.suggestion import Severity
from cases.selectors.assessments import assess_attribution
from cases.services import concerns, countersignatures, expert_assessments, moves, proposals, readiness, withdrawals
from cases.services import lines as line_rows
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import JifenError, Text
from institutions.models import User
from institutions.permissions import Permission, has_permission

PERMISSIONS: dict[Action, tuple[Permission, ...]] = {
    Action.EDIT: (Permission.ATTRIBUTION_PROPOSE,),
    Action.PROPOSE: (Permission.ATTRIBUTION_PROPOSE,),
    Action.SERVE_INTENT: (Permission.ATTRIBUTION_SERVE,),
    Action.RECORD_STATEMENT: (Permission.ATTRIBUTION_SERVE,),
    Action.ANSWER_STATEMENT: (Permission.ATTRIBUTION_DECIDE,),
    Action.COUNTERSIGN: (Permission.ATTRIBUTION_COUNTERSIGN,),
    Action.ASK_EXPERT: (Permission.ASSESSMENT_OPEN,),
    Action.RETURN: (Permission.ATTRIBUTION_PROPOSE, Permission.ATTRIBUTION_DECIDE),
    Action.DECIDE: (Permission.ATTRIBUTION_DECIDE,),
    Action.SERVE: (Permission.ATTRIBUTION_SERVE,),
    Action.WITHDRAW: (Permission.ATTRIBUTION_PROPOSE,),
    Action.RESUME: (Permission.ATTRIBUTION_PROPOSE,),
}
SECOND_OFFICER = frozenset({Action.COUNTERSIGN, Action.DECIDE})


@dataclass(frozen=True, slots=True)
class Move:
    """One act: whether it is possible now, and if not, the reason in one sentence."""

    action: Action
    label: Text
    reason: str = ""

    @property
    def is_possible(self) -> bool:
        """Say whether nothing stands against it."""
        return not self.reason


def moves_of(attribution: Attribution, *, by: User, now: datetime) -> tuple[Move, ...]:
    """Return every act on an attribution that officers take, in the order of the procedure."""
    return tuple(
        Move(action, ACTION_LABELS[action], reason_against(action, attribution, by=by, now=now))
        for action in PERMISSIONS
    )


def reason_against(action: Action, attribution: Attribution, *, by: User, now: datetime) -> str:
    """Return why this officer cannot take an act now, "" where they can."""
    region = attribution.case.region_id
    if not any(has_permission(by, permission, region=region) for permission in PERMISSIONS[action]):
        return _("Your roles do not include this act here.")
    try:
        if action in SECOND_OFFICER:
            moves.ensure_second_officer(attribution, by)
        if not states.can(action, State(attribution.state)):
            possible = ", ".join(f"“{STATE_LABELS[state]}”" for state in states.states_for(action))
            return _("Only in the state %(states)s.") % {"states": possible}
        _ensure_rules(action, attribution, now)
    except JifenError as refusal:
        return str(refusal.detail)
    return ""


def _ensure_rules(action: Action, attribution: Attribution, now: datetime) -> None:
    """Raise what the service would raise once permission and state are in order."""
    match action:
        case Action.WITHDRAW:
            withdrawals.ensure_untold(attribution)
        case Action.RESUME:
            withdrawals.ensure_withdrawn(attribution)
            proposals.ensure_basis_stands(attribution.case)
        case Action.ANSWER_STATEMENT:
            _ensure_unanswered(attribution)
        case Action.COUNTERSIGN:
            _ensure_to_countersign(attribution, now)
        case Action.EDIT | Action.SERVE:
            proposals.ensure_basis_stands(attribution.case)
        case Action.PROPOSE:
            proposals.ensure_basis_stands(attribution.case)
            _ensure_proposable(attribution, now)
        case Action.ASK_EXPERT:
            expert_assessments.ensure_none_open(attribution)
        case Action.DECIDE:
            readiness.ensure_heard(attribution, now)
            expert_assessments.ensure_none_open(attribution)
            proposals.ensure_basis_stands(attribution.case)
            concerns.ensure_answered(attribution, on=local_date(now))


def _ensure_proposable(attribution: Attribution, now: datetime) -> None:
    if not line_rows.has_evidence(attribution):
        raise JifenError(_("No evidence ties this person to a finding."))
    proposals.ensure_admissible(assess_attribution(attribution, on=local_date(now)).assessment)


def _ensure_unanswered(attribution: Attribution) -> None:
    if not attribution.statements.filter(answered_at__isnull=True).exists():
        raise JifenError(_("There is no statement without an answer."))


def _ensure_to_countersign(attribution: Attribution, now: datetime) -> None:
    if countersignatures.standing_signature(attribution) is not None:
        raise JifenError(_("This proposal is countersigned already; a signature is never replaced."))
    if not assess_attribution(attribution, on=local_date(now)).assessment.of(Severity.COUNTERSIGN):
        raise JifenError(_("Nothing in this proposal is outside the suggested range."))
