"""Whether an attribution may be decided now, by this officer: what `decide` asks first, and what a page says of it.

A check raises the refusal that the act itself would; `refusal_of` turns it into a value, so that a button that is not
possible says why in the words of the rule.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from cases.errors import WindowOpen
from cases.models import Attribution, Decision, Statement
from cases.policy.suggestion import Assessment, Severity
from cases.selectors.assessments import assess_attribution
from cases.services import concerns, countersignatures, expert_assessments, moves, proposals
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import JifenError, RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission, has_permission

WINDOW_RULE = "design: no decision before the statement window ended or the statement is answered"
ACTIONS = {Decision.DECIDED.value: Action.DECIDE, Decision.REJECTED.value: Action.REJECT}


def refusal_of(check: Callable[[], object]) -> JifenError | None:
    """Return the refusal that a check raises, or None where it passes."""
    try:
        check()
    except JifenError as refusal:
        return refusal
    return None


def ensure_decidable(attribution: Attribution, *, outcome: str, by: User, now: datetime) -> State:
    """Return the state that a decision leads to, or refuse as `decisions.decide` does; reads only.

    Asked in this order: permission, second officer, state, statement, expert, and for points the basis, the rulebook
    and the questions. What the form still has to bring (reasons, a countersignature, an override) is not asked.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=attribution.case.region_id)
    moves.ensure_second_officer(attribution, by)
    state = moves.ensure_can(attribution, ACTIONS[outcome])
    ensure_heard(attribution, now)
    expert_assessments.ensure_none_open(attribution)
    if outcome == Decision.DECIDED:
        proposals.ensure_basis_stands(attribution.case)
        proposals.ensure_admissible(assessed(attribution, now))
        concerns.ensure_answered(attribution, on=local_date(now))
    return state


def ensure_returnable(attribution: Attribution, *, by: User) -> None:
    """Refuse as `proposals.return_for_changes` does; reads only."""
    region = attribution.case.region_id
    if not has_permission(by, Permission.ATTRIBUTION_DECIDE, region=region):
        ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=region)
    moves.ensure_can(attribution, Action.RETURN)


def ensure_signable(attribution: Attribution, *, by: User, now: datetime) -> None:
    """Refuse as `countersignatures.countersign` does; reads only."""
    ensure_permission(by, Permission.ATTRIBUTION_COUNTERSIGN, region=attribution.case.region_id)
    moves.ensure_second_officer(attribution, by)
    moves.ensure_can(attribution, Action.COUNTERSIGN)
    if countersignatures.standing_signature(attribution) is not None:
        raise RuleRefused(_("This proposal is countersigned already."), rule=countersignatures.RULE)
    if not assessed(attribution, now).of(Severity.COUNTERSIGN):
        raise RuleRefused(_("Nothing in this proposal is outside the suggested range."), rule=countersignatures.RULE)


def assessed(attribution: Attribution, now: datetime) -> Assessment:
    """Return what the rulebook of the day says about the attribution as it stands."""
    return assess_attribution(attribution, on=local_date(now)).assessment


def ensure_heard(attribution: Attribution, now: datetime) -> None:
    """Raise `WindowOpen` while the person may still state their side, or waits for an answer to what they said."""
    said = Statement.objects.filter(attribution=attribution, window=attribution.window)
    if said.filter(answered_at__isnull=True).exists():
        raise WindowOpen(
            _("The person's statement is not answered yet."),
            rule=WINDOW_RULE,
            state=attribution.state,
            next_step=_("Answer the statement, then decide."),
        )
    deadline = attribution.statement_deadline_on
    assert deadline is not None  # constraint nothing_is_decided_before_the_person_is_told
    if local_date(now) <= deadline and not said.exists():
        raise WindowOpen(
            _("The person may state their side until %(day)s, that day included.") % {"day": deadline},
            rule=WINDOW_RULE,
            state=attribution.state,
            next_step=_("Decide from the day after, or once a statement has come in and is answered."),
        )
