"""Everything that happened to a case and to the persons in it, in the order of time, from the record of acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.models import Attribution, CaseFile
from cases.timeline_texts import happened
from institutions.models import AuditEvent

SHOWN_MAX = 500


@dataclass(frozen=True)
class Happening:
    """One act: when, what, about whom, by whom, and the reason if one was given."""

    at: datetime
    action: str
    what: str
    about: str
    by: str
    reason: str
    subject: str = ""  # the id of the thing it is about

    @property
    def noun(self) -> str:
        """Return the kind of thing it is about, by which the page marks it."""
        return self.action.partition(".")[0]


def timeline_of(case: CaseFile, attributions: Sequence[Attribution]) -> list[Happening]:
    """Return what is on record about a case, its evidence, its persons, their appeals and annulments, latest first.

    Reads the persons, evidence, appeals and annulments of the case, and no query where these were fetched along; the
    events themselves are one query, the latest `SHOWN_MAX`.
    """
    names = {str(row.pk): row.practitioner.name for row in attributions}
    subjects: dict[str, list[str]] = {
        "cases.casefile": [str(case.pk)],
        "cases.evidence": [str(piece.pk) for piece in case.evidence.all()],
        "cases.attribution": list(names),
        "cases.appeal": [str(appeal.pk) for row in attributions for appeal in row.appeals.all()],
    }
    names |= {str(appeal.pk): row.practitioner.name for row in attributions for appeal in row.appeals.all()}
    about = Q(pk__in=[])
    for kind, ids in subjects.items():
        about |= Q(subject_type=kind, subject_id__in=ids)
    events = AuditEvent.objects.filter(about).select_related("by", "acted_for").order_by("-at", "-id")[:SHOWN_MAX]
    names |= {str(piece.pk): piece.title for piece in case.evidence.all()}
    return [
        Happening(e.at, e.action, happened(e.action), names.get(e.subject_id, ""), e.actor, e.reason, e.subject_id)
        for e in events
    ]
