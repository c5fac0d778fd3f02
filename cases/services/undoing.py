"""A decision falls, whole or in part: what an appeal won and an annulled basis have in common.

Callers check the permission, since the right to act lies with the cause (an appeal, an annulment, a court). The award
is reversed or replaced in the ledger as though the part that fell had never been, past days included.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, ScoredConduct
from cases.selectors.entries import standing_entry
from cases.services import attribution_notices, effects, moves
from cases.states import Action, State
from institutions.errors import RuleRefused
from institutions.json_types import Json
from institutions.models import User
from institutions.services import audit
from scoring.models import PointsEntry
from scoring.services import ledger
from scoring.services.ledger import AwardLine

RULE = "design §5.7: undone as though it had never been"


@transaction.atomic
def set_aside_attribution(*, attribution: Attribution, reason: str, by: User | None, now: datetime) -> Attribution:
    """Undo an attribution whole, in whatever state it is, and close it as `set_aside`; return it as it then stands.

    The award in effect is reversed with everything it caused; the person's acts may be scored on another basis.
    A second call changes nothing. Refuses an empty reason, the system itself, and a rejected attribution (409).
    """
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    before = State(attribution.state)
    if before is State.SET_ASIDE:
        return attribution
    attribution.state = moves.ensure_can(attribution, Action.SET_ASIDE).value
    reason = moves.ensure_text(reason, _("The reason of setting aside"), RULE)
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


@transaction.atomic
def vary_attribution(
    *, attribution: Attribution, points_by_line: Mapping[int, int], reason: str, by: User | None, now: datetime
) -> PointsEntry:
    """Let part of a decision in effect fall; return the award that takes the place of the one that stood.

    `points_by_line` gives, by the line's id, the points that it keeps; 0 lets it fall, and lines not named keep theirs.
    The points of the whole follow by the rulebook of the award (one act counts once at its highest). A second call
    with the same points changes nothing. Refuses (409) a decision not in effect, and (422) an unknown line, more
    points than a line has, and a variation that leaves nothing (set it aside) or takes nothing away.
    """
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    moves.ensure_can(attribution, Action.VARY)
    reason = moves.ensure_text(reason, _("The reason of the variation"), RULE)
    assert attribution.entry is not None  # constraint effect_is_an_entry_in_the_ledger
    before = standing_entry(attribution.entry)
    kept = lines_after(attribution, before, points_by_line)
    varied = ledger.vary_award(entry=before, lines=kept, reason=reason, by=officer, now=now)
    if varied.pk == before.pk:
        return before
    _release(attribution, kept, now)
    audit.record_event(
        action="attribution.varied",
        subject=attribution,
        by=officer,
        now=now,
        detail={"case": attribution.case.number, "points_before": before.points, "points_after": varied.points},
        reason=reason,
        region=attribution.case.region_id,
    )
    return varied


def lines_after(attribution: Attribution, standing: PointsEntry, points_by_line: Mapping[int, int]) -> list[AwardLine]:
    """Return the lines of the standing award with the points they keep; refuse what is not a part of it."""
    now_worth = {str(row["key"]): int(str(row["points"])) for row in standing.lines}
    faults: list[dict[str, Json]] = []
    known = {line.key for line in effects.award_lines(attribution)}
    for line_id, points in points_by_line.items():
        worth = now_worth.get(str(line_id), 0)
        if str(line_id) not in known:
            faults.append({"line": line_id, "reason": _("is not a line of this decision")})
        elif not 0 <= points <= worth:
            faults.append(
                {"line": line_id, "reason": _("keeps at least 0 and at most %(worth)d points") % {"worth": worth}}
            )
    if faults:
        raise RuleRefused(_("The points by line are not valid."), rule=RULE, errors=faults)
    left = now_worth | {str(line_id): points for line_id, points in points_by_line.items()}
    return effects.lines_worth(attribution, {key: points for key, points in left.items() if points > 0})


def _release(attribution: Attribution, kept: list[AwardLine], now: datetime) -> None:
    """Acts of which no line is left may be scored on another basis."""
    claims = ScoredConduct.objects.filter(attribution=attribution, released_at__isnull=True)
    claims.exclude(conduct__in={line.conduct for line in kept}).update(released_at=now)
