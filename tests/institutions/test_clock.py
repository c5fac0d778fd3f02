"""The one clock: movable in demonstrations and tests, real everywhere else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from institutions import clock
from institutions.errors import ClockNotMovable

pytestmark = pytest.mark.django_db

MOMENT = datetime(2025, 6, 10, 16, 30, tzinfo=UTC)


def test_without_a_position_the_time_is_real():
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_a_moved_clock_stands_still():
    clock.move_to(MOMENT)
    assert clock.now() == MOMENT
    clock.move_to(MOMENT + timedelta(days=1))
    assert clock.now() == MOMENT + timedelta(days=1)


def test_the_date_is_the_one_in_shanghai():
    clock.move_to(MOMENT)
    assert clock.today() == date(2025, 6, 11)


def test_a_released_clock_runs_again():
    clock.move_to(MOMENT)
    clock.release()
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_where_the_clock_is_not_movable_it_is_not_moved_and_a_position_counts_for_nothing(settings):
    clock.move_to(MOMENT)
    settings.CLOCK_MOVABLE = False
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)
    with pytest.raises(ClockNotMovable):
        clock.move_to(MOMENT)
    with pytest.raises(ClockNotMovable):
        clock.release()


def test_an_instant_without_a_zone_is_refused():
    naive = datetime(2025, 6, 10)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        clock.move_to(naive)
    with pytest.raises(ValueError, match="time zone"):
        clock.local_date(naive)


def test_a_day_begins_at_midnight_in_shanghai():
    assert clock.start_of(date(2025, 6, 11)) == datetime(2025, 6, 10, 16, tzinfo=UTC)


def test_the_command_moves_and_releases_the_clock(capsys):
    call_command("move_clock", "2025-06-11")
    assert clock.now() == datetime(2025, 6, 10, 16, tzinfo=UTC)
    assert "2025-06-11T00:00:00+08:00" in capsys.readouterr().out
    call_command("move_clock", "--release")
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


@pytest.mark.parametrize("arguments", [[], ["2025-06-11", "--release"], ["yesterday"]])
def test_the_command_refuses_what_it_cannot_understand(arguments):
    with pytest.raises(CommandError):
        call_command("move_clock", *arguments)


def test_the_command_refuses_where_the_clock_is_not_movable(settings):
    settings.CLOCK_MOVABLE = False
    with pytest.raises(CommandError, match=r"."):
        call_command("move_clock", "2025-06-11")
