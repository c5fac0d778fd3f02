"""The tasks of case work: one service call, a line in the run book, safe to run twice."""

import pytest
from django.core.files.storage import default_storage

from cases import tasks
from cases.services.evidence import HashMismatch
from cases.states import State
from institutions import clock
from institutions.models import JobOutcome, JobRun
from scoring.models import PointsEntry
from tests.factories.attribution import procedure
from tests.factories.evidence import EvidenceFactory

pytestmark = pytest.mark.django_db


def test_due_attributions_take_effect_once_and_every_run_is_on_record(now):
    walk = procedure(State.SERVED, now=now)
    clock.move_to(walk.now)
    assert tasks.make_due_attributions_effective()["effective"] == 1
    assert tasks.make_due_attributions_effective()["effective"] == 0
    assert PointsEntry.objects.count() == 1
    runs = JobRun.objects.filter(name="cases.make_due_attributions_effective")
    assert [(run.for_date, run.counts["effective"]) for run in runs.order_by("pk")] == [
        (walk.attribution.served_on, 1),
        (walk.attribution.served_on, 0),
    ]


def test_after_days_of_downtime_the_dates_are_those_of_service(now):
    walk = procedure(State.SERVED, now=now)
    clock.move_to(walk.now.replace(month=12))
    tasks.make_due_attributions_effective()
    assert PointsEntry.objects.get().effective_on == walk.attribution.served_on


def test_deadlines_are_watched_for_a_given_date(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    clock.move_to(now)
    deadline = walk.deadline
    assert tasks.watch_deadlines(deadline.isoformat())["windows_ended"] == 0
    assert tasks.watch_deadlines(clock.local_date(walk.wait().now).isoformat())["windows_ended"] == 1
    assert tasks.watch_deadlines(clock.local_date(walk.now).isoformat())["windows_ended"] == 0


def test_tampered_evidence_turns_the_run_red(now):
    clock.move_to(now)
    piece = EvidenceFactory()
    assert tasks.verify_evidence() == {"checked": 1, "mismatched": 0, "missing": 0, "orphans": 0}
    default_storage.delete(piece.file.name)
    with pytest.raises(HashMismatch):
        tasks.verify_evidence()
    assert JobRun.objects.filter(name="cases.verify_evidence", outcome=JobOutcome.FAILED).count() == 1
