"""The decision against the institution is annulled: everyone in the case gets everything back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import CaseChanged
from cases.models import Attribution, Basis, CaseFile, ScoredConduct
from cases.selectors.entries import standing_entry
from cases.services import attribution_notices, moves
from cases.states import FINAL, Action, State
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit
from scoring.services import ledger

RULE = "design: an annulled basis reverses everyone in the case"


@transaction.atomic
def annul_basis(*, case: CaseFile, annulled_on: date, reason: str, by: User | None, now: datetime) -> CaseFile:
    """Record that the basis of a case was annulled, and undo it for every person; return the case.

    Awards in effect are reversed in the ledger, past days included, with their measures and notices; attributions on
    their way end as `set_aside`. The same annulment a second time changes nothing. Refuses a day in the future or
    before the decision, an empty reason, and a second annulment of another day.
    """
    ensure_permission(by, Permission.BASIS_ANNUL, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = CaseFile.objects.select_related("basis").select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    basis = case.basis
    if basis.is_annulled:
        if basis.annulled_on == annulled_on:
            return case
        raise CaseChanged(
            _("The basis was annulled on %(day)s already.") % {"day": basis.annulled_on},
            rule=RULE,
            state="annulled",
        )
    reason = moves.ensure_text(reason, _("The reason of the annulment"), RULE)
    moves.ensure_day(annulled_on, earliest=basis.decided_on, now=now, rule=RULE)
    _annul(basis, annulled_on, reason, officer)
    undone = [
        _set_aside(attribution, reason, officer, now)
        for attribution in Attribution.objects.filter(case=case).exclude(state__in=FINAL).order_by("pk")
    ]
    audit.record_event(
        action="basis.annulled",
        subject=case,
        by=by,
        now=now,
        detail={"annulled_on": annulled_on.isoformat(), "attributions": [str(item.pk) for item in undone]},
        reason=reason,
        region=case.region_id,
    )
    return case


def _annul(basis: Basis, annulled_on: date, reason: str, officer: User) -> None:
    basis.annulled_on, basis.annulled_reason, basis.annulled_by = annulled_on, reason, officer
    basis.save(update_fields=["annulled_on", "annulled_reason", "annulled_by"])


def _set_aside(attribution: Attribution, reason: str, officer: User, now: datetime) -> Attribution:
    attribution = moves.lock(attribution)
    before = State(attribution.state)
    attribution.state = moves.ensure_can(attribution, Action.SET_ASIDE).value
    if attribution.entry is not None:
        ledger.reverse_award(entry=standing_entry(attribution.entry), reason=reason, by=officer, now=now)
    attribution.set_aside_at, attribution.set_aside_by, attribution.set_aside_reason = now, officer, reason
    attribution.save(update_fields=["state", "set_aside_at", "set_aside_by", "set_aside_reason"])
    ScoredConduct.objects.filter(attribution=attribution, released_at__isnull=True).update(released_at=now)
    audit.record_event(
        action="attribution.set_aside",
        subject=attribution,
        by=officer,
        now=now,
        detail={"from": before.value, "case": attribution.case.number},
        reason=reason,
        region=attribution.case.region_id,
    )
    attribution_notices.tell_set_aside(attribution=attribution, reason=reason, now=now)
    return attribution
