"""The main job with nothing replaced: real database, real broker, a real worker in its own process.

赤峰案 (published 2025-09-16): six persons 12 points, terminated for three years; two persons 10
points, suspended for four months.
"""

from collections import Counter
from datetime import date, datetime, time

import pytest
from celery import current_app

from cases.models import Attribution, CaseFile
from cases.services import attributions
from config.demo import report, story
from institutions import clock
from institutions.models import JobRun, Notice, User
from scoring.models import PointsEntry, Scorecard
from scoring.selectors.scorecards import served_scorecard
from tests.infrastructure.pipeline import Worker

pytestmark = pytest.mark.django_db(transaction=True)
CHIFENG = story.CHAPTERS[-1]


def silent(_line: str) -> None:
    """The story tells its progress; here nobody listens."""


def run_story(worker: Worker) -> date:
    story.load_roster(silent)
    for chapter in story.CHAPTERS:
        story.run_case(chapter, silent, worker.wait_until)
    story.last_day()
    today = clock.today()
    current_app.send_task("scoring.publish_scorecards")
    stale = Scorecard.objects.exclude(dirty_at__isnull=True, valid_from__lte=today, valid_until__gte=today)
    worker.wait_until(lambda: not stale.exists())
    return today


def counted() -> dict[str, int]:
    return {
        model.__name__: model.objects.count() for model in (CaseFile, Attribution, PointsEntry, Notice, Scorecard, User)
    }


def test_a_case_file_becomes_published_scorecards_and_a_second_run_changes_nothing(
    celery_worker_process: Worker,
) -> None:
    today = run_story(celery_worker_process)

    rows = report.rows_of(today, main_case=True)
    assert Counter((r.points, r.status, r.until) for r in rows) == {
        (12, "terminated", "2028-07-21"): 6,
        (10, "suspended", "2025-11-21"): 2,
    }
    cards = [served_scorecard(row.path.removeprefix("/s/"), on=today, now=clock.now()).card for row in rows]
    assert sorted(c.points or 0 for c in cards) == [10, 10, 12, 12, 12, 12, 12, 12]
    others = report.rows_of(today, main_case=False)
    assert sorted((r.points, r.status) for r in others) == [(4, "normal"), (5, "normal"), (6, "normal"), (7, "normal")]

    for site in ("H15042200001", "H15042200002"):
        told = Notice.objects.filter(institution__code=site, payload__practitioner_code="D150422000007")
        assert told.get(kind="status_change").payload["effect_until"] == "2025-11-21"
    assert {r.kind for r in report.received_at_second_site()} == {"reminder", "interview", "status_change"}
    runs = JobRun.objects.filter(name="cases.make_due_attributions_effective")
    assert sum(run.counts["effective"] for run in runs) == len(rows) + len(others)

    before = counted()
    run_story(celery_worker_process)
    assert counted() == before


def test_an_annulled_penalty_reverses_everybody_in_the_case(celery_worker_process: Worker) -> None:
    run_story(celery_worker_process)
    clock.move_to(datetime.combine(date(2025, 9, 1), time(9), tzinfo=clock.SHANGHAI))
    attributions.annul_basis(
        case=CaseFile.objects.get(number=CHIFENG.number),
        annulled_on=date(2025, 9, 1),
        reason="行政复议决定撤销处罚决定",
        by=User.objects.get(username="demo-approver"),
        now=clock.now(),
    )
    celery_worker_process.wait_until(lambda: not Scorecard.objects.filter(dirty_at__isnull=False).exists())
    people = [a.practitioner for a in Attribution.objects.filter(case__number=CHIFENG.number)]
    for person in people:
        card = served_scorecard(person.slug, on=date(2025, 9, 1), now=clock.now()).card
        assert (card.points, card.status, card.entries) == (0, "normal", ())
        past = served_scorecard(person.slug, on=date(2025, 8, 1), now=clock.now()).card
        assert (past.points, past.status) == (0, "normal")


def test_a_worker_that_was_off_for_days_catches_up_with_the_right_dates(celery_worker_process: Worker) -> None:
    run_story(celery_worker_process)
    clock.move_to(datetime.combine(date(2025, 11, 25), time(9), tzinfo=clock.SHANGHAI))
    current_app.send_task("scoring.close_ended_measures")
    current_app.send_task("scoring.close_ended_measures")
    restored = Notice.objects.filter(kind="restored", institution__code="H15042200002")
    celery_worker_process.wait_until(lambda: JobRun.objects.filter(name="scoring.close_ended_measures").count() >= 2)
    assert restored.get().payload["ended_on"] == "2025-11-21"
