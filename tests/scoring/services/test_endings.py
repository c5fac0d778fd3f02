"""Measures that run out: told once, with the right dates, however late the job runs."""

from datetime import date

import pytest

from institutions.models import JobRun, Notice, NoticeKind
from scoring import tasks
from scoring.models import MeasureEnd, Scorecard
from scoring.services import endings, scorecards, year_opening
from tests.factories.award import at_noon, post_award, registered

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)


def close(day: date) -> dict[str, int]:
    return dict(endings.close_ended_measures(for_date=day, now=at_noon(day)))


def test_nothing_ends_on_the_last_day_and_all_is_told_the_day_after() -> None:
    post_award(registered(), 10, DAY)
    assert close(date(2025, 10, 10)) == {}
    assert close(date(2025, 10, 11)) == {"ended": 1, "restored": 1}
    notice = Notice.objects.get(kind=NoticeKind.RESTORED, institution__isnull=False)
    assert notice.payload["ended_on"] == "2025-10-10"
    assert notice.payload["effect"] == "normal"


def test_running_twice_changes_nothing() -> None:
    post_award(registered(), 10, DAY)
    close(date(2025, 10, 11))
    assert close(date(2025, 10, 11)) == {}
    assert MeasureEnd.objects.count() == 1


def test_after_days_of_downtime_the_dates_are_those_of_the_measure() -> None:
    post_award(registered(), 10, DAY)
    assert close(date(2025, 10, 20))["restored"] == 1
    assert MeasureEnd.objects.get().ended_on == date(2025, 10, 10)


def test_a_bar_that_is_over_is_not_a_restoration() -> None:
    post_award(registered(), 12, DAY)
    assert close(date(2028, 6, 11)) == {"ended": 1, "may_reapply": 1}
    assert Notice.objects.filter(kind=NoticeKind.RESTORED, institution__isnull=False).get().payload["may_reapply"]


def test_a_suspension_topped_up_is_not_announced_as_restored() -> None:
    person = registered()
    post_award(person, 9, DAY)
    post_award(person, 1, date(2025, 7, 1))
    assert close(date(2025, 8, 11)) == {"ended": 1}
    assert close(date(2025, 10, 11)) == {"ended": 1, "restored": 1}


def test_the_task_writes_a_job_run_for_its_date_even_when_nothing_ended() -> None:
    assert tasks.close_ended_measures.run(for_date="2025-10-11") == {}
    run = JobRun.objects.get(name="scoring.close_ended_measures")
    assert (run.for_date, run.counts) == (date(2025, 10, 11), {})


def test_year_opening_marks_only_those_who_held_points() -> None:
    holder, clean = registered(), registered()
    post_award(holder, 4, DAY)
    scorecards.mark_dirty(practitioner=clean, now=at_noon(DAY))
    scorecards.publish_dirty(now=at_noon(DAY))
    opened = year_opening.open_scoring_year(year=2026, now=at_noon(date(2026, 1, 1)))
    assert opened == 1
    assert Scorecard.objects.get(practitioner=holder).dirty_at is not None
    scorecards.publish_dirty(now=at_noon(date(2026, 1, 1)))
    assert year_opening.open_scoring_year(year=2026, now=at_noon(date(2026, 1, 2))) == 0
