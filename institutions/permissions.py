"""What a user may do, and where: permission → role → assignment. Roles are data; no role is named in a door.

A role held over a region reaches everything whose GB/T 2260 code begins with its prefix; a role held over an
institution (a hospital's HR) reaches that institution and nothing else.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from institutions.errors import Forbidden
from institutions.models import Institution, RoleAssignment, RoleScope, User

WHOLE_COUNTRY = ""
# What the users of one request hold, by their key; None outside a request, where every question is asked anew.
_remembered: ContextVar[dict[int, list[RoleAssignment]] | None] = ContextVar("assignments", default=None)


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
    return any(_reaches(held, region, institution) for held in _held(user, permission))


def ensure_permission(
    user: User | AnonymousUser | None,
    permission: Permission,
    *,
    region: str | None = None,
    institution: Institution | None = None,
) -> None:
    """Raise `Forbidden` unless the user holds the permission there. `None` is the system itself and passes."""
    if user is None or has_permission(user, permission, region=region, institution=institution):
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
    held = _held(user, permission)
    return _shortest(item.region_prefix for item in held if _is_over_region(item))


def institutions_for(user: User | AnonymousUser | None, permission: Permission) -> QuerySet[Institution]:
    """Return the institutions over which the user holds the permission, by region or by institution."""
    if not isinstance(user, User) or not user.is_active:
        return Institution.objects.none()
    if user.is_superuser:
        return Institution.objects.all()
    held = _held(user, permission)
    own = [item.institution_id for item in held if item.institution_id is not None]
    prefixes = _shortest(item.region_prefix for item in held if _is_over_region(item))
    if not own and not prefixes:
        return Institution.objects.none()
    return Institution.objects.filter(Q(pk__in=own) | within(prefixes))


def granting(
    user: User, permission: Permission, *, region: str | None = None, institution: Institution | None = None
) -> RoleAssignment | None:
    """Return the assignment by which a user holds the permission there; None for a superuser and for nobody."""
    return next((held for held in _held(user, permission) if _reaches(held, region, institution)), None)


def held_over_institutions(user: User, permission: Permission) -> dict[Institution, RoleAssignment]:
    """Return the institutions over which, by name, a user holds the permission, each with the assignment. One query."""
    return {held.institution: held for held in _held(user, permission) if held.institution is not None}


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
    """Read each user's assignments once while the block runs: for one request, which asks a hundred times."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def forget_assignments() -> None:
    """Have assignments read anew: to be called by whatever changes them."""
    held = _remembered.get()
    if held is not None:
        held.clear()


def _held(user: User, permission: Permission) -> list[RoleAssignment]:
    return [held for held in _assignments(user) if permission.value in held.role.permissions]


def _assignments(user: User) -> list[RoleAssignment]:
    remembered = _remembered.get()
    if remembered is not None and user.pk in remembered:
        return remembered[user.pk]
    rows = list(RoleAssignment.objects.filter(user=user).select_related("role", "institution"))
    if remembered is not None:
        remembered[user.pk] = rows
    return rows


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
