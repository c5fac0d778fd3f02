"""The second officer's decision, and its service on the person."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.concern_texts import as_errors, together
from cases.errors import CountersignatureNeeded, OverrideNeeded
from cases.models import (
    Attribution,
    Decision,
    ScoredConduct,
    ServiceKind,
    ServiceMethod,
)
from cases.policy.suggestion import Assessment, Severity
from cases.services import countersignatures, holds, issuing, moves, proposals, readiness, serving
from cases.services.serving import Delivery
from cases.states import Action
from institutions.clock import local_date
from institutions.errors import RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit, wake_up

CONDUCT_RULE = "design: one act of one person is scored once among linked cases"
REASONS_RULE = "design: decision with reasons"
SERVICE_RULE = "design: effective on the day of service"


@transaction.atomic
def decide(
    *,
    attribution: Attribution,
    outcome: Decision | str,
    reasons: str,
    countersign_reason: str = "",
    override_reason: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Decide (`decided`: points; `rejected`: none) with reasons, as the second officer; return the attribution.

    Refuses whoever proposed; a decision before the window ended, unless the person's statement is answered; any
    decision while a statement is unanswered; what the rulebook refuses; points while a question about the case
    (`concerns`) has no answer; points or a term outside the range without a
    countersignature (`countersign_reason` signs here and now); an act already scored in a linked case without an
    `override_reason`. Nothing takes effect yet: that waits for service. Where the rules in force hold what it would
    cause, it is `held`, without a letter, until another officer releases it.
    """
    region = attribution.case.region_id
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=region)
    if countersign_reason:
        ensure_permission(by, Permission.ATTRIBUTION_COUNTERSIGN, region=region)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    moves.ensure_second_officer(attribution, officer)
    if outcome not in Decision.values:
        raise RuleRefused(_("A decision is “decided” or “rejected”."), rule=REASONS_RULE)
    state = readiness.ensure_decidable(attribution, outcome=str(outcome), by=officer, now=now)
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), REASONS_RULE)
    if outcome == Decision.DECIDED:
        assessment = readiness.assessed(attribution, now)
        _countersign(attribution, assessment, countersign_reason, officer, now)
        _claim_conducts(attribution, assessment, override_reason, now)
    attribution.state, attribution.decision, attribution.decision_reasons = state.value, str(outcome), reasons
    attribution.decided_at, attribution.decided_by = now, officer
    attribution.save(
        update_fields=[
            "state",
            "decision",
            "decision_reasons",
            "decided_at",
            "decided_by",
            "countersign_reason",
        ]
    )
    audit.record_event(
        action=f"attribution.{outcome}",
        subject=attribution,
        by=by,
        now=now,
        detail={"case": attribution.case.number, "override": override_reason},
        reason=reasons,
        region=region,
    )
    if outcome == Decision.DECIDED and holds.hold_if_grave(attribution, by=officer, now=now):
        return attribution
    issuing.letter_of_decision(attribution, by=by, now=now)
    return attribution


@transaction.atomic
def serve_decision(
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
    """Record the day on which the decision reached the person, with a proof; return the attribution.

    The letter is made out first if nobody did. The day of service is the day of effect, whenever the background work
    gets to it. The same service a second time changes nothing. Refuses a day in the future or before the decision, an
    empty proof, and what `serving.record_service` refuses of a way of service.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    delivery = Delivery(served_on, method, proof, published_on, witness)
    return record_decision_served(attribution=attribution, delivery=delivery, by=by, now=now)


@transaction.atomic
def record_decision_served(
    *, attribution: Attribution, delivery: Delivery, by: User | None, now: datetime
) -> Attribution:
    """Do what `serve_decision` does for a caller whose right to say so was checked: an officer, HR, the person."""
    attribution = moves.lock(attribution)
    served_on = delivery.served_on
    if attribution.served_on is not None and _is_recorded(attribution, delivery):
        return attribution
    state = moves.ensure_can(attribution, Action.SERVE)
    assert attribution.decided_at is not None  # constraint decision_is_whole_with_reasons
    earliest = holds.released_at(attribution) or attribution.decided_at
    moves.ensure_day(served_on, earliest=local_date(earliest), now=now, rule=SERVICE_RULE)
    proposals.ensure_basis_stands(attribution.case)
    letter = issuing.letter_of_decision(attribution, by=by, now=now)
    service = serving.record_service(attribution, letter, delivery, by=by, now=now)
    attribution.state, attribution.served_on, attribution.service_proof = state.value, served_on, service.proof
    attribution.save(update_fields=["state", "served_on", "service_proof"])
    audit.record_event(
        action="attribution.served",
        subject=attribution,
        by=by,
        now=now,
        detail={
            "letter": letter.notice.number,
            "served_on": served_on.isoformat(),
            "method": service.method,
            "proof": service.proof,
        },
        region=attribution.case.region_id,
    )
    wake_up.after_commit("cases.make_due_attributions_effective")
    return attribution


def _is_recorded(attribution: Attribution, delivery: Delivery) -> bool:
    same = attribution.services.filter(
        kind=ServiceKind.DECISION,
        window=attribution.window,
        on=delivery.served_on,
        method=delivery.method,
        proof=delivery.proof.strip(),
    )
    return same.exists()


def _countersign(attribution: Attribution, assessment: Assessment, reason: str, officer: User, now: datetime) -> None:
    outside = assessment.of(Severity.COUNTERSIGN)
    signature = countersignatures.standing_signature(attribution)
    if not outside:
        return
    if signature is None and not reason.strip():
        raise CountersignatureNeeded(
            together(outside),
            rule=", ".join(dict.fromkeys(concern.rule.value for concern in outside)),
            state=attribution.state,
            errors=as_errors(outside),
            next_step=_("Countersign with a reason, or return it for changes."),
        )
    if signature is None:
        signature = countersignatures.sign(attribution, outside, reason, by=officer, now=now)
    attribution.countersign_reason = signature.reason


def _claim_conducts(attribution: Attribution, assessment: Assessment, override_reason: str, now: datetime) -> None:
    """Claim every act for this attribution; a second claim among linked cases needs the officer's reason."""
    blocked = assessment.of(Severity.OVERRIDE)
    if blocked and not override_reason.strip():
        raise _override_needed(attribution, together(blocked))
    scored_elsewhere = {str(concern.values["conduct"]) for concern in blocked}
    conducts = attribution.lines.order_by().values_list("finding__conduct", flat=True).distinct()
    try:
        with transaction.atomic():
            for conduct in conducts:
                ScoredConduct.objects.update_or_create(  # there is one where a held decision was sent back
                    attribution=attribution,
                    conduct=conduct,
                    defaults={
                        "practitioner": attribution.practitioner,
                        "scope": attribution.case.conduct_scope,
                        "claimed_at": now,
                        "override_reason": override_reason.strip() if conduct in scored_elsewhere else "",
                        "released_at": None,
                    },
                )
    except IntegrityError as taken:
        raise _override_needed(attribution, str(taken)) from taken


def _override_needed(attribution: Attribution, detail: str) -> OverrideNeeded:
    return OverrideNeeded(
        detail,
        rule=CONDUCT_RULE,
        state=attribution.state,
        next_step=_("Reject it, return it for changes, or give the reason for scoring the act again."),
    )
