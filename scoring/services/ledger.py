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
from scoring.consequences.registry import ENTRY
from scoring.enums import EntryKind
from scoring.errors import NotAnOpenAward, NothingToScore, SourceKeyTaken
from scoring.models import PointsEntry
from scoring.policy.awarding import AwardPoints, Line, lines_to_points
from scoring.policy.rulebook import Rulebook
from scoring.selectors.accounts import load_account
from scoring.selectors.rulebooks import rulebook_of, version_for
from scoring.services import measures, status_notices, undoing
from scoring.services.corrections import REVERSED, VARIED


@dataclass(frozen=True)
class AwardLine:
    """One line of a decision as the ledger keeps it: the act, the clause, the degree, the points.

    ``from_on``/``to_on`` bound the act (both included), ``amount`` is in yuan, ``articles`` are those of
    the fund Regulation that the basis rests on. ``key`` is what the caller calls the line.
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
    key: str = ""
    basis: str = ""


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
    awarded = added_up(lines, rulebook_of(version))
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
    before = load_account(entry.practitioner)
    reversal = insert_reversal(entry, reason, by, instant)
    undoing.follow(
        undone=entry, reversal=reversal, standing=None, outcome=REVERSED, before=before, by=by, now=now, instant=instant
    )
    record("points.reversed", reversal, by, now, reason)
    _publish_soon()
    return reversal


@transaction.atomic
def vary_award(
    *,
    entry: PointsEntry,
    points: int | None = None,
    lines: Sequence[AwardLine] | None = None,
    reason: str,
    by: User | None,
    now: datetime,
) -> PointsEntry:
    """Replace an award by one with the same dates and less: fewer points, or fewer lines; return the new award.

    What is left is given by its ``lines``, whose points the rulebook of the award adds up, or by ``points`` alone (at
    least 1). A second call with the same returns the first replacement. Refuses NotAnOpenAward for anything but a
    standing award, for more points, and where neither points nor lines fall.
    """
    instant = measures.lock(entry.practitioner, now)
    left = _left(entry, points, lines)
    done = PointsEntry.objects.filter(replaces=entry, points=left.points, lines=left.lines).first()
    if done is not None:
        return done
    _ensure_standing(entry)
    fewer = left.points < entry.points or (left.points == entry.points and len(left.lines) < len(entry.lines))
    if left.points < 1 or not fewer:
        raise NotAnOpenAward(
            _("A variation needs at least 1 and fewer than %(points)d points.") % {"points": entry.points},
            rule="variation",
            state=f"{entry.points} points",
        )
    before = load_account(entry.practitioner)
    reversal = insert_reversal(entry, reason, by, instant)
    varied = insert_in_place(entry, entry, left, reason, by, instant)
    undoing.follow(
        undone=entry, reversal=reversal, standing=varied, outcome=VARIED, before=before, by=by, now=now, instant=instant
    )
    record("points.varied", varied, by, now, reason)
    _publish_soon()
    return varied


@dataclass(frozen=True)
class Left:
    """What an award comes to: points, points in one go, and its lines as they are kept for display."""

    points: int
    single_points: int
    lines: list[JsonObject]


def _left(entry: PointsEntry, points: int | None, lines: Sequence[AwardLine] | None) -> Left:
    if lines is not None:
        return left_by_lines(entry, lines)
    if points is None:
        raise ValueError("a variation is given by its lines or by its points")
    return Left(points, min(points, entry.single_points or points), entry.lines)


def left_by_lines(entry: PointsEntry, lines: Sequence[AwardLine]) -> Left:
    """What these lines come to by the rulebook of an award, never more than it had."""
    awarded = added_up(lines, rulebook_of(entry.rulebook))
    points = min(awarded.points, entry.points)
    return Left(points, min(points, awarded.single_points), _snapshot(lines, awarded))


def added_up(lines: Sequence[AwardLine], rulebook: Rulebook) -> AwardPoints:
    """Return what the lines of one decision come to under a rulebook."""
    return lines_to_points(
        plain_lines(lines),
        rulebook,
        frozenset(x.conduct for x in lines if x.already_scored),
    )


def plain_lines(lines: Sequence[AwardLine]) -> list[Line]:
    """Return the lines as the rules take them."""
    return [Line(x.conduct, x.points, x.from_on, x.to_on, str(i)) for i, x in enumerate(lines)]


def insert_in_place(
    place: PointsEntry,
    like: PointsEntry,
    left: Left,
    reason: str,
    by: User | None,
    instant: datetime,
    *,
    reinstates: bool = False,
) -> PointsEntry:
    """Insert the award that takes the place of ``place``, with the dates and rules of ``like``."""
    return PointsEntry.objects.create(
        practitioner=like.practitioner,
        kind=EntryKind.AWARD,
        points=left.points,
        single_points=left.single_points,
        months=like.months,
        year=like.year,
        effective_on=like.effective_on,
        scored_on=like.scored_on,
        articles=like.articles,
        lines=left.lines,
        rulebook=like.rulebook,
        institution=like.institution,
        case_reference=like.case_reference,
        source_key=_next_key(place),
        replaces=place,
        reinstates=like if reinstates else None,
        reason=reason,
        recorded_at=instant,
        recorded_by=by,
    )


def _after_posting(entry: PointsEntry, by: User | None, now: datetime) -> None:
    record("points.awarded", entry, by, now, "")
    ENTRY.cause(entry=entry, thing=entry, now=now)
    refreshed = measures.refresh(practitioner=entry.practitioner, cause=entry, by=by, now=now)
    status_notices.tell_after_award(entry=entry, refreshed=refreshed, now=now)


def _publish_soon() -> None:
    """Have scorecards and notices out at once; awards are posted in batches, which wake the worker once."""
    wake_up.after_commit("scoring.publish_scorecards")
    wake_up.after_commit("institutions.deliver_notices")


def insert_reversal(entry: PointsEntry, reason: str, by: User | None, now: datetime) -> PointsEntry:
    """Insert the exact negative of an award."""
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


def record(action: str, entry: PointsEntry, by: User | None, now: datetime, reason: str) -> None:
    """Write the act on the ledger down for auditors."""
    region = entry.institution.region_id if entry.institution else ""
    detail: JsonObject = {
        "points": entry.points,
        "year": entry.year,
        "effective_on": entry.effective_on.isoformat(),
        "source_key": entry.source_key,
        "practitioner": str(entry.practitioner_id),
    }
    audit.record_event(action=action, subject=entry, by=by, now=now, detail=detail, reason=reason, region=region)
