"""The worker is off for three days, over the turn of the year, and then on: all is applied with its own dates."""

from datetime import date, datetime, timedelta

import pytest
from celery import current_app

from cases.states import State
from config.jobs import NIGHTLY
from institutions import clock
from institutions.models import AuditEvent, JobOutcome, JobRun, Notice
from institutions.selectors.freshness import freshness
from scoring.models import Measure, MeasureEnd, PointsEntry, Scorecard
from scoring.policy.account import Status
from scoring.selectors.status import points_on, status_on
from tests.factories.attribution import procedure
from tests.factories.award import post_award, registered
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.infrastructure import pipeline
from tests.infrastructure.databases import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)

OFF_FROM, ON_AGAIN = date(2025, 12, 31), date(2026, 1, 3)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.SHANGHAI)


def test_served_decisions_endings_and_deadlines_of_three_days_are_made_up_for(
    transactional_db: None, django_db_setup: TestDatabase, private_broker: str
) -> None:
    clock.move_to(morning(OFF_FROM))
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person)
    served = procedure(State.DECIDED, now=morning(date(2025, 12, 15)), practitioner=person)
    served.now = morning(OFF_FROM)
    served.serve()
    waiting = procedure(State.INTENT_SERVED, now=morning(date(2025, 12, 24)))
    assert waiting.deadline == OFF_FROM
    restored = registered()
    post_award(restored, 10, date(2025, 9, 1))
    assert Measure.objects.get(practitioner=restored).ends_on == date(2026, 1, 1)

    clock.move_to(morning(ON_AGAIN))
    assert status_on(restored, date(2026, 1, 2)).status is Status.NORMAL  # computed; nobody had to be awake
    assert not PointsEntry.objects.filter(practitioner=person).exists()

    with pipeline.worker(django_db_setup.name, private_broker) as worker:
        for name in [*NIGHTLY, *NIGHTLY]:
            current_app.send_task(name)
        last = JobRun.objects.filter(name=NIGHTLY[-1])
        worker.wait_until(lambda: last.count() == 2, seconds=60)

    entry = PointsEntry.objects.get(practitioner=person)
    assert (entry.effective_on, entry.year, entry.points) == (OFF_FROM, 2025, 10)
    measure = Measure.objects.get(practitioner=person)
    assert measure.starts_on == OFF_FROM + timedelta(days=1)
    assert (points_on(person, OFF_FROM), points_on(person, ON_AGAIN)) == (10, 0)
    assert status_on(person, ON_AGAIN).status is Status.SUSPENDED
    change = Notice.objects.filter(kind="status_change", practitioner=person).get()
    assert change.payload["effect_from"] == "2026-01-01"

    end = MeasureEnd.objects.get(measure__practitioner=restored)
    assert (end.ended_on, end.status_after) == (date(2026, 1, 1), "normal")
    told = Notice.objects.get(kind="restored", practitioner=restored)
    assert told.payload["ended_on"] == "2026-01-01"

    ended = AuditEvent.objects.get(action="attribution.window_ended", subject_id=str(waiting.attribution.pk))
    assert ended.detail["deadline_on"] == OFF_FROM.isoformat()

    assert not JobRun.objects.filter(outcome=JobOutcome.FAILED).exists()
    assert not Scorecard.objects.exclude(dirty_at=None, valid_from__lte=ON_AGAIN, valid_until__gte=ON_AGAIN).exists()
    assert freshness(clock.now()).as_of == ON_AGAIN
