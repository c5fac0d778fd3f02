"""The ledger: posting awards, undoing them, replacing them with fewer points.

Callers check the permission, since the right to act lies with the cause (a decision, an appeal). Every
service locks the person first, then asks whether the same cause was posted before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.json_types import JsonObject
from institutions.models import Institution, Practitioner, User
from institutions.services import audit, wake_up
from scoring.enums import ConsequenceKind, EntryKind
from scoring.errors import NotAnOpenAward, NothingToScore, SourceKeyTaken
from scoring.models import PointsEntry
from scoring.policy.awarding import AwardPoints, Line, lines_to_points
from scoring.selectors.rulebooks import rulebook_of, version_for
from scoring.services import consequences, measures, status_notices


@dataclass(frozen=True)
class AwardLine:
    """One line of a decision as the ledger keeps it: the act, the clause, the degree, the points.

    ``from_on``/``to_on`` bound the act (both included), ``amount`` is in yuan, ``articles`` are those of
    the fund Regulation that the basis rests on.
    """

    conduct: str
    clause: str
    degree: str
    points: int
    from_on: date | None = None
    to_on: date | None = None
    finding_title: str = ""
    amount: Decimal | None = None
    articles: tuple[int, ...] = ()
    already_scored: bool = False


@transaction.atomic
def record_award(
    *,
    practitioner: Practitioner,
    source_key: str,
    case_reference: str,
    institution: Institution,
    effective_on: date,
    scored_on: date,
    lines: Sequence[AwardLine],
    months: int | None,
    by: User | None,
    now: datetime,
) -> PointsEntry:
    """Post the points of one decision for one person and everything that follows; return the entry.

    The rulebook is the one that governs the institution's region on ``effective_on``. A second call
    with the same ``source_key`` returns the first entry. Refuses NothingToScore when no line counts
    (with each line's reason) and SourceKeyTaken when the key was used for other facts.
    """
    instant = measures.lock(practitioner, now)
    version = version_for(institution.region_id, effective_on)
    awarded = lines_to_points(
        [Line(x.conduct, x.points, x.from_on, x.to_on, str(i)) for i, x in enumerate(lines)],
        rulebook_of(version),
        frozenset(x.conduct for x in lines if x.already_scored),
    )
    posted = PointsEntry.objects.filter(source_key=source_key).first()
    if posted is not None:
        return _same_facts(posted, practitioner, awarded, effective_on)
    if awarded.points < 1:
        raise NothingToScore(
            _("No line of this decision adds points."),
            rule="conduct_cutoff, same_conduct",
            errors=[{"line": d.line.key, "rule": d.rule, "reason": d.reason} for d in awarded.dropped],
            next_step=_("Set the attribution aside, or correct the dates of the findings."),
        )
    entry = PointsEntry.objects.create(
        practitioner=practitioner,
        kind=EntryKind.AWARD,
        points=awarded.points,
        single_points=awarded.single_points,
        months=months,
        year=scored_on.year,
        effective_on=effective_on,
        scored_on=scored_on,
        articles=sorted({a for x in lines for a in x.articles}),
        lines=_snapshot(lines, awarded),
        rulebook=version,
        institution=institution,
        case_reference=case_reference,
        source_key=source_key,
        recorded_at=instant,
        recorded_by=by,
    )
    _after_posting(entry, by, instant)
    return entry


@transaction.atomic
def reverse_award(*, entry: PointsEntry, reason: str, by: User | None, now: datetime) -> PointsEntry:
    """Undo an award as though it had never been, past days included; return the reversing entry.

    A second call returns the first reversal. ``reason`` is required. Refuses NotAnOpenAward for
    anything but an award that still stands.
    """
    instant = measures.lock(entry.practitioner, now)
    done = PointsEntry.objects.filter(reverses=entry).first()
    if done is not None and not hasattr(entry, "replacement"):
        return done
    _ensure_standing(entry)
    reversal = _insert_reversal(entry, reason, by, instant)
    status_notices.correct(entry=entry, reversal=reversal, now=now)
    measures.refresh(practitioner=entry.practitioner, cause=reversal, by=by, now=instant)
    consequences.reverse_all(entry=entry, reversal=reversal, now=now)
    _record("points.reversed", reversal, by, now, reason)
    _publish_soon()
    return reversal


@transaction.atomic
def vary_award(*, entry: PointsEntry, points: int, reason: str, by: User | None, now: datetime) -> PointsEntry:
    """Replace an award by one with the same dates and fewer points (at least 1); return the new award.

    A second call with the same points returns the first replacement. Refuses NotAnOpenAward for
    anything but a standing award and for points that are not fewer.
    """
    instant = measures.lock(entry.practitioner, now)
    done = PointsEntry.objects.filter(replaces=entry, points=points).first()
    if done is not None:
        return done
    _ensure_standing(entry)
    if not 1 <= points < entry.points:
        raise NotAnOpenAward(
            _("A variation needs at least 1 and fewer than %(points)d points.") % {"points": entry.points},
            rule="variation",
            state=f"{entry.points} points",
        )
    reversal = _insert_reversal(entry, reason, by, instant)
    varied = PointsEntry.objects.create(
        practitioner=entry.practitioner,
        kind=EntryKind.AWARD,
        points=points,
        single_points=min(points, entry.single_points or points),
        months=entry.months,
        year=entry.year,
        effective_on=entry.effective_on,
        scored_on=entry.scored_on,
        articles=entry.articles,
        lines=entry.lines,
        rulebook=entry.rulebook,
        institution=entry.institution,
        case_reference=entry.case_reference,
        source_key=_next_key(entry),
        replaces=entry,
        reason=reason,
        recorded_at=instant,
        recorded_by=by,
    )
    status_notices.correct(entry=entry, reversal=reversal, now=now)
    consequences.note(entry=varied, kind=ConsequenceKind.ENTRY, target=str(varied.id), now=now)
    measures.refresh(practitioner=entry.practitioner, cause=varied, by=by, now=instant)
    consequences.reverse_all(entry=entry, reversal=reversal, now=now)
    _record("points.varied", varied, by, now, reason)
    _publish_soon()
    return varied


def _after_posting(entry: PointsEntry, by: User | None, now: datetime) -> None:
    _record("points.awarded", entry, by, now, "")
    consequences.note(entry=entry, kind=ConsequenceKind.ENTRY, target=str(entry.id), now=now)
    refreshed = measures.refresh(practitioner=entry.practitioner, cause=entry, by=by, now=now)
    status_notices.tell_after_award(entry=entry, refreshed=refreshed, now=now)


def _publish_soon() -> None:
    """Have scorecards and notices out at once; awards are posted in batches, which wake the worker once."""
    wake_up.after_commit("scoring.publish_scorecards")
    wake_up.after_commit("institutions.deliver_notices")


def _insert_reversal(entry: PointsEntry, reason: str, by: User | None, now: datetime) -> PointsEntry:
    return PointsEntry.objects.create(
        practitioner=entry.practitioner,
        kind=EntryKind.REVERSAL,
        points=-entry.points,
        year=entry.year,
        effective_on=local_date(now),
        rulebook=entry.rulebook,
        institution=entry.institution,
        case_reference=entry.case_reference,
        source_key=f"{entry.source_key}:reversal",
        reverses=entry,
        reason=reason,
        recorded_at=now,
        recorded_by=by,
    )


def _ensure_standing(entry: PointsEntry) -> None:
    if entry.kind != EntryKind.AWARD or PointsEntry.objects.filter(reverses=entry).exists():
        raise NotAnOpenAward(
            _("Only a standing award can be undone or varied."),
            rule="one reversal per award",
            state=f"{entry.kind} {entry.source_key}",
            next_step=_("Act on the award that replaced it, if there is one."),
        )


def _next_key(entry: PointsEntry) -> str:
    """``attribution:<uuid>`` → ``attribution:<uuid>:2`` → ``:3``: n counts the variations."""
    root, n = entry.source_key, 1
    if entry.replaces_id is not None:
        root, _sep, count = entry.source_key.rpartition(":")
        n = int(count)
    return f"{root}:{n + 1}"


def _same_facts(
    posted: PointsEntry, practitioner: Practitioner, awarded: AwardPoints, effective_on: date
) -> PointsEntry:
    same = (posted.practitioner_id, posted.points, posted.effective_on)
    if same == (practitioner.id, awarded.points, effective_on):
        return posted
    raise SourceKeyTaken(
        _("%(key)s was posted with %(points)d points effective on %(on)s.")
        % {"key": posted.source_key, "points": posted.points, "on": posted.effective_on},
        rule="idempotency key",
        next_step=_("Reverse or vary that entry; a cause is posted once."),
    )


def _snapshot(lines: Sequence[AwardLine], awarded: AwardPoints) -> list[JsonObject]:
    """The lines for display, with what each added and why not."""
    reasons = {d.line.key: {"rule": d.rule, "reason": d.reason} for d in awarded.dropped}
    rows: list[JsonObject] = []
    for index, line in enumerate(lines):
        facts = {k: v for k, v in asdict(line).items() if k not in ("articles", "already_scored")}
        row: dict[str, object] = {k: _plain(v) for k, v in facts.items()}
        row["dropped"] = reasons.get(str(index))
        rows.append(row)  # type: ignore[arg-type]
    return rows


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _record(action: str, entry: PointsEntry, by: User | None, now: datetime, reason: str) -> None:
    region = entry.institution.region_id if entry.institution else ""
    detail: JsonObject = {
        "points": entry.points,
        "year": entry.year,
        "effective_on": entry.effective_on.isoformat(),
        "source_key": entry.source_key,
        "practitioner": str(entry.practitioner_id),
    }
    audit.record_event(action=action, subject=entry, by=by, now=now, detail=detail, reason=reason, region=region)
