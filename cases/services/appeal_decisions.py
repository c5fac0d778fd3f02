"""The outcome of an appeal, always with reasons, and what follows from it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Appeal, Attribution, AttributionLine, VariedLine
from cases.models.appeal import FIRST_LEVEL
from cases.models.appeal_choices import DECIDED_OUTCOMES, REFUSALS, Outcome
from cases.selectors import appeals as appeal_selectors
from cases.selectors.entries import standing_entry
from cases.services import appeal_moves, appeal_notices, appeal_stays, moves, undoing
from cases.states.appeal import Action
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.json_types import Json
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import calendar
from scoring.models import PointsEntry
from scoring.services import ledger

VARIATION_RULE = "design: a variation gives fewer points, at least 1"

DECISION_COLUMNS = (
    "state",
    "outcome",
    "outcome_reasons",
    "points_before",
    "points_after",
    "decided_at",
    "decided_by",
    "second_level_until_on",
)

PointsByLine = Mapping[int, int]


@transaction.atomic
def decide(
    *,
    appeal: Appeal,
    outcome: Outcome | str,
    reasons: str,
    points_by_line: PointsByLine | None = None,
    by: User | None,
    now: datetime,
) -> Appeal:
    """Decide an appeal with reasons, as the officer to whom it is assigned; return it.

    `inadmissible` before it is accepted; `upheld`, `overturned` or `varied` once it was. `overturned` undoes the
    decision with everything it caused; `varied` replaces its award by one with the points that each line keeps
    (`points_by_line` by the line's id; lines not named keep theirs, 0 lets a line fall). The same outcome with the same
    reasons again changes nothing. Refuses anybody else, empty reasons, and a variation that takes nothing away or
    leaves nothing.
    """
    officer = appeal_moves.deciding_officer(appeal, by)
    appeal = appeal_moves.lock(appeal)
    if (appeal.outcome, appeal.outcome_reasons, appeal.decided_by_id) == (str(outcome), reasons.strip(), officer.pk):
        return appeal
    if outcome not in DECIDED_OUTCOMES:
        raise RuleRefused(
            _("%(value)s is not an outcome; one of %(allowed)s.")
            % {"value": outcome, "allowed": ", ".join(item.value for item in DECIDED_OUTCOMES)},
            rule=appeal_moves.REASONS_RULE,
        )
    outcome = Outcome(outcome)
    state = appeal_moves.ensure_can(
        appeal, Action.FIND_INADMISSIBLE if outcome is Outcome.INADMISSIBLE else Action.DECIDE
    )
    appeal_moves.ensure_assigned(appeal, officer)
    reasons = moves.ensure_text(reasons, _("The reasons of the outcome"), appeal_moves.REASONS_RULE)
    before = _standing(appeal.attribution)
    varied = _variation(appeal.attribution, before, points_by_line or {}) if outcome is Outcome.VARIED else {}
    appeal.state, appeal.outcome, appeal.outcome_reasons = state.value, outcome.value, reasons
    appeal.points_before = before.points if before else None
    appeal.points_after = _points_after(appeal.attribution, before, outcome, varied)
    appeal.decided_at, appeal.decided_by = now, officer
    appeal.second_level_until_on = _second_level_until(appeal, now)
    appeal.save(update_fields=DECISION_COLUMNS)
    detail: dict[str, Json] = {"outcome": outcome.value, "before": appeal.points_before, "after": appeal.points_after}
    appeal_moves.record("decided", appeal, by, now, detail, reason=reasons)
    _CONSEQUENCES[outcome](appeal, varied, officer, now)
    appeal_notices.tell_outcome(appeal=appeal, now=now)
    return appeal


@transaction.atomic
def close_as_moot(*, attribution: Attribution, reason: str, by: User | None, now: datetime) -> Appeal | None:
    """Close the open appeal against a decision that fell for another reason; return it, or None where none is open.

    For the services that let a decision fall (an annulled basis); the right to act lies with that cause.
    """
    moves.lock(attribution)
    standing = appeal_selectors.open_appeal(attribution)
    if standing is None:
        return None
    appeal = appeal_moves.lock(standing)
    state = appeal_moves.ensure_can(appeal, Action.CLOSE_AS_MOOT)
    reason = moves.ensure_text(reason, _("The reason"), appeal_moves.REASONS_RULE)
    appeal_moves.close(appeal, state, Outcome.MOOT, reason, now)
    appeal_moves.record("moot", appeal, by, now, reason=reason)
    appeal_stays.close_flag(appeal, by=by, now=now)
    appeal_notices.tell_outcome(appeal=appeal, now=now)
    return appeal


def preview_points(*, appeal: Appeal, points_by_line: PointsByLine, by: User | None) -> int:
    """Return the points of the whole that a variation would leave, writing nothing; refuses as `decide` does."""
    ensure_permission(by, Permission.APPEAL_DECIDE, region=appeal.attribution.case.region_id)
    before = _standing(appeal.attribution)
    varied = _variation(appeal.attribution, before, points_by_line)
    after = _points_after(appeal.attribution, before, Outcome.VARIED, varied)
    assert after is not None  # _variation refuses where no award stands
    return after


def _standing(attribution: Attribution) -> PointsEntry | None:
    return standing_entry(attribution.entry) if attribution.entry is not None else None


def _variation(attribution: Attribution, before: PointsEntry | None, points_by_line: PointsByLine) -> dict[int, int]:
    """Return only the lines that lose points; refuse where nothing is in effect or nothing would change."""
    if before is None:
        raise WrongState(
            _("The decision is not in effect yet, so there is no award to vary."),
            rule=VARIATION_RULE,
            state=attribution.state,
            next_step=_("Accept the appeal, which puts the decision into effect."),
        )
    kept = undoing.lines_after(attribution, before, points_by_line)
    worth = points_now(before)
    varied = {line: points for line, points in points_by_line.items() if points < worth[line]}
    if not varied or not kept:
        raise RuleRefused(
            _("A variation takes points from at least one line and leaves at least 1 point."),
            rule=VARIATION_RULE,
            next_step=_("Uphold the decision, overturn it, or change the points."),
        )
    return varied


def points_now(entry: PointsEntry) -> dict[int, int]:
    """Return what each line of a standing award is worth, by the line's id."""
    return {int(str(row["key"])): int(str(row["points"])) for row in entry.lines}


def _points_after(
    attribution: Attribution, before: PointsEntry | None, outcome: Outcome, varied: PointsByLine
) -> int | None:
    if outcome is Outcome.OVERTURNED:
        return 0
    if before is None or outcome is not Outcome.VARIED:
        return before.points if before else None
    left = ledger.left_by_lines(before, undoing.lines_after(attribution, before, varied))
    if left.points < before.points or len(left.lines) < len(before.lines):
        return left.points
    raise RuleRefused(
        _("These lines still come to %(points)s points.") % {"points": left.points},
        rule=VARIATION_RULE,
        next_step=_("Several lines about one act count once, at the highest: vary each of them."),
    )


def _second_level_until(appeal: Appeal, now: datetime) -> date | None:
    rule = appeal_selectors.appeal_rule(appeal.attribution)
    if appeal.level != FIRST_LEVEL or appeal.outcome not in REFUSALS or rule is None:
        return None
    return calendar.deadline(local_date(now), rule.second_level_working_days).on


def _uphold(appeal: Appeal, varied: PointsByLine, officer: User, now: datetime) -> None:
    appeal_stays.end(appeal, by=officer, now=now)


def _overturn(appeal: Appeal, varied: PointsByLine, officer: User, now: datetime) -> None:
    undoing.set_aside_attribution(attribution=appeal.attribution, reason=appeal.outcome_reasons, by=officer, now=now)
    appeal_stays.close_flag(appeal, by=officer, now=now)


def _vary(appeal: Appeal, varied: PointsByLine, officer: User, now: datetime) -> None:
    before = _standing(appeal.attribution)
    assert before is not None  # _variation refused it otherwise
    worth = points_now(before)
    undoing.vary_attribution(
        attribution=appeal.attribution, points_by_line=varied, reason=appeal.outcome_reasons, by=officer, now=now
    )
    VariedLine.objects.bulk_create(
        [
            VariedLine(appeal=appeal, line=line, points_before=worth[line.pk], points_after=varied[line.pk])
            for line in AttributionLine.objects.filter(attribution=appeal.attribution, pk__in=varied)
        ]
    )
    appeal_stays.close_flag(appeal, by=officer, now=now)


_CONSEQUENCES: Mapping[Outcome, Callable[[Appeal, PointsByLine, User, datetime], None]] = {
    Outcome.UPHELD: _uphold,
    Outcome.INADMISSIBLE: _uphold,
    Outcome.OVERTURNED: _overturn,
    Outcome.VARIED: _vary,
}
