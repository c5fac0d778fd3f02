"""The second officer's signature under points or a term outside the suggested range."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.concern_texts import as_errors
from cases.models import Attribution, Countersignature
from cases.policy.suggestion import Concern, Severity
from cases.selectors.assessments import assess_attribution
from cases.services import lines as line_rows
from cases.services import moves
from cases.states import Action
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: countersignature outside the range"


@transaction.atomic
def countersign(*, attribution: Attribution, reason: str, by: User | None, now: datetime) -> Countersignature:
    """Sign the proposal that stands, with a reason, and return the signature.

    The same signature by the same officer a second time changes nothing. Refuses whoever proposed, an empty reason, a
    proposal that is signed already, and one in which nothing is outside the suggested range.
    """
    ensure_permission(by, Permission.ATTRIBUTION_COUNTERSIGN, region=attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    moves.ensure_second_officer(attribution, officer)
    signed = standing_signature(attribution)
    if signed is not None and (signed.signed_by_id, signed.reason) == (officer.pk, reason.strip()):
        return signed
    moves.ensure_can(attribution, Action.COUNTERSIGN)
    if signed is not None:
        raise WrongState(
            _("This proposal is countersigned already; a signature is never replaced."),
            rule=RULE,
            state=attribution.state,
        )
    concerns = assess_attribution(attribution, on=local_date(now)).assessment.of(Severity.COUNTERSIGN)
    if not concerns:
        raise RuleRefused(
            _("Nothing in this proposal is outside the suggested range."),
            rule=RULE,
            state=attribution.state,
            next_step=_("Decide it without a countersignature."),
        )
    return sign(attribution, concerns, reason, by=officer, now=now)


def sign(
    attribution: Attribution, concerns: tuple[Concern, ...], reason: str, *, by: User, now: datetime
) -> Countersignature:
    """Write a signature whose permission, lock and officer the caller has seen to; return it."""
    reason = moves.ensure_text(reason, _("The reason of the countersignature"), RULE)
    proposal = line_rows.latest_proposal(attribution)
    assert proposal is not None  # constraint proposed_state_has_a_proposer; every proposer froze a proposal
    signature = Countersignature.objects.create(
        proposal=proposal, reason=reason, concerns=as_errors(concerns), signed_by=by, signed_at=now
    )
    audit.record_event(
        action="attribution.countersigned",
        subject=attribution,
        by=by,
        now=now,
        detail={"proposal": proposal.number, "concerns": as_errors(concerns)},
        reason=reason,
        region=attribution.case.region_id,
    )
    return signature


def standing_signature(attribution: Attribution) -> Countersignature | None:
    """Return the signature under the proposal that stands; those under earlier proposals are void."""
    proposal = line_rows.latest_proposal(attribution)
    return Countersignature.objects.filter(proposal=proposal).first() if proposal else None
