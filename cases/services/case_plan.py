"""What a case file would make, before it makes it: the case, its findings and evidence, and each person with lines.

Pure of writing: built from the document and from what its names lead to (`case_checks.Findings`).
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from cases.documents.case_document import AttributionPart, CaseDocument
from cases.services.case_checks import Findings
from institutions.json_types import Json
from institutions.models import Practitioner


class PersonMatch(StrEnum):
    """What a person named by a case file leads to."""

    ON_ROSTER = "on_roster"
    PROVISIONAL = "provisional"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One person: how named, who they are on record, and what they would be held responsible for."""

    name: str
    code: str
    category: str
    match: PersonMatch
    lines: tuple[tuple[str, str, str, int], ...]  # finding, clause, degree, points
    points: int


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One piece of evidence."""

    title: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case that would be made."""

    number: str
    region: str
    institution: str
    opens_institution: bool
    basis: str
    findings: tuple[str, ...]
    evidence: tuple[PlannedFile, ...]
    people: tuple[PlannedPerson, ...]

    @property
    def lines(self) -> int:
        """How many lines its attributions have."""
        return sum(len(person.lines) for person in self.people)

    def as_json(self) -> dict[str, Json]:
        """Return the plan as plain values, for the page."""
        people: list[Json] = [
            {
                "name": person.name,
                "code": person.code,
                "category": person.category,
                "match": person.match.value,
                "lines": [list(line) for line in person.lines],
                "points": person.points,
            }
            for person in self.people
        ]
        evidence: list[Json] = [
            {"title": piece.title, "file": piece.file, "size": piece.size, "sha256": piece.sha256}
            for piece in self.evidence
        ]
        return {
            "number": self.number,
            "region": self.region,
            "institution": self.institution,
            "opens_institution": self.opens_institution,
            "basis": self.basis,
            "findings": list(self.findings),
            "evidence": evidence,
            "people": people,
        }


def plan_of(document: CaseDocument, found: Findings) -> CasePlan:
    """Say what a document that was checked without problems would make."""
    known, part = found.institution, document.institution
    return CasePlan(
        number=document.number,
        region=str(found.region) if found.region else document.region,
        institution=f"{known.name} {known.code}" if known else f"{part.name} {part.code}",
        opens_institution=known is None,
        basis=f"{document.basis.document} · {document.basis.authority} · {document.basis.decided_on}",
        findings=tuple(f"{finding.id} {finding.title}" for finding in document.findings),
        evidence=tuple(
            PlannedFile(piece.title, piece.file, len(content), hashlib.sha256(content).hexdigest())
            for piece in document.evidence
            for content in [found.files[piece.id]]
        ),
        people=tuple(
            _person(attribution, person)
            for attribution, person in zip(document.attributions, found.people, strict=True)
        ),
    )


def _person(part: AttributionPart, known: Practitioner | None) -> PlannedPerson:
    match = PersonMatch.NEW
    if known is not None:
        match = PersonMatch.PROVISIONAL if known.is_provisional else PersonMatch.ON_ROSTER
    named = part.practitioner
    return PlannedPerson(
        name=known.name if known else named.name,
        code=named.code,
        category=known.category if known else named.category,
        match=match,
        lines=tuple((line.finding, line.clause, line.degree, line.points) for line in part.lines),
        points=sum(line.points for line in part.lines),
    )
