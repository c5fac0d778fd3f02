"""Writing the lines of an attribution and freezing them as a proposal. Used by the services, not by doors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cases.models import (
    Annulment,
    Attribution,
    AttributionLine,
    Degree,
    Evidence,
    Finding,
    LineEvidence,
    Proposal,
)
from cases.models.attribution import REASONING_LENGTH_MIN
from cases.policy.factors import Factor
from cases.policy.suggestion import ProposedLine
from cases.selectors.assessments import stored_lines
from institutions.errors import Invalid
from institutions.json_types import Json
from institutions.models import User
from institutions.said import said as _


@dataclass(frozen=True)
class LineInput:
    """One finding scored under one clause, findings and evidence named by their keys in the case."""

    finding: str
    clause: str
    degree: str
    points: int
    reasoning: str
    amount: Decimal | None = None
    evidence: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResolvedLine:
    """A line with its finding and evidence found."""

    line: LineInput
    finding: Finding
    evidence: tuple[Evidence, ...]

    @property
    def plain(self) -> ProposedLine:
        """Return the line as the rules see it."""
        return ProposedLine(
            conduct=self.finding.conduct,
            clause=self.line.clause,
            degree=self.line.degree,
            points=self.line.points,
            from_on=self.finding.from_on,
            to_on=self.finding.to_on,
            factors=frozenset(self.line.factors),
        )


def resolve(attribution: Attribution, lines: Sequence[LineInput]) -> list[ResolvedLine]:
    """Find what the lines name; refuse, all places at once, what is unknown, twice, too short or not positive."""
    annulled = Annulment.objects.filter(case=attribution.case_id, reinstated_at__isnull=True)
    standing = attribution.case.findings.exclude(pk__in=annulled.filter(finding__isnull=False).values("finding_id"))
    findings = {finding.key: finding for finding in standing}
    evidence = {piece.key: piece for piece in attribution.case.evidence.all()}
    errors: list[dict[str, Json]] = []
    seen: set[tuple[str, str]] = set()
    if not lines:
        errors.append({"place": "lines", "message": _("at least one line is required")})
    for position, line in enumerate(lines):
        for place, message in _faults(line, findings, evidence, seen):
            errors.append({"place": f"lines[{position}].{place}", "message": message})
        seen.add((line.finding, line.clause))
    if errors:
        raise Invalid(_("The lines are not valid."), rule="attribution lines", errors=errors)
    return [ResolvedLine(line, findings[line.finding], tuple(evidence[key] for key in line.evidence)) for line in lines]


def _faults(
    line: LineInput, findings: dict[str, Finding], evidence: dict[str, Evidence], seen: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    if line.finding not in findings:
        faults.append(("finding", _("%(key)s is not a finding of this case") % {"key": line.finding}))
    if (line.finding, line.clause) in seen:
        faults.append(("clause", _("the same finding stands twice under the same clause")))
    if line.degree not in Degree.values:
        faults.append(("degree", _("%(value)s is not a degree of responsibility") % {"value": line.degree}))
    if line.points < 1:
        faults.append(("points", _("must be at least 1")))
    if len(line.reasoning.strip()) < REASONING_LENGTH_MIN:
        faults.append(("reasoning", _("must have at least %(least)s characters") % {"least": REASONING_LENGTH_MIN}))
    faults += [
        (f"evidence[{position}]", _("%(key)s is not evidence of this case") % {"key": key})
        for position, key in enumerate(line.evidence)
        if key not in evidence
    ]
    faults += [
        (f"factors[{position}]", _("%(value)s is not a circumstance that can be entered") % {"value": code})
        for position, code in enumerate(line.factors)
        if code not in set(Factor)
    ]
    return faults


def write(attribution: Attribution, resolved: Sequence[ResolvedLine]) -> None:
    """Make the stored lines equal to these; lines that stay keep their row and its history."""
    stored = {(line.finding_id, line.clause): line for line in attribution.lines.all()}
    wanted = {(item.finding.pk, item.line.clause) for item in resolved}
    for key, line in stored.items():
        if key not in wanted:
            LineEvidence.objects.filter(line=line).delete()
            line.delete()
    for item in resolved:
        _write_line(attribution, item, stored.get((item.finding.pk, item.line.clause)))


def remove_finding(attribution: Attribution, finding: Finding) -> None:
    """Take the lines about a finding out of what is not decided yet; their history stays."""
    lines = attribution.lines.filter(finding=finding)
    LineEvidence.objects.filter(line__in=lines).delete()
    lines.delete()


def _write_line(attribution: Attribution, item: ResolvedLine, stored: AttributionLine | None) -> None:
    line = stored or AttributionLine(attribution=attribution, finding=item.finding, clause=item.line.clause)
    line.degree = item.line.degree
    line.points = item.line.points
    line.amount = item.line.amount
    line.reasoning = item.line.reasoning.strip()
    line.factors = [factor.value for factor in Factor if factor in item.line.factors]
    line.save()
    linked = set(line.evidence_links.values_list("evidence_id", flat=True))
    wanted = {piece.pk for piece in item.evidence}
    if linked - wanted:
        line.evidence_links.filter(evidence_id__in=linked - wanted).delete()
    LineEvidence.objects.bulk_create(
        [LineEvidence(line=line, evidence=piece) for piece in item.evidence if piece.pk not in linked]
    )


def has_evidence(attribution: Attribution) -> bool:
    """Say whether at least one piece of evidence ties the person to a finding."""
    return LineEvidence.objects.filter(line__attribution=attribution).exists()


def snapshot(attribution: Attribution) -> list[dict[str, Json]]:
    """Return the stored lines as they are kept in proposals and notices; circumstances only where there are some."""
    return [_kept(line) for line in stored_lines(attribution)]


def _kept(line: AttributionLine) -> dict[str, Json]:
    kept: dict[str, Json] = {
        "finding": line.finding.key,
        "conduct": line.finding.conduct,
        "title": line.finding.title,
        "from": line.finding.from_on.isoformat(),
        "to": line.finding.to_on.isoformat(),
        "clause": line.clause,
        "degree": line.degree,
        "points": line.points,
        "amount": None if line.amount is None else str(line.amount),
        "reasoning": line.reasoning,
        "evidence": sorted(line.evidence.values_list("key", flat=True)),
    }
    return kept | ({"factors": [*line.factors]} if line.factors else {})


def freeze(attribution: Attribution, points: int, *, by: User, now: datetime) -> Proposal:
    """Keep the lines as they stand as the next proposal; a signature under the one before is void with it."""
    number = Proposal.objects.filter(attribution=attribution).count() + 1
    return Proposal.objects.create(
        attribution=attribution,
        number=number,
        proposed_by=by,
        proposed_at=now,
        points=points,
        months=attribution.months,
        lines=snapshot(attribution),
    )


def latest_proposal(attribution: Attribution) -> Proposal | None:
    """Return the proposal that stands."""
    return attribution.proposals.order_by("-number").first()
