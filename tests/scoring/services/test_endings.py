"""Measures that run out: told once, with the right dates, however late the job runs."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from institutions.models import AuditEvent, JobRun, Notice, NoticeKind, Practitioner
from scoring import tasks
from scoring.models import MeasureEnd, Scorecard
from scoring.selectors.scorecards import served_scorecard
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


def test_year_opening_counts_those_who_held_points_and_writes_nothing() -> None:
    holder, clean = registered(), registered()
    post_award(holder, 4, DAY)
    scorecards.mark_dirty(practitioner=clean, now=at_noon(DAY))
    scorecards.publish_dirty(now=at_noon(DAY))
    with CaptureQueriesContext(connection) as queries:
        assert year_opening.open_scoring_year(year=2026) == 1
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_at_new_year_the_holders_page_is_a_new_one_before_and_after_it_is_rendered() -> None:
    holder, new_year = registered(), date(2026, 1, 1)
    post_award(holder, 4, DAY)
    scorecards.publish_dirty(now=at_noon(DAY))
    assert served_scorecard(holder.slug, on=new_year, now=at_noon(new_year)).card.points == 0
    assert scorecards.publish_dirty(now=at_noon(new_year)) == 1
    assert served_scorecard(holder.slug, on=new_year, now=at_noon(new_year)).card.points == 0
    assert year_opening.open_scoring_year(year=2026) == 0


def test_no_card_holds_across_a_new_year() -> None:
    person = registered()
    post_award(person, 4, DAY)
    scorecards.publish_dirty(now=at_noon(DAY))
    with pytest.raises(IntegrityError, match="scorecard_within_a_year"), transaction.atomic():
        Scorecard.objects.filter(practitioner=person).update(valid_until=date(2026, 1, 1))


def test_closing_takes_as_many_queries_for_twenty_people_as_for_two() -> None:
    for _person in range(2):
        post_award(registered(), 10, DAY)
    with CaptureQueriesContext(connection) as few:
        assert close(date(2025, 10, 11)) == {"ended": 2, "restored": 2}
    for _person in range(20):
        post_award(registered(), 10, date(2025, 7, 10))
    with CaptureQueriesContext(connection) as many:
        assert close(date(2025, 11, 11)) == {"ended": 20, "restored": 20}
    assert len(many) == len(few)
    assert Notice.objects.filter(kind=NoticeKind.RESTORED).count() == 2 * 22
    assert AuditEvent.objects.filter(action="measure.ended").count() == 22


def test_people_of_a_merge_are_closed_in_one_batch_with_others() -> None:
    kept, gone, other = registered(), registered(), registered()
    post_award(gone, 10, DAY)
    post_award(other, 10, DAY)
    Practitioner.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert close(date(2025, 10, 11)) == {"ended": 2, "restored": 2}
    dirty = set(Scorecard.objects.filter(dirty_at=at_noon(date(2025, 10, 11))).values_list("practitioner", flat=True))
    assert dirty == {kept.pk, other.pk}
