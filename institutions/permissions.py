"""What a user may do, and where: permission → role → assignment. Roles are data; no role is named in a door.

A role held over a region reaches everything whose GB/T 2260 code begins with its prefix; a role held over an
institution (a hospital's HR) reaches that institution and nothing else. A deputy holds, while the delegation runs, what
the officer who is away holds over regions (ADR 0051).
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from institutions import clock
from institutions.errors import Forbidden
from institutions.models import Delegation, Institution, RoleAssignment, RoleScope, User

WHOLE_COUNTRY = ""


class Permission(StrEnum):
    """Everything that somebody may be allowed to do, as noun.verb."""

    CASE_VIEW = "case.view"
    CASE_IMPORT = "case.import"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_REDACT = "evidence.redact"
    DATA_ANSWER = "data.answer"
    OWN_STATEMENT_MODERATE = "own_statement.moderate"
    ATTRIBUTION_PROPOSE = "attribution.propose"
    ATTRIBUTION_DECIDE = "attribution.decide"
    ATTRIBUTION_COUNTERSIGN = "attribution.countersign"
    ATTRIBUTION_RELEASE = "attribution.release"
    ATTRIBUTION_SERVE = "attribution.serve"
    ASSESSMENT_OPEN = "assessment.open"
    ASSESSMENT_OPINION = "assessment.opinion"
    BASIS_ANNUL = "basis.annul"
    APPEAL_DECIDE = "appeal.decide"
    APPEAL_ASSIGN = "appeal.assign"
    APPEAL_OPINION = "appeal.opinion"
    REPAIR_ENTER = "repair.enter"
    REPAIR_DECIDE = "repair.decide"
    REREGISTRATION_ENTER = "reregistration.enter"
    REREGISTRATION_DECIDE = "reregistration.decide"
    SCORECARD_PUBLISH = "scorecard.publish"
    LEDGER_VIEW = "ledger.view"
    RULEBOOK_DRAFT = "rulebook.draft"
    RULEBOOK_ACTIVATE = "rulebook.activate"
    ROSTER_IMPORT = "roster.import"
    REGISTRATION_VIEW = "registration.view"
    CALENDAR_LOAD = "calendar.load"
    AUDIT_VIEW = "audit.view"
    JOB_VIEW = "job.view"
    USER_MANAGE = "user.manage"
    NOTICE_VIEW = "notice.view"
    NOTICE_READ = "notice.read"
    NOTICE_ACKNOWLEDGE = "notice.acknowledge"
    LETTER_HANDOVER = "letter.handover"
    DESK_MANAGE = "desk.manage"
    OVERSIGHT = "oversight.view"  # reads every page and list there, whatever else it asks for
    CLAIM_END = "claim.end"
    LEAD_VIEW = "lead.view"
    LEAD_ENTER = "lead.enter"
    LEAD_DECIDE = "lead.decide"
    TIP_UNSEAL = "tip.unseal"
    TYPICAL_VIEW = "typical.view"
    TYPICAL_DRAFT = "typical.draft"
    TYPICAL_APPROVE = "typical.approve"


# Who is away hands on their work, not the say over who may do what (ADR 0051).
NOT_DELEGATED = frozenset({Permission.USER_MANAGE})
# What only looks is included in oversight, whatever the role lists beside it.
LOOKING = frozenset(permission for permission in Permission if permission.value.endswith(".view"))


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a user holds: their own, or, with a delegation, that of the officer they stand in for."""

    assignment: RoleAssignment
    delegation: Delegation | None = None

    def includes(self, permission: Permission) -> bool:
        """Say whether the role includes the permission, and is held so that it counts."""
        if self.delegation is not None and permission in NOT_DELEGATED:
            return False
        names = self.assignment.role.permissions
        return permission.value in names or (permission in LOOKING and Permission.OVERSIGHT.value in names)


@dataclass(slots=True)
class _Memory:
    """What the users of one request hold, and for whom they stand in, by their key."""

    held: dict[int, list[Held]] = field(default_factory=dict)
    standing_in: dict[int, list[Delegation]] = field(default_factory=dict)


# None outside a request, where every question is asked anew.
_remembered: ContextVar[_Memory | None] = ContextVar("assignments", default=None)


def has_permission(
    user: User | AnonymousUser | None,
    permission: Permission,
    *,
    region: str | None = None,
    institution: Institution | None = None,
) -> bool:
    """Say whether the user holds the permission over the region (a GB/T 2260 code or prefix) and the institution.

    With neither it says whether they hold it anywhere, which only opens a door whose rows are then narrowed by
    `regions_for` or `institutions_for`. Nobody, the anonymous and the inactive hold nothing.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return _granting(user, permission, region, institution) is not None


def ensure_permission(
    user: User | AnonymousUser | None,
    permission: Permission,
    *,
    region: str | None = None,
    institution: Institution | None = None,
) -> None:
    """Raise `Forbidden` unless the user holds the permission there. `None` is the system itself and passes.

    The user is marked with whom they act for, where only a delegation allows it; what the audit writes down says so.
    """
    if user is None:
        return
    if isinstance(user, User) and user.is_active:
        held = None if user.is_superuser else _granting(user, permission, region, institution)
        user.acting_for = held.delegation.delegator if held is not None and held.delegation is not None else None
        if held is not None or user.is_superuser:
            return
    raise Forbidden(
        _("Your roles do not include this act here."),
        rule=permission.value,
        next_step=_("Ask an administrator for a role that includes it, over this region or institution."),
    )


def regions_for(user: User | AnonymousUser | None, permission: Permission) -> list[str]:
    """Return the shortest region prefixes over which the user holds the permission; [""] is the whole country."""
    if not isinstance(user, User) or not user.is_active:
        return []
    if user.is_superuser:
        return [WHOLE_COUNTRY]
    held = [item.assignment for item in _held(user, permission)]
    return _shortest(item.region_prefix for item in held if _is_over_region(item))


def institutions_for(user: User | AnonymousUser | None, permission: Permission) -> QuerySet[Institution]:
    """Return the institutions over which the user holds the permission, by region or by institution."""
    if not isinstance(user, User) or not user.is_active:
        return Institution.objects.none()
    if user.is_superuser:
        return Institution.objects.all()
    held = [item.assignment for item in _held(user, permission)]
    own = [item.institution_id for item in held if item.institution_id is not None]
    prefixes = _shortest(item.region_prefix for item in held if _is_over_region(item))
    if not own and not prefixes:
        return Institution.objects.none()
    return Institution.objects.filter(Q(pk__in=own) | within(prefixes))


def granting(
    user: User, permission: Permission, *, region: str | None = None, institution: Institution | None = None
) -> RoleAssignment | None:
    """Return the assignment by which a user holds the permission there; None for a superuser and for nobody."""
    held = _granting(user, permission, region, institution)
    return held.assignment if held is not None else None


def held_over_institutions(user: User, permission: Permission) -> dict[Institution, RoleAssignment]:
    """Return the institutions over which, by name, a user holds the permission, each with the assignment. One query."""
    assignments = [held.assignment for held in _held(user, permission)]
    return {held.institution: held for held in assignments if held.institution is not None}


def running_on(day: date, path: str = "") -> Q:
    """Return the condition that a delegation (at the end of the path) runs on a Shanghai date."""
    return Q(**{f"{path}withdrawn_at__isnull": True, f"{path}starts_on__lte": day, f"{path}ends_on__gte": day})


def standing_in(user: User) -> list[Delegation]:
    """Return the delegations that run today and by which a user stands in for colleagues, the first to end first."""
    memory = _remembered.get()
    if memory is not None and user.pk in memory.standing_in:
        return memory.standing_in[user.pk]
    known = Delegation.objects.filter(deputy=user, withdrawn_at__isnull=True).select_related("delegator", "deputy")
    rows = list(known.order_by("ends_on", "pk")) if user.is_staff else []
    today = clock.today() if rows else None
    rows = [row for row in rows if today is not None and row.starts_on <= today <= row.ends_on]
    if memory is not None:
        memory.standing_in[user.pk] = rows
    return rows


def held_for(delegation: Delegation) -> list[Held]:
    """Return the roles that a deputy holds by a delegation."""
    return [held for held in _holdings(delegation.deputy) if held.delegation == delegation]


def within(prefixes: Iterable[str], field: str = "region") -> Q:
    """Return a condition that the region (a key to `Region`) begins with one of the prefixes; none match none."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{field}__isnull": False}) if not prefix else Q(**{f"{field}__code__startswith": prefix})
    return condition


def within_codes(prefixes: Collection[str], field: str = "region_code") -> Q:
    """Return a condition that a region code kept in the row begins with one of the prefixes; none match none.

    The whole country is every row, those of no region too.
    """
    if WHOLE_COUNTRY in prefixes:
        return Q()
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


@contextmanager
def remembering() -> Iterator[None]:
    """Read what each user holds once while the block runs: for one request, which asks a hundred times."""
    token = _remembered.set(_Memory())
    try:
        yield
    finally:
        _remembered.reset(token)


def forget_assignments() -> None:
    """Have assignments and delegations read anew: to be called by whatever changes them."""
    memory = _remembered.get()
    if memory is not None:
        memory.held.clear()
        memory.standing_in.clear()


def _granting(user: User, permission: Permission, region: str | None, institution: Institution | None) -> Held | None:
    """Return by which role a user holds a permission there: one of their own before one held for somebody."""
    return next((held for held in _held(user, permission) if _reaches(held.assignment, region, institution)), None)


def _held(user: User, permission: Permission) -> list[Held]:
    return [held for held in _holdings(user) if held.includes(permission)]


def _holdings(user: User) -> list[Held]:
    memory = _remembered.get()
    if memory is not None and user.pk in memory.held:
        return memory.held[user.pk]
    rows = _own_and_delegated(user)
    if memory is not None:
        memory.held[user.pk] = rows
    return rows


def _own_and_delegated(user: User) -> list[Held]:
    """Return a user's own roles, then those of the officers they stand in for today: only the officers' own.

    So a delegation is never passed on, and ends with whatever the officer loses. One query where nobody is away.
    """
    held_by = Q(user=user)
    if user.is_staff:
        away = Delegation.objects.filter(deputy=user, withdrawn_at__isnull=True).values("delegator")
        held_by |= Q(
            user__in=away,
            user__is_active=True,
            user__is_staff=True,
            institution__isnull=True,
            role__scope=RoleScope.REGION,
        )
    rows = list(RoleAssignment.objects.filter(held_by).select_related("role", "institution"))
    own = [Held(row) for row in rows if row.user_id == user.pk]
    if len(own) == len(rows):
        return own
    running = {delegation.delegator_id: delegation for delegation in standing_in(user)}
    return own + [Held(row, running[row.user_id]) for row in rows if row.user_id in running]


def _is_over_region(held: RoleAssignment) -> bool:
    return held.institution_id is None and held.role.scope == RoleScope.REGION


def _reaches(held: RoleAssignment, region: str | None, institution: Institution | None) -> bool:
    if held.institution_id is not None:
        if institution is None:
            return region is None
        return held.institution_id == institution.pk and region in (None, institution.region_id)
    if not _is_over_region(held):
        return False
    if region is not None and not region.startswith(held.region_prefix):
        return False
    return institution is None or institution.region_id.startswith(held.region_prefix)


def _shortest(prefixes: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not any(prefix.startswith(shorter) for shorter in kept):
            kept.append(prefix)
    return kept
