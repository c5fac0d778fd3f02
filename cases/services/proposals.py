"""Drafting, changing and proposing what a person is held responsible for."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.concern_texts import as_errors, together
from cases.errors import ProposalRefused
from cases.models import Attribution, CaseFile
from cases.policy.suggestion import Assessment, Severity, is_disadvantage
from cases.selectors.assessments import assess_attribution, plain_lines
from cases.services import lines as line_rows
from cases.services import moves
from cases.services.lines import LineInput
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.json_types import Json
from institutions.models import Practitioner, User
from institutions.permissions import Permission, ensure_permission, has_permission
from institutions.services import audit, practitioners

EVIDENCE_RULE = "design: at least one piece of evidence per person"
BASIS_RULE = "design: no basis, no points"


@transaction.atomic
def create_draft(
    *,
    case: CaseFile,
    practitioner: Practitioner,
    lines: Sequence[LineInput],
    months: int | None = None,
    countersign_reason: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Open a draft for one person in one case and return it.

    `months` is the term chosen for a suspension, `countersign_reason` why points or term step outside the suggested
    range, if they do. Refuses a person who has an attribution in this case already, and lines that name what the case
    does not hold.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=case.region_id)
    locked = moves.lock_case(case.pk)
    ensure_basis_stands(locked)
    if Attribution.objects.filter(case=locked, practitioner=practitioner).exists():
        raise WrongState(
            _("This person has an attribution in this case already."),
            rule="design: one attribution per person and case",
            next_step=_("Change the lines of that attribution, or take it up again if it was withdrawn."),
        )
    return write_draft(locked, practitioner, lines, months, countersign_reason, by=by, now=now)


@transaction.atomic
def create_draft_provisionally(
    *,
    case: CaseFile,
    name: str,
    category: str,
    code: str | None = None,
    lines: Sequence[LineInput],
    months: int | None = None,
    countersign_reason: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Open a draft for somebody whom no roster names, made a provisional person in the same act; return it.

    Refuses what `practitioners.create_provisional` and `create_draft` refuse; then the person is not made either.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=case.region_id)
    locked = moves.lock_case(case.pk)
    person = practitioners.create_provisional(
        name=name, category=category, institution=locked.institution, code=code or None, by=by, now=now
    )
    return create_draft(
        case=locked,
        practitioner=person,
        lines=lines,
        months=months,
        countersign_reason=countersign_reason,
        by=by,
        now=now,
    )


def write_draft(
    case: CaseFile,
    practitioner: Practitioner,
    lines: Sequence[LineInput],
    months: int | None,
    countersign_reason: str,
    *,
    by: User | None,
    now: datetime,
) -> Attribution:
    """Write a draft whose permission, lock and uniqueness the caller has seen to; return it."""
    attribution = Attribution(
        case=case, practitioner=practitioner, months=months, countersign_reason=countersign_reason.strip()
    )
    resolved = line_rows.resolve(attribution, lines)
    attribution.save(force_insert=True)
    line_rows.write(attribution, resolved)
    _record("attribution.drafted", attribution, by, now)
    return attribution


@transaction.atomic
def edit_lines(
    *,
    attribution: Attribution,
    lines: Sequence[LineInput],
    months: int | None,
    countersign_reason: str = "",
    seen: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Replace the lines, the term and the reason for stepping outside; return the attribution.

    `seen` is the version that lay before the officer (`selectors.versions`); where somebody has changed it since, the
    change is refused (`ChangedMeanwhile`) and nothing is overwritten. A draft is changed freely. A change to a proposal
    makes a new proposal by whoever changed it, and voids the countersignature under the one before, which is kept. Once
    the person was told, a change to their disadvantage goes back to `proposed`: they are told anew and have a new
    window.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    moves.ensure_unchanged(attribution, seen)
    moves.ensure_can(attribution, Action.EDIT)
    ensure_basis_stands(attribution.case)
    resolved = line_rows.resolve(attribution, lines)
    before, told = line_rows.snapshot(attribution), attribution.state == State.INTENT_SERVED
    if told and is_disadvantage(
        plain_lines(attribution), [item.plain for item in resolved], (attribution.months, months)
    ):
        attribution.state = moves.ensure_can(attribution, Action.RETURN).value
        attribution.save(update_fields=["state"])
    attribution.months, attribution.countersign_reason = months, countersign_reason.strip()
    attribution.save(update_fields=["months", "countersign_reason"])
    line_rows.write(attribution, resolved)
    if attribution.state != State.DRAFT:
        _propose(attribution, State(attribution.state), moves.ensure_officer(by), now)
    _record("attribution.edited", attribution, by, now, before=before)
    return attribution


@transaction.atomic
def propose(*, attribution: Attribution, seen: str = "", by: User | None, now: datetime) -> Attribution:
    """Put a draft forward as this officer's proposal and return it.

    `seen` as in `edit_lines`. Refuses what the rulebook in force refuses (unknown clause, basis not accepted, nothing
    to score), a person to whom no evidence is tied, and a case whose basis was annulled. What only needs a
    countersignature passes.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    moves.ensure_unchanged(attribution, seen)
    state = moves.ensure_can(attribution, Action.PROPOSE)
    ensure_basis_stands(attribution.case)
    _propose(attribution, state, officer, now)
    _record("attribution.proposed", attribution, by, now)
    return attribution


@transaction.atomic
def return_for_changes(*, attribution: Attribution, reason: str, by: User | None, now: datetime) -> Attribution:
    """Take an attribution back to `proposed` after the person was told, and return it.

    Either officer may. The person is told anew of whatever is proposed then, with a new window.
    """
    region = attribution.case.region_id
    decides = by is not None and has_permission(by, Permission.ATTRIBUTION_DECIDE, region=region)
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE if decides else Permission.ATTRIBUTION_PROPOSE, region=region)
    attribution = moves.lock(attribution)
    attribution.state = moves.ensure_can(attribution, Action.RETURN).value
    reason = moves.ensure_text(reason, _("The reason"), "design: a change is explained")
    attribution.save(update_fields=["state"])
    _record("attribution.returned", attribution, by, now, reason=reason)
    return attribution


def ensure_admissible(assessment: Assessment) -> None:
    """Raise `ProposalRefused` where the rulebook refuses the proposal."""
    refused = assessment.of(Severity.REFUSAL)
    if refused:
        raise ProposalRefused(
            together(refused),
            rule=", ".join(dict.fromkeys(concern.rule.value for concern in refused)),
            errors=as_errors(assessment.concerns),
            next_step=_("Correct the lines, or set the attribution aside."),
        )


def _propose(attribution: Attribution, state: State, officer: User, now: datetime) -> None:
    """Freeze the lines as this officer's proposal, in the state that follows."""
    moves.ensure_no_expert(attribution, officer)
    if not line_rows.has_evidence(attribution):
        raise RuleRefused(
            _("No evidence ties this person to a finding."),
            rule=EVIDENCE_RULE,
            state=attribution.state,
            next_step=_("Add evidence to at least one line."),
        )
    assessed = assess_attribution(attribution, on=local_date(now))
    ensure_admissible(assessed.assessment)
    line_rows.freeze(attribution, assessed.assessment.points, by=officer, now=now)
    attribution.state, attribution.proposed_by, attribution.proposed_at = state.value, officer, now
    attribution.save(update_fields=["state", "proposed_by", "proposed_at"])


def ensure_basis_stands(case: CaseFile) -> None:
    """Raise `WrongState` where the decision was annulled, or the case was closed or its import taken back."""
    if case.closings.filter(reopened_at__isnull=True).exists():
        raise WrongState(
            _("This case was closed: nobody is scored in it."),
            rule=BASIS_RULE,
            state="closed",
            next_step=_("Have it opened again by an officer who decides."),
        )
    if case.is_withdrawn:
        raise WrongState(
            _("This case was withdrawn: its import was taken back."),
            rule=BASIS_RULE,
            state="withdrawn",
            next_step=_("Import the case again."),
        )
    if case.basis.is_annulled:
        raise WrongState(
            _("The basis of this case was annulled on %(day)s.") % {"day": case.basis.annulled_on},
            rule=BASIS_RULE,
            state="annulled",
            next_step=_("Open a new case on the decision that replaced it, if there is one."),
        )


def _record(
    action: str,
    attribution: Attribution,
    by: User | None,
    now: datetime,
    *,
    reason: str = "",
    before: list[dict[str, Json]] | None = None,
) -> None:
    detail: dict[str, Json] = {"case": attribution.case.number, "lines": line_rows.snapshot(attribution)}
    audit.record_event(
        action=action,
        subject=attribution,
        by=by,
        now=now,
        detail=detail if before is None else detail | {"before": before},
        reason=reason,
        region=attribution.case.region_id,
    )
