"""Earning points back, the officer's side: approve, and the account follows; or refuse, with reasons."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import RepairNotPossible
from cases.models import RepairApplication, RepairOutcome
from cases.selectors import repairs as repair_selectors
from cases.selectors.repairs import Ineligible
from cases.services import moves, repair_moves, repair_notices
from cases.states.repair import Action
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from scoring.services import account_events

REASONS_RULE = "design: decision with reasons"


@transaction.atomic
def approve(*, application: RepairApplication, reasons: str, by: User, now: datetime) -> RepairApplication:
    """Approve a repair: its points are credited on the day on which the application was handed in; return it.

    A second time changes nothing. Refuses whoever entered it, empty reasons, and, with the rules' own reason, what
    they do not credit (409: nothing is written; the officer may then refuse with that reason).
    """
    ensure_permission(by, Permission.REPAIR_DECIDE, region=application.institution.region_id)
    application = repair_moves.lock(application)
    if application.outcome == RepairOutcome.APPROVED:
        return application
    state = repair_moves.ensure_can(application, Action.APPROVE)
    repair_moves.ensure_other_officer(application, by)
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), REASONS_RULE)
    assert application.submitted_at is not None  # constraint repair_is_submitted_before_it_is_decided
    credited_on = local_date(application.submitted_at)
    found = repair_selectors.repair_eligibility(application.practitioner, application.institution, on=credited_on)
    if isinstance(found, Ineligible):
        raise RepairNotPossible(
            found.reason,
            rule=found.rule,
            state=application.state,
            next_step=_("Refuse the application; this reason is put into the letter."),
        )
    event = account_events.record_repair(
        practitioner=application.practitioner,
        region=application.institution.region_id,
        points=found.points,
        on=credited_on,
        source_key=application.source_key,
        reason=_("%(receipt)s: %(activity)s")
        % {"receipt": application.receipt, "activity": application.get_activity_display()},
        by=by,
        now=now,
    )
    application.event, application.points, application.credited_on = event, found.points, credited_on
    _close(application, state.value, RepairOutcome.APPROVED, reasons, by, now)
    repair_notices.tell_approved(application=application, now=now)
    return application


@transaction.atomic
def refuse(*, application: RepairApplication, reasons: str, by: User, now: datetime) -> RepairApplication:
    """Refuse a repair, with reasons that the letter gives; return it. A second time changes nothing.

    Refuses whoever entered it, and empty reasons.
    """
    ensure_permission(by, Permission.REPAIR_DECIDE, region=application.institution.region_id)
    application = repair_moves.lock(application)
    if application.outcome == RepairOutcome.REFUSED:
        return application
    state = repair_moves.ensure_can(application, Action.REFUSE)
    repair_moves.ensure_other_officer(application, by)
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), REASONS_RULE)
    _close(application, state.value, RepairOutcome.REFUSED, reasons, by, now)
    repair_notices.tell_refused(application=application, now=now)
    return application


def _close(
    application: RepairApplication, state: str, outcome: RepairOutcome, reasons: str, by: User, now: datetime
) -> None:
    application.state, application.outcome, application.outcome_reasons = state, outcome, reasons
    application.decided_at, application.decided_by = now, by
    application.save(
        update_fields=[
            *("state", "outcome", "outcome_reasons", "decided_at", "decided_by"),
            *("event", "points", "credited_on"),
        ]
    )
    repair_moves.record(
        f"repair.{outcome}", application, by, now, reason=reasons, detail={"points": application.points}
    )
