"""Who had a hand in a decision: whoever did does not handle an appeal against it. The same test is a trigger."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from cases.models import (
    Appeal,
    Attribution,
    ConflictDeclaration,
    Countersignature,
    Proposal,
    Service,
    Statement,
)
from institutions.models import AuditEvent

SUBJECT = "cases.attribution"
ModelT = TypeVar("ModelT", bound=Model)


def people_involved(attribution: Attribution) -> dict[int, str]:
    """Return the ids of everybody who had a hand in a decision, each with the first thing they did to it."""
    found: dict[int, str] = {}

    def note(act: str, *users: int | None) -> None:
        for user in users:
            if user is not None:
                found.setdefault(user, act)

    note("proposed", attribution.proposed_by_id, *_ids(Proposal.objects.filter(attribution=attribution), "proposed_by"))
    signatures = Countersignature.objects.filter(proposal__attribution=attribution)
    note("countersigned", *_ids(signatures, "signed_by"))
    note("decided", attribution.decided_by_id, attribution.set_aside_by_id)
    note("served", *_ids(Service.objects.filter(attribution=attribution), "recorded_by"))
    statements = Statement.objects.filter(attribution=attribution)
    note("statement", *_ids(statements, "answered_by"), *_ids(statements, "recorded_by"))
    note("case", attribution.case.opened_by_id)
    acts = AuditEvent.objects.filter(subject_type=SUBJECT, subject_id=str(attribution.pk))
    note("acted", *_ids(acts, "by"), *_ids(acts, "acted_for"))
    return found


def people_in_other_appeals(appeal: Appeal) -> set[int]:
    """Return the ids of officers who handled another appeal against the decision, and of experts in any."""
    others = Appeal.objects.filter(attribution=appeal.attribution_id).exclude(pk=appeal.pk)
    declared = ConflictDeclaration.objects.filter(appeal__attribution=appeal.attribution_id)
    found: set[int] = set(_ids(declared, "expert"))
    for column in ("assigned_to", "accepted_by", "decided_by"):
        found |= set(_ids(others, column))
    return found


def _ids(rows: QuerySet[ModelT], column: str) -> list[int]:
    return list(rows.filter(**{f"{column}__isnull": False}).values_list(f"{column}_id", flat=True))
