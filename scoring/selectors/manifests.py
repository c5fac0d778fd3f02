"""The restoration manifest (M1): every effect of a decision, each undone and ticked; none may be left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scoring.consequences.registry import REGISTRY, kind_of
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, PointsEntry


@dataclass(frozen=True)
class ManifestLine:
    """One effect in the active language: its kind, what it was, when it was caused, when and how it was undone."""

    kind: str
    label: str
    what: str
    target: str
    caused_at: datetime
    reversed_at: datetime | None
    how: str

    @property
    def is_open(self) -> bool:
        """Whether nothing has undone the effect."""
        return self.reversed_at is None


@dataclass(frozen=True)
class Claim:
    """Days at a site that can be claimed again; both included."""

    code: str
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Manifest:
    """The effects of a decision: of its award and of each that took its place. ``is_undone``: nothing of it stands."""

    case_reference: str
    points: int
    points_left: int
    lines: tuple[ManifestLine, ...]
    claims_to_resubmit: tuple[Claim, ...]

    @property
    def is_undone(self) -> bool:
        """Whether the whole decision fell."""
        return self.points_left == 0

    @property
    def open_count(self) -> int:
        """How many effects of what fell are still open; of a decision that stands its effects are no open lines."""
        return sum(line.is_open for line in self.lines)


def restoration_manifest(entry: PointsEntry) -> Manifest:
    """Return what the decision behind an award caused and how it was undone, in the active language.

    It covers the whole chain of the decision. Effects of an award that stands now are left out: there is nothing to
    undo about them.
    """
    chain = _chain(entry)
    fallen = {award.pk for award in chain if hasattr(award, "reversal")}
    rows = Consequence.objects.filter(entry__in=fallen).select_related("entry", "reversal")
    ordered = sorted(rows, key=lambda row: (_rank(row.kind), row.caused_at, row.target))
    return Manifest(
        case_reference=chain[0].case_reference,
        points=chain[0].points,
        points_left=sum(award.points for award in chain if award.pk not in fallen),
        lines=tuple(_line(row) for row in ordered),
        claims_to_resubmit=tuple(_claim(row) for row in ordered if row.kind == ConsequenceKind.CLAIMS),
    )


def _chain(entry: PointsEntry) -> Sequence[PointsEntry]:
    """The first award of a decision and all that took its place."""
    while entry.replaces is not None:
        entry = entry.replaces
    chain = [entry]
    while True:
        following = PointsEntry.objects.filter(replaces=chain[-1]).select_related("reversal").first()
        if following is None:
            return chain
        chain.append(following)


def _rank(kind: str) -> int:
    return list(REGISTRY).index(ConsequenceKind(kind))


def _line(row: Consequence) -> ManifestLine:
    kind = kind_of(row.kind)
    tick = getattr(row, "reversal", None)
    return ManifestLine(
        kind=row.kind,
        label=row.get_kind_display(),
        what=kind.what(row),
        target=row.target,
        caused_at=row.caused_at,
        reversed_at=tick.reversed_at if tick else None,
        how=kind.how(row, tick.detail) if tick else "",
    )


def _claim(row: Consequence) -> Claim:
    facts = row.detail
    first, last = (date.fromisoformat(str(facts[edge])) for edge in ("from", "until"))
    return Claim(str(facts["code"]), str(facts["name"]), first, last)
