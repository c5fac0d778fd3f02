"""Taking in a case file: all of it or nothing, once.

Reading (`documents.case_document`) and checking (`case_checks`) write nothing and find every problem with its place;
only then is the case written, in one transaction. The table form of a bulk import builds a `CaseDocument` per case
and goes through `take_in` for each, so that good cases go in and bad ones come back with their row.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import connection, transaction

from cases.documents.case_document import AttributionPart, CaseDocument, Reading, read_case
from cases.documents.files import EvidenceFiles, FolderFiles
from cases.documents.section import Problem
from cases.errors import CaseChanged, CaseRefused
from cases.models import Basis, CaseFile, CaseUpload, Finding
from cases.selectors import persons_left
from cases.services import case_checks, case_links, case_plan, proposals
from cases.services import evidence as evidence_rows
from cases.services.case_checks import Findings
from cases.services.case_plan import CasePlan
from cases.services.lines import LineInput
from institutions import codes
from institutions.clock import local_date
from institutions.errors import Forbidden
from institutions.json_types import Json
from institutions.models import Institution, Practitioner, Region, User
from institutions.permissions import Permission, ensure_permission
from institutions.said import said as _
from institutions.services import audit, practitioners

RULE = "design: a case file is taken in whole or not at all"


class Outcome(StrEnum):
    """What became of a case file."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    WOULD_CREATE = "would_create"


@dataclass(frozen=True)
class CaseImport:
    """The outcome, the case (None in a dry run), how many attributions it has, and in a dry run what would be made."""

    outcome: Outcome
    number: str
    case: CaseFile | None
    attributions: int
    plan: CasePlan | None = None


def import_case(
    *,
    data: bytes,
    files: EvidenceFiles | None = None,
    base_dir: Path | None = None,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    upload: CaseUpload | None = None,
) -> CaseImport:
    """Take in one case file in YAML or JSON; return what became of it.

    Evidence is read from `files`, else from the folder `base_dir`. The same content a second time changes nothing
    (`unchanged`); another content under a number on record is refused (`CaseChanged`). Refuses (`CaseRefused`), with
    every place and reason, a missing basis, unknown institution, clause, key or evidence, reasoning that is too short,
    a person whose code belongs to another name. An institution that is not on record is opened; a person who is not
    on the roster becomes provisional. `upload` is the upload of which the case is a part, so that it can be taken back.
    """
    ensure_permission(by, Permission.CASE_IMPORT)
    reading = read_case(data)
    if reading.document is None:
        raise refused(reading, reading.problems)
    ensure_permission(by, Permission.CASE_IMPORT, region=reading.document.region)
    source = files or FolderFiles(base_dir or Path())
    if reading.problems:
        found = case_checks.check(reading.document, source, local_date(now))
        raise refused(reading, reading.problems + found.problems)
    return take_in(reading, source, by=by, now=now, dry_run=dry_run, upload=upload)


@transaction.atomic
def take_in(
    reading: Reading,
    files: EvidenceFiles,
    *,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    upload: CaseUpload | None = None,
) -> CaseImport:
    """Check a document that was read without problems, and write it unless it is on record or this is a dry run."""
    document = reading.document
    assert document is not None
    ensure_permission(by, Permission.CASE_IMPORT, region=document.region)
    _lock_number(document.number)
    found = case_checks.check(document, files, local_date(now))
    standing = CaseFile.objects.filter(number=document.number, withdrawn_at__isnull=True)
    known = standing.select_related("basis").order_by("number").first()
    if known is not None:
        return _seen_before(known, document, found, by)
    if found.problems:
        raise refused(reading, found.problems)
    if dry_run:
        plan = case_plan.plan_of(document, found)
        return CaseImport(Outcome.WOULD_CREATE, document.number, None, len(document.attributions), plan)
    case = _write(document, found, upload, by, now)
    return CaseImport(Outcome.CREATED, case.number, case, len(document.attributions))


def refused(reading: Reading, problems: list[Problem]) -> CaseRefused:
    """Build the refusal that names every place, its line in the file where known, and the reason."""
    distinct = list(dict.fromkeys(problems))
    errors: list[dict[str, Json]] = [
        {"place": item.place, "line": reading.line_of(item), "message": item.reason} for item in distinct
    ]
    return CaseRefused(
        "\n".join(str(item) for item in distinct),
        rule=RULE,
        errors=errors,
        next_step=_("Mend these places and import the file again; nothing of it was written."),
    )


def _lock_number(number: str) -> None:
    """Let two imports of one number run one after the other; there is no row to lock yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case:{number}"])


def _seen_before(known: CaseFile, document: CaseDocument, found: Findings, by: User | None) -> CaseImport:
    try:
        ensure_permission(by, Permission.CASE_IMPORT, region=known.region_id)
    except Forbidden:
        raise CaseRefused(_("case.number: %(number)s is taken") % {"number": document.number}, rule=RULE) from None
    if document.digest(found.files) == known.content_digest:
        return CaseImport(Outcome.UNCHANGED, known.number, known, known.attributions.count())
    raise CaseChanged(
        _("case.number: %(number)s is on record with other content.") % {"number": known.number},
        rule=RULE,
        state="on record",
        errors=[{"place": "case.number", "message": _("on record with other content")}],
        next_step=_("Change the attributions of that case, or give this one a number of its own."),
    )


def _write(
    document: CaseDocument, found: Findings, upload: CaseUpload | None, by: User | None, now: datetime
) -> CaseFile:
    assert found.region is not None
    institution = found.institution or _open_institution(document, found.region, by, now)
    part = document.basis
    basis = Basis.objects.create(
        institution=institution,
        kind=part.kind,
        document=part.document,
        authority=part.authority,
        decided_on=part.decided_on,
        articles=list(part.articles),
    )
    case = CaseFile.objects.create(
        number=document.number,
        region=found.region,
        source=document.source,
        institution=institution,
        basis=basis,
        amount=document.amount,
        content_digest=document.digest(found.files),
        opened_at=now,
        opened_by=by,
        upload=upload,
    )
    _write_findings(case, document, found, by, now)
    for attribution, person in zip(document.attributions, found.people, strict=True):
        _write_attribution(case, attribution, person, by, now)
    for other in found.linked:
        case_links.link_cases(first=case, second=other, reason=_("Named in the case file"), by=by, now=now)
    audit.record_event(
        action="case.imported",
        subject=case,
        by=by,
        now=now,
        detail={
            "number": case.number,
            "digest": case.content_digest,
            "findings": len(document.findings),
            "evidence": len(document.evidence),
            "attributions": len(document.attributions),
        },
        region=case.region_id,
    )
    return case


def _write_findings(case: CaseFile, document: CaseDocument, found: Findings, by: User | None, now: datetime) -> None:
    for part in document.findings:
        Finding.objects.create(
            case=case,
            key=part.id,
            conduct=part.conduct,
            title=part.title,
            amount=part.amount,
            from_on=part.from_on,
            to_on=part.to_on,
        )
    for piece in document.evidence:
        evidence_rows.write_evidence(
            case, piece.id, piece.title, _last(piece.file), found.files[piece.id], by=by, now=now
        )


def _write_attribution(
    case: CaseFile, part: AttributionPart, person: Practitioner | None, by: User | None, now: datetime
) -> None:
    if person is None:
        person = persons_left.left_over(case=case, name=part.practitioner.name, category=part.practitioner.category)
    if person is None:
        person = practitioners.create_provisional(
            name=part.practitioner.name,
            category=part.practitioner.category,
            institution=case.institution,
            code=part.practitioner.code or None,
            by=by,
            now=now,
        )
    lines = [
        LineInput(
            finding=line.finding,
            clause=line.clause,
            degree=line.degree,
            points=line.points,
            reasoning=line.reasoning,
            amount=line.amount,
            evidence=line.evidence,
        )
        for line in part.lines
    ]
    proposals.write_draft(case, person, lines, part.months, part.countersignature, by=by, now=now)


def _open_institution(document: CaseDocument, region: Region, by: User | None, now: datetime) -> Institution:
    code = codes.normalise_code(document.institution.code)
    institution = Institution.objects.create(
        code=code,
        code_flagged=not codes.is_usual_institution_code(code),
        name=document.institution.name,
        kind=document.institution.kind,
        region=region,
    )
    audit.record_event(
        action="institution.opened",
        subject=institution,
        by=by,
        now=now,
        detail={"code": code, "case": document.number},
        region=region.code,
    )
    return institution


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
