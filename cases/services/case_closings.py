"""Closing a case in which nobody is scored, as a second officer, and opening it again (ADR 0076)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import TwoOfficerRule
from cases.models import CaseClosing, CaseFile
from cases.services import moves, proposals
from cases.states import FINAL
from institutions.errors import WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: a case that scores nobody is closed by a second officer with reasons"


@transaction.atomic
def close_case(*, case: CaseFile, reasons: str, by: User | None, now: datetime) -> CaseClosing:
    """Decide with reasons that nobody is scored in a case; return the closing. The case leaves the queue.

    The same closing again changes nothing. Refuses (403) whoever brought the case in or counts as one person with
    them, (409) a case in which somebody is, or may be, scored, one that is closed, and one whose basis fell.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = moves.lock_case(case.pk)
    standing = standing_closing(case)
    if standing is not None and (standing.closed_by_id, standing.reasons) == (officer.pk, reasons.strip()):
        return standing
    ensure_closable(case, by=officer)
    reasons = moves.ensure_text(reasons, _("The reasons"), RULE)
    closing = CaseClosing.objects.create(case=case, reasons=reasons, closed_by=officer, closed_at=now)
    _record("case.closed", case, by, now, reasons)
    return closing


@transaction.atomic
def reopen_case(*, case: CaseFile, reason: str, by: User | None, now: datetime) -> CaseClosing:
    """Open a closed case again, with a reason; return its closing. It waits to be attributed once more.

    Refuses (409) a case that is not closed.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = moves.lock_case(case.pk)
    standing = standing_closing(case)
    if standing is None:
        raise WrongState(_("This case is not closed."), rule=RULE, state="open")
    reason = moves.ensure_text(reason, _("The reason"), RULE)
    standing.reopened_by, standing.reopened_at, standing.reopened_reason = officer, now, reason
    standing.save(update_fields=["reopened_by", "reopened_at", "reopened_reason"])
    _record("case.reopened", case, by, now, reason)
    return standing


def standing_closing(case: CaseFile) -> CaseClosing | None:
    """Return the closing that stands, or None."""
    return case.closings.filter(reopened_at__isnull=True).select_related("closed_by").first()


def ensure_closable(case: CaseFile, *, by: User) -> None:
    """Refuse as `close_case` does before it asks for reasons; reads only."""
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id)
    if case.opened_by_id == by.pk:
        raise TwoOfficerRule(
            _("You brought this case in; another officer has to close it."),
            rule=moves.TWO_OFFICERS,
            next_step=_("Ask an officer who took no part in it."),
        )
    moves.ensure_not_as_one(by, [case.opened_by_id], subject=case)
    proposals.ensure_basis_stands(case)
    live = case.attributions.exclude(state__in=[state.value for state in FINAL]).select_related("practitioner").first()
    if live is not None:
        raise WrongState(
            _("Somebody in this case is, or may be, scored: %(name)s, “%(state)s”.")
            % {"name": live.practitioner.name, "state": live.get_state_display()},
            rule=RULE,
            state=live.state,
            next_step=_("Withdraw the draft, or decide the proposal, first."),
        )


def _record(action: str, case: CaseFile, by: User | None, now: datetime, reason: str) -> None:
    audit.record_event(
        action=action, subject=case, by=by, now=now, detail={"case": case.number}, reason=reason, region=case.region_id
    )
