"""The decision against the institution is annulled, whole or by finding: everyone in the case gets back what fell."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import CaseChanged
from cases.models import Annulment, AnnulmentEffect, Attribution, Basis, CaseFile, Finding
from cases.selectors.appeals import open_appeal
from cases.selectors.assessments import stored_lines
from cases.selectors.entries import standing_entry
from cases.services import annulment_notices, appeal_decisions, appeal_stays, moves, undoing
from cases.services import lines as line_rows
from cases.states import FINAL, State
from institutions.clock import local_date
from institutions.errors import NotThere
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit
from scoring.models import PointsEntry
from scoring.services import account_events, ledger, measures

UNDECIDED = (State.DRAFT, State.PROPOSED, State.INTENT_SERVED)
RULE = "design: an annulled basis reverses everyone in the case"


@transaction.atomic
def annul_basis(*, case: CaseFile, annulled_on: date, reason: str, by: User | None, now: datetime) -> CaseFile:
    """Record that the basis of a case was annulled, and undo it for every person; return the case.

    Awards in effect are reversed in the ledger, past days included, with their measures and notices; attributions on
    their way end as `set_aside`; appeals against them are moot. The same annulment a second time changes nothing.
    Refuses a day in the future or before the decision, an empty reason, and a second annulment of another day.
    """
    ensure_permission(by, Permission.BASIS_ANNUL, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = _lock(case)
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
    _mark(basis, annulled_on, reason, officer)
    annulment = _open(case, None, annulled_on, reason, officer, now)
    undone = [_set_aside(annulment, attribution, now) for attribution in _lock_standing(case)]
    _record("basis.annulled", annulment, [item.attribution for item in undone], now)
    return case


@transaction.atomic
def annul_finding(
    *, case: CaseFile, finding: Finding, annulled_on: date, reason: str, by: User | None, now: datetime
) -> CaseFile:
    """Record that one finding of a case was annulled, and undo it for everybody held responsible for it.

    Whoever has other findings left is varied to what they come to by the rulebook of the award (one act counts once at
    its highest); whoever has none is set aside. What is not in effect yet goes on without the finding. The same a
    second time changes nothing. Refuses (409) a case whose basis is annulled whole and a second annulment of another
    day, (404) a finding of another case, (422) a day in the future or before the decision, and an empty reason.
    """
    ensure_permission(by, Permission.BASIS_ANNUL, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = _lock(case)
    if finding.case_id != case.pk:
        raise NotThere()
    standing = open_annulment(case, finding)
    if standing is not None and standing.annulled_on == annulled_on:
        return case
    if standing is not None or case.basis.is_annulled:
        raise CaseChanged(
            _("The basis was annulled on %(day)s already.")
            % {"day": standing.annulled_on if standing else case.basis.annulled_on},
            rule=RULE,
            state="annulled",
        )
    reason = moves.ensure_text(reason, _("The reason of the annulment"), RULE)
    moves.ensure_day(annulled_on, earliest=case.basis.decided_on, now=now, rule=RULE)
    concerned = _lock_standing(case, finding)
    annulment = _open(case, finding, annulled_on, reason, officer, now)
    undone = [_without_finding(annulment, attribution, now) for attribution in concerned]
    _record("finding.annulled", annulment, [item.attribution for item in undone], now)
    return case


def open_annulment(case: CaseFile, finding: Finding | None) -> Annulment | None:
    """Return the annulment of a finding (None: of the whole basis) that no court has taken back."""
    return Annulment.objects.filter(case=case, finding=finding, reinstated_at__isnull=True).first()


def _lock(case: CaseFile) -> CaseFile:
    return CaseFile.objects.select_related("basis").select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def _mark(basis: Basis, annulled_on: date, reason: str, officer: User) -> None:
    basis.annulled_on, basis.annulled_reason, basis.annulled_by = annulled_on, reason, officer
    basis.save(update_fields=["annulled_on", "annulled_reason", "annulled_by"])


def _open(
    case: CaseFile, finding: Finding | None, annulled_on: date, reason: str, officer: User, now: datetime
) -> Annulment:
    return Annulment.objects.create(
        case=case, finding=finding, annulled_on=annulled_on, reason=reason, recorded_at=now, recorded_by=officer
    )


def _lock_standing(case: CaseFile, finding: Finding | None = None) -> list[Attribution]:
    """Hold every attribution of the case that is not over, then everybody's account, each in the common order.

    With a finding only those with a line about it.
    """
    rows = Attribution.objects.select_for_update(of=("self",), no_key=True).filter(case=case).exclude(state__in=FINAL)
    if finding is not None:
        rows = rows.filter(pk__in=finding.lines.values("attribution_id"))
    standing = list(rows.select_related("case__basis", "case__institution", "practitioner", "entry").order_by("pk"))
    measures.lock_all([attribution.practitioner for attribution in standing])
    return standing


def _set_aside(annulment: Annulment, attribution: Attribution, now: datetime) -> AnnulmentEffect:
    effect = _effect(annulment, attribution, is_set_aside=True)
    undoing.set_aside_attribution(attribution=attribution, reason=annulment.reason, by=annulment.recorded_by, now=now)
    appeal_decisions.close_as_moot(attribution=attribution, reason=annulment.reason, by=annulment.recorded_by, now=now)
    return effect


def _without_finding(annulment: Annulment, attribution: Attribution, now: datetime) -> AnnulmentEffect:
    """Let the lines about the finding fall: what is left decides whether the decision is varied or set aside."""
    if attribution.state in UNDECIDED:
        assert annulment.finding is not None  # an annulment of the whole sets aside
        line_rows.remove_finding(attribution, annulment.finding)
    if not stored_lines(attribution):
        return _set_aside(annulment, attribution, now)
    if attribution.state != State.EFFECTIVE:
        effect = _effect(annulment, attribution, is_set_aside=False)
        annulment_notices.tell_partly_annulled(attribution=attribution, annulment=annulment, standing=None, now=now)
        return effect
    before = _standing(attribution)
    assert before is not None  # constraint effect_is_an_entry_in_the_ledger
    left = ledger.left_by_lines(before, undoing.lines_after(attribution, before, {}))
    if left.points < 1:
        return _set_aside(annulment, attribution, now)
    effect = _effect(annulment, attribution, is_set_aside=False)
    if len(left.lines) < len(before.lines):  # else an appeal had let its lines fall already
        varied = undoing.vary_attribution(
            attribution=attribution, points_by_line={}, reason=annulment.reason, by=annulment.recorded_by, now=now
        )
        _stay_goes_on(attribution, varied, annulment.recorded_by, now)
        annulment_notices.tell_partly_annulled(attribution=attribution, annulment=annulment, standing=varied, now=now)
    return effect


def _stay_goes_on(attribution: Attribution, varied: PointsEntry, officer: User, now: datetime) -> None:
    """An annulled finding ends no appeal: where measures waited for its outcome, they wait on."""
    entry = attribution.entry
    if entry is not None and open_appeal(attribution) is not None and appeal_stays.is_stayed(entry):
        account_events.record_stay(
            entry=entry, on=local_date(now), source_key=f"{varied.source_key}:stay", by=officer, now=now
        )


def _effect(annulment: Annulment, attribution: Attribution, *, is_set_aside: bool) -> AnnulmentEffect:
    return AnnulmentEffect.objects.create(
        annulment=annulment,
        attribution=attribution,
        state_before=attribution.state,
        is_set_aside=is_set_aside,
        entry_before=_standing(attribution),
    )


def _standing(attribution: Attribution) -> PointsEntry | None:
    return None if attribution.entry is None else standing_entry(attribution.entry)


def _record(action: str, annulment: Annulment, undone: list[Attribution], now: datetime) -> None:
    audit.record_event(
        action=action,
        subject=annulment.case,
        by=annulment.recorded_by,
        now=now,
        detail={
            "annulled_on": annulment.annulled_on.isoformat(),
            "finding": annulment.finding.key if annulment.finding else "",
            "attributions": [str(item.pk) for item in undone],
        },
        reason=annulment.reason,
        region=annulment.case.region_id,
    )
