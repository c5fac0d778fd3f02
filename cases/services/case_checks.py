"""Holding a case document against what is on record, before anything is written.

Finds every problem, with its place.
"""

from dataclasses import dataclass, field
from datetime import date

from cases.documents.case_document import AttributionPart, CaseDocument
from cases.documents.files import EvidenceFiles
from cases.documents.section import Problem
from cases.models import Basis, CaseFile
from cases.services import evidence as evidence_rows
from cases.services.evidence import EvidenceRefused
from institutions.codes import normalise_code
from institutions.masking import mask_name
from institutions.models import Institution, Practitioner, Region
from institutions.said import said as _
from institutions.selectors import practitioners
from scoring.errors import NoRulebook
from scoring.policy.rulebook import Rulebook
from scoring.selectors.rulebooks import rulebook_for


@dataclass
class Findings:
    """What a document's names lead to: None stands for what has to be made, problems for what stops it."""

    problems: list[Problem] = field(default_factory=list)
    region: Region | None = None
    institution: Institution | None = None
    people: list[Practitioner | None] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    linked: list[CaseFile] = field(default_factory=list)

    def refuse(self, place: str, reason: str) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(place, reason))


def check(document: CaseDocument, files: EvidenceFiles, today: date) -> Findings:
    """Look up everything a document names and note what is wrong with it."""
    found = Findings()
    found.region = Region.objects.filter(code=document.region).first()
    if found.region is None:
        found.refuse("case.region", _("%(code)s is not a region code") % {"code": document.region})
    _check_institution(document, found)
    _check_basis(document, found, today)
    _check_clauses(document, found, today)
    for position, part in enumerate(document.attributions):
        found.people.append(_check_person(part, f"case.attributions[{position}].practitioner", found))
    _check_same_person(found)
    _check_files(document, files, found)
    _check_links(document, found)
    return found


def _check_institution(document: CaseDocument, found: Findings) -> None:
    part, place = document.institution, "case.institution"
    found.institution = Institution.objects.filter(code=normalise_code(part.code)).first()
    if found.institution is None:
        if not part.name or not part.kind:
            reason = _("%(code)s is not on record: give its name and kind so that it can be opened")
            found.refuse(place, reason % {"code": part.code})
        return
    known = found.institution
    if part.name and part.name != known.name:
        found.refuse(f"{place}.name", _("%(code)s is on record as %(name)s") % {"code": known.code, "name": known.name})
    if part.kind and part.kind != known.kind:
        found.refuse(f"{place}.kind", _("%(code)s is on record as %(kind)s") % {"code": known.code, "kind": known.kind})


def _check_basis(document: CaseDocument, found: Findings, today: date) -> None:
    part, place = document.basis, "case.basis"
    if part.decided_on > today:
        reason = _("%(day)s is in the future: points need a concluded decision")
        found.refuse(f"{place}.decided_on", reason % {"day": part.decided_on})
    if found.institution is None:
        return
    same = Basis.objects.filter(
        institution=found.institution, authority=part.authority, document=part.document, is_withdrawn=False
    ).select_related("case")
    for basis in same.exclude(case__number=document.number):
        reason = _("this decision is the basis of case %(number)s already")
        found.refuse(f"{place}.document", reason % {"number": basis.case.number})


def _check_clauses(document: CaseDocument, found: Findings, today: date) -> None:
    region = found.institution.region_id if found.institution else document.region
    rulebook = _rulebook(region, today, found)
    if rulebook is None:
        return
    for position, attribution in enumerate(document.attributions):
        for number, line in enumerate(attribution.lines):
            if line.clause and line.clause not in rulebook.clauses:
                reason = _("%(clause)s is not a clause of the rulebook %(rulebook)s; it has %(clauses)s")
                values = {
                    "clause": line.clause,
                    "rulebook": rulebook.label,
                    "clauses": ", ".join(rulebook.clauses),
                }
                found.refuse(f"case.attributions[{position}].lines[{number}].clause", reason % values)


def _rulebook(region: str, today: date, found: Findings) -> Rulebook | None:
    try:
        return rulebook_for(region, today)
    except NoRulebook:
        reason = _("no rulebook is in force in region %(region)s on %(day)s")
        found.refuse("case.region", reason % {"region": region, "day": today})
        return None


def _check_person(part: AttributionPart, place: str, found: Findings) -> Practitioner | None:
    named = part.practitioner
    if not named.code:
        return None
    known = practitioners.by_code(named.code)
    if known is None:
        return None
    if named.name not in (known.name, mask_name(known.name)):
        found.refuse(f"{place}.name", _("the code %(code)s belongs to somebody else") % {"code": named.code})
    if named.category and named.category != known.category:
        values = {"code": named.code, "category": known.category}
        found.refuse(f"{place}.category", _("%(code)s is on record as %(category)s") % values)
    return known


def _check_same_person(found: Findings) -> None:
    seen: set[object] = set()
    for position, person in enumerate(found.people):
        if person is not None and person.pk in seen:
            place = f"case.attributions[{position}].practitioner.code"
            found.refuse(place, _("this person stands twice; one attribution per person and case"))
        if person is not None:
            seen.add(person.pk)


def _check_files(document: CaseDocument, files: EvidenceFiles, found: Findings) -> None:
    for position, part in enumerate(document.evidence):
        place = f"case.evidence[{position}].file"
        content = files.read(part.file) if part.file else None
        if content is None:
            found.refuse(place, _("%(file)s was not found beside the case file") % {"file": part.file})
            continue
        try:
            evidence_rows.ensure_acceptable(part.file, content)
        except EvidenceRefused as refused:
            found.refuse(place, str(refused))
        found.files[part.id] = content


def _check_links(document: CaseDocument, found: Findings) -> None:
    for position, number in enumerate(document.linked):
        case = CaseFile.objects.filter(number=number, withdrawn_at__isnull=True).first()
        place = f"case.linked[{position}]"
        if case is None:
            found.refuse(place, _("there is no case %(number)s") % {"number": number})
        elif found.institution is None or case.institution_id != found.institution.pk:
            found.refuse(place, _("case %(number)s is about another institution") % {"number": number})
        else:
            found.linked.append(case)
