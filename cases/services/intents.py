"""Telling the person what is intended, which opens the window for their statement."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, Service, ServiceKind, ServiceMethod
from cases.selectors.assessments import rulebook_in_force
from cases.services import attribution_notices, moves
from cases.states import Action
from institutions.clock import local_date
from institutions.errors import RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import calendar
from institutions.services import audit

RULE = "design: the person is told before any decision"


@transaction.atomic
def serve_intent(
    *,
    attribution: Attribution,
    served_on: date,
    method: ServiceMethod | str,
    proof: str,
    by: User | None,
    now: datetime,
) -> Attribution:
    """Record that the person was told what is intended, on a day and with a proof; return the attribution.

    Opens a new statement window of the rulebook's working days, counted from the day after. A window through a year
    whose calendar is not announced is provisional. Refuses a day in the future or before the proposal, an empty proof,
    and a hand-over by an institution that has closed.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    state = moves.ensure_can(attribution, Action.SERVE_INTENT)
    assert attribution.proposed_at is not None  # constraint proposed_state_has_a_proposer
    moves.ensure_day(served_on, earliest=local_date(attribution.proposed_at), now=now, rule=RULE)
    record_service(attribution, ServiceKind.INTENT, attribution.window + 1, served_on, method, proof, by, now)
    rulebook = rulebook_in_force(attribution.case, served_on)
    deadline = calendar.deadline(served_on, rulebook.statement_working_days)
    attribution.state = state.value
    attribution.window += 1
    attribution.intent_served_on = served_on
    attribution.statement_deadline_on = deadline.on
    attribution.deadline_provisional = deadline.provisional
    attribution.window_ended_at = None
    attribution.save(
        update_fields=[
            "state",
            "window",
            "intent_served_on",
            "statement_deadline_on",
            "deadline_provisional",
            "window_ended_at",
        ]
    )
    audit.record_event(
        action="attribution.intent_served",
        subject=attribution,
        by=by,
        now=now,
        detail={
            "window": attribution.window,
            "served_on": served_on.isoformat(),
            "deadline_on": deadline.on.isoformat(),
            "provisional": deadline.provisional,
            "working_days": rulebook.statement_working_days,
            "rulebook": rulebook.label,
        },
        region=attribution.case.region_id,
    )
    attribution_notices.tell_intent(attribution=attribution, now=now)
    return attribution


def record_service(
    attribution: Attribution,
    kind: ServiceKind,
    window: int,
    on: date,
    method: ServiceMethod | str,
    proof: str,
    by: User | None,
    now: datetime,
) -> Service:
    """Write how a letter reached the person; permission, lock and day are the caller's. Return the row."""
    if method not in ServiceMethod.values:
        raise RuleRefused(
            _("%(value)s is not a way of service; one of %(allowed)s.")
            % {"value": method, "allowed": ", ".join(ServiceMethod.values)},
            rule="design: service",
        )
    if method == ServiceMethod.HR_HANDOVER and attribution_notices.is_institution_gone(attribution, on):
        raise RuleRefused(
            _("The institution has closed: nobody there can hand the letter over."),
            rule="design: direct service where the institution is gone",
            state=attribution.state,
            next_step=_("Serve the person directly: by post, portal or public notice."),
        )
    proof = moves.ensure_text(proof, _("The proof of service"), "design: service with date and proof")
    return Service.objects.create(
        attribution=attribution,
        kind=kind,
        window=window,
        method=method,
        on=on,
        proof=proof,
        recorded_at=now,
        recorded_by=by,
    )
