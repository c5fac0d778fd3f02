"""Cases sent by the admin: a kind of upload. A case file with its evidence, or a table of many cases.

The check says what would be made and writes nothing. The import takes in each case whole or not at all, each in a
transaction of its own: stopped midway, the cases before stay, and the whole upload can be taken back (`case_undo`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.db import transaction

from cases.documents import bundle
from cases.documents.bundle import BundleFiles
from cases.documents.case_document import SIZE_MAX as CASE_FILE_SIZE_MAX
from cases.documents.files import EvidenceFiles, UploadedFiles
from cases.errors import CaseChanged, CaseRefused
from cases.models import CaseUpload, CaseUploadKind
from cases.services import case_import, case_tables
from cases.services.case_import import Outcome as CaseOutcome
from cases.services.case_plan import CasePlan, PersonMatch
from cases.services.case_tables import TableImport
from institutions.errors import Invalid
from institutions.json_types import Json
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.report import RowError
from institutions.said import said as _
from institutions.services import uploads
from institutions.services.uploads import Outcome, Told, UploadKind

KINDS = {
    ".yaml": CaseUploadKind.CASE_FILE,
    ".yml": CaseUploadKind.CASE_FILE,
    ".json": CaseUploadKind.CASE_FILE,
    ".csv": CaseUploadKind.TABLE,
    ".xlsx": CaseUploadKind.TABLE,
}
TABLE_SIZE_MAX = 50 * 1024 * 1024
PLANS_SHOWN = 50


@transaction.atomic
def upload_cases(*, file: File, name: str, evidence: Sequence[File] = (), by: User, now: datetime) -> CaseUpload:
    """Keep a case file or a table, with its evidence, to be checked in the background; return the upload.

    `evidence` is several files, or one ZIP. Nothing is imported before it is confirmed. Refuses a file that by its
    name is neither a case file nor a table, one too large, and evidence that is not safe to open (`BundleRefused`).
    """
    ensure_permission(by, Permission.CASE_IMPORT)
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise Invalid(
            _("%(name)s is neither a case file nor a table of cases.") % {"name": Path(name).name},
            next_step=_("Send YAML or JSON for one case, CSV or XLSX for many."),
        )
    uploads.size_of(file, CASE_FILE_SIZE_MAX if kind is CaseUploadKind.CASE_FILE else TABLE_SIZE_MAX)
    upload = CaseUpload(kind=kind)
    packed = bundle.pack(evidence)
    if packed is not None:
        upload.bundle.save("evidence.zip", ContentFile(packed), save=False)
    return uploads.receive(CASES, upload, file=file, name=name, by=by, now=now)


def confirm_upload(*, upload: CaseUpload, by: User, now: datetime) -> CaseUpload:
    """Have cases that were checked imported in the background; return the upload. A second call changes nothing."""
    return uploads.confirm(CASES, upload, by=by, now=now)


def cancel_upload(*, upload: CaseUpload, by: User, now: datetime) -> CaseUpload:
    """Have the step under way stop before the next case; return the upload. Cases that were imported stay."""
    return uploads.cancel(CASES, upload, by=by, now=now)


def _run(upload: CaseUpload, path: Path, is_import: bool, told: Told, now: datetime, outcome: Outcome) -> None:
    """Check what was sent, or import it."""
    if upload.bundle:
        with upload.bundle.open("rb") as stored:
            files = BundleFiles(BytesIO(stored.read()))
        _take(upload, path, files, is_import, told, now, outcome)
        if not is_import:
            _plan(outcome)["unread"] = list[Json](files.unread)
    else:
        _take(upload, path, UploadedFiles({}), is_import, told, now, outcome)


def _take(
    upload: CaseUpload,
    path: Path,
    files: EvidenceFiles,
    is_import: bool,
    told: Told,
    now: datetime,
    outcome: Outcome,
) -> None:
    if upload.kind == CaseUploadKind.TABLE:
        _take_table(upload, path, files, is_import, told, now, outcome)
    else:
        _take_case(upload, path, files, is_import, told, now, outcome)


def _take_case(
    upload: CaseUpload,
    path: Path,
    files: EvidenceFiles,
    is_import: bool,
    told: Told,
    now: datetime,
    outcome: Outcome,
) -> None:
    told("total", 1)
    try:
        done = case_import.import_case(
            data=path.read_bytes(),
            files=files,
            by=upload.by,
            now=now,
            dry_run=not is_import,
            upload=upload if is_import else None,
        )
    except (CaseRefused, CaseChanged) as refused:
        outcome.counts = {"cases": 1, "refused": 1}
        outcome.refusals = [_place(error) for error in refused.errors]
        raise Invalid(
            _("The case file was refused, for the reasons below. Nothing of it was written."),
            next_step=_("Mend these places and upload the file again."),
        ) from refused
    told("done", 1)
    was_made = done.outcome in (CaseOutcome.CREATED, CaseOutcome.WOULD_CREATE)
    outcome.counts = {"cases": 1, "created": int(was_made), "unchanged": int(not was_made)}
    _keep_plans(outcome, [done.plan] if done.plan else [])


def _take_table(
    upload: CaseUpload,
    path: Path,
    files: EvidenceFiles,
    is_import: bool,
    told: Told,
    now: datetime,
    outcome: Outcome,
) -> None:
    report = TableImport()
    try:
        case_tables.import_table(
            source=path,
            files=files,
            by=upload.by,
            now=now,
            dry_run=not is_import,
            told=told,
            upload=upload if is_import else None,
            report=report,
        )
    finally:  # a run that was stopped tells what it had done until then
        outcome.counts = _counts(upload, report, is_import)
        outcome.refusals = list(report.rejected)
        outcome.rejects = report.rejects
        _keep_plans(outcome, report.plans)


def _counts(upload: CaseUpload, report: TableImport, is_import: bool) -> dict[str, int]:
    """What came of a table. A step taken up again after a crash finds its own cases on record: they were created."""
    counts = {"cases": sum(report.outcomes.values()) + report.refused} | report.counts
    if is_import:
        created = upload.cases.count()
        counts["unchanged"] -= created - counts["created"]
        counts["created"] = created
    return counts


def _keep_plans(outcome: Outcome, plans: Sequence[CasePlan]) -> None:
    """Put what would be made into the upload: every number, and the first cases whole."""
    people = [person for plan in plans for person in plan.people]
    for name, count in {
        "findings": sum(len(plan.findings) for plan in plans),
        "evidence": sum(len(plan.evidence) for plan in plans),
        "institutions": len({plan.institution for plan in plans if plan.opens_institution}),
        "people": len(people),
        "people_new": sum(person.match is PersonMatch.NEW for person in people),
        "people_provisional": sum(person.match is PersonMatch.PROVISIONAL for person in people),
        "lines": sum(plan.lines for plan in plans),
    }.items():
        if plans:
            outcome.counts[name] = count
    if plans:
        _plan(outcome)["cases"] = [plan.as_json() for plan in plans[:PLANS_SHOWN]]


def _plan(outcome: Outcome) -> dict[str, Json]:
    plan = outcome.columns.setdefault("plan", {})
    assert isinstance(plan, dict)
    return plan


def _place(error: Mapping[str, Json]) -> RowError:
    line = error.get("line")
    return RowError(
        line if isinstance(line, int) else 0, str(error.get("place", "")), "", str(error.get("message", ""))
    )


CASES: UploadKind[CaseUpload] = UploadKind(
    model=CaseUpload,
    name="cases",
    permission=Permission.CASE_IMPORT,
    task="cases.process_case_uploads",
    lock=7_301_004,
    progress={"total": "cases_total", "done": "cases_done"},
    run=_run,
    size_max=TABLE_SIZE_MAX,
    inputs=("file", "bundle"),
)
