"""Giving and withdrawing roles."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.errors import Forbidden, Invalid
from institutions.models import Institution, Role, RoleAssignment, RoleScope, User
from institutions.permissions import Permission
from institutions.services import audit


@transaction.atomic
def assign_role(
    *, user: User, role: Role, region_prefix: str, institution: Institution | None, by: User | None, now: datetime
) -> RoleAssignment:
    """Give a user a role over a region or an institution; a second time returns the first assignment.

    Refuses an administrator who does not manage that region or institution, one who gives a role to themselves, and a
    role held over the wrong sort of thing.
    """
    _ensure_manages(by, region_prefix, institution)
    if by is not None and by.pk == user.pk and not by.is_superuser:
        raise Forbidden(_("Nobody gives a role to themselves."), next_step=_("Ask another administrator."))
    if (role.scope == RoleScope.INSTITUTION) != (institution is not None):
        raise Invalid(
            _("The role %(role)s is held over %(scope)s.") % {"role": role.name, "scope": role.get_scope_display()}
        )
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user, role=role, region_prefix=region_prefix, institution=institution
    )
    if created:
        permissions.forget_assignments()
        _record("role.assigned", assignment, by, now)
    return assignment


@transaction.atomic
def withdraw_role(*, assignment: RoleAssignment, by: User | None, now: datetime) -> None:
    """Take a role away; what was done under it stays. Refuses an administrator who does not manage its place."""
    _ensure_manages(by, assignment.region_prefix, assignment.institution)
    _record("role.withdrawn", assignment, by, now)
    assignment.delete()
    permissions.forget_assignments()


def _ensure_manages(by: User | None, region_prefix: str, institution: Institution | None) -> None:
    if institution is not None:
        permissions.ensure_permission(by, Permission.USER_MANAGE, institution=institution)
    else:
        permissions.ensure_permission(by, Permission.USER_MANAGE, region=region_prefix)


def _record(action: str, assignment: RoleAssignment, by: User | None, now: datetime) -> None:
    institution = assignment.institution
    audit.record_event(
        action=action,
        subject=assignment.user,
        by=by,
        now=now,
        detail={
            "role": assignment.role_id,
            "region_prefix": assignment.region_prefix,
            "institution_code": institution.code if institution else "",
        },
        region=institution.region_id if institution else assignment.region_prefix,
    )
