"""A higher court puts back a basis, or one finding, that was annulled: everyone in the case is where they were.

What was in effect is in effect again, with the dates it had: the court says that the annulment should never have been.
What was on its way begins anew, since the person was told that it was over; what went on without a finding stays so.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import CaseChanged
from cases.models import Annulment, AnnulmentEffect, Attribution, Basis, CaseFile, Finding, ScoredConduct
from cases.selectors.assessments import conducts_scored_elsewhere, stored_lines
from cases.selectors.entries import standing_entry
from cases.services import annulment_notices, annulments, effects, moves
from cases.states import Action, State
from institutions.errors import WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit
from scoring.models import PointsEntry
from scoring.services import measures, reinstating

RULE = "design: a higher court reinstates what was annulled"

WAYS_BACK = {
    State.EFFECTIVE: Action.REINSTATE,
    State.SERVED: Action.REINSTATE_SERVED,
    State.DECIDED: Action.REINSTATE_DECIDED,
    State.HELD: Action.REINSTATE_HELD,
}


@transaction.atomic
def reinstate_basis(
    *, case: CaseFile, reinstated_on: date, reason: str, by: User | None, now: datetime, finding: Finding | None = None
) -> CaseFile:
    """Record that a higher court put back the basis, or one finding of it, and let it follow for everyone in the case.

    Awards that the annulment undid stand again with their own dates, under the next key; set-aside decisions are where
    they were; proceedings before a decision begin anew from the draft. Attributions that fell for another reason stay
    as they are. The same a second time changes nothing. Refuses (409) what is not annulled and an act that was scored
    on another basis meanwhile, (422) an empty reason and a day before the annulment or in the future.
    """
    ensure_permission(by, Permission.BASIS_ANNUL, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = CaseFile.objects.select_related("basis").select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    annulment = annulments.open_annulment(case, finding)
    if annulment is None:
        return _done_before(case, finding, reinstated_on)
    if finding is not None and case.basis.is_annulled:
        raise WrongState(
            _("The basis of the case is annulled as a whole."),
            rule=RULE,
            state="annulled",
            next_step=_("Reinstate the basis first."),
        )
    reason = moves.ensure_text(reason, _("The reason of the reinstatement"), RULE)
    moves.ensure_day(reinstated_on, earliest=annulment.annulled_on, now=now, rule=RULE)
    hit = list(
        annulment.effects.select_related("annulment", "attribution__practitioner", "entry_before").order_by(
            "attribution_id"
        )
    )
    measures.lock_all([effect.attribution.practitioner for effect in hit])
    _close(annulment, reinstated_on, reason, officer, now)
    for effect in hit:
        _ensure_free(effect.attribution)
    back = [effect.attribution for effect in hit if _put_back(effect, reason, officer, now)]
    audit.record_event(
        action="finding.reinstated" if finding else "basis.reinstated",
        subject=case,
        by=officer,
        now=now,
        detail={
            "reinstated_on": reinstated_on.isoformat(),
            "finding": finding.key if finding else "",
            "attributions": [str(item.pk) for item in back],
        },
        reason=reason,
        region=case.region_id,
    )
    return case


def _done_before(case: CaseFile, finding: Finding | None, reinstated_on: date) -> CaseFile:
    last = Annulment.objects.filter(case=case, finding=finding).order_by("-recorded_at").first()
    if last is not None and last.reinstated_on == reinstated_on:
        return case
    raise WrongState(
        _("Nothing is annulled here that a court could put back."),
        rule=RULE,
        state="not annulled",
        next_step=_("Record the annulment first."),
    )


def _ensure_free(attribution: Attribution) -> None:
    """Refuse where an act of this person was scored on another basis while this one was annulled."""
    taken = conducts_scored_elsewhere(attribution) & {line.conduct for line in effects.award_lines(attribution)}
    if taken:
        raise CaseChanged(
            _("The acts %(conducts)s were scored in a linked case meanwhile.") % {"conducts": ", ".join(sorted(taken))},
            rule=RULE,
            state=attribution.state,
            next_step=_("Set that decision aside first; nobody is scored twice for one act."),
        )


def _close(annulment: Annulment, reinstated_on: date, reason: str, officer: User, now: datetime) -> None:
    annulment.reinstated_on, annulment.reinstated_reason = reinstated_on, reason
    annulment.reinstated_at, annulment.reinstated_by = now, officer
    annulment.save(update_fields=["reinstated_on", "reinstated_reason", "reinstated_at", "reinstated_by"])
    if annulment.finding_id is None:
        basis = Basis.objects.get(pk=annulment.case.basis_id)
        basis.annulled_on, basis.annulled_reason, basis.annulled_by = None, "", None
        basis.save(update_fields=["annulled_on", "annulled_reason", "annulled_by"])


def _put_back(effect: AnnulmentEffect, reason: str, officer: User, now: datetime) -> bool:
    """Put one attribution back to where the annulment found it; say whether anything had to be done."""
    attribution = moves.lock(effect.attribution)
    if effect.is_set_aside:
        return _revive(attribution, effect, reason, officer, now)
    if attribution.state == State.EFFECTIVE and effect.state_before == State.EFFECTIVE:
        return _award_again(attribution, effect, reason, officer, now)
    return False


def _revive(attribution: Attribution, effect: AnnulmentEffect, reason: str, officer: User, now: datetime) -> bool:
    """Move a set-aside attribution back, with its award and its acts."""
    if attribution.state != State.SET_ASIDE:
        return False
    action = WAYS_BACK.get(State(effect.state_before), Action.REOPEN)
    attribution.state = moves.ensure_can(attribution, action).value
    released_at = attribution.set_aside_at
    attribution.set_aside_at, attribution.set_aside_by, attribution.set_aside_reason = None, None, ""
    attribution.save(update_fields=["state", "set_aside_at", "set_aside_by", "set_aside_reason"])
    if action is not Action.REOPEN:
        ScoredConduct.objects.filter(attribution=attribution, released_at=released_at).update(released_at=None)
    standing = None
    if effect.entry_before is not None:
        standing = reinstating.reinstate_award(entry=effect.entry_before, reason=reason, by=officer, now=now)
    _record(attribution, action, reason, officer, now)
    annulment_notices.tell_reinstated(attribution=attribution, annulment=effect.annulment, standing=standing, now=now)
    return True


def _award_again(attribution: Attribution, effect: AnnulmentEffect, reason: str, officer: User, now: datetime) -> bool:
    """Put back the lines that fell with the finding, beside those that stand now."""
    assert attribution.entry is not None  # constraint effect_is_an_entry_in_the_ledger
    before, now_standing = effect.entry_before, standing_entry(attribution.entry)
    if before is None or before.pk == now_standing.pk:
        return False
    lines = lines_with(attribution, before, now_standing, effect.annulment)
    standing = reinstating.reinstate_award(entry=attribution.entry, lines=lines, reason=reason, by=officer, now=now)
    conducts = {line.conduct for line in lines}
    ScoredConduct.objects.filter(
        attribution=attribution, conduct__in=conducts, released_at=effect.annulment.recorded_at
    ).update(released_at=None)
    _record(attribution, Action.REINSTATE, reason, officer, now)
    annulment_notices.tell_reinstated(attribution=attribution, annulment=effect.annulment, standing=standing, now=now)
    return True


def lines_with(
    attribution: Attribution, before: PointsEntry, standing: PointsEntry, annulment: Annulment
) -> list[effects.AwardLine]:
    """Return the lines that stand, and those of the finding put back, with the points that they had."""
    worth = {str(row["key"]): int(str(row["points"])) for row in before.lines}
    back = {str(line.pk) for line in stored_lines(attribution) if line.finding_id == annulment.finding_id}
    points = {key: value for key, value in worth.items() if key in back}
    points |= {str(row["key"]): int(str(row["points"])) for row in standing.lines}
    return effects.lines_worth(attribution, points)


def _record(attribution: Attribution, action: Action, reason: str, officer: User, now: datetime) -> None:
    audit.record_event(
        action="attribution.reinstated",
        subject=attribution,
        by=officer,
        now=now,
        detail={"to": attribution.state, "by": action.value, "case": attribution.case.number},
        reason=reason,
        region=attribution.case.region_id,
    )
