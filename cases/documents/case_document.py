"""One case file as it arrives in YAML or JSON: plain values, read strictly, nothing looked up yet.

The table form of a bulk import (one row per line of an attribution) builds the same `CaseDocument`, so that both go
through the same checks and the same writing in `services.case_import`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from cases.documents.section import Problem, Section
from cases.models.attribution import REASONING_LENGTH_MIN
from cases.models.choices import BasisKind, Degree, Source
from institutions.models import Category, InstitutionKind
from institutions.said import said as _
from scoring.policy.marked_yaml import Document, FileProblems, read_text

SIZE_MAX = 5 * 1024 * 1024  # bytes of the document itself
TEXT_MAX = 4000
SMALLINT_MAX = 32767


@dataclass(frozen=True)
class InstitutionPart:
    """The penalised institution as the document names it; name and kind may be left out for one on record."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class BasisPart:
    """The concluded decision."""

    kind: str
    document: str
    authority: str
    decided_on: date
    articles: tuple[int, ...]


@dataclass(frozen=True)
class FindingPart:
    """One violation."""

    id: str
    conduct: str
    title: str
    amount: Decimal | None
    from_on: date
    to_on: date


@dataclass(frozen=True)
class EvidencePart:
    """One file, named relative to the document."""

    id: str
    title: str
    file: str


@dataclass(frozen=True)
class LinePart:
    """One finding scored under one clause."""

    finding: str
    clause: str
    degree: str
    points: int
    amount: Decimal | None
    reasoning: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class PersonPart:
    """The person as the document names them; people without a code have none."""

    code: str
    name: str
    category: str


@dataclass(frozen=True)
class AttributionPart:
    """One person with their lines, the chosen term and the reason for stepping outside the range, if any."""

    practitioner: PersonPart
    lines: tuple[LinePart, ...]
    months: int | None
    countersignature: str


@dataclass(frozen=True)
class CaseDocument:
    """A whole case file."""

    number: str
    region: str
    source: str
    institution: InstitutionPart
    basis: BasisPart
    amount: Decimal | None
    findings: tuple[FindingPart, ...]
    evidence: tuple[EvidencePart, ...]
    attributions: tuple[AttributionPart, ...]
    linked: tuple[str, ...]

    def digest(self, evidence: Mapping[str, bytes]) -> str:
        """Return the SHA-256 of the content, evidence files included; two equal files have the same one."""
        content = asdict(self) | {
            "files": {name: hashlib.sha256(evidence[name]).hexdigest() for name in sorted(evidence)}
        }
        canonical = json.dumps(content, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class Reading:
    """What was read, and every problem found; `document` is None where it cannot be a case file at all."""

    document: CaseDocument | None = None
    problems: list[Problem] = field(default_factory=list)
    marks: Document | None = None

    def line_of(self, problem: Problem) -> int | None:
        """Return the line of the file at which a problem stands, where that is known."""
        return self.marks.line_of(problem.steps) if self.marks else None


def read_case(data: bytes) -> Reading:
    """Read one case file from YAML or JSON; never raises for what the file says."""
    reading = Reading()
    if len(data) > SIZE_MAX:
        reading.problems.append(Problem("", _("The file is larger than %(size)s MB.") % {"size": SIZE_MAX >> 20}))
        return reading
    try:
        documents = read_text(data.decode("utf-8-sig"), "case")
    except UnicodeDecodeError:
        reading.problems.append(Problem("", _("The file is not UTF-8.")))
        return reading
    except FileProblems as refused:
        reading.problems += [
            Problem("", _("line %(line)s: %(reason)s") % {"line": item.line, "reason": item.reason})
            for item in refused.problems
        ]
        return reading
    if len(documents) != 1:
        reading.problems.append(Problem("", _("The file must hold exactly one case.")))
        return reading
    reading.marks = documents[0]
    root = Section.of(documents[0].value, "", reading.problems)
    case = root.section("case")
    root.finish()
    if case is not None:
        reading.document = _case(case)
    return reading


def read_values(values: Mapping[object, object]) -> Reading:
    """Read one case from values that something else than a case file has put together; never raises for them."""
    reading = Reading()
    reading.document = _case(Section(values, "case", reading.problems))
    return reading


def _case(case: Section) -> CaseDocument:
    document = CaseDocument(
        number=case.text("number", length_max=60),
        region=case.text("region", length_max=6),
        source=case.choice("source", Source.values),
        institution=_institution(case),
        basis=_basis(case),
        amount=case.amount("amount"),
        findings=tuple(_finding(item) for item in case.sections("findings")),
        evidence=tuple(_evidence(item) for item in case.sections("evidence", required=False)),
        attributions=tuple(_attribution(item) for item in case.sections("attributions", may_be_empty=True)),
        linked=case.texts("linked"),
    )
    case.finish()
    _check_references(document, case)
    return document


def _institution(case: Section) -> InstitutionPart:
    section = case.section("institution")
    if section is None:
        return InstitutionPart("", "", "")
    part = InstitutionPart(
        code=section.text("code", length_max=40),
        name=section.text("name", length_max=200, required=False),
        kind=section.choice("kind", InstitutionKind.values) if "kind" in section.values else "",
    )
    section.finish()
    return part


def _basis(case: Section) -> BasisPart:
    section = case.section("basis")
    if section is None:
        return BasisPart("", "", "", date.min, ())
    part = BasisPart(
        kind=section.choice("kind", BasisKind.values),
        document=section.text("document", length_max=120),
        authority=section.text("authority", length_max=120),
        decided_on=section.day("decided_on"),
        articles=section.wholes("articles"),
    )
    section.finish()
    return part


def _finding(section: Section) -> FindingPart:
    part = FindingPart(
        id=section.text("id", length_max=40),
        conduct=section.text("conduct", length_max=80),
        title=section.text("title", length_max=300),
        amount=section.amount("amount"),
        from_on=section.day("from"),
        to_on=section.day("to"),
    )
    section.finish()
    if part.to_on < part.from_on and date.min not in (part.from_on, part.to_on):
        section.refuse("to", _("is before the beginning, %(begin)s") % {"begin": part.from_on})
    return part


def _evidence(section: Section) -> EvidencePart:
    part = EvidencePart(
        id=section.text("id", length_max=40),
        title=section.text("title", length_max=300),
        file=section.text("file", length_max=200),
    )
    section.finish()
    return part


def _attribution(section: Section) -> AttributionPart:
    person = section.section("practitioner")
    part = AttributionPart(
        practitioner=_person(person) if person else PersonPart("", "", ""),
        lines=tuple(_line(item) for item in section.sections("lines")),
        months=section.whole("months", most=SMALLINT_MAX, required=False),
        countersignature=section.text("countersignature", length_max=TEXT_MAX, required=False),
    )
    section.finish()
    return part


def _person(section: Section) -> PersonPart:
    part = PersonPart(
        code=section.text("code", length_max=40, required=False),
        name=section.text("name", length_max=100),
        category=section.choice("category", Category.values),
    )
    section.finish()
    return part


def _line(section: Section) -> LinePart:
    part = LinePart(
        finding=section.text("finding", length_max=40),
        clause=section.text("clause", length_max=10),
        degree=section.choice("degree", Degree.values),
        points=section.whole("points", most=SMALLINT_MAX) or 0,
        amount=section.amount("amount"),
        reasoning=section.text("reasoning", length_max=TEXT_MAX, length_min=REASONING_LENGTH_MIN),
        evidence=section.texts("evidence"),
    )
    section.finish()
    return part


def _check_references(document: CaseDocument, case: Section) -> None:
    problems = case.problems
    _check_unique(problems, "findings", [part.id for part in document.findings], "id")
    _check_unique(problems, "evidence", [part.id for part in document.evidence], "id")
    codes = [part.practitioner.code for part in document.attributions]
    _check_unique(problems, "attributions", codes, "practitioner.code")
    findings = {part.id for part in document.findings}
    evidence = {part.id for part in document.evidence}
    for index, attribution in enumerate(document.attributions):
        pairs = Counter((line.finding, line.clause) for line in attribution.lines)
        for number, line in enumerate(attribution.lines):
            place = f"case.attributions[{index}].lines[{number}]"
            if line.finding and line.finding not in findings:
                problems.append(Problem(f"{place}.finding", _unknown(line.finding)))
            if pairs[line.finding, line.clause] > 1:
                problems.append(Problem(place, _("the same finding stands twice under the same clause")))
            for position, key in enumerate(line.evidence):
                if key not in evidence:
                    problems.append(Problem(f"{place}.evidence[{position}]", _unknown(key)))


def _check_unique(problems: list[Problem], list_name: str, keys: list[str], key_name: str) -> None:
    seen: set[str] = set()
    for position, key in enumerate(keys):
        if key and key in seen:
            place = f"case.{list_name}[{position}].{key_name}"
            problems.append(Problem(place, _("%(key)s stands twice") % {"key": key}))
        seen.add(key)


def _unknown(key: str) -> str:
    return _("%(key)s is not in this file") % {"key": key}
