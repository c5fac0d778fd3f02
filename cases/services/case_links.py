"""Linking cases of one institution that are about the same acts, so that nobody is scored twice for one act."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.models import CaseFile, CaseLink, ScoredConduct
from cases.services import moves
from institutions.errors import RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: one act of one person is scored once among linked cases"


@transaction.atomic
def link_cases(*, first: CaseFile, second: CaseFile, reason: str, by: User | None, now: datetime) -> CaseLink:
    """Link two cases of one institution and return the link; linking them again changes nothing.

    Conduct keys are shared from then on, also with whatever either case is linked to. Refuses a case with itself,
    cases of two institutions, and cases in which the same act of the same person is scored already in both.
    """
    for case in (first, second):
        ensure_permission(by, Permission.CASE_IMPORT, region=case.region_id)
    scopes = {first.conduct_scope, second.conduct_scope}
    locked = {
        case.pk: case
        for case in CaseFile.objects.select_for_update(no_key=True).filter(conduct_scope__in=scopes).order_by("pk")
    }
    low, high = sorted((locked[first.pk], locked[second.pk]), key=lambda case: case.pk)
    known = CaseLink.objects.filter(first=low, second=high).first()
    if known is not None:
        return known
    if low.pk == high.pk or low.institution_id != high.institution_id:
        raise RuleRefused(_("Only two cases of one institution can be linked."), rule=RULE)
    reason = moves.ensure_text(reason, _("The reason of the link"), RULE)
    link = CaseLink.objects.create(first=low, second=high, reason=reason, linked_at=now, linked_by=by)
    _join_scopes(low, high)
    audit.record_event(
        action="case.linked",
        subject=low,
        by=by,
        now=now,
        detail={"first": low.number, "second": high.number},
        reason=reason,
        region=low.region_id,
    )
    return link


def _join_scopes(low: CaseFile, high: CaseFile) -> None:
    """Give both groups of cases one scope; claims follow, and the unique constraint refuses a second one."""
    try:
        with transaction.atomic():
            CaseFile.objects.filter(conduct_scope=high.conduct_scope).update(conduct_scope=low.conduct_scope)
            ScoredConduct.objects.filter(scope=high.conduct_scope).update(scope=low.conduct_scope)
    except IntegrityError as taken:
        raise RuleRefused(
            _("Both cases score the same act of the same person already."),
            rule=RULE,
            next_step=_("Have one of the two decisions set aside first."),
        ) from taken
