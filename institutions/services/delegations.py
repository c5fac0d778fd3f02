"""Naming a deputy for the days of a leave, and withdrawing them (ADR 0051).

A delegation gives nobody more than the officer who is away has: whatever they lack or lose the deputy lacks too.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, RuleRefused, WrongState
from institutions.json_types import JsonObject
from institutions.models import Delegation, RoleAssignment, RoleScope, User
from institutions.models.delegation import DAYS_MAX
from institutions.permissions import NOT_DELEGATED
from institutions.selectors import users
from institutions.services import audit

RULE = "design: delegation during leave"


@transaction.atomic
def delegate(
    *, delegator: User, deputy: User, starts_on: date, ends_on: date, reason: str, by: User, now: datetime
) -> Delegation:
    """Let `deputy` hold the delegator's roles over regions from one Shanghai date to another, both included.

    By the delegator, or by an administrator who manages them; the same delegation again returns the first. Refuses
    (403) others, and an administrator who names themselves; (422) a span in the past or beyond `DAYS_MAX` days, no
    reason, a deputy who is no active officer with a second factor, and a delegator with nothing to hand on; (409)
    days for which there is a deputy already.
    """
    _ensure_may_give(delegator, deputy, by)
    User.objects.select_for_update(no_key=True).get(pk=delegator.pk)
    standing = Delegation.objects.filter(delegator=delegator, withdrawn_at__isnull=True, ends_on__gte=starts_on)
    same = standing.filter(deputy=deputy, starts_on=starts_on, ends_on=ends_on).first()
    if same is not None:
        return same
    _ensure_span(starts_on, ends_on, local_date(now))
    text = _ensure_text(reason)
    _ensure_free(standing.filter(starts_on__lte=ends_on).select_related("deputy").first())
    _ensure_deputy(delegator, deputy)
    _ensure_something_to_hand_on(delegator)
    made = Delegation.objects.create(
        delegator=delegator,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=text,
        created_at=now,
        created_by=by,
    )
    permissions.forget_assignments()
    _record("delegation.made", made, text, by, now)
    return made


@transaction.atomic
def withdraw(*, delegation: Delegation, reason: str, by: User, now: datetime) -> Delegation:
    """End a delegation at once, with a reason; return it. What was done by it stays. The same again changes nothing.

    By the delegator, by the deputy, who thereby lays it down, or by an administrator who manages the delegator.
    Refuses (403) others, (409) a delegation that ended, and (422) no reason.
    """
    if not may_withdraw(delegation, by):
        raise Forbidden(
            _("Only the two officers, or an administrator who manages the one who is away, withdraw this."), rule=RULE
        )
    locked = Delegation.objects.select_for_update(of=("self",)).select_related("delegator", "deputy")
    found = locked.get(pk=delegation.pk)
    if found.withdrawn_at is not None and (found.withdrawn_by_id, found.withdrawal_reason) == (by.pk, reason.strip()):
        return found
    if found.withdrawn_at is not None or found.ends_on < local_date(now):
        raise WrongState(_("This delegation has ended."), rule=RULE, state="ended")
    found.withdrawn_at, found.withdrawn_by, found.withdrawal_reason = now, by, _ensure_text(reason)
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    permissions.forget_assignments()
    _record("delegation.withdrawn", found, found.withdrawal_reason, by, now)
    return found


def may_withdraw(delegation: Delegation, by: User) -> bool:
    """Say whether a user may withdraw a delegation, whatever its state."""
    if by.pk in (delegation.delegator_id, delegation.deputy_id):
        return by.is_active
    return users.manageable_by(by).filter(pk=delegation.delegator_id).exists()


def _ensure_may_give(delegator: User, deputy: User, by: User) -> None:
    if by.pk == delegator.pk and by.is_active and by.is_staff:
        return
    if by.pk == deputy.pk and not by.is_superuser:
        raise Forbidden(_("Nobody makes themselves a deputy."), rule=RULE, next_step=_("Ask another administrator."))
    if not users.manageable_by(by).filter(pk=delegator.pk).exists():
        raise Forbidden(
            _("An officer names their own deputy, or an administrator who manages them does."),
            rule=RULE,
            next_step=_("Ask an administrator of their region."),
        )


def _ensure_span(starts_on: date, ends_on: date, today: date) -> None:
    latest = starts_on + timedelta(days=DAYS_MAX - 1)
    if not today <= starts_on <= ends_on <= latest:
        raise RuleRefused(
            _("A delegation begins today or later and lasts at most %(days)s days.") % {"days": DAYS_MAX},
            rule=RULE,
            next_step=_("For longer than that, give the colleague the role."),
        )


def _ensure_text(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Give the reason."), rule=RULE)
    return reason.strip()


def _ensure_deputy(delegator: User, deputy: User) -> None:
    if deputy.pk == delegator.pk:
        raise RuleRefused(_("Nobody stands in for themselves."), rule=RULE)
    if not (deputy.is_active and deputy.is_staff):
        raise RuleRefused(_("A deputy is an active officer."), rule=RULE)
    if users.needs_second_factor(deputy) and not users.has_second_factor(deputy):
        raise RuleRefused(
            _("%(who)s has no second factor yet.") % {"who": deputy.username},
            rule=RULE,
            next_step=_("They enrol one at their next log-in; name them then."),
        )


def _ensure_something_to_hand_on(delegator: User) -> None:
    held = RoleAssignment.objects.filter(user=delegator, institution__isnull=True, role__scope=RoleScope.REGION)
    kept = {permission.value for permission in NOT_DELEGATED}
    if not any(set(names) - kept for names in held.values_list("role__permissions", flat=True)):
        raise RuleRefused(
            _("%(who)s holds no role over a region that could be handed on.") % {"who": delegator.username}, rule=RULE
        )


def _ensure_free(standing: Delegation | None) -> None:
    if standing is None:
        return
    facts = {
        "who": standing.deputy.username,
        "first": date_format(standing.starts_on, "DATE_FORMAT"),
        "last": date_format(standing.ends_on, "DATE_FORMAT"),
    }
    raise WrongState(
        _("%(who)s is the deputy from %(first)s to %(last)s already.") % facts,
        rule=RULE,
        state="delegated",
        next_step=_("Withdraw that delegation first, or name other days."),
    )


def _record(action: str, delegation: Delegation, reason: str, by: User, now: datetime) -> None:
    detail: JsonObject = {
        "delegation": delegation.pk,
        "deputy": delegation.deputy.username,
        "starts_on": delegation.starts_on.isoformat(),
        "ends_on": delegation.ends_on.isoformat(),
    }
    by.acting_for = None  # one's own affair, or an administrator's, which is not delegated
    audit.record_event(
        action=action,
        subject=delegation.delegator,
        by=by,
        now=now,
        detail=detail,
        reason=reason,
        region=users.region_of(delegation.delegator),
    )
