"""Withdrawing an attribution that was a mistake, before anybody was told of it, and taking it up again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution
from cases.services import moves, proposals
from cases.states import Action
from institutions.errors import WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: what the person was told of ends with a decision"


@transaction.atomic
def withdraw(*, attribution: Attribution, reason: str, by: User | None, now: datetime) -> Attribution:
    """Close a draft or a proposal that was a mistake, with a reason; return the attribution. Nobody is told.

    Refuses (409) one of which the person was told, or for which a letter was made out: those end with a decision.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    state = moves.ensure_can(attribution, Action.WITHDRAW)
    ensure_untold(attribution)
    reason = moves.ensure_text(reason, _("The reason of withdrawing"), RULE)
    before = attribution.state
    attribution.state = state.value
    attribution.set_aside_at, attribution.set_aside_by, attribution.set_aside_reason = now, officer, reason
    attribution.save(update_fields=["state", "set_aside_at", "set_aside_by", "set_aside_reason"])
    _record("attribution.withdrawn", attribution, by, now, reason, {"from": before})
    return attribution


@transaction.atomic
def resume(*, attribution: Attribution, by: User | None, now: datetime) -> Attribution:
    """Make a draft again of what was withdrawn, and return it.

    Refuses (409) what ended in another way (by annulment or appeal), and a case whose basis was annulled.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    state = moves.ensure_can(attribution, Action.RESUME)
    ensure_withdrawn(attribution)
    proposals.ensure_basis_stands(attribution.case)
    reason = attribution.set_aside_reason
    attribution.state = state.value
    attribution.set_aside_at, attribution.set_aside_by, attribution.set_aside_reason = None, None, ""
    attribution.save(update_fields=["state", "set_aside_at", "set_aside_by", "set_aside_reason"])
    _record("attribution.resumed", attribution, by, now, "", {"had_been_withdrawn": reason})
    return attribution


def ensure_untold(attribution: Attribution) -> None:
    """Raise `WrongState` where the person was told of the attribution, or a letter to them was made out."""
    if attribution.window or attribution.letters.exists():
        raise WrongState(
            _("The person was told of this, or a letter to them was made out."),
            rule=RULE,
            state=attribution.state,
            next_step=_("Serve the letter; the second officer then rejects it with reasons."),
        )


def ensure_withdrawn(attribution: Attribution) -> None:
    """Raise `WrongState` where the attribution was set aside by an annulment or an appeal, not withdrawn."""
    was_told = attribution.window or attribution.letters.exists() or attribution.decided_at is not None
    if was_told or attribution.annulment_effects.filter(annulment__reinstated_at__isnull=True).exists():
        raise WrongState(
            _("This was set aside by an annulment or an appeal, not withdrawn."),
            rule=RULE,
            state=attribution.state,
            next_step=_("Only a higher court that reinstates the basis moves it again."),
        )


def _record(
    action: str, attribution: Attribution, by: User | None, now: datetime, reason: str, detail: dict[str, str]
) -> None:
    audit.record_event(
        action=action,
        subject=attribution,
        by=by,
        now=now,
        detail={"case": attribution.case.number, **detail},
        reason=reason,
        region=attribution.case.region_id,
    )
