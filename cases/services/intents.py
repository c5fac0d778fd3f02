"""Telling the person what is intended, which opens the window for their statement."""

from datetime import date, datetime

from django.db import transaction

from cases.models import Attribution, ServiceMethod
from cases.selectors.assessments import rulebook_in_force
from cases.services import issuing, moves, serving
from cases.services.serving import Delivery
from cases.states import Action
from institutions.clock import local_date
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
    published_on: date | None = None,
    witness: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Record that the person was told what is intended, on a day and with a proof; return the attribution.

    The letter is made out first if nobody did. Opens a new statement window of the rulebook's working days, counted
    from the day after. A window through a year whose calendar is not announced is provisional. Refuses a day in the
    future or before the proposal, an empty proof, and what `serving.record_service` refuses of a way of service.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    delivery = Delivery(served_on, method, proof, published_on, witness)
    return record_intent_served(attribution=attribution, delivery=delivery, by=by, now=now)


@transaction.atomic
def record_intent_served(
    *, attribution: Attribution, delivery: Delivery, by: User | None, now: datetime
) -> Attribution:
    """Do what `serve_intent` does for a caller whose right to say so was checked: an officer, HR, the person."""
    attribution = moves.lock(attribution)
    state = moves.ensure_can(attribution, Action.SERVE_INTENT)
    assert attribution.proposed_at is not None  # constraint proposed_state_has_a_proposer
    served_on = delivery.served_on
    moves.ensure_day(served_on, earliest=local_date(attribution.proposed_at), now=now, rule=RULE)
    letter = issuing.letter_of_intent(attribution, by=by, now=now)
    serving.record_service(attribution, letter, delivery, by=by, now=now)
    rulebook = rulebook_in_force(attribution.case, served_on)
    deadline = calendar.deadline(served_on, rulebook.statement_working_days)
    attribution.state = state.value
    attribution.window += 1
    attribution.intent_served_on = served_on
    attribution.statement_deadline_on = deadline.on
    attribution.deadline_provisional = deadline.provisional
    attribution.window_ended_at = None
    attribution.paused_days = 0
    attribution.save(
        update_fields=[
            "state",
            "window",
            "intent_served_on",
            "statement_deadline_on",
            "deadline_provisional",
            "window_ended_at",
            "paused_days",
        ]
    )
    audit.record_event(
        action="attribution.intent_served",
        subject=attribution,
        by=by,
        now=now,
        detail={
            "window": attribution.window,
            "letter": letter.notice.number,
            "method": str(delivery.method),
            "served_on": served_on.isoformat(),
            "deadline_on": deadline.on.isoformat(),
            "provisional": deadline.provisional,
            "working_days": rulebook.statement_working_days,
            "rulebook": rulebook.label,
        },
        region=attribution.case.region_id,
    )
    return attribution
