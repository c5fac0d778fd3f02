"""What the page of a case shows, read in as few queries as it takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from cases.admin.workspace.forms import Offer
from cases.models import (
    Annulment,
    Attribution,
    AttributionLine,
    CaseFile,
    CaseLink,
    Evidence,
    EvidenceAccess,
    Finding,
    RedactedCopy,
)
from cases.models.choices import STATE_LABELS
from cases.selectors.case_previews import CasePreview, Meant, PersonPreview, meant_by, preview_case
from cases.selectors.timelines import Happening, timeline_of
from cases.selectors.versions import version_of
from cases.services import evidence as evidence_rows
from cases.services.case_closings import standing_closing
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Text
from institutions.models import WorkClaim
from institutions.selectors.work_queues import holders_of

# The shape beside the word: a dashed frame for what has not begun or is over, a diamond on the way, a tick at the end.
SHAPES = {
    State.DRAFT: "quiet",
    State.PROPOSED: "hold",
    State.INTENT_SERVED: "hold",
    State.DECIDED: "hold",
    State.HELD: "hold",
    State.SERVED: "hold",
    State.EFFECTIVE: "ok",
    State.REJECTED: "quiet",
    State.SET_ASIDE: "quiet",
}
OPENINGS_SHOWN = 10
TICKABLE = (State.DRAFT, State.PROPOSED, State.DECIDED)


@dataclass(frozen=True)
class Row:
    """One person of the matrix, with the lines by finding, and the version that lies before the officer."""

    attribution: Attribution
    cells: tuple[tuple[AttributionLine, ...], ...]
    version: str
    shape: str
    preview: PersonPreview

    @property
    def is_tickable(self) -> bool:
        """Say whether an act for several persons may concern this one."""
        return State(self.attribution.state) in TICKABLE


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: whether its file is still the one that came in, who opened it, and its redacted copies."""

    evidence: Evidence
    is_unchanged: bool
    openings: tuple[EvidenceAccess, ...]
    opened_count: int


@dataclass(frozen=True)
class StateCount:
    """How many persons are in a state."""

    state: State
    label: Text
    shape: str
    count: int


@dataclass
class Workspace:
    """A case with everything that its page needs."""

    case: CaseFile
    findings: list[Finding]
    annulled: frozenset[int]
    attributions: list[Attribution]
    offer: Offer
    preview: CasePreview
    now: datetime

    @property
    def meant(self) -> list[Meant]:
        """Return what is stored for everybody."""
        return [meant_by(row, self.annulled) for row in self.attributions]

    def attribution(self, key: str) -> Attribution | None:
        """Return one of the case's attributions by its id."""
        return next((row for row in self.attributions if str(row.pk) == key), None)


def visible_case(rows: "QuerySet[Any]", case_id: str) -> CaseFile | None:
    """Return a case of these rows with what its head shows, or None."""
    cases = rows.select_related("basis", "institution__region", "region", "opened_by")
    case: CaseFile | None = cases.prefetch_related("findings", "evidence").filter(pk=case_id).first()
    return case


def read(case: CaseFile, *, now: datetime) -> Workspace:
    """Read a case with its persons, and what they would cause if the decisions were served today."""
    on = local_date(now)
    annulments = list(Annulment.objects.filter(case=case, reinstated_at__isnull=True))
    annulled = frozenset(row.finding_id for row in annulments if row.finding_id is not None)
    lines = AttributionLine.objects.select_related("finding")
    rows = (
        Attribution.objects.filter(case=case)
        .select_related("practitioner", "proposed_by", "decided_by", "set_aside_by")
        .prefetch_related(Prefetch("lines", lines), "lines__evidence", "appeals")
        .order_by("pk")
    )
    attributions = list(rows)
    for row in attributions:
        row.case = case
    preview = preview_case(case, [meant_by(row, annulled) for row in attributions], on=on)
    findings = list(case.findings.all())
    standing = [finding for finding in findings if finding.pk not in annulled]
    evidence = [(piece.key, f"{piece.key} · {piece.title}") for piece in case.evidence.all()]
    offer = Offer(case, preview.rulebook, standing, evidence)
    return Workspace(case, findings, annulled, attributions, offer, preview, now)


def matrix(found: Workspace) -> list[Row]:
    """Return the persons with their lines by finding."""
    previews = {person.meant.key: person for person in found.preview.persons}
    rows = []
    for attribution in found.attributions:
        lines = sorted(attribution.lines.all(), key=lambda line: line.clause)
        cells = tuple(tuple(line for line in lines if line.finding_id == finding.pk) for finding in found.findings)
        state = State(attribution.state)
        rows.append(Row(attribution, cells, version_of(attribution), SHAPES[state], previews[str(attribution.pk)]))
    return rows


def state_counts(found: Workspace) -> list[StateCount]:
    """Return how many persons are in each state, in the order of the procedure."""
    counts = Counter(State(row.state) for row in found.attributions)
    return [StateCount(state, STATE_LABELS[state], SHAPES[state], counts[state]) for state in State if counts[state]]


def pieces(case: CaseFile) -> list[Piece]:
    """Return the evidence with the check of each file, its openings and its redacted copies. Two queries."""
    found = list(case.evidence.all())
    openings = EvidenceAccess.objects.select_related("opened_by").order_by("-opened_at")
    prefetch_related_objects(found, Prefetch("accesses", openings))
    prefetch_related_objects(found, Prefetch("redacted_copies", RedactedCopy.objects.order_by("-added_at")))
    rows = []
    for piece in found:
        opened = tuple(piece.accesses.all())
        rows.append(Piece(piece, evidence_rows.is_unchanged(piece), opened[:OPENINGS_SHOWN], len(opened)))
    return rows


def links(case: CaseFile) -> list[tuple[CaseFile, CaseLink]]:
    """Return the cases linked with this one, whichever way, each with the link. One query."""
    rows = CaseLink.objects.filter(first=case) | CaseLink.objects.filter(second=case)
    found = rows.select_related("first", "second").order_by("linked_at")
    return [(link.second if link.first_id == case.pk else link.first, link) for link in found]


def _claims(found: Workspace) -> list[WorkClaim]:
    """The claims on the case and on its persons. One query."""
    return holders_of([found.case.pk, *(row.pk for row in found.attributions)], now=found.now)


def facts(found: Workspace) -> dict[str, Any]:
    """Return what the page shows whoever looks at it."""
    case = found.case
    timeline: list[Happening] = timeline_of(case, found.attributions)
    closing = standing_closing(case)
    return {
        "case": case,
        "basis": case.basis,
        "is_closed": case.basis.is_annulled or case.is_withdrawn or closing is not None,
        "closing": closing,
        "holders": list(dict.fromkeys(claim.holder for claim in _claims(found))),
        "findings": [(finding, finding.pk in found.annulled) for finding in found.findings],
        "rows": matrix(found),
        "counts": state_counts(found),
        "preview": found.preview,
        "pieces": pieces(case),
        "links": links(case),
        "appeals": [(row, appeal) for row in found.attributions for appeal in row.appeals.all()],
        "timeline": timeline,
    }
