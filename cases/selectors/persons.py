"""What the person behind a letter may know: the attribution it is about, the facts, the evidence they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from cases.models import (
    Attribution,
    AttributionLine,
    Decision,
    Evidence,
    IssuedLetter,
    RedactedCopy,
    Service,
    Statement,
)
from institutions.models import Notice, NoticeKind
from institutions.selectors.practitioners import record_ids

PREFIX = "attribution:"


@dataclass(frozen=True)
class Fact:
    """One line of an attribution as the person reads it."""

    title: str
    clause: str
    degree: str
    points: int
    from_on: date
    to_on: date
    amount: str
    reasoning: str


@dataclass(frozen=True)
class Piece:
    """A piece of evidence by its title; `copy` is the redacted copy that the person may open, None if none was made."""

    title: str
    copy: RedactedCopy | None


def attribution_of(notice: Notice) -> Attribution | None:
    """Return the attribution that a person's letter is about; None for a letter about no single attribution.

    Only of the person to whom the letter went, whichever of their records it stands on.
    """
    if notice.practitioner is None:
        return None
    letter = IssuedLetter.objects.filter(notice=notice).values_list("attribution_id", flat=True).first()
    wanted = letter or _named(notice)
    if wanted is None:
        return None
    rows = Attribution.objects.select_related(
        "case__basis", "case__institution__region", "practitioner", "entry__rulebook"
    )
    return rows.filter(pk=wanted, practitioner__in=record_ids(notice.practitioner)).first()


def letter_behind(notice: Notice) -> IssuedLetter | None:
    """Return the letter of the procedure that a notice is, with how it was served; None where it is none."""
    return IssuedLetter.objects.select_related("service").filter(notice=notice).first()


def service_of(letter: IssuedLetter) -> Service | None:
    """Return how a letter reached the person, None while it has not."""
    return Service.objects.filter(attribution=letter.attribution_id, kind=letter.kind, window=letter.window).first()


def may_read_decision(attribution: Attribution, notice: Notice) -> bool:
    """Say whether the person behind a letter may read the decision: it reached them, or this letter is the decision."""
    if attribution.decided_at is None:
        return False
    return (
        attribution.served_on is not None
        or attribution.decision == Decision.REJECTED
        or (notice.kind != NoticeKind.INTENT)
    )


def facts_of(attribution: Attribution) -> tuple[Fact, ...]:
    """Return the lines of an attribution in their order."""
    lines = AttributionLine.objects.filter(attribution=attribution).select_related("finding")
    return tuple(
        Fact(
            title=line.finding.title,
            clause=line.clause,
            degree=str(line.get_degree_display()),
            points=line.points,
            from_on=line.finding.from_on,
            to_on=line.finding.to_on,
            amount=f"{line.amount:,.2f}" if line.amount is not None else "",
            reasoning=line.reasoning,
        )
        for line in lines.order_by("finding__key", "clause")
    )


def evidence_of(attribution: Attribution) -> tuple[Piece, ...]:
    """Return the evidence on which an attribution rests, each with its latest redacted copy. Two queries."""
    copies = RedactedCopy.objects.order_by("-added_at", "-id")
    pieces = Evidence.objects.filter(lines__attribution=attribution).distinct().order_by("key")
    return tuple(
        Piece(piece.title, next(iter(piece.redacted_copies.all()), None))
        for piece in pieces.prefetch_related(Prefetch("redacted_copies", copies))
    )


def copy_for(attribution: Attribution, copy_id: UUID) -> RedactedCopy | None:
    """Return a redacted copy of evidence on which an attribution rests, None for any other."""
    rows = RedactedCopy.objects.filter(evidence__lines__attribution=attribution).select_related("evidence__case")
    return rows.filter(pk=copy_id).first()


def statements_of(attribution: Attribution) -> Sequence[Statement]:
    """Return what the person said about an attribution, the latest first, with the files."""
    return list(Statement.objects.filter(attribution=attribution).prefetch_related("files").order_by("-received_at"))


def _named(notice: Notice) -> UUID | None:
    """Return the attribution that the cause or the content of a notice names."""
    for text in (str(notice.payload.get("reference") or ""), _from_cause(notice.cause)):
        try:
            return UUID(text)
        except ValueError:
            continue
    return None


def _from_cause(cause: str) -> str:
    return cause.removeprefix(PREFIX).split(":")[0] if cause.startswith(PREFIX) else ""
