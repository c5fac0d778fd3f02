"""Working days of the Chinese calendar: make-up days, holidays, and years not announced yet."""

from datetime import date

import pytest

from institutions.models import CalendarDay
from institutions.selectors import calendar
from institutions.working_days import add_working_days, is_working_day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "on"),
    [
        # National Day 2025: 1–8 October off, 28 September and 11 October worked.
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 9, 28), 10, date(2025, 10, 17)),
        # Spring Festival 2026: 15–23 February off, 14 and 28 February worked.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 2, 10), 10, date(2026, 3, 2)),
    ],
)
def test_a_period_follows_the_announced_calendar(start, count, on):
    deadline = calendar.deadline(start, count)
    assert deadline.on == on
    assert deadline.provisional is False


@pytest.mark.django_db
def test_a_period_into_a_year_not_announced_is_provisional_and_counts_weekdays():
    deadline = calendar.deadline(date(2026, 12, 30), 3)
    assert deadline.on == date(2027, 1, 4)
    assert deadline.provisional is True


@pytest.mark.django_db
def test_a_provisional_period_is_no_longer_so_once_the_year_is_announced():
    CalendarDay.objects.create(on=date(2027, 1, 1), is_working=False)
    CalendarDay.objects.create(on=date(2027, 1, 4), is_working=True)
    deadline = calendar.deadline(date(2026, 12, 30), 2)
    assert deadline.on == date(2027, 1, 4)
    assert deadline.provisional is False


@pytest.mark.django_db
def test_the_deadline_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.deadline(date(2025, 9, 26), 10)


def test_day_one_is_the_first_working_day_after_the_start():
    assert add_working_days(date(2025, 6, 6), 1, {}, {2025}).on == date(2025, 6, 9)


@pytest.mark.parametrize("count", [0, -1])
def test_a_period_has_at_least_one_day(count):
    with pytest.raises(ValueError, match="at least one day"):
        add_working_days(date(2025, 6, 6), count, {}, {2025})


def test_a_weekend_is_worked_only_when_announced():
    saturday = date(2025, 10, 11)
    assert is_working_day(saturday, {saturday: True}, {2025})
    assert not is_working_day(saturday, {saturday: True}, set())


@pytest.mark.django_db
def test_ten_working_days_over_national_day_2025_show_the_days_off_and_their_source():
    counted = calendar.counted_days(date(2025, 9, 28), date(2025, 10, 17))
    assert counted.days_off == tuple(date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8))
    assert counted.make_up_days == (date(2025, 10, 11),)
    (source,) = counted.sources
    assert (source.year, source.announced) == (2025, True)
    assert "2025" in source.text


@pytest.mark.django_db
def test_ten_working_days_over_spring_festival_2026_show_the_days_off_and_their_source():
    counted = calendar.counted_days(date(2026, 2, 10), date(2026, 3, 2))
    assert counted.days_off == tuple(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23))
    assert counted.make_up_days == (date(2026, 2, 14), date(2026, 2, 28))
    assert [source.announced for source in counted.sources] == [True]


@pytest.mark.django_db
def test_ten_working_days_into_2027_are_provisional_and_name_both_years():
    deadline = calendar.deadline(date(2026, 12, 24), 10)
    assert (deadline.on, deadline.provisional) == (date(2027, 1, 7), True)
    counted = calendar.counted_days(date(2026, 12, 24), deadline.on)
    assert [(source.year, source.announced) for source in counted.sources] == [(2026, True), (2027, False)]


@pytest.mark.django_db
def test_the_source_of_an_uploaded_year_is_its_announcement():
    CalendarDay.objects.create(on=date(2027, 1, 1), is_working=False, source="国办发明电〔2026〕0号")
    (source,) = calendar.counted_days(date(2026, 12, 31), date(2027, 1, 6)).sources
    assert source.text == "国办发明电〔2026〕0号"
