"""The state of things as one JSON text, so that two databases that lived through the same can be compared.

What may differ is left out: keys made at random, notice numbers (a sequence has gaps after a crash), instants within a
day, and the run book, which tells of every attempt.
"""

import json
import re
from collections import Counter
from datetime import datetime
from typing import Any

from cases.models import Attribution
from config.jobs import run_jobs
from institutions import clock
from institutions.models import AuditEvent, Delivery, Institution, Notice, NoticeKind, Practitioner
from scoring.enums import ConsequenceKind
from scoring.models import (
    AccountEvent,
    Consequence,
    ConsequenceReversal,
    Measure,
    MeasureEnd,
    PointsEntry,
    PointsTotal,
    Scorecard,
)

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Says who is barred at the instant in which it is sent, once a month: sent an hour later it may name others.
MONTHLY_WORD = NoticeKind.ROSTER_WATCH
NOTICE_NUMBER = re.compile(r"JF\d{4}-\d+")
Rows = list[list[Any]]


def as_json(instant: datetime) -> str:
    """Do every job once more at an instant, the proofs included, and tell the state of things."""
    clock.move_to(instant)
    list(run_jobs(clock.local_date(instant)))
    told = json.dumps(state(), ensure_ascii=False, default=_plain)
    for key, name in _names().items():
        told = told.replace(key, name)
    told = NOTICE_NUMBER.sub("JF", UUID.sub("#", told))
    sorted_again = {part: sorted(rows, key=str) for part, rows in json.loads(told).items()}
    return json.dumps(sorted_again, ensure_ascii=False, sort_keys=True)


def state() -> dict[str, Rows]:
    """Every row that matters, by what it says."""
    return {
        "entries": _rows(
            PointsEntry.objects.all(),
            "practitioner kind points single_points months year effective_on scored_on articles lines "
            "institution__code case_reference source_key reverses__source_key replaces__source_key "
            "event__source_key reason recorded_at rulebook__digest",
        ),
        "events": _rows(
            AccountEvent.objects.all(), "practitioner kind on points commitment_on source_key reason recorded_at"
        ),
        "order": _order(),
        "totals": _rows(PointsTotal.objects.all(), "practitioner year points"),
        "measures": [
            [*row, known.lower, known.upper]
            for *row, known in Measure.objects.values_list(
                "practitioner", "entry__source_key", "kind", "tier", "year", "valid", "months_imposed", "recorded"
            )
        ],
        "ends": _rows(MeasureEnd.objects.all(), "measure__entry__source_key measure__valid ended_on status_after"),
        "cards": _rows(Scorecard.objects.all(), "practitioner body digest valid_until dirty_at"),
        "notices": [
            [*row, escalated is not None]
            for *row, escalated in Notice.objects.exclude(kind=MONTHLY_WORD).values_list(
                "kind",
                "institution__code",
                "practitioner",
                "cause",
                "payload",
                "mandatory",
                "created_at",
                "escalated_at",
            )
        ],
        "deliveries": _rows(
            Delivery.objects.exclude(notice__kind=MONTHLY_WORD), "notice__kind notice__cause channel state"
        ),
        "attributions": _rows(Attribution.objects.all(), "case__number state served_on effective_at entry__source_key"),
        "consequences": _counted(
            (source, kind, "random" if kind == ConsequenceKind.OPEN_DATA else target, detail)
            for source, kind, target, detail in Consequence.objects.values_list(
                "entry__source_key", "kind", "target", "detail"
            )
        ),
        "undone": _counted(
            ConsequenceReversal.objects.values_list("consequence__entry__source_key", "entry__source_key")
        ),
        "audit": _counted(AuditEvent.objects.values_list("action", "subject_type", "region_code", "reason", "detail")),
    }


def _rows(rows: Any, names: str) -> Rows:
    return [list(row) for row in rows.values_list(*names.split())]


def _counted(rows: Any) -> Rows:
    times = Counter(json.dumps(list(row), ensure_ascii=False, default=_plain) for row in rows)
    return [[row, count] for row, count in times.items()]


def _order() -> Rows:
    """Each person's postings in their order."""
    posted = [
        *PointsEntry.objects.values_list("practitioner", "posting", "source_key"),
        *AccountEvent.objects.values_list("practitioner", "posting", "source_key"),
    ]
    orders: dict[Any, list[str]] = {}
    for practitioner, _posting, key in sorted(posted, key=lambda row: row[1]):
        orders.setdefault(practitioner, []).append(key)
    return [[practitioner, keys] for practitioner, keys in orders.items()]


def _names() -> dict[str, str]:
    """Keys made at random that stand in texts, and what they stand for."""
    keys = {str(key): f"case {number}" for key, number in Attribution.objects.values_list("pk", "case__number")}
    keys |= {str(key): code for key, code in Institution.objects.values_list("pk", "code")}
    return keys | {str(p.pk): p.codes.get().code for p in Practitioner.objects.all()}


def _plain(value: Any) -> str:
    return str(clock.local_date(value)) if isinstance(value, datetime) else str(value)
